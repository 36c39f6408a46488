/** What a filter expression can ask of a flow. */

/**
 * One flow as the filter sees it. Everything is read on demand, so that an analysis can put one reused object over its
 * tables; texts may be in any case.
 */
export interface QuerySubject {
  readonly id: number;
  readonly transport: string;
  /** Protocol id, null when unknown. */
  readonly protocol: string | null;
  readonly protocolLabel: string;
  readonly confidence: string;
  readonly verdict: string;
  /** Codes of the findings that judge the flow. */
  readonly codes: readonly string[];
  readonly outcome: string;
  readonly rule: string | null;
  /** Canonical text. */
  readonly initiatorAddress: string;
  readonly responderAddress: string;
  /** The same as unsigned numbers, -1 where they are none of IPv4; absent where only the text is known. */
  readonly initiatorIpv4?: number;
  readonly responderIpv4?: number;
  readonly initiatorPort: number;
  readonly responderPort: number;
  readonly vlans: readonly number[];
  /** Of both directions. */
  readonly packets: number;
  readonly bytes: number;
  /** Media packets lost in percent of those expected, by the worst stream; null where no loss can be known. */
  readonly loss: number | null;
  /** Seconds since 1970; null for an announced flow that no packet reached. */
  readonly firstTime: number | null;
  readonly lastTime: number | null;
  /** All else that a word may be looked for in: facts and tunnel, one after the other. */
  readonly text: string;
}

export type QueryPredicate = (subject: QuerySubject) => boolean;

/** First and last moment of what is searched, in seconds since 1970: `since:10:02` and `since:+30s` count from them. */
export interface QuerySpan {
  readonly start: number;
  readonly end: number;
}

/** The initiator (0) or the responder (1). */
export type QueryEnd = 0 | 1;

export function addressOf(subject: QuerySubject, end: QueryEnd): string {
  return end === 0 ? subject.initiatorAddress : subject.responderAddress;
}

/** As a number, -1 where it is none of IPv4 or only its text is known. */
export function ipv4Of(subject: QuerySubject, end: QueryEnd): number {
  return (end === 0 ? subject.initiatorIpv4 : subject.responderIpv4) ?? -1;
}
