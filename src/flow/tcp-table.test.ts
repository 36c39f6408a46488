import { beforeEach, describe, expect, it } from 'vitest';
import { decodeOne } from '../../fixtures/frames/decode.ts';
import { ethernet } from '../../fixtures/frames/ethernet.ts';
import { ipv4 } from '../../fixtures/frames/ip.ts';
import { tcp } from '../../fixtures/frames/transport.ts';
import { TCP_EVENT, TcpTable } from './tcp-table.ts';

const SLOT = 3;
const SECOND = 1e9;

interface Segment {
  readonly side?: 0 | 1;
  readonly flags?: string;
  readonly sequence: number;
  readonly acknowledgement?: number;
  readonly length?: number;
  readonly window?: number;
  readonly time?: number;
  readonly frame?: number;
}

let table = new TcpTable();

function see(segment: Segment): number {
  const {
    side = 0,
    flags = 'A',
    sequence,
    acknowledgement = 0,
    length = 0,
    window = 1000,
    time = 0,
    frame = 1,
  } = segment;
  const [sourcePort, destinationPort] = side === 0 ? [40_000, 554] : [554, 40_000];
  const header = tcp({ sourcePort, destinationPort, flags, sequence, acknowledgement, window }, new Uint8Array(length));
  const packet = decodeOne(ethernet({}, ipv4({ source: '10.0.0.1', destination: '10.0.0.2' }, header)));
  return table.update(SLOT, packet, side, time, frame);
}

beforeEach(() => {
  table = new TcpTable();
});

