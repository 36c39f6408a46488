/** Runs the terminal UI over an analysis until the person quits. */

import type { Analysis } from '../analysis/snapshot.ts';
import { printable } from '../format/text.ts';
import { Controls } from './controls.ts';
import { FrameRenderer } from './frame.tsx';
import { layOutScreen } from './layout.ts';
import { NO_OFFER, type Saver } from './saving.ts';
import { Store } from './store.ts';
import { type SessionStreams, TerminalSession } from './terminal-session.ts';
import { detectTheme } from './theme.ts';

export interface TuiOptions extends SessionStreams {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** How to save what is on screen; absent where that cannot be done. */
  readonly saver?: Saver;
  /** Show a newcomer around. */
  readonly isTour?: boolean;
}

/** Resolves when the person has quit and the terminal is as it was. The analysis stays open: it is the caller's. */
export function runTui(analysis: Analysis, options: TuiOptions): Promise<void> {
  const { output, saver, isTour = false } = options;
  const theme = detectTheme(options.env);
  return new Promise((resolve) => {
    const session = new TerminalSession(options, theme, new FrameRenderer(), {
      rows: () => layOutScreen(store.scene),
      input: (input) => controls.input(input),
      resize: (columns, rows) => store.act({ kind: 'resize', columns, rows }),
      ended: () => {
        store.close();
        for (const path of controls.saved) output.write(`Saved ${printable(path)}\n`);
        resolve();
      },
    });
    const { columns, rows } = session;
    const store = new Store(analysis, {
      marks: theme.marks,
      columns,
      rows,
      isTour,
      offer: saver ?? NO_OFFER,
      changed: (isUrgent) => session.redraw(isUrgent),
    });
    const controls = new Controls(analysis, store, {
      saver: saver ?? null,
      copy: (text) => session.copy(text),
      quit: () => session.stop(),
      suspend: () => session.suspend(),
    });
    session.start();
  });
}
