/** Which packets of one side are packets of the other one, for a flow and direction that both hold. */

import { isChosen, type Sample, type SampledPacket } from './side-recorder.ts';

export interface PacketPair {
  readonly inside: SampledPacket;
  readonly outside: SampledPacket;
}

/** Packets that are alike no other of their flow on either side. */
export function commonPackets(inside: Sample | null, outside: Sample | null): PacketPair[] {
  if (inside === null || outside === null) return [];
  const exact = pairUnique(inside, outside, ({ exact }) => exact);
  return exact.length > 0 ? exact : pairUnique(inside, outside, ({ loose }) => loose);
}

function pairUnique(inside: Sample, outside: Sample, keyOf: (packet: SampledPacket) => number): PacketPair[] {
  const ours = uniqueByKey(inside.packets, keyOf);
  const theirs = uniqueByKey(outside.packets, keyOf);
  const pairs: PacketPair[] = [];
  for (const [key, packet] of ours) {
    const other = theirs.get(key);
    if (packet !== null && other != null) pairs.push({ inside: packet, outside: other });
  }
  return pairs;
}

/** Null for a key that several packets have. */
function uniqueByKey(packets: readonly SampledPacket[], keyOf: (packet: SampledPacket) => number) {
  const byKey = new Map<number, SampledPacket | null>();
  for (const packet of packets) {
    const key = keyOf(packet);
    if (key !== 0) byKey.set(key, byKey.has(key) ? null : packet);
  }
  return byKey;
}

/** One direction of a flow on its way through the box, as far as the captures hold both sides at the time. */
export interface Passage {
  /** Packets of the sample that left, or that the other capture would hold if they had. */
  readonly arrived: readonly SampledPacket[];
  /** Of them those that never left. */
  readonly lost: readonly SampledPacket[];
  /** The last one that did leave. */
  readonly lastPassed: SampledPacket | null;
}

/** A box that holds a packet for longer has lost it. */
const MOST_DELAY_NS = 5e9;
/** Clocks are aligned no better than this. */
const CLOCK_SLACK_NS = 50e6;

/** `toExit` gives the time of the other side; `isCovered` whether that is a time at which the other capture would have it. */
export function tracePackets(
  entry: Sample,
  exit: Sample | null,
  toExit: (time: number) => number,
  isCovered: (time: number) => boolean,
): Passage {
  const thinning = Math.max(entry.thinning, exit?.thinning ?? 1);
  const keyOf = chooseKey(entry, exit);
  const waiting = queueByKey(exit?.packets ?? [], keyOf);
  const arrived: SampledPacket[] = [];
  const lost: SampledPacket[] = [];
  let lastPassed: SampledPacket | null = null;
  for (const packet of entry.packets) {
    const due = toExit(packet.time);
    const key = keyOf(packet);
    if (key === 0 || !isChosen(packet, thinning)) continue;
    const hasPassed = takeWaiting(waiting.get(key), due);
    if (!hasPassed && (!isCovered(due) || due > (exit?.closedAt ?? due))) continue;
    arrived.push(packet);
    if (hasPassed) lastPassed = packet;
    else lost.push(packet);
  }
  return { arrived, lost, lastPassed };
}

/** Packets of which the box changes more than addresses are compared by what it leaves. */
function chooseKey(entry: Sample, exit: Sample | null): (packet: SampledPacket) => number {
  const exact = (packet: SampledPacket): number => packet.exact;
  if (exit === null) return exact;
  const left = new Set(exit.packets.map(exact));
  return entry.packets.some((packet) => left.has(packet.exact)) ? exact : ({ loose }) => loose;
}

function queueByKey(packets: readonly SampledPacket[], keyOf: (packet: SampledPacket) => number) {
  const queues = new Map<number, SampledPacket[]>();
  for (const packet of packets) {
    const queue = queues.get(keyOf(packet));
    if (queue === undefined) queues.set(keyOf(packet), [packet]);
    else queue.push(packet);
  }
  return queues;
}

/** Takes the first packet of the queue that left in time; those that left earlier were others'. */
function takeWaiting(queue: SampledPacket[] | undefined, due: number): boolean {
  while (queue !== undefined && (queue[0]?.time ?? due) < due - CLOCK_SLACK_NS) queue.shift();
  if (queue === undefined || queue[0] === undefined || queue[0].time > due + MOST_DELAY_NS) return false;
  queue.shift();
  return true;
}
