/** Every key of the program, as data: help, footer and palette are drawn from this table. */

import type { Overlay } from './overlay.ts';
import { type Page, VIEWS, type ViewId } from './state.ts';

/** What is on screen. */
export type Place = ViewId | Page['kind'];

const TABLES: readonly Place[] = ['findings', 'flows', 'streams', 'multicast', 'policy', 'hosts'];
const FILTERED: readonly Place[] = [...TABLES, 'summary'];
const SORTED: readonly Place[] = TABLES.filter((place) => place !== 'findings');
const PAGES: readonly Place[] = ['finding', 'flow', 'frame'];
/** Text with links in it, and all text. */
const DETAILS: readonly Place[] = ['finding', 'flow', 'summary'];
const TEXTS: readonly Place[] = [...DETAILS, 'frame', 'capture'];

export type Command =
  | `view-${ViewId}`
  | 'up'
  | 'down'
  | 'page-up'
  | 'page-down'
  | 'half-up'
  | 'half-down'
  | 'first'
  | 'last'
  | 'next-view'
  | 'previous-view'
  | 'open'
  | 'back'
  | 'stop'
  | 'filter'
  | 'name-filter'
  | 'problems'
  | 'next-problem'
  | 'previous-problem'
  | 'sort-next'
  | 'sort-previous'
  | 'sort-reverse'
  | 'newest'
  | 'columns'
  | 'time'
  | 'copy'
  | 'mark'
  | 'save'
  | 'save-evidence'
  | 'palette'
  | 'help'
  | 'pause'
  | 'bell'
  | 'suspend'
  | 'interrupt'
  | 'quit';

export interface Binding {
  readonly command: Command;
  /** Names of keys as `key-decoder.ts` gives them. */
  readonly keys: readonly string[];
  readonly description: string;
  readonly places: readonly Place[] | 'everywhere';
  /** The word in the footer; keys without one are only in the help. */
  readonly hint?: string;
  /** It is done to the list as a whole, and so can be asked for from anywhere. */
  readonly isOfList?: true;
}

export const VIEW_NAMES: Readonly<Record<ViewId, string>> = {
  findings: 'Findings',
  flows: 'Flows',
  streams: 'Streams',
  multicast: 'Multicast',
  policy: 'Policy',
  hosts: 'Hosts',
  capture: 'Capture',
  summary: 'Summary',
};

