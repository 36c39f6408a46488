/** Runs the start screen until something is chosen. */

import type { Key, Mouse } from '../key-decoder.ts';
import { Painter } from '../painter.ts';
import { PlainSpeaker } from '../plain-speaker.ts';
import type { TuiOptions } from '../run-tui.ts';
import { TerminalSession } from '../terminal-session.ts';
import { detectTheme } from '../theme.ts';
import { renderInkFrame } from './ink-frame.tsx';
import {
  endOf,
  hindranceOf,
  reduceStart,
  type StartAction,
  type StartChoice,
  type StartOffer,
  type StartState,
} from './start-state.ts';
import { layOutStart, startItemAt } from './start-view.ts';

/** `later`: what replaces the offer once it is known. Resolves to null when the person has quit. */
export function runStart(
  offer: StartOffer,
  later: Promise<StartOffer>,
  options: Omit<TuiOptions, 'saver' | 'isTour'>,
): Promise<StartChoice | null> {
  const theme = detectTheme(options.env);
  const painter = new Painter(theme, renderInkFrame);
  const speaker = new PlainSpeaker(theme.isUnicode);
  return new Promise((resolve) => {
    let choice: StartChoice | null = null;
    const session = new TerminalSession(options, {
      draw: () => {
        const rows = layOutStart(state, theme.marks);
        if (options.isPlain !== true) return painter.paint(rows, session.columns);
        return speaker.speak({
          place: 'What to open:',
          titles: [],
          rows,
          isText: true,
          asides: [hindranceOf(state) ?? ''],
        });
      },
      forget: () => (options.isPlain === true ? speaker.forget() : painter.forget()),
      input: (input) => {
        if (input.kind === 'mouse') point(input);
        else type(input);
      },
      resize: (columns, rows) => act({ kind: 'resize', columns, rows }),
      ended: () => resolve(choice),
    });
    let state: StartState = { columns: session.columns, rows: session.rows, offer, cursor: 0 };
    const type = (key: Key): void => {
      const end = endOf(state, key);
      if (end === null) act({ kind: 'key', key });
      else if (end.kind === 'suspend') session.suspend();
      else {
        choice = end.kind === 'quit' ? null : end;
        session.stop();
      }
    };
    /** As in lists: a click chooses what it hits, and opens it when it was chosen already. */
    const point = ({ button, row }: Mouse): void => {
      const item = button === 'left' ? startItemAt(state, theme.marks, row) : null;
      if (button !== 'left') type({ kind: 'key', name: button === 'wheel-up' ? 'up' : 'down', text: '' });
      else if (item === state.cursor) type({ kind: 'key', name: 'enter', text: '' });
      else if (item !== null) act({ kind: 'stand', cursor: item });
    };
    const act = (action: StartAction): void => {
      state = reduceStart(state, action);
      session.redraw(true);
    };
    void later.then((complete) => act({ kind: 'offer', offer: complete }));
    session.start();
  });
}
