/** What the analysis' worker and its owner say to each other. */

import type { Recall } from '../capture/frame-batch.ts';
import type { FrameAnswer, FrameQuestion } from './frame-question.ts';
import type { AnalysisOptions } from './local-analysis.ts';
import type { FlowDetail, FlowWindow, FlowWindowRequest, Snapshot } from './snapshot.ts';

export type ToWorker =
  /** The first of all. */
  | { readonly kind: 'start'; readonly options: AnalysisOptions }
  | { readonly kind: 'flows'; readonly question: number; readonly request: FlowWindowRequest }
  | { readonly kind: 'flow'; readonly question: number; readonly id: number }
  | { readonly kind: 'recall'; readonly question: number; readonly folder: string }
  | { readonly kind: 'frame'; readonly question: number; readonly request: FrameQuestion }
  | { readonly kind: 'cancel' };

export type FromWorker =
  | { readonly kind: 'started'; readonly snapshot: Snapshot }
  /** Nothing could be read: the sentence for the user. */
  | { readonly kind: 'unreadable'; readonly message: string }
  /** What changed since what was told before. */
  | { readonly kind: 'snapshot' | 'finished'; readonly changes: Partial<Snapshot> }
  | {
      readonly kind: 'answer';
      readonly question: number;
      readonly value: FlowWindow | FlowDetail | FrameAnswer | Recall | null;
    };

/** Most of a snapshot changes only when flows are judged anew, and may be megabytes; in between, progress moves on. */
export function changesSince(before: Snapshot, now: Snapshot): Partial<Snapshot> {
  return Object.fromEntries(Object.entries(now).filter(([name, value]) => before[name as keyof Snapshot] !== value));
}