describe('TcpTable', () => {
  it('tells new data from data that is sent again', () => {
    expect(see({ sequence: 100, length: 50 })).toBe(TCP_EVENT.newData);
    expect(see({ sequence: 150, length: 50 })).toBe(TCP_EVENT.newData);
    expect(see({ sequence: 150, length: 50 })).toBe(TCP_EVENT.retransmission);
    expect(table.retransmissions(SLOT, 0)).toBe(1);
  });

  it('follows sequence numbers through their wrap', () => {
    see({ sequence: 0xffff_fff0, length: 32 });
    expect(see({ sequence: 0x10, length: 8 })).toBe(TCP_EVENT.newData);
    expect(see({ sequence: 0xffff_fff0, length: 32 })).toBe(TCP_EVENT.retransmission);
  });

  it('knows the SYN that a reset before it answers, and takes any other for a new connection', () => {
    see({ side: 1, flags: 'RA', sequence: 0, acknowledgement: 101 });
    expect(table.beginsAnew(SLOT, 0, 100)).toBe(false);
    expect(table.beginsAnew(SLOT, 0, 700)).toBe(true);
  });

  it('takes a SYN for a new connection after nothing but a reset that answers no SYN', () => {
    see({ side: 1, flags: 'RA', sequence: 5000, acknowledgement: 101 });
    expect(table.beginsAnew(SLOT, 0, 100)).toBe(true);
  });

  it('ends a run of repetitions when the other side acknowledges', () => {
    see({ sequence: 100, length: 50 });
    see({ sequence: 100, length: 50, time: SECOND, frame: 5 });
    see({ sequence: 100, length: 50, time: 3 * SECOND, frame: 9 });
    expect(table.run(SLOT, 0)).toEqual({
      count: 2,
      firstFrame: 5,
      lastFrame: 9,
      firstTime: SECOND,
      lastTime: 3 * SECOND,
    });
    see({ side: 1, sequence: 1, acknowledgement: 150 });
    expect(table.run(SLOT, 0)).toBeNull();
  });

  it('does not count what was acknowledged before as unanswered', () => {
    see({ sequence: 100, length: 50 });
    see({ side: 1, sequence: 1, acknowledgement: 150 });
    see({ sequence: 100, length: 50 });
    expect(table.run(SLOT, 0)).toBeNull();
  });

  it('takes a probe of one old byte for a keep-alive', () => {
    see({ sequence: 100, length: 50 });
    expect(see({ sequence: 149, length: 1 })).toBe(0);
    expect(table.retransmissions(SLOT, 0)).toBe(0);
  });

  it('knows a new connection on the same ports by its sequence number', () => {
    see({ flags: 'S', sequence: 1000 });
    expect(table.beginsAnew(SLOT, 0, 1000)).toBe(false);
    expect(table.beginsAnew(SLOT, 0, 5000)).toBe(true);
  });

  it('knows a SYN after data without a SYN as a new connection, and a first SYN as none', () => {
    expect(table.beginsAnew(SLOT, 0, 1)).toBe(false);
    see({ sequence: 100, length: 10 });
    expect(table.beginsAnew(SLOT, 0, 1)).toBe(true);
  });

  it('tells acknowledged data from an acknowledged SYN', () => {
    see({ flags: 'S', sequence: 1000 });
    see({ side: 1, flags: 'SA', sequence: 7000, acknowledgement: 1001 });
    see({ sequence: 1001, acknowledgement: 7001 });
    expect(table.hasAcknowledgedData(SLOT, 0)).toBe(false);
    see({ sequence: 1001, acknowledgement: 7201 });
    expect(table.hasAcknowledgedData(SLOT, 0)).toBe(true);
  });

  it('knows that the last bytes of a side are missing where the other side acknowledges more than was seen', () => {
    see({ sequence: 1000, length: 100 });
    see({ side: 1, sequence: 5000, acknowledgement: 1100 });
    expect(table.isEndMissing(SLOT, 0)).toBe(false);
    see({ side: 1, sequence: 5000, acknowledgement: 1101 });
    expect(table.isEndMissing(SLOT, 0)).toBe(true);
    expect(table.isEndMissing(SLOT, 1)).toBe(false);
    see({ flags: 'FA', sequence: 1100 });
    expect(table.isEndMissing(SLOT, 0)).toBe(false);
    expect(new TcpTable().isEndMissing(SLOT, 0)).toBe(false);
  });

  it('counts SYNs and windows of zero', () => {
    see({ flags: 'S', sequence: 1, time: 1 });
    see({ flags: 'S', sequence: 1, time: SECOND });
    expect(see({ sequence: 2, window: 0 })).toBe(TCP_EVENT.zeroWindow);
    expect([table.syns(SLOT, 0), table.zeroWindows(SLOT), table.handshakeTime(SLOT)]).toEqual([2, 1, SECOND]);
  });

  it('forgets a released flow', () => {
    see({ flags: 'S', sequence: 1 });
    table.release(SLOT);
    expect([table.syns(SLOT, 0), table.run(SLOT, 0), table.handshakeTime(SLOT)]).toEqual([0, null, Number.NaN]);
  });

  it('learns from a SYN-ACK where the other side began', () => {
    see({ sequence: 101, acknowledgement: 501 });
    see({ side: 1, flags: 'SA', sequence: 500, acknowledgement: 101 });
    expect(table.hasAcknowledgedData(SLOT, 1)).toBe(false);
    expect(table.beginsAnew(SLOT, 0, 100)).toBe(false);
    expect(table.beginsAnew(SLOT, 0, 7000)).toBe(true);
    see({ side: 1, sequence: 501, acknowledgement: 151 });
    expect(table.hasAcknowledgedData(SLOT, 1)).toBe(true);
  });

  it('tells data that is repeated although it was acknowledged, until something new is sent', () => {
    see({ sequence: 100, length: 50 });
    see({ side: 1, sequence: 1, acknowledgement: 150 });
    for (const frame of [5, 6, 7]) see({ sequence: 100, length: 50, time: frame * SECOND, frame });
    expect(table.run(SLOT, 0)).toBeNull();
    expect(table.acknowledgedRun(SLOT, 0)).toMatchObject({ count: 3, firstFrame: 5, lastFrame: 7 });
    see({ sequence: 150, length: 50 });
    expect(table.acknowledgedRun(SLOT, 0)).toBeNull();
  });

  it('counts only the same data again as repeated on a timer', () => {
    see({ sequence: 100, length: 150 });
    see({ side: 1, sequence: 1, acknowledgement: 250 });
    for (const sequence of [100, 150, 200]) see({ sequence, length: 50 });
    expect(table.acknowledgedRun(SLOT, 0)?.count).toBe(1);
  });
});
