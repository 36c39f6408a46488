/** What the person at the keyboard has chosen, and how each action changes it; pure, and knows nothing of terminals. */

import type { FlowSortKey } from '../analysis/snapshot.ts';
import type { Key } from './key-decoder.ts';
import { type Motion, move, type Position, type Shape, START, settle, standOn } from './scroll.ts';

export const VIEWS = ['findings', 'flows', 'streams', 'multicast', 'policy', 'capture', 'summary'] as const;
export type ViewId = (typeof VIEWS)[number];

/** A detail that Enter opens over a view. */
export type Page = { readonly kind: 'finding'; readonly id: string } | { readonly kind: 'flow'; readonly id: number };

export interface OpenedPage {
  readonly page: Page;
  readonly position: Position;
}

/** What has taken the keyboard for itself. */
export type Overlay =
  | { readonly kind: 'none' }
  /** `before` comes back when the prompt is left with Esc. */
  | { readonly kind: 'filter'; readonly text: string; readonly before: string }
  | { readonly kind: 'palette'; readonly text: string; readonly chosen: number }
  | { readonly kind: 'help'; readonly position: Position };

export interface State {
  readonly columns: number;
  readonly rows: number;
  readonly view: ViewId;
  readonly positions: Readonly<Record<ViewId, Position>>;
  /** Outermost first; the last one is on screen. */
  readonly opened: readonly OpenedPage[];
  readonly overlay: Overlay;
  /** In force, and shared by all views. */
  readonly filter: string;
  readonly isProblemsOnly: boolean;
  readonly sort: { readonly key: FlowSortKey; readonly isDescending: boolean };
  readonly timeFormat: TimeFormat;
  /** One line for the person, until the next key; empty when there is none. */
  readonly notice: string;
}

export const TIME_FORMATS = ['utc', 'local', 'relative'] as const;
export type TimeFormat = (typeof TIME_FORMATS)[number];

/** In the order in which `s` goes through them. */
export const SORT_KEYS: readonly FlowSortKey[] = [
  'verdict',
  'id',
  'protocol',
  'initiator',
  'responder',
  'packets',
  'bytes',
  'firstTime',
  'lastTime',
];

export type Action =
  | { readonly kind: 'move'; readonly motion: Motion }
  | { readonly kind: 'stand'; readonly cursor: number }
  | { readonly kind: 'settle' }
  | { readonly kind: 'view'; readonly view: ViewId }
  | { readonly kind: 'turn'; readonly by: 1 | -1 }
  | { readonly kind: 'open'; readonly page: Page }
  /** Another page in place of the one on screen. */
  | { readonly kind: 'replace'; readonly page: Page }
  | { readonly kind: 'back' }
  | { readonly kind: 'overlay'; readonly overlay: 'filter' | 'palette' | 'help' }
  | { readonly kind: 'type'; readonly key: Key; readonly choices: number }
  | { readonly kind: 'problems' }
  | { readonly kind: 'sort'; readonly by: 1 | -1 }
  | { readonly kind: 'reverse' }
  | { readonly kind: 'time' }
  | { readonly kind: 'notice'; readonly text: string }
  | { readonly kind: 'resize'; readonly columns: number; readonly rows: number };

export function initialState(columns: number, rows: number): State {
  return {
    columns,
    rows,
    view: 'findings',
    positions: Object.fromEntries(VIEWS.map((view) => [view, START])) as Record<ViewId, Position>,
    opened: [],
    overlay: { kind: 'none' },
    filter: '',
    isProblemsOnly: false,
    sort: { key: 'verdict', isDescending: false },
    timeFormat: 'utc',
    notice: '',
  };
}

/** `shape` is that of what is on screen before the action. */
export function reduce(state: State, action: Action, shape: Shape): State {
  switch (action.kind) {
    case 'move':
      return withPosition(state, (position) => move(position, action.motion, shape));
    case 'stand':
      return withPosition(state, (position) => standOn(position, action.cursor, shape));
    case 'settle':
      return withPosition(state, (position) => settle(position, shape));
    case 'view':
      return { ...state, view: action.view, opened: [] };
    case 'turn':
      return {
        ...state,
        view: VIEWS.at((VIEWS.indexOf(state.view) + action.by) % VIEWS.length) ?? 'findings',
        opened: [],
      };
    case 'open':
      return { ...state, opened: [...state.opened, { page: action.page, position: START }] };
    case 'replace':
      return { ...state, opened: [...state.opened.slice(0, -1), { page: action.page, position: START }] };
    case 'back':
      return goBack(state);
    case 'overlay':
      return { ...state, overlay: openOverlay(action.overlay, state.filter) };
    case 'type':
      return type(state, action.key, action.choices);
    case 'problems':
      return rewound({ ...state, isProblemsOnly: !state.isProblemsOnly });
    case 'sort':
      return rewound({ ...state, sort: { ...state.sort, key: turnSortKey(state.sort.key, action.by) } });
    case 'reverse':
      return rewound({ ...state, sort: { ...state.sort, isDescending: !state.sort.isDescending } });
    case 'time':
      return { ...state, timeFormat: next(TIME_FORMATS, state.timeFormat, 1) };
    case 'notice':
      return { ...state, notice: action.text };
    case 'resize':
      return { ...state, columns: action.columns, rows: action.rows };
  }
}

