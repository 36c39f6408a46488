/** What the person at the keyboard has chosen, and how each action changes it; pure, and knows nothing of terminals. */

import type { FrameQuestion } from '../analysis/frame-question.ts';
import type { FlowSortKey } from '../analysis/snapshot.ts';
import type { Key } from './key-decoder.ts';
import { type FilterMemory, type Overlay, type OverlayKind, openOverlay } from './overlay.ts';
import { type Motion, move, type Position, type Shape, START, settle, standOn } from './scroll.ts';
import { rewound, steered } from './steering.ts';
import {
  type ColumnChoice,
  NO_CHOICE,
  type Order,
  orderedByNext,
  reversed,
  type TableChoice,
  withColumn,
} from './table-choice.ts';
import { continueTour } from './tour.ts';
import { type } from './typing.ts';

export const VIEWS = ['findings', 'flows', 'streams', 'multicast', 'policy', 'hosts', 'capture', 'summary'] as const;
export type ViewId = (typeof VIEWS)[number];

/** A detail that Enter opens over a view. */
export type Page =
  | { readonly kind: 'finding'; readonly id: string }
  | { readonly kind: 'flow'; readonly id: number }
  /** What the line said that led there is told above the frame. */
  | ({ readonly kind: 'frame'; readonly fact: string } & FrameQuestion);

interface OpenedPage {
  readonly page: Page;
  readonly position: Position;
}

export interface State {
  readonly columns: number;
  readonly rows: number;
  readonly view: ViewId;
  readonly positions: Readonly<Record<ViewId, Position>>;
  /** Views whose cursor was put where it is, and stays with what it is on; the others' are at the top, where the gravest comes. */
  readonly steered: readonly ViewId[];
  /** Outermost first; the last one is on screen. */
  readonly opened: readonly OpenedPage[];
  readonly overlay: Overlay;
  /** In force, and shared by all views; can always be understood. */
  readonly filter: string;
  /** Where Enter led from to the flows on screen, for Esc to lead back; null when it did not. */
  readonly cameFrom: Pick<State, 'view' | 'filter' | 'isProblemsOnly'> | null;
  readonly memory: FilterMemory;
  readonly isProblemsOnly: boolean;
  readonly sort: { readonly key: FlowSortKey; readonly isDescending: boolean };
  /** How the tables of the views are wanted; absent for those as they come. */
  readonly tables: Readonly<Partial<Record<ViewId, TableChoice>>>;
  readonly timeFormat: TimeFormat;
  /** Ids of the findings that were marked, for saving. */
  readonly marked: readonly string[];
  /** The screen shows an earlier moment; reading goes on. */
  readonly isPaused: boolean;
  /** New problems are heard too. */
  readonly isBellOn: boolean;
  /** One line for the person, until the next key; empty when there is none. */
  readonly notice: string;
  /** Index of the step that a newcomer is at, null without a tour. */
  readonly tour: number | null;
}

/** What is remembered from one run to the next. */
export interface ScreenMemory extends FilterMemory {
  readonly columns: Readonly<Partial<Record<ViewId, ColumnChoice>>>;
}

const TIME_FORMATS = ['utc', 'local', 'relative'] as const;
type TimeFormat = (typeof TIME_FORMATS)[number];

