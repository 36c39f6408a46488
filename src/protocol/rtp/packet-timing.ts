/**
 * Delta, jitter and skew as Wireshark's RTP analysis defines them, so that its users find their numbers again: jitter by RFC
 * 3550 section A.8 over every packet whose clock is known; maxima and means over regular packets alone. A packet with
 * the marker is not regular (the first of a talk spurt, the last of a video frame), nor is comfort noise, nor the packet
 * after it. Packets with a timestamp before the first one are not timed. Means divide by the count of all packets, as Wireshark does.
 */

import { COMFORT_NOISE } from './payload-types.ts';
import { addTo, FIELD, fieldAt } from './stream-record.ts';

/** Comfort noise before RFC 3551 gave it 13. */
const OLD_COMFORT_NOISE = 19;
const NS_PER_MS = 1e6;

export function isComfortNoise(payloadType: number): boolean {
  return payloadType === COMFORT_NOISE || payloadType === OLD_COMFORT_NOISE;
}

/**
 * Measures one packet that is not its stream's first; `packets` of the record does not count it yet. `elapsed` is from the
 * stream's first timestamp to this one.
 */
export function measureTiming(
  record: Float64Array,
  at: number,
  timeNs: number,
  elapsed: number,
  isRegular: boolean,
): void {
  const deltaMs = (timeNs - fieldAt(record, at + FIELD.previousTime)) / NS_PER_MS;
  const hasClock = fieldAt(record, at + FIELD.clockRate) > 0;
  if (hasClock) followClock(record, at, deltaMs, (timeNs - fieldAt(record, at + FIELD.firstTime)) / NS_PER_MS, elapsed);
  if (isRegular) countRegular(record, at, deltaMs, hasClock);
}

/** Counts from the last packet that had a clock, so that telephone events, which have none, leave no hole in it. */
function followClock(record: Float64Array, at: number, deltaMs: number, arrivalMs: number, elapsed: number): void {
  const units = elapsed - fieldAt(record, at + FIELD.clockedTimestamp);
  const nominalDeltaMs = (units * 1000) / fieldAt(record, at + FIELD.clockRate);
  const nominalMs = fieldAt(record, at + FIELD.nominalMs) + nominalDeltaMs;
  const difference = Math.abs(deltaMs - nominalDeltaMs);
  record[at + FIELD.jitterMs] = (15 * fieldAt(record, at + FIELD.jitterMs) + difference) / 16;
  record[at + FIELD.nominalMs] = nominalMs;
  record[at + FIELD.clockedTimestamp] = elapsed;

  const skew = nominalMs - arrivalMs;
  if (Math.abs(skew) > Math.abs(fieldAt(record, at + FIELD.maxSkewMs))) record[at + FIELD.maxSkewMs] = skew;
  addTo(record, at + FIELD.sumArrival, arrivalMs);
  addTo(record, at + FIELD.sumNominal, nominalMs);
  addTo(record, at + FIELD.sumArrivalSquared, arrivalMs * arrivalMs);
  addTo(record, at + FIELD.sumProduct, arrivalMs * nominalMs);
}

function countRegular(record: Float64Array, at: number, deltaMs: number, hasClock: boolean): void {
  const before = fieldAt(record, at + FIELD.packets);
  const minDelta = fieldAt(record, at + FIELD.minDeltaMs);
  if (deltaMs > fieldAt(record, at + FIELD.maxDeltaMs)) record[at + FIELD.maxDeltaMs] = deltaMs;
  if (minDelta < 0 || deltaMs < minDelta) record[at + FIELD.minDeltaMs] = deltaMs;
  record[at + FIELD.meanDeltaMs] = (fieldAt(record, at + FIELD.meanDeltaMs) * (before - 1) + deltaMs) / before;
  if (!hasClock) return;
  const jitter = fieldAt(record, at + FIELD.jitterMs);
  if (jitter > fieldAt(record, at + FIELD.maxJitterMs)) record[at + FIELD.maxJitterMs] = jitter;
  record[at + FIELD.meanJitterMs] = (fieldAt(record, at + FIELD.meanJitterMs) * (before - 1) + jitter) / before;
}

/** How much faster the sender's clock runs than the capture's, in parts per million; null before there is enough of it. */
export function clockDriftPpm(record: Float64Array, at: number): number | null {
  const count = fieldAt(record, at + FIELD.packets);
  const sumArrival = fieldAt(record, at + FIELD.sumArrival);
  const spread = count * fieldAt(record, at + FIELD.sumArrivalSquared) - sumArrival * sumArrival;
  if (count < 2 || spread <= 0) return null;
  const slope =
    (count * fieldAt(record, at + FIELD.sumProduct) - sumArrival * fieldAt(record, at + FIELD.sumNominal)) / spread;
  return (slope - 1) * 1e6;
}
