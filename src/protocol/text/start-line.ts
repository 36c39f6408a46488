/** Start lines of RTSP, HTTP and SIP: `METHOD url NAME/1.0` and `NAME/1.0 200 reason`. */

import type { ByteRange } from '../dissector.ts';
import { firstBytesOf } from '../first-bytes.ts';
import { findLineEnd } from './message-head.ts';

/** What tells one protocol's start lines from another's. */
export interface Grammar {
  /** With its slash: `RTSP/`. */
  readonly name: string;
  readonly methods: readonly string[];
}

export interface RequestLine {
  readonly kind: 'request';
  readonly method: string;
  readonly url: string;
  readonly version: string;
}

export interface AnswerLine {
  readonly kind: 'answer';
  readonly status: number;
  readonly reason: string;
  readonly version: string;
}

export type StartLine = RequestLine | AnswerLine;

/** `partial`: so far so good, more bytes decide. */
export type Match = 'no' | 'partial' | 'whole';

/** A line that has not ended by here is none. */
const MOST_LINE_BYTES = 8192;
const VERSION_LENGTH = '1.0'.length;
const STATUS_LENGTH = ' 200'.length;

/** First bytes of messages of the grammar, with the line ends that may stand before them. */
export function firstBytesOfLines({ name, methods }: Grammar): readonly ByteRange[] {
  return firstBytesOf([name, ...methods, '\r', '\n']);
}

/** Any method will do: servers have more than the specifications. */
export function parseStartLine(grammar: Grammar, line: string): StartLine | null {
  const answer = /^([A-Z]+\/)([12]\.\d) +(\d{3})(?: (.*))?$/.exec(line);
  if (answer?.[1] === grammar.name) {
    return { kind: 'answer', version: answer[2] ?? '', status: Number(answer[3]), reason: answer[4] ?? '' };
  }
  // URLs with blanks in them are seen in the field, so the version is looked for at the end.
  const request = /^(\S{1,64}) (.+) ([A-Z]+\/)([12]\.\d) *$/.exec(line);
  if (request?.[3] !== grammar.name) return null;
  return { kind: 'request', method: request[1] ?? '', url: request[2] ?? '', version: request[4] ?? '' };
}

/** Looks at bytes, without making text of them. Only the methods of the grammar count. */
export function matchStartLine(grammar: Grammar, bytes: Uint8Array, start: number, end: number): Match {
  if (start >= end || !isCapital(bytes[start])) return 'no';
  const answer = matchAnswer(grammar, bytes, start, end);
  if (answer !== 'no') return answer;
  for (const method of grammar.methods) {
    if (!isPrefix(method, bytes, start, end)) continue;
    if (end - start <= method.length) return 'partial';
    if (bytes[start + method.length] === 0x20) return matchRequestEnd(grammar, bytes, start + method.length + 1, end);
  }
  return 'no';
}

/** A start line of the grammar with whatever method, as a message in the midst of others may begin. */
export function isStartLine(grammar: Grammar, bytes: Uint8Array, start: number, end: number): boolean {
  if (!isCapital(bytes[start])) return false;
  return matchAnswer(grammar, bytes, start, end) !== 'no' || matchRequestEnd(grammar, bytes, start, end) !== 'no';
}

/** The version of a request stands at the end of its line. */
function matchRequestEnd(grammar: Grammar, bytes: Uint8Array, start: number, end: number): Match {
  const lineEnd = findLineEnd(bytes, start, end);
  if (lineEnd < 0) return end - start < MOST_LINE_BYTES ? 'partial' : 'no';
  let last = lineEnd;
  while (last > start && isBlank(bytes[last - 1])) last--;
  return endsWithVersion(grammar, bytes, start, last) ? 'whole' : 'no';
}

/** With a blank before it, and at least a character before that. */
function endsWithVersion(grammar: Grammar, bytes: Uint8Array, start: number, end: number): boolean {
  const at = end - grammar.name.length - VERSION_LENGTH;
  return at >= start + 2 && bytes[at - 1] === 0x20 && matchAnswer(grammar, bytes, at, end) === 'partial';
}

/** Whole from the status on; any beginning of it is partial. */
function matchAnswer(grammar: Grammar, bytes: Uint8Array, start: number, end: number): Match {
  const { name } = grammar;
  if (!isPrefix(name, bytes, start, end)) return 'no';
  const wholeLength = name.length + VERSION_LENGTH + STATUS_LENGTH;
  const version = start + name.length;
  for (let at = version; at < Math.min(end, start + wholeLength); at++) {
    const byte = bytes[at] ?? 0;
    const place = at - version;
    if (place === 0 && byte !== 0x31 && byte !== 0x32) return 'no';
    if (place === 1 && byte !== 0x2e) return 'no';
    if (place === VERSION_LENGTH && byte !== 0x20) return 'no';
    if ((place === 2 || place > VERSION_LENGTH) && (byte < 0x30 || byte > 0x39)) return 'no';
  }
  return end - start >= wholeLength ? 'whole' : 'partial';
}

/** True when the bytes begin with `text`, or are too few to tell. */
function isPrefix(text: string, bytes: Uint8Array, start: number, end: number): boolean {
  const length = Math.min(text.length, end - start);
  for (let i = 0; i < length; i++) {
    if (bytes[start + i] !== text.charCodeAt(i)) return false;
  }
  return true;
}

/** All methods and names begin with one. */
export function isCapital(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x41 && byte <= 0x5a;
}

function isBlank(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0d;
}
