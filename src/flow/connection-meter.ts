/**
 * How well the data of one TCP connection gets through, each side for itself: what is sent again and from which side of the
 * capture point that shows, how long acknowledgements take, and where the data waits. Copies made by a span must not be given to it.
 */

import { type DecodedPacket, TCP_FLAG } from '../packet/decoded-packet.ts';
import { SequenceHoles } from './sequence-holes.ts';

type Side = 0 | 1;

const NS_PER_MS = 1e6;
/** Longer than frames of video and packets of sound are apart: data that pauses for so long has stalled. */
const SHORTEST_STALL_MS = 1000;
/** Data that comes so soon after the other side has spoken answers it: nobody waited before. */
const ANSWER_NS = 1e9;

/** What made the data of a side wait. */
type Waited = 'sender' | 'receiver' | 'network';

export class SideMeter {
  /** Segments with data, those that are sent again included, and bytes that are new. */
  segments = 0;
  bytes = 0;
  firstTime = 0;
  lastTime = 0;
  /** Segments that have passed here before: they were lost behind this point, or their acknowledgement was. */
  sentAgain = 0;
  /** Segments that fill a hole late: they were lost before this point. */
  filledLate = 0;
  /** Segments that fill a hole at once: they were overtaken. */
  overtaken = 0;
  readonly holes = new SequenceHoles();
  /** Milliseconds from this point to the receiver of the data and back. */
  minRoundTripMs = Number.POSITIVE_INFINITY;
  roundTrips = 0;
  sumRoundTripMs = 0;
  /** Times that this side, as a receiver, had no room, and for how long. */
  zeroWindows = 0;
  zeroWindowMs = 0;
  stalls = 0;
  longestGapMs = 0;
  readonly waitedMs: Record<Waited, number> = { sender: 0, receiver: 0, network: 0 };
  /** Time in which nothing was under way that had to be acknowledged, though it could have been: the sender had nothing to send. */
  idleMs = 0;
  /** The rest is for `ConnectionMeter` alone. */
  next = 0;
  acknowledged = 0;
  hasAcknowledged = false;
  timedEnd = 0;
  timedAt = Number.NaN;
  zeroWindowSince = Number.NaN;
  zeroWindowUntil = Number.NEGATIVE_INFINITY;
}

export class ConnectionMeter {
  readonly sides: readonly [SideMeter, SideMeter] = [new SideMeter(), new SideMeter()];

  /** Follows one segment; returns 1 where it repeats or replaces a lost one, else 0. */
  segment(packet: DecodedPacket, side: Side, time: number): number {
    const flags = packet.tcpFlags;
    if ((flags & (TCP_FLAG.syn | TCP_FLAG.rst)) !== 0) return 0;
    const own = this.sides[side];
    const other = this.sides[side === 0 ? 1 : 0];
    noteWindow(own, packet, time);
    let repeated = 0;
    if (packet.payloadLength > 0) {
      const wasInFlight = own.hasAcknowledged && ((own.next - own.acknowledged) | 0) > 0;
      repeated = noteData(own, packet, time);
      noteGap(own, other, time, repeated > 0 || wasInFlight);
      own.lastTime = time;
    }
    if ((flags & TCP_FLAG.ack) !== 0) noteAcknowledgement(other, packet.tcpAcknowledgement, time);
    return repeated;
  }
}

/** Zero windows of the receiver that `own` is. */
function noteWindow(own: SideMeter, packet: DecodedPacket, time: number): void {
  const isShut = !Number.isNaN(own.zeroWindowSince);
  if (packet.tcpWindow === 0) {
    if (isShut || (packet.tcpFlags & TCP_FLAG.fin) !== 0) return;
    own.zeroWindows++;
    own.zeroWindowSince = time;
  } else if (isShut) {
    own.zeroWindowMs += (time - own.zeroWindowSince) / NS_PER_MS;
    own.zeroWindowSince = Number.NaN;
    own.zeroWindowUntil = time;
  }
}

/** Returns 1 for a segment that repeats or replaces a lost one. */
function noteData(own: SideMeter, packet: DecodedPacket, time: number): number {
  const start = packet.tcpSequence;
  const end = (start + packet.payloadLength) | 0;
  own.segments++;
  if (own.segments === 1) {
    own.firstTime = time;
    own.lastTime = time;
    own.next = start;
  }
  const ahead = (start - own.next) | 0;
  if (((end - own.next) | 0) > 0) {
    if (ahead > 0) own.holes.open(own.next, start, time);
    own.bytes += Math.min(packet.payloadLength, (end - own.next) | 0);
    own.next = end;
    if (Number.isNaN(own.timedAt)) {
      own.timedEnd = end;
      own.timedAt = time;
    }
    return 0;
  }
  // One byte before what comes next asks for a sign of life.
  if (packet.payloadLength === 1 && ahead === -1) return 0;
  return noteOldData(own, start, end, time);
}

function noteOldData(own: SideMeter, start: number, end: number, time: number): number {
  const openedAt = own.holes.fill(start, end);
  if (Number.isNaN(openedAt)) {
    own.sentAgain++;
    // Which of both is acknowledged cannot be told (Karn).
    own.timedAt = Number.NaN;
    return 1;
  }
  own.bytes += (end - start) | 0;
  // What comes sooner than any repetition could was overtaken; three milliseconds are Wireshark's rule.
  const repetitionTakesMs = own.roundTrips === 0 ? 3 : Math.max(3, own.minRoundTripMs / 2);
  if ((time - openedAt) / NS_PER_MS < repetitionTakesMs) {
    own.overtaken++;
    return 0;
  }
  own.filledLate++;
  return 1;
}

function noteGap(own: SideMeter, other: SideMeter, time: number, isInTrouble: boolean): void {
  const gapMs = (time - own.lastTime) / NS_PER_MS;
  const isAnswer = other.segments > 0 && other.lastTime > own.lastTime && time - other.lastTime < ANSWER_NS;
  const roundTripMs = own.minRoundTripMs + other.minRoundTripMs;
  if (!isInTrouble && gapMs > 2 * roundTripMs) own.idleMs += gapMs;
  if (isAnswer && !isInTrouble) return;
  own.longestGapMs = Math.max(own.longestGapMs, gapMs);
  if (gapMs < SHORTEST_STALL_MS) return;
  own.stalls++;
  const wasShut = !Number.isNaN(other.zeroWindowSince) || other.zeroWindowUntil > own.lastTime;
  own.waitedMs[wasShut ? 'receiver' : isInTrouble ? 'network' : 'sender'] += gapMs;
}

/** Data of `own` is acknowledged by the other side. */
function noteAcknowledgement(own: SideMeter, acknowledgement: number, time: number): void {
  if (own.hasAcknowledged && ((acknowledgement - own.acknowledged) | 0) <= 0) return;
  own.acknowledged = acknowledgement;
  own.hasAcknowledged = true;
  own.holes.acknowledge(acknowledgement);
  if (Number.isNaN(own.timedAt) || ((acknowledgement - own.timedEnd) | 0) < 0) return;
  const roundTripMs = (time - own.timedAt) / NS_PER_MS;
  own.timedAt = Number.NaN;
  own.minRoundTripMs = Math.min(own.minRoundTripMs, roundTripMs);
  own.sumRoundTripMs += roundTripMs;
  own.roundTrips++;
}
