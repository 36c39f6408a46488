/** What the analysis keeps in the sixteen bits of a flow's record: where its packets go, what it is and how that is known. */

import type { Confidence } from './snapshot.ts';

/** Where the payload of a flow's next packet goes. */
export const ROUTE = {
  /** Nothing is known yet. */
  fresh: 0,
  /** Recognizers want more bytes or datagrams. */
  identifying: 1,
  /** Nobody wants its payload. */
  settled: 2,
  /** A dissection follows it. */
  control: 3,
  /** RTP of known identity, or a connection that carries media: measured, packet by packet. */
  media: 4,
  /** A transport stream of known identity: measured, cell by cell. */
  cells: 5,
} as const;

const ROUTE_MASK = 7;
const ATTEMPTS_SHIFT = 3;
const ATTEMPTS_MASK = 7;
const CONFIDENCE_SHIFT = 6;
const CONFIDENCE_MASK = 3;
const PROTOCOL_SHIFT = 8;

const CONFIDENCES: readonly Confidence[] = ['none', 'port', 'content', 'announced'];

export function routeOf(mark: number): number {
  return mark & ROUTE_MASK;
}

/** Payloads that no recognizer knew, up to seven. */
export function attemptsOf(mark: number): number {
  return (mark >>> ATTEMPTS_SHIFT) & ATTEMPTS_MASK;
}

export function confidenceOf(mark: number): Confidence {
  return CONFIDENCES[(mark >>> CONFIDENCE_SHIFT) & CONFIDENCE_MASK] as Confidence;
}

/** Index of the dissector in the registry, -1 when unknown. */
export function protocolOf(mark: number): number {
  return (mark >>> PROTOCOL_SHIFT) - 1;
}

export function makeMark(route: number, attempts: number, confidence: Confidence, protocol: number): number {
  return (
    route |
    (Math.min(attempts, ATTEMPTS_MASK) << ATTEMPTS_SHIFT) |
    (CONFIDENCES.indexOf(confidence) << CONFIDENCE_SHIFT) |
    ((protocol + 1) << PROTOCOL_SHIFT)
  );
}

export function withRoute(mark: number, route: number): number {
  return (mark & ~ROUTE_MASK) | route;
}

export function withAttempt(mark: number): number {
  return (
    (mark & ~(ATTEMPTS_MASK << ATTEMPTS_SHIFT)) | (Math.min(attemptsOf(mark) + 1, ATTEMPTS_MASK) << ATTEMPTS_SHIFT)
  );
}