export const BINDINGS: readonly Binding[] = [
  { command: 'open', keys: ['enter'], description: 'Open the detail with its proof', places: TABLES, hint: 'detail' },
  { command: 'open', keys: ['enter'], description: 'Open what the cursor marks', places: DETAILS, hint: 'open' },
  { command: 'back', keys: ['escape'], description: 'Back', places: PAGES, hint: 'back' },
  {
    command: 'back',
    keys: ['escape'],
    description: 'Close, clear the filter, or stop reading',
    places: VIEWS,
  },
  {
    command: 'filter',
    keys: ['/'],
    description: 'Filter as you type',
    places: FILTERED,
    hint: 'filter',
    isOfList: true,
  },
  { command: 'name-filter', keys: ['F'], description: 'Keep the filter under a name', places: FILTERED },
  {
    command: 'problems',
    keys: ['!'],
    description: 'Problems only, or everything',
    places: FILTERED,
    hint: 'problems',
    isOfList: true,
  },
  { command: 'next-problem', keys: ['n'], description: 'Next problem', places: [...TABLES, 'finding'] },
  { command: 'previous-problem', keys: ['N'], description: 'Previous problem', places: [...TABLES, 'finding'] },
  {
    command: 'sort-next',
    keys: ['s', '>'],
    description: 'Sort by the next column',
    places: SORTED,
    hint: 'sort',
    isOfList: true,
  },
  { command: 'sort-previous', keys: ['<'], description: 'Sort by the previous column', places: SORTED },
  { command: 'sort-reverse', keys: ['S'], description: 'Turn the sort order round', places: SORTED, isOfList: true },
  {
    command: 'columns',
    keys: ['f10'],
    description: 'Choose the columns',
    places: SORTED,
    hint: 'columns',
    isOfList: true,
  },
  { command: 'newest', keys: ['A'], description: 'Follow: the newest flows first', places: ['flows'], isOfList: true },
  {
    command: 'copy',
    keys: ['y', 'c'],
    description: 'Copy the finding as text',
    places: ['findings', 'finding'],
    hint: 'copy',
  },
  {
    command: 'copy',
    keys: ['y', 'c'],
    description: 'Copy the display filter for Wireshark',
    places: ['flows', 'streams', 'flow'],
    hint: 'copy',
  },
  { command: 'copy', keys: ['y', 'c'], description: 'Copy the bytes as hex', places: ['frame'], hint: 'copy' },
  {
    command: 'copy',
    keys: ['y', 'c'],
    description: 'Copy the row as text',
    places: ['multicast', 'policy', 'hosts'],
    hint: 'copy',
  },
  {
    command: 'copy',
    keys: ['y', 'c'],
    description: 'Copy the page as text',
    places: ['capture', 'summary'],
    hint: 'copy',
  },
  { command: 'save', keys: ['e'], description: 'Save a report', places: 'everywhere', hint: 'save' },
  {
    command: 'save-evidence',
    keys: ['E'],
    description: 'Save a small capture with the frames that prove it',
    places: ['findings', 'finding'],
    hint: 'evidence',
  },
  {
    command: 'mark',
    keys: ['space'],
    description: 'Mark for saving, or take the mark away',
    places: ['findings'],
    hint: 'mark',
  },
  {
    command: 'time',
    keys: ['t'],
    description: 'Times in UTC, local, since the start',
    places: 'everywhere',
    hint: 'times',
  },
  { command: 'up', keys: ['up', 'k'], description: 'Up', places: 'everywhere' },
  { command: 'down', keys: ['down', 'j'], description: 'Down', places: 'everywhere' },
  { command: 'page-up', keys: ['pageup', 'ctrl+b'], description: 'A page up', places: 'everywhere' },
  { command: 'page-down', keys: ['pagedown', 'ctrl+f'], description: 'A page down', places: 'everywhere' },
  { command: 'page-down', keys: ['space'], description: 'A page down', places: TEXTS },
  { command: 'half-up', keys: ['ctrl+u'], description: 'Half a page up', places: 'everywhere' },
  { command: 'half-down', keys: ['ctrl+d'], description: 'Half a page down', places: 'everywhere' },
  { command: 'first', keys: ['g', 'home'], description: 'To the start', places: 'everywhere' },
  { command: 'last', keys: ['G', 'end'], description: 'To the end', places: 'everywhere' },
  ...VIEWS.map(
    (view, index): Binding => ({
      command: `view-${view}`,
      keys: [String(index + 1)],
      description: VIEW_NAMES[view],
      places: 'everywhere',
    }),
  ),
  { command: 'next-view', keys: ['tab', ']'], description: 'Next view', places: 'everywhere' },
  { command: 'previous-view', keys: ['shift+tab', '['], description: 'Previous view', places: 'everywhere' },
  { command: 'palette', keys: [':'], description: 'Every command by name', places: 'everywhere', hint: 'commands' },
  { command: 'help', keys: ['?', 'f1'], description: 'These keys', places: 'everywhere', hint: 'keys' },
  {
    command: 'pause',
    keys: ['p'],
    description: 'Hold the screen still, or let it move',
    places: 'everywhere',
    hint: 'pause',
  },
  { command: 'bell', keys: ['b'], description: 'Ring the bell for new problems, or not', places: 'everywhere' },
  { command: 'suspend', keys: ['ctrl+z'], description: 'Leave for the shell; fg comes back', places: 'everywhere' },
  { command: 'quit', keys: ['q'], description: 'Quit', places: 'everywhere', hint: 'quit' },
  { command: 'interrupt', keys: ['ctrl+c'], description: 'Quit without asking', places: 'everywhere' },
];

export function bindingsAt(place: Place): Binding[] {
  return BINDINGS.filter(({ places }) => places === 'everywhere' || places.includes(place));
}

/** Keys that answer a question with yes; every other one says no. */
const YES: readonly string[] = ['y', 'q', 'enter'];

/** What takes all other keys for itself. */
const PROMPTS: readonly Overlay['kind'][] = ['filter', 'name', 'palette', 'save', 'columns'];

/** Null for a key that means nothing, or is text for the prompt. */
export function commandFor(key: string, place: Place, overlay: Overlay['kind']): Command | null {
  if (key === 'ctrl+c') return 'interrupt';
  if (key === 'escape') return 'back';
  if (key === 'ctrl+z') return 'suspend';
  if (overlay === 'columns' && key === 'f10') return 'back';
  if (PROMPTS.includes(overlay)) return null;
  if (overlay === 'quit') return YES.includes(key) ? 'quit' : 'back';
  if (overlay === 'stop') return YES.includes(key) ? 'stop' : 'back';
  if (overlay === 'help' && (key === '?' || key === 'q' || key === 'f1')) return 'back';
  return bindingsAt(place).find(({ keys }) => keys.includes(key))?.command ?? null;
}

const KEY_NAMES: Readonly<Record<string, string>> = {
  enter: 'Enter',
  escape: 'Esc',
  tab: 'Tab',
  'shift+tab': 'Shift+Tab',
  up: 'Up',
  down: 'Down',
  pageup: 'PgUp',
  pagedown: 'PgDn',
  home: 'Home',
  end: 'End',
  space: 'Space',
  f1: 'F1',
  f10: 'F10',
};

/** The key as it is printed on keyboards. */
export function keyLabel(key: string): string {
  if (key.startsWith('ctrl+')) return `Ctrl+${key.slice(5).toUpperCase()}`;
  return KEY_NAMES[key] ?? key;
}
