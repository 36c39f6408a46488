/** The start screen: what could be opened, and what the person does about it; pure. */

import type { InterfaceRow } from '../../capture/live/find-interfaces.ts';
import type { Key } from '../key-decoder.ts';

/** What can be opened without naming it on the command line. */
export interface StartOffer {
  /** Opened before, newest first. */
  readonly recent: readonly RecentCapture[];
  /** Captures in the current folder. */
  readonly nearby: readonly string[];
  /** Null while they are looked for. */
  readonly interfaces: readonly InterfaceRow[] | null;
}

export interface RecentCapture {
  readonly path: string;
  /** Milliseconds since 1970. */
  readonly openedAt: number;
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
  /** What was chosen and cannot be opened: why. */
  readonly refusal: string | null;
}

export type StartAction =
  | { readonly kind: 'key'; readonly key: Key }
  | { readonly kind: 'offer'; readonly offer: StartOffer }
  | { readonly kind: 'resize'; readonly columns: number; readonly rows: number };

/** How a key ends the screen. */
export type StartEnd = StartChoice | { readonly kind: 'quit' } | { readonly kind: 'suspend' } | null;

export function startItems({ recent, nearby, interfaces }: StartOffer): StartItem[] {
  const capture = (section: StartItem['section'], path: string, detail: string): StartItem => ({
    section,
    name: path,
    detail,
    choice: { kind: 'capture', path },
    hindrance: null,
  });
  const demo: StartItem = {
    section: 'First time here?',
    name: 'demo',
    detail: 'a small capture with a guided tour in five steps',
    choice: { kind: 'demo' },
    hindrance: null,
  };
  const known = [
    ...recent.map(({ path, openedAt }) => capture('Opened before', path, describeDay(openedAt))),
    ...nearby.map((path) => capture('In this folder', path, '')),
    ...(interfaces ?? []).map(
      ({ name, addresses, hindrance }): StartItem => ({
        section: 'Live',
        name,
        detail: hindrance === null ? addresses.join(' ') : 'not without help: Enter says why',
        choice: { kind: 'interface', name },
        hindrance,
      }),
    ),
  ];
  return recent.length === 0 ? [demo, ...known] : [...known, demo];
}

export function reduceStart(state: StartState, action: StartAction): StartState {
  const count = startItems(state.offer).length;
  switch (action.kind) {
    case 'resize':
      return { ...state, columns: action.columns, rows: action.rows };
    case 'offer':
      return keepChosen(state, action.offer);
    case 'key':
      return { ...state, cursor: moved(state.cursor, action.key.name, count), refusal: refusalOf(state, action.key) };
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

function refusalOf(state: StartState, { name }: Key): string | null {
  return name === 'enter' ? (startItems(state.offer)[state.cursor]?.hindrance ?? null) : null;
}

/** Interfaces are found after the screen is there: the cursor stays on what it was put on. */
function keepChosen(state: StartState, offer: StartOffer): StartState {
  const chosen = startItems(state.offer)[state.cursor];
  const isChosen = ({ section, name }: StartItem): boolean => section === chosen?.section && name === chosen.name;
  return { ...state, offer, cursor: Math.max(0, startItems(offer).findIndex(isChosen)) };
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

function describeDay(time: number): string {
  return new Date(time).toISOString().slice(0, 16).replace('T', ' ');
}
