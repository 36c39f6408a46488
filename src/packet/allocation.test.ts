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
/** On a busy machine the compiler takes its time, and what is not compiled yet leaves numbers on the heap. */
const MOST_ROUNDS = 100;
const ENOUGH_CLEAN_ROUNDS = 5;
const PACKETS_PER_ROUND = 50_000;
/** What the test's own machinery may leave behind in one round: a fifth of a byte per packet. */
const MOST_BYTES_PER_ROUND = 10_000;

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

it('a million packets of every kind leave nothing on the heap', () => {
  const batch = batchOf(frames());
  // Far from now, where seconds no longer fit into 31 bits.
  batch.seconds.fill(4_000_000_000);
  const decoder = new PacketDecoder();
  const packet = new DecodedPacket();
  let clean = 0;
  for (let round = 0; round < ROUNDS || (clean < ENOUGH_CLEAN_ROUNDS && round < MOST_ROUNDS); round++) {
    const before = process.memoryUsage().heapUsed;
    for (let count = 0; count < PACKETS_PER_ROUND; count += batch.count) {
      for (let i = 0; i < batch.count; i++) decoder.decode(batch, i, packet);
      for (let i = 0; i < batch.count; i++) batch.seconds[i] = (batch.seconds[i] ?? 0) + 60;
    }
    const growth = process.memoryUsage().heapUsed - before;
    // A collection in between makes a round shrink: it tells nothing.
    if (growth >= 0 && growth < MOST_BYTES_PER_ROUND) clean++;
  }
  expect(clean).toBeGreaterThanOrEqual(ENOUGH_CLEAN_ROUNDS);
  expect(decoder.fragments.counts.completed).toBeGreaterThan(50_000);
});
