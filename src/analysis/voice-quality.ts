/**
 * The E-model of ITU-T G.107 for voice as it arrives at the capture point: what codec and loss leave of it. Delay and echo do
 * not show in a capture and are taken for none, so the score is the best that listeners can have.
 */

/** Transmission rating with all parameters at their defaults, section 7.7 of G.107 (2015). */
const BEST_RATING = 93.2;

/** Equipment impairment and robustness against loss, ITU-T G.113 tables I.1 to I.4; G.711 with concealment (appendix I). */
const VOICE_CODECS: ReadonlyMap<string, { readonly impairment: number; readonly robustness: number }> = new Map([
  ['PCMU', { impairment: 0, robustness: 25.1 }],
  ['PCMA', { impairment: 0, robustness: 25.1 }],
  ['G723', { impairment: 15, robustness: 16.1 }],
  ['G729', { impairment: 11, robustness: 19 }],
  ['GSM-EFR', { impairment: 5, robustness: 10 }],
]);

interface Losses {
  readonly expected: number;
  readonly lost: number;
  /** Runs of lost packets. */
  readonly lossEvents: number;
}

/** 1 to 4.5; null for a codec that the model has no figures for. */
export function opinionScore(encoding: string, { expected, lost, lossEvents }: Losses): number | null {
  const codec = VOICE_CODECS.get(encoding.toUpperCase());
  if (codec === undefined || expected === 0) return null;
  const lossPercent = (lost / expected) * 100;
  const burstRatio = Math.max(1, lossEvents === 0 ? 1 : (lost / lossEvents) * (1 - lost / expected));
  const { impairment, robustness } = codec;
  const lossImpairment = ((95 - impairment) * lossPercent) / (lossPercent / burstRatio + robustness);
  return scoreOf(BEST_RATING - impairment - lossImpairment);
}

/** Annex B of G.107. */
function scoreOf(rating: number): number {
  if (rating <= 0) return 1;
  return Math.max(1, 1 + 0.035 * rating + rating * (rating - 60) * (100 - rating) * 7e-6);
}
