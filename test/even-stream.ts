/** What is measured of a stream of media beyond its counts, where nothing happened to it. */

export const EVEN_STREAM = {
  clockSource: 'announced',
  payloadTypeChanges: 0,
  duplicates: 0,
  reordered: 0,
  lossEvents: 0,
  longestLoss: 0,
  restarts: 0,
  minDeltaMs: 19.8,
  meanDeltaMs: 20,
  maxSkewMs: 0.4,
  clockDriftPpm: 0,
  packetsSent: null,
  receivers: [],
} as const;
