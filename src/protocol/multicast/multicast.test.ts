import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readIgmp } from './igmp.ts';
import type { MembershipMessage } from './membership.ts';
import { readMld } from './mld.ts';
import { readPim } from './pim.ts';

function bytesOf(hex: string): Uint8Array {
  return new Uint8Array(Buffer.from(hex.replaceAll(' ', ''), 'hex'));
}

function igmp(hex: string): MembershipMessage | null {
  const bytes = bytesOf(hex);
  return readIgmp(bytes, 0, bytes.length);
}

function mld(hex: string): MembershipMessage | null {
  const bytes = bytesOf(hex);
  return readMld(bytes, 0, bytes.length);
}

function pim(hex: string) {
  const bytes = bytesOf(hex);
  return readPim(bytes, 0, bytes.length);
}

describe('readIgmp', () => {
  it('tells the versions of a query by length and response time', () => {
    expect(igmp('1100 0000 00000000')).toMatchObject({ name: 'IGMPv1 query', maxResponseMs: 10_000 });
    expect(igmp('1164 0000 ef010203')).toMatchObject({
      name: 'IGMPv2 query',
      maxResponseMs: 10_000,
      records: [{ kind: 'query', group: '239.1.2.3' }],
    });
    expect(igmp('1164 0000 00000000 02 7d 0001 0a000001')).toMatchObject({
      name: 'IGMPv3 query',
      records: [{ group: '', sources: ['10.0.0.1'] }],
    });
    expect(igmp('11ff 0000 00000000 02 7d 0000')?.maxResponseMs).toBe(3_174_400);
  });

  it('reads joins and leaves of versions 1 and 2', () => {
    expect(igmp('1200 0000 ef010203')).toMatchObject({ version: 'IGMPv1', records: [{ kind: 'join' }] });
    expect(igmp('1664 0000 ef010203')).toMatchObject({
      version: 'IGMPv2',
      records: [{ kind: 'join', group: '239.1.2.3' }],
    });
    expect(igmp('1700 0000 ef010203')).toMatchObject({ name: 'IGMPv2 leave', records: [{ kind: 'leave' }] });
  });

  it('reads what the records of version 3 mean', () => {
    const record = (type: string, sources: string) =>
      `${type} 00 ${sources === '' ? '0000' : '0001'} ef010203 ${sources}`;
    const report = [
      record('04', ''),
      record('03', ''),
      record('05', '0a000001'),
      record('06', '0a000001'),
      record('02', ''),
    ];
    expect(igmp(`2200 0000 0000 0005 ${report.join('')}`)?.records).toEqual([
      { kind: 'join', group: '239.1.2.3', sources: [], sourcesDropped: 0, isExcluding: true },
      { kind: 'leave', group: '239.1.2.3', sources: [], sourcesDropped: 0, isExcluding: false },
      { kind: 'join', group: '239.1.2.3', sources: ['10.0.0.1'], sourcesDropped: 0, isExcluding: false },
      { kind: 'leave', group: '239.1.2.3', sources: ['10.0.0.1'], sourcesDropped: 0, isExcluding: false },
      { kind: 'join', group: '239.1.2.3', sources: [], sourcesDropped: 0, isExcluding: true },
    ]);
  });

  it('skips auxiliary data and counts records that are cut', () => {
    const message = igmp('2200 0000 0000 0003 04 01 0000 ef010203 deadbeef 04 00 0000 ef010204');
    expect(message?.records.map((record) => record.group)).toEqual(['239.1.2.3', '239.1.2.4']);
    expect(message?.recordsDropped).toBe(1);
  });

  it('names the others that share its number and refuses the rest', () => {
    expect(igmp('ff00 0000 00000000')?.version).toBe('RGMP');
    expect(igmp('1300 0000 00000000')?.name).toBe('DVMRP');
    expect(igmp('9900 0000 00000000')).toBeNull();
    expect(igmp('1600 0000 ef01')).toBeNull();
  });
});

describe('readMld', () => {
  const group = 'ff1e0000000000000000000000000001';

  it('reads both versions', () => {
    expect(mld(`8200 0000 2710 0000 ${'00'.repeat(16)}`)).toMatchObject({
      name: 'MLDv1 query',
      maxResponseMs: 10_000,
      records: [{ kind: 'query', group: '' }],
    });
    expect(mld(`8200 0000 2710 0000 ${group} 02 7d 0000`)?.name).toBe('MLDv2 query');
    expect(mld(`8300 0000 0000 0000 ${group}`)?.records[0]).toMatchObject({ kind: 'join', group: 'ff1e::1' });
    expect(mld(`8400 0000 0000 0000 ${group}`)?.records[0]).toMatchObject({ kind: 'leave', group: 'ff1e::1' });
    expect(mld(`8f00 0000 0000 0001 04 00 0000 ${group}`)?.records[0]).toMatchObject({
      kind: 'join',
      group: 'ff1e::1',
    });
  });

  it('refuses other types and cut messages', () => {
    expect(mld(`8000 0000 0000 0000 ${group}`)).toBeNull();
    expect(mld('8300 0000 0000 0000 ff1e')).toBeNull();
  });
});

describe('readPim', () => {
  it('reads hello and join/prune', () => {
    expect(pim('2000 0000 0001 0002 0069')).toMatchObject({ name: 'hello', holdTimeSeconds: 105 });
    const message = pim(
      '2300 0000 0100 0a00000d 00 01 00d2 0100 0020 ef7b7b7b 0001 0001 0100 07 20 01010101 0100 00 20 0a000005',
    );
    expect(message).toEqual({
      name: 'join/prune',
      version: 2,
      holdTimeSeconds: 210,
      router: '10.0.0.13',
      groups: [
        { kind: 'join', group: '239.123.123.123', source: '1.1.1.1', isShared: true },
        { kind: 'prune', group: '239.123.123.123', source: '10.0.0.5', isShared: false },
      ],
    });
  });

  it('reads the packet that a register carries', () => {
    const inner = '45000014 00000000 1011 0000 0a000001 e1000001';
    expect(pim(`2100 0000 00000000 ${inner}`)?.groups).toEqual([
      { kind: 'register', group: '225.0.0.1', source: '10.0.0.1', isShared: false },
    ]);
  });

  it('reads rendezvous points of a bootstrap message', () => {
    const message = pim('2400 0000 0001 1e 40 0100 0a000001 0100 0004 e0000000 01 01 0000 0100 0a000002 0096 00 00');
    expect(message).toMatchObject({
      router: '10.0.0.1',
      groups: [{ kind: 'rp', group: '224.0.0.0/4', source: '10.0.0.2', isShared: true }],
    });
  });

  it('refuses version 1 and unknown types', () => {
    expect(pim('1000 0000')).toBeNull();
    expect(pim('2f00 0000')).toBeNull();
  });
});

describe('hostile messages', () => {
  it('are read within bounds, whatever they say', () => {
    const types = fc.constantFrom(0x11, 0x22, 0x82, 0x8f, 0x20, 0x21, 0x22, 0x23, 0x24, 0x25, 0x28, 0x29);
    fc.assert(
      fc.property(types, fc.uint8Array({ maxLength: 2000 }), (type, rest) => {
        const bytes = new Uint8Array([type, ...rest]);
        for (const message of [readIgmp(bytes, 0, bytes.length), readMld(bytes, 0, bytes.length)]) {
          expect(message?.records.length ?? 0).toBeLessThanOrEqual(200);
        }
        expect(readPim(bytes, 0, bytes.length)?.groups.length ?? 0).toBeLessThanOrEqual(200);
      }),
    );
  });
});