/** In the order in which `s` goes through them. */
const SORT_KEYS: readonly FlowSortKey[] = [
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
  /** The view of flows, with this filter. */
  | { readonly kind: 'flows'; readonly where: string }
  /** Another page in place of the one on screen. */
  | { readonly kind: 'replace'; readonly page: Page }
  | { readonly kind: 'back' }
  | { readonly kind: 'overlay'; readonly overlay: OverlayKind }
  /** `choices` are there for the arrows to choose from; `completed` is what Tab makes of the text. */
  | { readonly kind: 'type'; readonly key: Key; readonly choices: number; readonly completed: string }
  | { readonly kind: 'problems' }
  /** Marks a finding, or takes its mark away. */
  | { readonly kind: 'mark'; readonly id: string }
  | { readonly kind: 'sort'; readonly by: 1 | -1 }
  /** The next of the orders that the table offers. */
  | { readonly kind: 'order'; readonly offered: readonly Order[]; readonly by: 1 | -1 }
  | { readonly kind: 'reverse' }
  /** Shows a column, or leaves it out. */
  | { readonly kind: 'column'; readonly title: string; readonly isOnScreen: boolean }
  /** Columns come and go by their rank again. */
  | { readonly kind: 'usual-columns' }
  | { readonly kind: 'newest' }
  | { readonly kind: 'time' }
  | { readonly kind: 'pause' }
  | { readonly kind: 'bell' }
  | { readonly kind: 'notice'; readonly text: string }
  | { readonly kind: 'resize'; readonly columns: number; readonly rows: number };

export function initialState(columns: number, rows: number, isTour = false, memory = NO_MEMORY): State {
  return {
    columns,
    rows,
    view: 'findings',
    positions: Object.fromEntries(VIEWS.map((view) => [view, START])) as Record<ViewId, Position>,
    steered: [],
    opened: [],
    overlay: { kind: 'none' },
    filter: '',
    cameFrom: null,
    memory: { history: memory.history, named: memory.named },
    isProblemsOnly: false,
    sort: { key: 'verdict', isDescending: false },
    tables: eachTable(memory.columns, (columns) => ({ order: null, columns })),
    timeFormat: 'utc',
    marked: [],
    isPaused: false,
    isBellOn: false,
    notice: '',
    tour: isTour ? 0 : null,
  };
}

const NO_MEMORY: ScreenMemory = { history: [], named: [], columns: {} };

/** How rows are ordered is the business of one capture, which columns tell most that of a person. */
export function memoryOf({ memory, tables }: State): ScreenMemory {
  return { ...memory, columns: eachTable(tables, ({ columns }) => columns) };
}

function eachTable<A, B>(
  tables: Readonly<Partial<Record<ViewId, A>>>,
  to: (table: A) => B,
): Partial<Record<ViewId, B>> {
  return Object.fromEntries(Object.entries(tables).map(([view, table]) => [view, to(table)]));
}

/** `shape` is that of what is on screen before the action. */
export function reduce(state: State, action: Action, shape: Shape): State {
  const next = change(state, action, shape);
  return next.tour === null ? next : { ...next, tour: continueTour(next.tour, next) };
}

function change(state: State, action: Action, shape: Shape): State {
  switch (action.kind) {
    case 'move':
      return steered(
        withPosition(state, (position) => move(position, action.motion, shape)),
        action.motion !== 'first',
      );
    case 'stand':
      return steered(withPosition(state, (position) => standOn(position, action.cursor, shape)));
    case 'settle':
      return withPosition(state, (position) => settle(position, shape));
    case 'view':
      return turnTo(state, action.view);
    case 'turn':
      return turnTo(state, next(VIEWS, state.view, action.by));
    case 'open':
      return open(state, action.page);
    case 'flows':
      return jump(state, action.where);
    case 'replace':
      return { ...state, opened: [...state.opened.slice(0, -1), { page: action.page, position: START }] };
    case 'back':
      return goBack(state);
    case 'overlay':
      return { ...state, overlay: openOverlay(action.overlay, state.filter) };
    case 'type':
      return type(state, action);
    case 'problems':
      return rewound({ ...state, isProblemsOnly: !state.isProblemsOnly });
    case 'mark':
      return steered({ ...state, marked: toggled(state.marked, action.id) });
    case 'sort':
      return sorted(state, next(SORT_KEYS, state.sort.key, action.by));
    case 'order':
      return restarted(withTable(state, (choice) => orderedByNext(choice, action.offered, action.by)));
    case 'reverse':
      return restarted(reverse(state));
    case 'column':
      return withTable(state, (choice) => withColumn(choice, action.title, action.isOnScreen));
    case 'usual-columns':
      return withTable(state, (choice) => ({ ...choice, columns: NO_CHOICE.columns }));
    case 'newest':
      return rewound({ ...state, sort: { key: 'firstTime', isDescending: true } });
    case 'time':
      return withTimeFormat(state, next(TIME_FORMATS, state.timeFormat, 1));
    case 'pause':
      return { ...state, isPaused: !state.isPaused };
    case 'bell':
      return { ...state, isBellOn: !state.isBellOn, notice: `The bell is ${state.isBellOn ? 'off' : 'on'}.` };
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
  const { overlay, opened, cameFrom, filter, isProblemsOnly, tour } = state;
  const isRestricted = filter !== '' || isProblemsOnly;
  return overlay.kind !== 'none' || opened.length > 0 || cameFrom !== null || isRestricted || tour !== null;
}

function withPosition(state: State, change: (position: Position) => Position): State {
  const position = change(currentPosition(state));
  if (state.overlay.kind === 'help') return { ...state, overlay: { kind: 'help', position } };
  const top = state.opened.at(-1);
  if (top !== undefined) return { ...state, opened: [...state.opened.slice(0, -1), { ...top, position }] };
  return { ...state, positions: { ...state.positions, [state.view]: position } };
}

/** A page that is open already comes back to the front, so that links in a circle lead nowhere deeper. */
function open(state: State, page: Page): State {
  const place = state.opened.findIndex((other) => isSamePage(other.page, page));
  if (place >= 0) return { ...state, opened: state.opened.slice(0, place + 1) };
  return steered({ ...state, opened: [...state.opened, { page, position: START }] });
}

function isSamePage(one: Page, other: Page): boolean {
  if (one.kind === 'frame') return other.kind === 'frame' && one.frame === other.frame && one.capture === other.capture;
  return one.kind === other.kind && one.id === other.id;
}

function turnTo(state: State, view: ViewId): State {
  return { ...state, view, opened: [], cameFrom: null };
}

function jump(state: State, where: string): State {
  const { view, filter, isProblemsOnly } = state;
  const positions = { ...state.positions, flows: START };
  return {
    ...turnTo(state, 'flows'),
    positions,
    filter: where,
    isProblemsOnly: false,
    cameFrom: { view, filter, isProblemsOnly },
  };
}

/** Closes one thing: the overlay, the innermost page, what Enter led to, the filter, the restriction to problems, the tour. */
function goBack(state: State): State {
  const { overlay } = state;
  if (overlay.kind === 'filter') return rewound({ ...state, filter: overlay.before, overlay: { kind: 'none' } });
  if (overlay.kind !== 'none') return { ...state, overlay: { kind: 'none' } };
  if (state.opened.length > 0) return { ...state, opened: state.opened.slice(0, -1) };
  if (state.cameFrom !== null) return { ...state, ...state.cameFrom, cameFrom: null };
  if (state.filter !== '') return rewound({ ...state, filter: '' });
  return state.isProblemsOnly ? rewound({ ...state, isProblemsOnly: false }) : { ...state, tour: null };
}

const TIME_WORDS: Readonly<Record<TimeFormat, string>> = {
  utc: 'Times in UTC.',
  local: 'Times in the zone of this machine.',
  relative: 'Times since the first frame, in seconds.',
};

function withTimeFormat(state: State, timeFormat: TimeFormat): State {
  return { ...state, timeFormat, notice: TIME_WORDS[timeFormat] };
}

/** The same rows in another order begin at the top too. */
function restarted(state: State): State {
  return steered({ ...state, positions: { ...state.positions, [state.view]: START } }, false);
}

/** The largest amounts first, everything else in its natural order. */
function sorted(state: State, key: FlowSortKey): State {
  return rewound({ ...state, sort: { key, isDescending: key === 'packets' || key === 'bytes' } });
}

function reverse(state: State): State {
  if (state.view !== 'flows') return withTable(state, reversed);
  return { ...state, sort: { ...state.sort, isDescending: !state.sort.isDescending } };
}

export function tableChoice({ tables, view }: State): TableChoice {
  return tables[view] ?? NO_CHOICE;
}

function withTable(state: State, change: (choice: TableChoice) => TableChoice): State {
  return { ...state, tables: { ...state.tables, [state.view]: change(tableChoice(state)) } };
}

function toggled(ids: readonly string[], id: string): readonly string[] {
  return ids.includes(id) ? ids.filter((other) => other !== id) : [...ids, id];
}

function next<T>(values: readonly T[], value: T, by: 1 | -1): T {
  return values.at((values.indexOf(value) + by) % values.length) ?? value;
}
