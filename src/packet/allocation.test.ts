import { expect, it } from 'vitest';
import { batchOf } from '../../fixtures/frames/batch.ts';
import { ENCAPSULATIONS } from '../../fixtures/frames/encapsulations.ts';
import { ethernet } from '../../fixtures/frames/ethernet.ts';
import type { Header } from '../../fixtures/frames/header.ts';
import { ipv4, ipv4Fragments, ipv6 } from '../../fixtures/frames/ip.ts';
import { tcp, udp } from '../../fixtures/frames/transport.ts';
import { LINK_TYPE } from '../capture/link-type.ts';
import { PacketDecoder } from './decode-frame.ts';
import { DecodedPacket } from './decoded-packet.ts';

const ROUNDS = 20;
const PACKETS_PER_ROUND = 50_000;
/** A time that is passed to a call which the compiler did not inline, as it decides anew in each run; no object is so small. */
const NUMBER_BYTES = 16;
/** With what the test's own machinery may leave behind in one round. */
const MOST_BYTES_PER_ROUND = PACKETS_PER_ROUND * NUMBER_BYTES + 20_000;

function frames(): Header[] {
  const hosts = { source: '10.0.0.1', destination: '10.0.0.2' };
  const ports = { sourcePort: 5004, destinationPort: 6970 };
  const packets = [
    ipv4(hosts, udp(ports, new Uint8Array(100))),
    ipv4(hosts, tcp({ ...ports, sequence: 0xf0000000, acknowledgement: 0xe0000000 }, new Uint8Array(100))),
    ipv6({ source: 'fd00::1', destination: 'fd00::2' }, udp(ports, new Uint8Array(100))),
  ];
  const wrapped = ENCAPSULATIONS.filter((one) => one.linkType === LINK_TYPE.ethernet).flatMap(({ wrap }) =>
    packets.map((packet) => wrap(packet, false)),
  );
  const fragments = Array.from({ length: 100 }, (_, id) =>
    ipv4Fragments({ ...hosts, id }, udp(ports, new Uint8Array(3000)), 1480).map((one) => ethernet({}, one)),
  );
  return [...wrapped, ...fragments.flat()];
}

it('a million packets of every kind leave no object on the heap', () => {
  const batch = batchOf(frames());
  // Far from now, where seconds no longer fit into 31 bits.
  batch.seconds.fill(4_000_000_000);
  const decoder = new PacketDecoder();
  const packet = new DecodedPacket();
  const growths: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const before = process.memoryUsage().heapUsed;
    for (let count = 0; count < PACKETS_PER_ROUND; count += batch.count) {
      for (let i = 0; i < batch.count; i++) decoder.decode(batch, i, packet);
      for (let i = 0; i < batch.count; i++) batch.seconds[i] = (batch.seconds[i] ?? 0) + 60;
    }
    growths.push(process.memoryUsage().heapUsed - before);
  }
  // The first rounds warm the compiler up; a collection in between would make a round shrink, not grow.
  const settled = growths.slice(ROUNDS / 2).sort((a, b) => a - b);
  expect(settled[Math.floor(settled.length / 2)]).toBeLessThan(MOST_BYTES_PER_ROUND);
  expect(decoder.fragments.counts.completed).toBeGreaterThan(50_000);
});
