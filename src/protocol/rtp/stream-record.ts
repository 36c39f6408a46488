/** The numbers kept of one RTP stream: a row of a typed array, so that a packet costs no object. */

/** Offsets within a record. Times are in nanoseconds, what Wireshark has in milliseconds too. */
export const FIELD = {
  direction: 0,
  ssrc: 1,
  /** Record of the flow's next stream in this direction, or -1. */
  next: 2,
  firstTime: 3,
  lastTime: 4,
  packets: 5,
  bytes: 6,
  payloadType: 7,
  /** That of the last packet. */
  currentPayloadType: 8,
  payloadTypeChanges: 9,
  /** Hz for the current payload type, 0 where it is not known. */
  clockRate: 10,
  /** Hz of the last payload type that had one. */
  knownClockRate: 11,
  isClockAnnounced: 12,

  /** From the first timestamp to the previous one, wraps included. */
  elapsedTimestamp: 13,
  /** Of the packet before this one; packets from before the stream's first are passed over. */
  previousTimestamp: 14,
  previousTime: 15,

  /** Highest sequence number, wraps included, and the one it all began with. */
  highestSequence: 16,
  baseSequence: 17,
  /** Expected packets of the numberings before the sender began anew. */
  expectedBefore: 18,
  restarts: 19,
  /** Which of the 32 numbers up to the highest were seen, and of the 32 below them. */
  seenHigh: 20,
  seenLow: 21,
  duplicates: 22,
  reordered: 23,
  lossEvents: 24,
  longestLoss: 25,

  jitterMs: 26,
  maxJitterMs: 27,
  meanJitterMs: 28,
  maxDeltaMs: 29,
  meanDeltaMs: 30,
  minDeltaMs: 31,

  /** How far the medium has gone on by its clock, and `elapsedTimestamp` of the last packet that had one. */
  nominalMs: 32,
  clockedTimestamp: 33,
  maxSkewMs: 34,
  /** Sums of a regression of nominal over arrival time. */
  sumArrival: 35,
  sumNominal: 36,
  sumArrivalSquared: 37,
  sumProduct: 38,

  /** Number of its time series, or -1. */
  series: 39,
  /** One of `CONTENTS`. */
  contents: 40,

  /** Pauses of a voice, and how long they were by its own clock. */
  silences: 41,
  silenceMs: 42,
  /** Number of its flow. */
  flow: 43,
} as const;

export const RECORD_FIELDS = 44;

/** Reads a field; `offset` is that of the record and the field together. */
export function fieldAt(record: Float64Array, offset: number): number {
  return record[offset] ?? 0;
}

export function addTo(record: Float64Array, offset: number, amount: number): void {
  record[offset] = (record[offset] ?? 0) + amount;
}
