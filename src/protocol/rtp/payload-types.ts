/** RTP payload types with a fixed meaning, RFC 3551 section 6, and what their packets must look like. */

import type { MediaFormat } from '../control-record.ts';

interface StaticPayload {
  readonly encoding: string;
  /** Hz. */
  readonly clockRate: number;
  /** Bytes and samples of the smallest unit that a payload is made of; null for encodings of varying size. */
  readonly unit: { readonly bytes: number; readonly samples: number } | null;
}

function sampled(encoding: string, clockRate: number, bytes: number, samples: number): StaticPayload {
  return { encoding, clockRate, unit: { bytes, samples } };
}

function varying(encoding: string, clockRate: number): StaticPayload {
  return { encoding, clockRate, unit: null };
}

const STATIC_PAYLOADS: ReadonlyMap<number, StaticPayload> = new Map([
  [0, sampled('PCMU', 8000, 1, 1)],
  [3, sampled('GSM', 8000, 33, 160)],
  [4, sampled('G723', 8000, 24, 240)],
  [5, varying('DVI4', 8000)],
  [6, varying('DVI4', 16_000)],
  [7, varying('LPC', 8000)],
  [8, sampled('PCMA', 8000, 1, 1)],
  // RFC 3551 section 4.5.2 keeps an old error: the clock of G722 runs at 8000 though it samples at 16000.
  [9, sampled('G722', 8000, 1, 1)],
  [10, sampled('L16', 44_100, 4, 1)],
  [11, sampled('L16', 44_100, 2, 1)],
  [12, varying('QCELP', 8000)],
  [13, varying('CN', 8000)],
  [14, varying('MPA', 90_000)],
  [15, sampled('G728', 8000, 5, 20)],
  [16, varying('DVI4', 11_025)],
  [17, varying('DVI4', 22_050)],
  [18, sampled('G729', 8000, 10, 80)],
  [25, varying('CelB', 90_000)],
  [26, varying('JPEG', 90_000)],
  [28, varying('nv', 90_000)],
  [31, varying('H261', 90_000)],
  [32, varying('MPV', 90_000)],
  [33, varying('MP2T', 90_000)],
  [34, varying('H263', 90_000)],
]);

const FIRST_DYNAMIC = 96;
/** RTCP's types take these from RTP wherever both share a port (RFC 5761 section 4). */
const FIRST_RTCP_CONFLICT = 64;
const LAST_RTCP_CONFLICT = 95;

export const COMFORT_NOISE = 13;
export const MP2T_PAYLOAD_TYPE = 33;

/** `assigned`: fixed or dynamic; `unassigned`: seen where an offer ran out of dynamic types; `never`: reserved. */
export function classifyPayloadType(payloadType: number): 'assigned' | 'unassigned' | 'never' {
  if (payloadType >= FIRST_DYNAMIC || STATIC_PAYLOADS.has(payloadType)) return 'assigned';
  if (payloadType < 20) return 'never';
  return payloadType >= FIRST_RTCP_CONFLICT && payloadType <= LAST_RTCP_CONFLICT ? 'never' : 'unassigned';
}

export function isDynamicPayloadType(payloadType: number): boolean {
  return payloadType >= FIRST_DYNAMIC;
}

/** Null for payload types without a fixed meaning. */
export function formatOfStaticPayloadType(payloadType: number): MediaFormat | null {
  const payload = STATIC_PAYLOADS.get(payloadType);
  if (payload === undefined) return null;
  return { payloadType, encoding: payload.encoding, clockRate: payload.clockRate, parameters: '' };
}

/**
 * Timestamp units in a payload of a fixed-rate static encoding; -1 where that does not follow from the length. Encrypted
 * payloads are longer by their tag, so they give no answer or a wrong one.
 */
export function samplesInPayload(payloadType: number, payloadLength: number): number {
  const unit = STATIC_PAYLOADS.get(payloadType)?.unit;
  if (unit === undefined || unit === null || payloadLength === 0 || payloadLength % unit.bytes !== 0) return -1;
  return (payloadLength / unit.bytes) * unit.samples;
}
