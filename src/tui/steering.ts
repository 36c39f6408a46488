/** Where the cursors of the lists are, and whether somebody put them there; pure. */

import { START } from './scroll.ts';
import type { State } from './state.ts';

/** Another selection of rows begins at its top; the page that was open belongs to the old one. */
export function rewound(state: State): State {
  const lists = { findings: START, flows: START, streams: START, multicast: START, policy: START, hosts: START };
  const positions = { ...state.positions, ...lists };
  return { ...state, positions, steered: [] };
}

/** `isSteered` false: the cursor of the view is at its top again, as if nobody had moved it. */
export function steered(state: State, isSteered = true): State {
  const others = state.steered.filter((view) => view !== state.view);
  return { ...state, steered: isSteered ? [...others, state.view] : others };
}
