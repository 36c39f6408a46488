import { describe, expect, it } from 'vitest';
import { batchOf } from '../../fixtures/frames/batch.ts';
import { ethernet } from '../../fixtures/frames/ethernet.ts';
import type { Header } from '../../fixtures/frames/header.ts';
import { ipv4 } from '../../fixtures/frames/ip.ts';
import { type GroupRecord, igmp, igmpv3Report } from '../../fixtures/frames/transport.ts';
import { HostTable } from '../flow/host-table.ts';
import { PacketDecoder } from '../packet/decode-frame.ts';
import { DecodedPacket } from '../packet/decoded-packet.ts';
import { MulticastGroups } from './multicast-groups.ts';

/** RFC 2236 section 2.1. */
const JOIN = 0x16;
const LEAVE = 0x17;

function take(groups: MulticastGroups, type: number, source: string, group: string, time: number): void {
  hear(groups, source, igmp({ type, group }), time);
}

function hear(groups: MulticastGroups, source: string, message: Header, time: number): void {
  const packet = new DecodedPacket();
  const body = ipv4({ source, destination: '224.0.0.22' }, message);
  const frame = ethernet({ source: '02:00:00:00:00:01', destination: '01:00:5e:00:00:01' }, body);
  new PacketDecoder().decode(batchOf([frame.bytes]), 0, packet);
  groups.takeIgmp(packet, { capture: 0, frame: time + 1, time });
}

function addressOf(prefix: string, index: number): string {
  return `${prefix}.${index >> 8}.${index & 255}`;
}

describe('MulticastGroups', () => {
  it('makes room for new groups: first of those that everybody left, then of those reported longest ago', () => {
    const groups = new MulticastGroups(new HostTable(), 32);
    take(groups, JOIN, '10.0.0.1', '239.0.0.1', 0);
    take(groups, JOIN, '10.0.0.1', '239.0.0.2', 1);
    take(groups, LEAVE, '10.0.0.1', '239.0.0.2', 2);
    for (let i = 0; i < 31; i++) {
      take(groups, JOIN, '10.0.0.1', addressOf('239.1', i), 3 + i);
      take(groups, JOIN, '10.0.0.1', '239.0.0.1', 3 + i);
    }
    expect([...groups.groups.keys()]).toContain('239.0.0.1');
    expect([...groups.groups.keys()]).not.toContain('239.0.0.2');
    for (let i = 0; i < 200; i++) {
      take(groups, JOIN, '10.0.0.1', addressOf('239.2', i), 100 + i);
      take(groups, JOIN, '10.0.0.1', '239.0.0.1', 100 + i);
    }
    expect(groups.groups.size).toBeLessThanOrEqual(32);
    expect([...groups.groups.keys()]).toContain('239.0.0.1');
    expect([...groups.groups.keys()]).toContain(addressOf('239.2', 199));
    expect(groups.evicted).toBe(2 + 31 + 200 - groups.groups.size);
  });

  it('makes room in a group for who joins now, where others have left', () => {
    const groups = new MulticastGroups(new HostTable());
    const most = 300;
    for (let i = 0; i < most; i++) {
      take(groups, JOIN, addressOf('10.0', i), '239.0.0.1', i);
      if (i > 0) take(groups, LEAVE, addressOf('10.0', i), '239.0.0.1', i);
    }
    const members = groups.groups.get('239.0.0.1')?.members;
    expect(members?.size).toBeLessThan(most);
    expect(members?.get(addressOf('10.0', 0))?.leftAt).toBeNull();
    expect(members?.has(addressOf('10.0', most - 1))).toBe(true);
  });

  describe('knows of a member which sources it wants alone', () => {
    const group = '232.1.1.1';
    const [a, b, c] = ['10.9.0.1', '10.9.0.2', '10.9.0.3'];
    const [exclude, toInclude, toExclude, allow, block] = [2, 3, 4, 5, 6];
    const wantedAfter = (...reports: readonly Omit<GroupRecord, 'group'>[]) => {
      const groups = new MulticastGroups(new HostTable());
      for (const [time, report] of reports.entries()) {
        hear(groups, '10.0.0.1', igmpv3Report([{ ...report, group }]), time);
      }
      const member = groups.groups.get(group)?.members.get('10.0.0.1');
      return member?.leftAt === null ? member.sources : 'left';
    };

    it('as it adds them and leaves them, until it has left the last', () => {
      const both = [
        { type: allow, sources: [a] },
        { type: allow, sources: [b, a] },
      ];
      expect(wantedAfter(...both)).toEqual([a, b]);
      expect(wantedAfter(...both, { type: block, sources: [a, c] })).toEqual([b]);
      expect(wantedAfter(...both, { type: block, sources: [b, a] })).toBe('left');
      expect(wantedAfter(...both, { type: toInclude })).toBe('left');
      expect(wantedAfter(...both, { type: toInclude }, { type: allow, sources: [c] })).toEqual([c]);
    });

    it('unless it wants any source, or all but some', () => {
      expect(wantedAfter({ type: toExclude })).toBeNull();
      expect(wantedAfter({ type: exclude, sources: [a] })).toBeNull();
      expect(wantedAfter({ type: allow, sources: [a] }, { type: toExclude })).toBeNull();
      expect(wantedAfter({ type: toExclude }, { type: block, sources: [a] })).toBeNull();
    });

    it('also where what it leaves is cut from the capture', () => {
      const groups = new MulticastGroups(new HostTable());
      const whole = igmpv3Report([{ type: block, group, sources: [a] }]);
      hear(groups, '10.0.0.1', igmpv3Report([{ type: allow, group, sources: [a] }]), 0);
      hear(groups, '10.0.0.1', { ...whole, bytes: whole.bytes.subarray(0, -1) }, 1);
      expect(groups.groups.get(group)?.members.get('10.0.0.1')).toMatchObject({ leftAt: null, sources: [a] });
    });

    it('unless they are more than are kept', () => {
      const many = (from: number) => Array.from({ length: 40 }, (_, index) => addressOf('10.9', from + index));
      expect(wantedAfter({ type: allow, sources: many(0) })).toEqual(many(0));
      expect(wantedAfter({ type: allow, sources: many(0) }, { type: allow, sources: many(40) })).toBeNull();
    });
  });
});
