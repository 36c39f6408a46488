import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { readWhole } from '../../test/read-whole.ts';
import { SideMeter } from '../flow/connection-meter.ts';
import { limitOf } from './connection-rows.ts';
import { SlotCase } from './flow-cases.ts';
import { mediaRow } from './media-rows.ts';

const RTMP = fileURLToPath(new URL('../../fixtures/recorded-rtmp-ok/capture.pcap', import.meta.url));

function limitBy(changes: Partial<SideMeter>, receiver: Partial<SideMeter> = {}, durationMs = 10_000) {
  const sender = Object.assign(new SideMeter(), { segments: 1000 }, changes);
  return limitOf(sender, Object.assign(new SideMeter(), receiver), durationMs);
}

describe('what limits a connection', () => {
  it('is the receiver that has no room', () => {
    expect(limitBy({}, { zeroWindowMs: 1500 })).toBe('receiver');
    expect(limitBy({ waitedMs: { sender: 0, receiver: 2000, network: 0 }, idleMs: 5000 })).toBe('receiver');
  });

  it('is the network that loses segments, on whichever side', () => {
    expect(limitBy({ sentAgain: 6, filledLate: 6, idleMs: 5000 })).toBe('network');
    expect(limitBy({ sentAgain: 2, filledLate: 2, idleMs: 5000 })).toBe('sender');
  });

  it('is the sender that has nothing to send', () => {
    expect(limitBy({ idleMs: 9000 })).toBe('sender');
  });

  it('is nobody where nothing shows it, or too little was seen', () => {
    expect(limitBy({})).toBeNull();
    expect(limitBy({ segments: 5, idleMs: 9000 })).toBeNull();
    expect(limitBy({ idleMs: 900 }, {}, 950)).toBeNull();
  });
});

describe('connectionRow', () => {
  it('measures a real publisher of RTMP', async () => {
    const pipeline = await readWhole(RTMP);
    const rows = Array.from({ length: pipeline.flows.slots }, (_, slot) =>
      mediaRow(pipeline, new SlotCase(pipeline, slot)),
    );
    const [row] = rows.filter((each) => each !== null && each.connection !== null);
    expect(row?.connection).toMatchObject({
      direction: 'toResponder',
      sentAgain: 0,
      filledLate: 0,
      limitedBy: 'sender',
    });
    expect(row?.streams).toMatchObject([{ ssrc: null, lost: null, packets: row?.connection?.segments }]);
    expect(row?.streams[0]?.series?.bytes.length).toBeGreaterThan(1);
  });
});
