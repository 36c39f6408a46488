/** What takes the keyboard for itself: the filter, which acts while it is typed, the palette of commands, the menu of saving. */

import type { Key } from './key-decoder.ts';
import { type Position, START } from './scroll.ts';

export interface FilterPrompt {
  readonly kind: 'filter';
  readonly text: string;
  /** Comes back when the prompt is left with Esc. */
  readonly before: string;
  /** Which earlier filter is shown, newest first; -1 for what is being typed. */
  readonly recalled: number;
}

/** A filter that was given a name. */
export interface NamedFilter {
  readonly name: string;
  readonly text: string;
}

/** What is remembered of filters from one run to the next. */
export interface FilterMemory {
  /** Those that were kept, newest first. */
  readonly history: readonly string[];
  readonly named: readonly NamedFilter[];
}

/** Asks for the name of the filter in force. */
export interface NamePrompt {
  readonly kind: 'name';
  readonly text: string;
}

export interface PalettePrompt {
  readonly kind: 'palette';
  readonly text: string;
  readonly chosen: number;
}

export interface SaveMenu {
  readonly kind: 'save';
  readonly chosen: number;
  /** Addresses are replaced in what is saved. */
  readonly isAnonymized: boolean;
}

export interface ColumnMenu {
  readonly kind: 'columns';
  readonly chosen: number;
}

/** At most one is open. */
export type Overlay =
  | { readonly kind: 'none' }
  | FilterPrompt
  | PalettePrompt
  | NamePrompt
  | SaveMenu
  | ColumnMenu
  | { readonly kind: 'help'; readonly position: Position }
  /** Whether a capture that cannot be made again is to end. */
  | { readonly kind: 'quit' }
  | { readonly kind: 'stop' };

export type OverlayKind = Exclude<Overlay['kind'], 'none'>;

/** Nobody types more; a paste may bring anything. */
const LONGEST_PROMPT = 256;
const MOST_REMEMBERED = 20;

/** `filter` is the one in force. */
export function openOverlay(kind: OverlayKind, filter: string): Overlay {
  switch (kind) {
    case 'filter':
      return { kind, text: filter, before: filter, recalled: -1 };
    case 'palette':
      return { kind, text: '', chosen: 0 };
    case 'name':
      return { kind, text: '' };
    case 'save':
      return { kind, chosen: 0, isAnonymized: false };
    case 'columns':
      return { kind, chosen: 0 };
    case 'help':
      return { kind, position: START };
    case 'quit':
    case 'stop':
      return { kind };
  }
}

/** The arrows go through the filters used before; Tab puts `completed` in place of what is typed. */
export function typeFilter(prompt: FilterPrompt, key: Key, { history }: FilterMemory, completed: string): FilterPrompt {
  if (key.name === 'tab') return { ...prompt, text: completed, recalled: -1 };
  if (key.name === 'up' || key.name === 'down') {
    const recalled = Math.max(-1, Math.min(history.length - 1, prompt.recalled + (key.name === 'up' ? 1 : -1)));
    return { ...prompt, recalled, text: history[recalled] ?? '' };
  }
  const text = editText(prompt.text, key);
  return text === prompt.text ? prompt : { ...prompt, text, recalled: -1 };
}

/** The filter that these first letters of a name mean, null when none or several. */
export function filterNamed(text: string, named: readonly NamedFilter[]): NamedFilter | null {
  const typed = text.trim();
  const meant = named.filter(({ name }) => typed !== '' && name.startsWith(typed));
  return meant.find(({ name }) => name === typed) ?? (meant.length === 1 ? (meant[0] ?? null) : null);
}

export function typeName(prompt: NamePrompt, key: Key): NamePrompt {
  return { ...prompt, text: editText(prompt.text, key) };
}

/** The newest first; a name that is used again means the new filter. */
export function rememberNamed(named: readonly NamedFilter[], added: NamedFilter): readonly NamedFilter[] {
  return [added, ...named.filter(({ name }) => name !== added.name)].slice(0, MOST_REMEMBERED);
}

/** The arrows choose among `choices` commands; what is typed narrows them. */
export function typePalette(prompt: PalettePrompt, key: Key, choices: number): PalettePrompt {
  if (key.name === 'up' || key.name === 'down') return { ...prompt, chosen: step(prompt.chosen, key.name, choices) };
  const text = editText(prompt.text, key);
  return text === prompt.text ? prompt : { kind: 'palette', text, chosen: 0 };
}

export function chooseSave(menu: SaveMenu, key: Key, choices: number): SaveMenu {
  if (key.name === 'a') return { ...menu, isAnonymized: !menu.isAnonymized };
  return { ...menu, chosen: chosenBy(menu.chosen, key, choices) };
}

/** In menus nothing is typed, so that j and k move as they do in lists. */
export function chosenBy(chosen: number, { name }: Key, choices: number): number {
  if (name === 'up' || name === 'k') return step(chosen, 'up', choices);
  return name === 'down' || name === 'j' ? step(chosen, 'down', choices) : chosen;
}

function step(chosen: number, direction: 'up' | 'down', choices: number): number {
  return Math.max(0, Math.min(choices - 1, chosen + (direction === 'up' ? -1 : 1)));
}

export function remember(history: readonly string[], filter: string): readonly string[] {
  const text = filter.trim();
  return text === '' ? history : [text, ...history.filter((other) => other !== text)].slice(0, MOST_REMEMBERED);
}

/** The cursor of a prompt stays at its end: typing, and taking away a character, a word or all. */
function editText(text: string, key: Key): string {
  if (key.name === 'backspace') return [...text].slice(0, -1).join('');
  if (key.name === 'ctrl+w') return text.replace(/\S+\s*$/, '');
  if (key.name === 'ctrl+u') return '';
  return text.length < LONGEST_PROMPT ? text + key.text : text;
}
