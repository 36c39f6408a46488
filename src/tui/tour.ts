/** The guided tour through the demo: five steps, each done when the person has done what it asks for. */

import type { State } from './state.ts';

export interface TourStep {
  /** At most two rows of 76 cells. */
  readonly text: string;
  isDone(state: State): boolean;
}

export const TOUR: readonly TourStep[] = [
  {
    text: 'What is wrong stands first, the gravest on top, in plain words; below the line stands why. Press Enter to open it with its proof.',
    isDone: (state) => isOpen(state, 'finding'),
  },
  {
    text: 'Every claim names the frames that prove it, who is to blame, and what to do next. Press Enter on a frame to see the packet itself.',
    isDone: (state) => isOpen(state, 'frame'),
  },
  {
    text: 'Its layers and its bytes, the payload marked; y copies them. Press Esc twice to go back to the list.',
    isDone: ({ opened }) => opened.length === 0,
  },
  {
    text: 'The digits lead to other views: flows, media streams, multicast, the port tables. Press 2, then / and type: verdict:ok (Enter keeps it).',
    isDone: ({ view, overlay, filter }) => view === 'flows' && overlay.kind === 'none' && filter !== '',
  },
  {
    text: 'e saves a report for a ticket, E the small capture that proves it, ? shows all keys, q quits. Press e to see what can be saved.',
    isDone: ({ overlay }) => overlay.kind === 'save',
  },
];

/** The step that stands after `state` has been reached; null when the tour is over. */
export function continueTour(step: number | null, state: State): number | null {
  if (step === null || TOUR[step]?.isDone(state) !== true) return step;
  return step + 1 < TOUR.length ? step + 1 : null;
}

function isOpen({ opened }: State, kind: 'finding' | 'frame'): boolean {
  return opened.at(-1)?.page.kind === kind;
}
