/** What a report is put together from, and how much of it is shown. */

import type { FlowDetail, FlowRow, Snapshot } from '../analysis/snapshot.ts';
import type { RuleSet } from '../policy/permit.ts';
import type { SideNames } from '../policy/side-names.ts';
import type { Change } from './baseline.ts';
import type { Tool } from './report-source.ts';

/** What a document is made from, gathered before. */
export interface ReportData {
  readonly tool: Tool;
  readonly snapshot: Snapshot;
  /** The gravest, and how many there are. */
  readonly flows: readonly FlowRow[];
  readonly flowsMatched: number;
  /** Details of the findings' best examples, by flow. */
  readonly details: ReadonlyMap<number, FlowDetail>;
  /** What would let through what is blocked; null where nothing is. */
  readonly permits: RuleSet | null;
  readonly scope: string;
  readonly change: Change | null;
  readonly sideOf: SideNames;
}

/** How much of everything is shown; what is left out is counted in the report. */
export interface Extent {
  /** Told in full. */
  readonly findings: number;
  /** Of those behind them: told by their titles. */
  readonly titles: number;
  readonly flows: number;
  readonly evidence: number;
  readonly permits: number;
  readonly captures: number;
  /** Characters of an explanation, a fact or a filter. */
  readonly text: number;
}
