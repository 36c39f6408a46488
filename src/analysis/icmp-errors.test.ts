import { describe, expect, it } from 'vitest';
import { batchOf } from '../../fixtures/frames/batch.ts';
import { ethernet } from '../../fixtures/frames/ethernet.ts';
import { ipv4 } from '../../fixtures/frames/ip.ts';
import { icmp, tcp } from '../../fixtures/frames/transport.ts';
import { Pipeline } from './pipeline.ts';

const [CLIENT, SERVER, ROUTER] = ['10.10.1.10', '10.10.2.20', '10.10.1.1'];
const PROHIBITED = { type: 3, code: 13 };

function syn(port: number) {
  const header = tcp({ sourcePort: port, destinationPort: 554, flags: 'S', sequence: 100 });
  return ipv4({ source: CLIENT, destination: SERVER }, header);
}

/** Errors that each of the flows to the server is given, of frames at these milliseconds. */
function errorsOf(frames: readonly { readonly packet: ReturnType<typeof ipv4>; readonly ms: number }[]): number[] {
  const pipeline = new Pipeline();
  const times = frames.map(({ ms }) => 1 + ms / 1000);
  pipeline.process(
    batchOf(
      frames.map(({ packet }) => ethernet({}, packet)),
      { times },
    ),
  );
  const { flows, icmpErrors } = pipeline;
  return Array.from({ length: flows.slots }, (_, slot) => slot)
    .filter((slot) => flows.port(slot, 1) === 554)
    .map((slot) => icmpErrors.of(slot).filter(({ direction }) => direction === 0).length);
}

function rejection(port: number) {
  return ipv4({ source: ROUTER, destination: CLIENT }, icmp(PROHIBITED, syn(port)));
}

describe('an ICMP error', () => {
  it('is of the flow that it quotes, also where it stands just before it', () => {
    const [asked, rejected] = [
      { packet: syn(40_000), ms: 0 },
      { packet: rejection(40_000), ms: 1 },
    ];
    expect(errorsOf([asked, rejected])).toEqual([1]);
    expect(errorsOf([rejected, asked])).toEqual([1]);
  });

  it('is of no other flow, and of none that comes much later', () => {
    const rejected = { packet: rejection(40_000), ms: 0 };
    expect(errorsOf([rejected, { packet: syn(40_001), ms: 1 }])).toEqual([0]);
    expect(errorsOf([rejected, { packet: syn(40_000), ms: 20 }])).toEqual([0]);
    const others = Array.from({ length: 3 }, (_, i) => ({ packet: syn(41_000 + i), ms: 1 }));
    expect(errorsOf([rejected, ...others, { packet: syn(40_000), ms: 2 }])).toEqual([0, 0, 0, 1]);
  });
});