/** The position of what the movement keys act on. */
export function currentPosition(state: State): Position {
  if (state.overlay.kind === 'help') return state.overlay.position;
  return state.opened.at(-1)?.position ?? state.positions[state.view];
}

export function currentPage(state: State): Page | null {
  return state.opened.at(-1)?.page ?? null;
}

/** True when Esc has something to close. */
export function canGoBack(state: State): boolean {
  return state.overlay.kind !== 'none' || state.opened.length > 0 || state.filter !== '' || state.isProblemsOnly;
}

function withPosition(state: State, change: (position: Position) => Position): State {
  const position = change(currentPosition(state));
  if (state.overlay.kind === 'help') return { ...state, overlay: { kind: 'help', position } };
  const top = state.opened.at(-1);
  if (top !== undefined) return { ...state, opened: [...state.opened.slice(0, -1), { ...top, position }] };
  return { ...state, positions: { ...state.positions, [state.view]: position } };
}

/** Closes one thing: the overlay, the innermost page, the filter, the restriction to problems. */
function goBack(state: State): State {
  if (state.overlay.kind === 'filter')
    return rewound({ ...state, filter: state.overlay.before, overlay: { kind: 'none' } });
  if (state.overlay.kind !== 'none') return { ...state, overlay: { kind: 'none' } };
  if (state.opened.length > 0) return { ...state, opened: state.opened.slice(0, -1) };
  if (state.filter !== '') return rewound({ ...state, filter: '' });
  return state.isProblemsOnly ? rewound({ ...state, isProblemsOnly: false }) : state;
}

function openOverlay(kind: 'filter' | 'palette' | 'help', filter: string): Overlay {
  switch (kind) {
    case 'filter':
      return { kind, text: filter, before: filter };
    case 'palette':
      return { kind, text: '', chosen: 0 };
    case 'help':
      return { kind, position: START };
  }
}

/** A key in a prompt: the filter acts as it is typed, the palette narrows its list of `choices`. */
function type(state: State, key: Key, choices: number): State {
  const { overlay } = state;
  if (overlay.kind === 'filter') {
    if (key.name === 'enter') return { ...state, overlay: { kind: 'none' } };
    const text = editText(overlay.text, key);
    return text === overlay.text ? state : rewound({ ...state, filter: text, overlay: { ...overlay, text } });
  }
  if (overlay.kind !== 'palette') return state;
  if (key.name === 'up' || key.name === 'down') {
    const chosen = overlay.chosen + (key.name === 'up' ? -1 : 1);
    return { ...state, overlay: { ...overlay, chosen: Math.max(0, Math.min(choices - 1, chosen)) } };
  }
  const text = editText(overlay.text, key);
  return text === overlay.text ? state : { ...state, overlay: { kind: 'palette', text, chosen: 0 } };
}

/** Nobody types more; a paste may bring anything. */
const LONGEST_PROMPT = 256;

/** The cursor of a prompt stays at its end: typing, and taking away a character, a word or all. */
export function editText(text: string, key: Key): string {
  if (key.name === 'backspace') return [...text].slice(0, -1).join('');
  if (key.name === 'ctrl+w') return text.replace(/\S+\s*$/, '');
  if (key.name === 'ctrl+u') return '';
  return text.length < LONGEST_PROMPT ? text + key.text : text;
}

/** Another selection of rows begins at its top; the page that was open belongs to the old one. */
function rewound(state: State): State {
  return { ...state, positions: { ...state.positions, findings: START, flows: START, streams: START } };
}

function turnSortKey(key: FlowSortKey, by: 1 | -1): FlowSortKey {
  return next(SORT_KEYS, key, by);
}

function next<T>(values: readonly T[], value: T, by: 1 | -1): T {
  return values.at((values.indexOf(value) + by) % values.length) ?? value;
}
