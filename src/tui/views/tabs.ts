/** The names of the views in a row: all of them, or numbers beside the name of the one on screen where room is short. */

import { VIEW_NAMES } from '../keymap.ts';
import { type Line, span } from '../line.ts';
import { VIEWS, type ViewId } from '../state.ts';
import type { Scene } from './view.ts';

const TAB_ROW = 1;

interface Tab {
  readonly view: ViewId;
  readonly text: string;
}

type Place = Pick<Scene, 'state' | 'width'>;

function tabsOf({ state, width }: Place): Tab[] {
  const long = VIEWS.map((view, index) => ({ view, text: `${index + 1} ${VIEW_NAMES[view]}` }));
  const needed = long.reduce((sum, { text }) => sum + 1 + text.length, 0);
  if (needed <= width) return long;
  return long.map((tab, index) => (tab.view === state.view ? tab : { view: tab.view, text: String(index + 1) }));
}

export function tabLine(place: Place): Line {
  return tabsOf(place).flatMap(({ view, text }) => [span(' '), span(text, view === place.state.view ? 'tab' : 'dim')]);
}

/** The view whose name stands at this place of the screen. */
export function tabAt(place: Place, column: number, row: number): ViewId | null {
  if (row !== TAB_ROW) return null;
  let end = 0;
  for (const { view, text } of tabsOf(place)) {
    end += 1 + text.length;
    if (column < end) return view;
  }
  return null;
}
