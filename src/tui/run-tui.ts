/** Runs the terminal UI over an analysis until the person quits. */

import type { Analysis } from '../analysis/snapshot.ts';
import { printable } from '../format/text.ts';
import { Controls } from './controls.ts';
import { layOutScreen } from './layout.ts';
import { Painter } from './painter.ts';
import { PLAIN_COLUMNS, PLAIN_ROWS, speechOf } from './plain-screen.ts';
import { PlainSpeaker } from './plain-speaker.ts';
import { NO_OFFER, type Saver } from './saving.ts';
import { memoryOf, type ScreenMemory } from './state.ts';
import { Store } from './store.ts';
import { canTakeCopies } from './terminal.ts';
import { type SessionStreams, TerminalSession } from './terminal-session.ts';
import { detectTheme } from './theme.ts';

export interface TuiOptions extends SessionStreams {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** How to save what is on screen; absent where that cannot be done. */
  readonly saver?: Saver;
  /** Show a newcomer around. */
  readonly isTour?: boolean;
  /** What earlier runs left, and who remembers what this one leaves. */
  readonly memory?: ScreenMemory | undefined;
  readonly remember?: (memory: ScreenMemory) => void;
}

/** Resolves when the person has quit and the terminal is as it was. The analysis stays open: it is the caller's. */
export function runTui(analysis: Analysis, options: TuiOptions): Promise<void> {
  const { output, env, saver, isTour = false, isPlain = false } = options;
  const theme = detectTheme(env);
  const painter = new Painter(theme);
  const speaker = new PlainSpeaker(theme.isUnicode);
  return new Promise((resolve) => {
    const session = new TerminalSession(options, {
      draw: () =>
        isPlain ? speaker.speak(speechOf(store.scene)) : painter.paint(layOutScreen(store.scene), session.columns),
      forget: () => (isPlain ? speaker.forget() : painter.forget()),
      input: (input) => controls.input(input),
      resize: (columns, rows) => store.act({ kind: 'resize', ...sizeOf(columns, rows) }),
      ended: () => {
        store.close();
        options.remember?.(memoryOf(store.scene.state));
        for (const path of controls.saved) output.write(`Saved ${printable(path)}\n`);
        resolve();
      },
    });
    const sizeOf = (columns: number, rows: number) =>
      isPlain ? { columns: PLAIN_COLUMNS, rows: PLAIN_ROWS } : { columns, rows };
    const store = new Store(analysis, {
      marks: theme.marks,
      ...sizeOf(session.columns, session.rows),
      isTour,
      memory: options.memory,
      offer: saver ?? NO_OFFER,
      changed: (isUrgent) => session.redraw(isUrgent),
      ring: () => session.ring(),
    });
    const controls = new Controls(analysis, store, {
      saver: saver ?? null,
      copy: (text) => canTakeCopies(env) && session.copy(text),
      quit: () => session.stop(),
      suspend: () => session.suspend(),
    });
    session.start();
  });
}
