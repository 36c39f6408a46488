/** What the commands need of the world around them, so that they can be tried without it. */

import type { AnalysisOptions } from '../analysis/local-analysis.ts';
import type { Analysis } from '../analysis/snapshot.ts';
import type { SitePolicy } from '../policy/site-policy.ts';
import type { StartChoice } from '../tui/start/start-state.ts';

export interface ScreenOptions {
  /** Show a newcomer around. */
  readonly isTour?: boolean;
  /** Names sides in what is saved. */
  readonly policy?: SitePolicy | null;
}

export interface CliHost {
  readonly version: string;
  /** Takes the keyboard for the terminal UI; false when there is no terminal to show it on. */
  openTerminal(): boolean;
  /** Rejects with a `CaptureError` when nothing could be read. */
  startAnalysis(options: AnalysisOptions): Promise<Analysis>;
  /** Only after `openTerminal`; resolves when the person has quit. */
  runTui(analysis: Analysis, options?: ScreenOptions): Promise<void>;
  /** The start screen, likewise; null when the person has quit. */
  chooseStart(): Promise<StartChoice | null>;
  /** Resolves when standard output can take more. */
  write(text: string): Promise<void>;
  /** One line to standard error. */
  complain(line: string): void;
}

/** A command that makes no sense as it was typed; the message is one line. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export const EXIT = { done: 0, found: 1, usage: 2, unreadable: 3 } as const;
