import { describe, expect, it } from 'vitest';
import { DecodedPacket, IP_PROTOCOL } from '../../packet/decoded-packet.ts';
import { SideRecorder } from './side-recorder.ts';

const FLOWS = 40_000;
const packet = new DecodedPacket();
packet.transport = IP_PROTOCOL.tcp;

/** A packet of each flow, over and over, a millisecond apart. */
function record(rounds: number): { readonly recorder: SideRecorder; readonly flows: { side: 0 | 1 } } {
  const flows = { side: 0 as 0 | 1, id: (slot: number) => slot };
  const recorder = new SideRecorder(flows, { at: () => null });
  for (let i = 0; i < rounds * FLOWS; i++) {
    packet.tcpSequence = i;
    recorder.take(i % FLOWS, packet, i * 1e6, i + 1);
  }
  return { recorder, flows };
}

function countKept({ samples }: SideRecorder): number {
  return [...samples.values()].flat().reduce((sum, sample) => sum + (sample?.packets.length ?? 0), 0);
}

describe('the packets kept of one side', () => {
  it('are of every flow as long as there is a place', () => {
    const { recorder } = record(3);
    expect(countKept(recorder)).toBe(3 * FLOWS);
    expect(recorder.isFull).toBe(false);
  });

  it('are bounded in all, and from then on nothing that is missing counts as missing', () => {
    const { recorder, flows } = record(20);
    expect(countKept(recorder)).toBe(200_000);
    expect(recorder.isFull).toBe(true);
    const closedAt = recorder.samples.get(0)?.[0]?.closedAt ?? 0;
    expect(closedAt).toBeLessThan(20 * FLOWS * 1e6);
    flows.side = 1;
    recorder.take(0, packet, closedAt + 5e9, 1);
    expect(recorder.samples.get(0)?.[1]).toMatchObject({ packets: [], closedAt });
    recorder.take(FLOWS, packet, 0, 1);
    expect(recorder.samples.has(FLOWS)).toBe(false);
  });
});
