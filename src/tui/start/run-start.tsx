/** Runs the start screen until something is chosen. */

import { Painter } from '../painter.ts';
import { PlainSpeaker } from '../plain-speaker.ts';
import type { TuiOptions } from '../run-tui.tsx';
import { TerminalSession } from '../terminal-session.ts';
import { detectTheme } from '../theme.ts';
import {
  endOf,
  reduceStart,
  type StartAction,
  type StartChoice,
  type StartOffer,
  type StartState,
} from './start-state.ts';
import { layOutStart } from './start-view.ts';

/** `later`: what replaces the offer once it is known. Resolves to null when the person has quit. */
export function runStart(
  offer: StartOffer,
  later: Promise<StartOffer>,
  options: Omit<TuiOptions, 'saver' | 'isTour'>,
): Promise<StartChoice | null> {
  const theme = detectTheme(options.env);
  const painter = new Painter(theme);
  const speaker = new PlainSpeaker(theme.isUnicode);
  return new Promise((resolve) => {
    let choice: StartChoice | null = null;
    const session = new TerminalSession(options, {
      draw: () => {
        const rows = layOutStart(state, theme.marks);
        if (options.isPlain !== true) return painter.paint(rows, session.columns);
        return speaker.speak({ place: 'What to open:', rows, isText: true, asides: [state.refusal ?? ''] });
      },
      forget: () => (options.isPlain === true ? speaker.forget() : painter.forget()),
      input: (key) => {
        if (key.kind === 'mouse') return;
        const end = endOf(state, key);
        if (end === null) act({ kind: 'key', key });
        else if (end.kind === 'suspend') session.suspend();
        else {
          choice = end.kind === 'quit' ? null : end;
          session.stop();
        }
      },
      resize: (columns, rows) => act({ kind: 'resize', columns, rows }),
      ended: () => resolve(choice),
    });
    let state: StartState = { columns: session.columns, rows: session.rows, offer, cursor: 0, refusal: null };
    const act = (action: StartAction): void => {
      state = reduceStart(state, action);
      session.redraw(true);
    };
    void later.then((complete) => act({ kind: 'offer', offer: complete }));
    session.start();
  });
}
