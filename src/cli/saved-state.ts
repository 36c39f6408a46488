/** What is remembered from one run to the next, in the state folder of the user (XDG Base Directory Specification 0.8). */

import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { isStream, statOrNull } from '../capture/open-input.ts';
import type { NamedFilter } from '../tui/overlay.ts';
import type { RecentCapture } from '../tui/start/start-state.ts';
import type { ScreenMemory } from '../tui/state.ts';
import type { ColumnChoice } from '../tui/table-choice.ts';

export interface SavedState extends ScreenMemory {
  /** Newest first, by absolute path. */
  readonly recent: readonly RecentCapture[];
}

const NOTHING: SavedState = { recent: [], history: [], named: [], columns: {} };
const MOST_RECENT = 12;
const MOST_FILTERS = 50;
const MOST_VIEWS = 20;
const MOST_COLUMNS = 50;
const LONGEST_TEXT = 4096;
/** A larger file is not ours. */
const MOST_BYTES = 1 << 20;

/** Where the state is kept. */
export function statePath(env: Readonly<Record<string, string | undefined>>, platform: string): string {
  const { XDG_STATE_HOME: xdg = '', LOCALAPPDATA: local = '' } = env;
  const usual = platform === 'win32' && local !== '' ? local : join(homedir(), '.local', 'state');
  // A relative path is invalid and is to be ignored, says the specification.
  return join(isAbsolute(xdg) ? xdg : usual, 'mediatap', 'state.json');
}

/** Never throws: what cannot be read, or is not what was written, is as good as nothing. */
export function readState(path: string): SavedState {
  try {
    if ((statOrNull(path)?.size ?? 0) > MOST_BYTES) return NOTHING;
    return bounded(JSON.parse(readFileSync(path, 'utf8')) as Partial<Record<keyof SavedState, unknown>>);
  } catch {
    return NOTHING;
  }
}

/** Never throws: a program that cannot remember works as well as one that can. */
export function changeState(path: string, change: (state: SavedState) => SavedState): void {
  const state = bounded(change(readState(path)));
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    const draft = `${path}.${process.pid}`;
    writeFileSync(draft, JSON.stringify(state), { mode: 0o600 });
    renameSync(draft, path);
  } catch {
    // Nothing is lost but convenience.
  }
}

/** What was opened comes first; what cannot be opened again is left out. */
export function withOpened(state: SavedState, paths: readonly string[], now: number): SavedState {
  const opened = paths.filter((path) => !isStream(path) && statOrNull(path) !== null).map((path) => resolve(path));
  const others = state.recent.filter(({ path }) => !opened.includes(path));
  return { ...state, recent: [...opened.map((path) => ({ path, openedAt: now })), ...others] };
}

/** Those of this run come first; what other windows have opened and kept meanwhile stays. */
export function withMemory(state: SavedState, { history, named, columns }: ScreenMemory): SavedState {
  const names = new Set(named.map(({ name }) => name));
  return {
    ...state,
    history: [...new Set([...history, ...state.history])],
    named: [...named, ...state.named.filter(({ name }) => !names.has(name))],
    columns: { ...state.columns, ...columns },
  };
}

function bounded({ recent, history, named, columns }: Partial<Record<keyof SavedState, unknown>>): SavedState {
  return {
    recent: listOf(recent, isRecent, MOST_RECENT),
    history: listOf(history, isText, MOST_FILTERS),
    named: listOf(named, isNamed, MOST_FILTERS),
    columns: columnsOf(columns),
  };
}

function listOf<T>(value: unknown, isItem: (item: unknown) => item is T, most: number): readonly T[] {
  return Array.isArray(value) ? value.filter(isItem).slice(0, most) : [];
}

/** A view of another version is kept for it: here nothing asks for it. */
function columnsOf(value: unknown): SavedState['columns'] {
  const views = entriesOf(value).slice(0, MOST_VIEWS);
  return Object.fromEntries(views.map(([view, columns]) => [view, choiceOf(columns)]));
}

function choiceOf(value: unknown): ColumnChoice {
  const choices = entriesOf(value).flatMap(([title, place]) =>
    place === 'shown' || place === 'hidden' ? [[title, place] as const] : [],
  );
  return Object.fromEntries(choices.slice(0, MOST_COLUMNS));
}

function entriesOf(value: unknown): [string, unknown][] {
  return typeof value === 'object' && value !== null ? Object.entries(value) : [];
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.length <= LONGEST_TEXT;
}

function isNamed(value: unknown): value is NamedFilter {
  if (typeof value !== 'object' || value === null) return false;
  const { name, text } = value as Partial<Record<keyof NamedFilter, unknown>>;
  return isText(name) && isText(text);
}

function isRecent(value: unknown): value is RecentCapture {
  if (typeof value !== 'object' || value === null) return false;
  const { path, openedAt } = value as Partial<Record<keyof RecentCapture, unknown>>;
  // Beyond this a number is no time (ECMA-262, section 21.4.1.1).
  return isText(path) && typeof openedAt === 'number' && Math.abs(openedAt) <= 8.64e15;
}
