/** Connections that carry media, for people and reports: how well the direction that carries it gets through, and what limits it. */

import type { SideMeter } from '../flow/connection-meter.ts';
import type { SlotCase } from './flow-cases.ts';
import type { ConnectionRow, RoundTripRow } from './measured-media.ts';
import type { MediaConnection } from './media-connections.ts';
import type { Pipeline } from './pipeline.ts';

const NS_PER_MS = 1e6;
/** Less than this tells nothing of what limits a connection. */
const FEWEST_SEGMENTS = 20;
const SHORTEST_MS = 1000;
/** Shares of time or segments from which on something limits. */
const WAITING_SHARE = 0.1;
const LOSS_SHARE = 0.01;
const IDLE_SHARE = 0.2;

/** Direction in which most of the data goes: the media. */
function mediaDirection(pipeline: Pipeline, slot: number, { meter }: MediaConnection): 0 | 1 {
  const [low, high] = meter.sides;
  return pipeline.flows.directionOf(slot, low.bytes >= high.bytes ? 0 : 1);
}

export function connectionRow(pipeline: Pipeline, flow: SlotCase, connection: MediaConnection): ConnectionRow {
  const direction = mediaDirection(pipeline, flow.slot, connection);
  const sender = connection.meter.sides[pipeline.flows.sideOf(flow.slot, direction)];
  const receiver = connection.meter.sides[pipeline.flows.sideOf(flow.slot, direction === 0 ? 1 : 0)];
  const durationMs = (sender.lastTime - sender.firstTime) / NS_PER_MS;
  return {
    direction: direction === 0 ? 'toResponder' : 'toInitiator',
    segments: sender.segments,
    bytes: sender.bytes,
    bitsPerSecond: durationMs > 0 ? Math.round((sender.bytes * 8 * 1000) / durationMs) : null,
    sentAgain: sender.sentAgain,
    filledLate: sender.filledLate,
    overtaken: sender.overtaken,
    bytesNotCaptured: sender.holes.notCaptured,
    handshakeMs: handshakeMs(flow),
    roundTripToReceiver: roundTripRow(sender),
    roundTripToSender: roundTripRow(receiver),
    zeroWindows: receiver.zeroWindows,
    zeroWindowMs: roundMs(receiver.zeroWindowMs),
    stalls: sender.stalls,
    longestGapMs: roundMs(sender.longestGapMs),
    waitedMs: {
      sender: roundMs(sender.waitedMs.sender),
      receiver: roundMs(sender.waitedMs.receiver),
      network: roundMs(sender.waitedMs.network),
    },
    limitedBy: limitOf(sender, receiver, durationMs),
  };
}

/** To microseconds: no capture is exact to more. */
function roundMs(milliseconds: number): number {
  return Math.round(milliseconds * 1000) / 1000;
}

function roundTripRow({ roundTrips, minRoundTripMs, sumRoundTripMs }: SideMeter): RoundTripRow | null {
  return roundTrips === 0 ? null : { minMs: roundMs(minRoundTripMs), meanMs: roundMs(sumRoundTripMs / roundTrips) };
}

/** From a SYN that was sent once to its answer; null where it was repeated or not seen. */
function handshakeMs({ tcp }: SlotCase): number | null {
  const syns = tcp?.events.filter(({ kind }) => kind === 'syn') ?? [];
  const answer = tcp?.events.find(({ kind }) => kind === 'syn-ack');
  const [syn] = syns;
  return syn === undefined || answer === undefined || syns.length > 1
    ? null
    : roundMs((answer.time - syn.time) / NS_PER_MS);
}

/** Null where nothing that was seen limits the data of `sender`. */
export function limitOf(sender: SideMeter, receiver: SideMeter, durationMs: number): ConnectionRow['limitedBy'] {
  if (sender.segments < FEWEST_SEGMENTS || durationMs < SHORTEST_MS) return null;
  const shutMs = Math.max(sender.waitedMs.receiver, receiver.zeroWindowMs);
  if (shutMs / durationMs >= WAITING_SHARE) return 'receiver';
  const isLossy = (sender.sentAgain + sender.filledLate) / sender.segments >= LOSS_SHARE;
  if (isLossy || sender.waitedMs.network / durationMs >= WAITING_SHARE) return 'network';
  return sender.idleMs / durationMs >= IDLE_SHARE ? 'sender' : null;
}
