/** Splits a filter expression into words, fields with a value, and operators. */

import { QueryError } from './query-error.ts';

export type Comparison = ':' | '=' | '!=' | '>' | '>=' | '<' | '<=';

export type QueryToken =
  | { readonly kind: 'open' | 'close' | 'or' | 'and' | 'not'; readonly position: number }
  | { readonly kind: 'word'; readonly text: string; readonly isQuoted: boolean; readonly position: number }
  | {
      readonly kind: 'field';
      readonly name: string;
      readonly comparison: Comparison;
      readonly value: string;
      readonly position: number;
      readonly valuePosition: number;
    };

const SPACE = /\s+/y;
/** A name, how it compares, and where its value begins. `rtsp://host` is a word. */
const FIELD = /([A-Za-z]+)(!=|>=|<=|:(?!\/\/)|=|>|<)/y;
const QUOTED = /"((?:[^"\\]|\\.)*)"/y;
const BARE = /[^\s()|"]+/y;
const OR = /\|\|?/y;
const NAMED_OPERATORS: Readonly<Record<string, 'or' | 'and' | 'not'>> = { or: 'or', and: 'and', not: 'not' };

/** Throws `QueryError`. */
export function tokenizeQuery(text: string): QueryToken[] {
  const tokens: QueryToken[] = [];
  let position = 0;
  while (position < text.length) {
    const space = matchAt(SPACE, text, position);
    if (space !== null) {
      position += space[0].length;
      continue;
    }
    const { token, end } = readToken(text, position);
    tokens.push(token);
    position = end;
  }
  return tokens;
}

interface ReadToken {
  readonly token: QueryToken;
  /** Index after its last character. */
  readonly end: number;
}

function readToken(text: string, position: number): ReadToken {
  const character = text[position];
  if (character === '(') return { token: { kind: 'open', position }, end: position + 1 };
  if (character === ')') return { token: { kind: 'close', position }, end: position + 1 };
  if (character === '!' || character === '-') return { token: { kind: 'not', position }, end: position + 1 };
  const or = matchAt(OR, text, position);
  if (or !== null) return { token: { kind: 'or', position }, end: position + or[0].length };
  return readField(text, position) ?? readWord(text, position);
}

/** Null for what only looks like a field: IPv6 addresses such as `dead:beef::1`. */
function readField(text: string, position: number): ReadToken | null {
  const head = matchAt(FIELD, text, position);
  if (head === null || isIpv6Like(text, position)) return null;
  const valuePosition = position + head[0].length;
  const value = readText(text, valuePosition);
  if (value === null || value.text === '') throw new QueryError(`${head[0]} needs a value`, valuePosition);
  const token: QueryToken = {
    kind: 'field',
    name: (head[1] ?? '').toLowerCase(),
    comparison: head[2] as Comparison,
    value: value.text,
    position,
    valuePosition,
  };
  return { token, end: value.end };
}

function isIpv6Like(text: string, position: number): boolean {
  const bare = matchAt(BARE, text, position);
  return bare !== null && /^[0-9a-f:.]*:[0-9a-f]*:[0-9a-f:.]*$/i.test(bare[0]);
}

function readWord(text: string, position: number): ReadToken {
  const word = readText(text, position);
  if (word === null) throw new QueryError('this quote is never closed', position);
  const operator = word.isQuoted ? undefined : NAMED_OPERATORS[word.text.toLowerCase()];
  if (operator !== undefined) return { token: { kind: operator, position }, end: word.end };
  return { token: { kind: 'word', text: word.text, isQuoted: word.isQuoted, position }, end: word.end };
}

function readText(text: string, position: number): { text: string; isQuoted: boolean; end: number } | null {
  const quoted = matchAt(QUOTED, text, position);
  if (quoted !== null) {
    return { text: (quoted[1] ?? '').replace(/\\(.)/g, '$1'), isQuoted: true, end: position + quoted[0].length };
  }
  const bare = matchAt(BARE, text, position);
  return bare === null ? null : { text: bare[0], isQuoted: false, end: position + bare[0].length };
}

function matchAt(pattern: RegExp, text: string, position: number): RegExpExecArray | null {
  pattern.lastIndex = position;
  return pattern.exec(text);
}
