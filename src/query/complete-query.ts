/** What a filter expression that is still being typed says so far, and what it could go on with. */

import { compileQuery } from './compile-query.ts';
import { findQueryField, QUERY_FIELDS } from './query-fields.ts';

export interface Completion {
  /** The term as it would stand: `verdict:blocked`, `loss>`. */
  readonly term: string;
  /** The whole expression with it. */
  readonly text: string;
}

/** The term at the end, behind what turns it round. */
const LAST_TERM = /[^\s()|!"-][^\s()|"]*$/;
const NAME = /^[A-Za-z]+$/;
const NAME_AND_VALUE = /^([A-Za-z]+)(:|=|!=)(.*)$/;
/** How the examples compare: `proto:`, `loss>`. */
const HEAD_OF_EXAMPLE = /^[a-z]+[:<>=]+/;

/** Names of fields, or values of one, that begin as the last term does; `known` are those that only a capture tells. */
export function completeQuery(text: string, known: Readonly<Record<string, readonly string[]>> = {}): Completion[] {
  const [term = ''] = LAST_TERM.exec(text) ?? [];
  const before = text.slice(0, text.length - term.length);
  // What is quoted is no term.
  if ((before.split('"').length - 1) % 2 === 1) return [];
  return termsFrom(term, known).map((completed) => ({ term: completed, text: before + completed }));
}

function termsFrom(term: string, known: Readonly<Record<string, readonly string[]>>): string[] {
  const typed = term.toLowerCase();
  if (NAME.test(typed)) {
    return QUERY_FIELDS.filter(({ name }) => name.startsWith(typed)).map(
      ({ name, example }) => HEAD_OF_EXAMPLE.exec(example)?.[0] ?? `${name}:`,
    );
  }
  const [, name = '', comparison = '', values = ''] = NAME_AND_VALUE.exec(typed) ?? [];
  const field = findQueryField(name);
  if (field === null) return [];
  const last = values.slice(values.lastIndexOf(',') + 1);
  const done = values.slice(0, values.length - last.length);
  const possible = field.values ?? known[field.name] ?? [];
  return possible
    .filter((value) => value.startsWith(last) && value !== last)
    .map((value) => `${name}${comparison}${done}${value}`);
}

/** As much of what is typed as can be understood: without its last terms, until it can. */
export function understoodPart(text: string): string {
  let part = text;
  while (part !== '' && !compileQuery(part).ok) part = part.replace(/\s*\S+\s*$/, '');
  return part;
}
