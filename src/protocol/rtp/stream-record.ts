/** The numbers kept of one RTP stream: a row of a typed array, so that a packet costs no object. */

/**
 * Offsets within a record. Times are in nanoseconds, what Wireshark has in milliseconds too. What every packet changes stands
 * first, so that it takes as few lines of the cache as may be.
 */
export const FIELD = {
  ssrc: 0,
  /** Record of the flow's next stream in this direction, or -1. */
  next: 1,
  packets: 2,
  bytes: 3,
  lastTime: 4,
  /** Of the packet before this one; packets from before the stream's first are passed over. */
  previousTime: 5,
  previousTimestamp: 6,
  /** From the first timestamp to the previous one, wraps included. */
  elapsedTimestamp: 7,
  /** That of the last packet. */
  currentPayloadType: 8,
  /** Hz for the current payload type, 0 where it is not known. */
  clockRate: 9,
  /** Highest sequence number, wraps included. */
  highestSequence: 10,
  /** Which of the 32 numbers up to the highest were seen, and of the 32 below them. */
  seenHigh: 11,
  seenLow: 12,
  /** Number of its time series, or -1. */
  series: 13,
  /** One of `CONTENTS`. */
  contents: 14,

  jitterMs: 15,
  maxJitterMs: 16,
  meanJitterMs: 17,
  maxDeltaMs: 18,
  meanDeltaMs: 19,
  minDeltaMs: 20,
  /** How far the medium has gone on by its clock, and `elapsedTimestamp` of the last packet that had one. */
  nominalMs: 21,
  clockedTimestamp: 22,
  maxSkewMs: 23,
  firstTime: 24,
  /** Sums of a regression of nominal over arrival time. */
  sumArrival: 25,
  sumNominal: 26,
  sumArrivalSquared: 27,
  sumProduct: 28,

  direction: 29,
  payloadType: 30,
  payloadTypeChanges: 31,
  /** Hz of the last payload type that had one. */
  knownClockRate: 32,
  isClockAnnounced: 33,
  /** The number that it all began with. */
  baseSequence: 34,
  /** Expected packets of the numberings before the sender began anew. */
  expectedBefore: 35,
  restarts: 36,
  duplicates: 37,
  reordered: 38,
  lossEvents: 39,
  longestLoss: 40,
  /** Pauses of a voice, and how long they were by its own clock. */
  silences: 41,
  silenceMs: 42,
  /** Number of its flow. */
  flow: 43,
} as const;

export const RECORD_FIELDS = 44;

/** Reads a field; `offset` is that of the record and the field together. */
export function fieldAt(record: Float64Array, offset: number): number {
  return record[offset] as number;
}

export function addTo(record: Float64Array, offset: number, amount: number): void {
  record[offset] = (record[offset] as number) + amount;
}
