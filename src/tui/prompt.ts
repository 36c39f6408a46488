/** The two prompts: the filter, which acts while it is typed, and the palette of commands. */

import type { Key } from './key-decoder.ts';

export interface FilterPrompt {
  readonly kind: 'filter';
  readonly text: string;
  /** Comes back when the prompt is left with Esc. */
  readonly before: string;
  /** Which earlier filter is shown, newest first; -1 for what is being typed. */
  readonly recalled: number;
}

export interface PalettePrompt {
  readonly kind: 'palette';
  readonly text: string;
  readonly chosen: number;
}

/** Nobody types more; a paste may bring anything. */
const LONGEST_PROMPT = 256;
const MOST_REMEMBERED = 20;

/** The arrows go through the filters used before. */
export function typeFilter(prompt: FilterPrompt, key: Key, history: readonly string[]): FilterPrompt {
  if (key.name === 'up' || key.name === 'down') {
    const recalled = Math.max(-1, Math.min(history.length - 1, prompt.recalled + (key.name === 'up' ? 1 : -1)));
    return { ...prompt, recalled, text: history[recalled] ?? '' };
  }
  const text = editText(prompt.text, key);
  return text === prompt.text ? prompt : { ...prompt, text, recalled: -1 };
}

/** The arrows choose among `choices` commands; what is typed narrows them. */
export function typePalette(prompt: PalettePrompt, key: Key, choices: number): PalettePrompt {
  if (key.name === 'up' || key.name === 'down') {
    const chosen = prompt.chosen + (key.name === 'up' ? -1 : 1);
    return { ...prompt, chosen: Math.max(0, Math.min(choices - 1, chosen)) };
  }
  const text = editText(prompt.text, key);
  return text === prompt.text ? prompt : { kind: 'palette', text, chosen: 0 };
}

export function remember(history: readonly string[], filter: string): readonly string[] {
  const text = filter.trim();
  return text === '' ? history : [text, ...history.filter((other) => other !== text)].slice(0, MOST_REMEMBERED);
}

/** The cursor of a prompt stays at its end: typing, and taking away a character, a word or all. */
export function editText(text: string, key: Key): string {
  if (key.name === 'backspace') return [...text].slice(0, -1).join('');
  if (key.name === 'ctrl+w') return text.replace(/\S+\s*$/, '');
  if (key.name === 'ctrl+u') return '';
  return text.length < LONGEST_PROMPT ? text + key.text : text;
}
