/** A report as headings and blocks of plain text; each renderer gives it the form of its medium and escapes for it. */

import type { LadderStep } from '../analysis/snapshot.ts';
import type { Verdict } from '../verdict/finding.ts';

export interface ReportDocument {
  readonly title: string;
  /** In one sentence. */
  readonly verdict: string;
  readonly gravest: Verdict;
  readonly sections: readonly Section[];
}

export interface Section {
  readonly heading: string;
  readonly blocks: readonly Block[];
}

/** Texts hold no control characters but may hold any markup: renderers escape. */
export type Block =
  | { readonly kind: 'paragraph'; readonly text: string }
  | FindingBlock
  | { readonly kind: 'facts'; readonly facts: readonly Fact[] }
  | { readonly kind: 'list'; readonly items: readonly string[] }
  | { readonly kind: 'table'; readonly columns: readonly string[]; readonly rows: readonly (readonly string[])[] }
  /** To be copied as it stands. */
  | { readonly kind: 'code'; readonly label: string; readonly text: string }
  | TimeLineBlock
  | ChartBlock
  | LadderBlock;

export interface Fact {
  readonly name: string;
  readonly value: string;
}

/** A finding under its number in this report. */
export interface FindingBlock {
  readonly kind: 'finding';
  readonly number: number;
  readonly verdict: Verdict;
  /** The verdict in one word, `note` for a finding that only explains. */
  readonly mark: string;
  readonly title: string;
  readonly explanation: string;
  readonly facts: readonly Fact[];
}

/** Flows as bars over the time of the capture; only media that can draw show it. */
export interface TimeLineBlock {
  readonly kind: 'time-line';
  readonly originSeconds: number;
  readonly first: number;
  readonly last: number;
  readonly bars: readonly {
    readonly label: string;
    readonly verdict: Verdict;
    readonly first: number;
    readonly last: number;
  }[];
}

/** The packets of a finding's best example as arrows between its ends; only media that can draw show it. */
export interface LadderBlock {
  readonly kind: 'ladder';
  readonly caption: string;
  readonly originSeconds: number;
  readonly initiator: string;
  readonly responder: string;
  readonly steps: readonly LadderStep[];
  readonly stepsDropped: number;
}

/** Rate over time, with what was lost; only media that can draw show it. */
export interface ChartBlock {
  readonly kind: 'chart';
  readonly caption: string;
  readonly originSeconds: number;
  readonly first: number;
  readonly bucketMs: number;
  readonly bitsPerSecond: readonly number[];
  /** Packets, in each bucket. */
  readonly lost: readonly number[];
}
