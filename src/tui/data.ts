/** What the analysis has told so far, as the screens read it. */

import type { FrameAnswer, FrameQuestion } from '../analysis/frame-question.ts';
import type { FlowDetail, FlowWindow, Snapshot } from '../analysis/snapshot.ts';
import type { FindingAge } from './finding-news.ts';
import type { Rate } from './recent-rate.ts';
import type { SaveOffer } from './saving.ts';

export interface Data {
  readonly snapshot: Snapshot;
  /** The last answers to what each of these views asks for, null before the first. */
  readonly flows: FlowWindow | null;
  readonly streams: FlowWindow | null;
  readonly hosts: FlowWindow | null;
  /** What can be saved. */
  readonly offer: SaveOffer;
  /** Details of flows that were looked at lately; absent while they are asked for, null when there is no such flow. */
  readonly details: ReadonlyMap<number, FlowDetail | null>;
  /** While frames come in live: how fast, and which findings are new or have been quiet for long. */
  readonly rate: Rate | null;
  readonly ages: ReadonlyMap<string, FindingAge>;
  /** The last frame that was asked for, null before the first answer. */
  readonly frame: { readonly question: FrameQuestion; readonly answer: FrameAnswer } | null;
}

/** True while frames come in that cannot be read again: from a pipe or an interface. */
export function isCapturing({ snapshot }: Data): boolean {
  return snapshot.phase === 'reading' && snapshot.progress.bytesTotal === null;
}

/** The file without its folders, as titles name it. */
export function captureName(file: string): string {
  return file === '-' ? 'standard input' : file.slice(file.lastIndexOf('/') + 1);
}
