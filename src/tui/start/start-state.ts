/** The start screen: what could be opened, and what the person does about it; pure. */

import type { InterfaceRow } from '../../capture/live/find-interfaces.ts';
import { formatBytes } from '../../format/count.ts';
import { formatLocalDay } from '../../format/time.ts';
import type { Key } from '../key-decoder.ts';

/** What can be opened without naming it on the command line. */
export interface StartOffer {
  /** Opened before, newest first. */
  readonly recent: readonly RecentCapture[];
  /** Captures in the current folder, newest first. */
  readonly nearby: readonly NearbyCapture[];
  /** Null while they are looked for. */
  readonly interfaces: readonly InterfaceRow[] | null;
}

export interface RecentCapture {
  readonly path: string;
  /** Milliseconds since 1970. */
  readonly openedAt: number;
}

export interface NearbyCapture {
  readonly name: string;
  readonly bytes: number;
  /** Milliseconds since 1970. */
  readonly changedAt: number;
}

export type StartChoice =
  | { readonly kind: 'demo' }
  | { readonly kind: 'capture'; readonly path: string }
  | { readonly kind: 'interface'; readonly name: string };

export interface StartItem {
  /** A heading stands before the first item of each section. */
  readonly section: 'First time here?' | 'Opened before' | 'In this folder' | 'Live';
  readonly name: string;
  readonly detail: string;
  readonly choice: StartChoice;
  /** Why it cannot be opened and what to do about it; null when it can. */
  readonly hindrance: string | null;
}

export interface StartState {
  readonly columns: number;
  readonly rows: number;
  readonly offer: StartOffer;
  /** Index among the items. */
  readonly cursor: number;
}

export type StartAction =
  | { readonly kind: 'key'; readonly key: Key }
  /** Puts the cursor on an item. */
  | { readonly kind: 'stand'; readonly cursor: number }
  | { readonly kind: 'offer'; readonly offer: StartOffer }
  | { readonly kind: 'resize'; readonly columns: number; readonly rows: number };

/** How a key ends the screen. */
export type StartEnd = StartChoice | { readonly kind: 'quit' } | { readonly kind: 'suspend' } | null;

export function startItems({ recent, nearby, interfaces }: StartOffer): StartItem[] {
  const capture = (section: StartItem['section'], path: string, detail: string): StartItem => ({
    section,
    name: path.slice(path.lastIndexOf('/') + 1),
    detail,
    choice: { kind: 'capture', path },
    hindrance: null,
  });
  const demo: StartItem = {
    section: 'First time here?',
    name: 'demo',
    detail: 'a guided tour in five steps',
    choice: { kind: 'demo' },
    hindrance: null,
  };
  const known = [
    ...recent.map(({ path, openedAt }) =>
      capture('Opened before', path, `${describeMinute(openedAt)}  ${path.slice(0, path.lastIndexOf('/'))}`),
    ),
    ...nearby.map(({ name, bytes, changedAt }) =>
      capture('In this folder', name, `${describeMinute(changedAt)}  ${formatBytes(bytes)}`),
    ),
    ...(interfaces ?? []).map(
      ({ name, addresses, hindrance }): StartItem => ({
        section: 'Live',
        name,
        detail: hindrance ?? addresses.join(' '),
        choice: { kind: 'interface', name },
        hindrance,
      }),
    ),
  ];
  return recent.length === 0 ? [demo, ...known] : [...known, demo];
}

export function reduceStart(state: StartState, action: StartAction): StartState {
  switch (action.kind) {
    case 'resize':
      return { ...state, columns: action.columns, rows: action.rows };
    case 'offer':
      return keepChosen(state, action.offer);
    case 'key':
      return { ...state, cursor: movedBy(state, action.key.name) };
    case 'stand':
      return { ...state, cursor: action.cursor };
  }
}

/** What a key asks for beyond the screen, null when nothing. */
export function endOf(state: StartState, { name }: Key): StartEnd {
  if (name === 'q' || name === 'ctrl+c' || name === 'escape') return { kind: 'quit' };
  if (name === 'ctrl+z') return { kind: 'suspend' };
  if (name === 'd') return { kind: 'demo' };
  const item = startItems(state.offer)[state.cursor];
  return name === 'enter' && item !== undefined && item.hindrance === null ? item.choice : null;
}

/** Why the item under the cursor cannot be opened, and what to do about it; null when it can. */
export function hindranceOf({ offer, cursor }: StartState): string | null {
  return startItems(offer)[cursor]?.hindrance ?? null;
}

/** Interfaces are found after the screen is there: the cursor stays on what it was put on. */
function keepChosen(state: StartState, offer: StartOffer): StartState {
  const chosen = startItems(state.offer)[state.cursor];
  const isChosen = ({ section, name }: StartItem): boolean => section === chosen?.section && name === chosen.name;
  return { ...state, offer, cursor: Math.max(0, startItems(offer).findIndex(isChosen)) };
}

function movedBy({ offer, cursor }: StartState, key: string): number {
  const items = startItems(offer);
  if (key !== 'tab' && key !== 'shift+tab') return moved(cursor, key, items.length);
  const starts = items.flatMap(({ section }, index) => (items[index - 1]?.section === section ? [] : [index]));
  const isFirst = key === 'tab' ? (start: number) => start > cursor : (start: number) => start < cursor;
  return (key === 'tab' ? starts.find(isFirst) : starts.findLast(isFirst)) ?? starts.at(key === 'tab' ? 0 : -1) ?? 0;
}

function moved(cursor: number, key: string, count: number): number {
  const steps: Readonly<Record<string, number>> = {
    up: -1,
    k: -1,
    down: 1,
    j: 1,
    home: -count,
    g: -count,
    end: count,
    G: count,
    pageup: -10,
    pagedown: 10,
  };
  return Math.max(0, Math.min(count - 1, cursor + (steps[key] ?? 0)));
}

/** On the clock of this machine: `2026-11-21 11:00`. */
function describeMinute(time: number): string {
  return formatLocalDay(0, time / 1000).slice(0, 16);
}
