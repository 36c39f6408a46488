/** The numbers kept of one RTP stream: a row of a typed array, so that a packet costs no object. */

/** Offsets within a record. Times are in nanoseconds, what Wireshark has in milliseconds too. */
export const FIELD = {
  flow: 0,
  direction: 1,
  ssrc: 2,
  /** Record of the flow's next stream in this direction, or -1. */
  next: 3,
  firstTime: 4,
  lastTime: 5,
  packets: 6,
  bytes: 7,
  payloadType: 8,
  /** That of the last packet. */
  currentPayloadType: 9,
  payloadTypeChanges: 10,
  /** Hz for the current payload type, 0 where it is not known. */
  clockRate: 11,
  /** Hz of the last payload type that had one. */
  knownClockRate: 12,
  isClockAnnounced: 13,

  /** From the first timestamp to the previous one, wraps included. */
  elapsedTimestamp: 14,
  /** Of the packet before this one; packets from before the stream's first are passed over. */
  previousTimestamp: 15,
  previousTime: 16,

  /** Highest sequence number, wraps included, and the one it all began with. */
  highestSequence: 17,
  baseSequence: 18,
  /** Expected packets of the numberings before the sender began anew. */
  expectedBefore: 19,
  restarts: 20,
  /** Which of the 32 numbers up to the highest were seen, and of the 32 below them. */
  seenHigh: 21,
  seenLow: 22,
  duplicates: 23,
  reordered: 24,
  lossEvents: 25,
  longestLoss: 26,

  jitterMs: 27,
  maxJitterMs: 28,
  meanJitterMs: 29,
  maxDeltaMs: 30,
  meanDeltaMs: 31,
  minDeltaMs: 32,

  /** How far the medium has gone on by its clock, and `elapsedTimestamp` of the last packet that had one. */
  nominalMs: 33,
  clockedTimestamp: 34,
  maxSkewMs: 35,
  /** Sums of a regression of nominal over arrival time. */
  sumArrival: 36,
  sumNominal: 37,
  sumArrivalSquared: 38,
  sumProduct: 39,
} as const;

export const RECORD_FIELDS = 40;

/** Reads a field; `offset` is that of the record and the field together. */
export function fieldAt(record: Float64Array, offset: number): number {
  return record[offset] ?? 0;
}

export function addTo(record: Float64Array, offset: number, amount: number): void {
  record[offset] = (record[offset] ?? 0) + amount;
}
