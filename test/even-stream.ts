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
  series: {
    firstTime: 0,
    bucketMs: 1000,
    packets: [50, 0, 50],
    bytes: [8600, 0, 8600],
    lost: [0, 0, 0],
    maxJitterMs: [0.4, 0, 0.3],
  },
  transport: null,
  video: null,
  mos: null,
  receivers: [],
} as const;
