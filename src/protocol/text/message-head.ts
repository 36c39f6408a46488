/** Heads of text protocols: a start line, header lines, an empty line (RFC 9112 section 2, RFC 2326 section 4, RFC 3261 section 7). */

import { indexOfByte, readUtf8 } from '../../bytes/read.ts';

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
/** Values of a repeated field that are joined. */
const MOST_VALUES = 64;

/** A start line and its header fields, which are looked for when they are asked for: most are never. Text comes from packets: not safe to print. */
export class MessageHead {
  readonly startLine: string;
  readonly #text: string;
  readonly #lowerCase: string;

  constructor(text: string) {
    this.#text = unfold(text);
    this.#lowerCase = lowerCaseOf(this.#text);
    const lineEnd = this.#text.indexOf('\n');
    this.startLine = this.#text.slice(0, lineEnd < 0 ? undefined : lineEnd).trimEnd();
  }

  /** The first value of a field, empty when it is absent. `name` is lower-case. */
  get(name: string): string {
    const at = this.#find(name, 0);
    return at < 0 ? '' : this.#valueAt(at);
  }

  has(name: string): boolean {
    return this.#find(name, 0) >= 0;
  }

  /** All values of a field, joined as one list (RFC 9110 section 5.3). */
  list(name: string): string {
    const values: string[] = [];
    for (let at = this.#find(name, 0); at >= 0 && values.length < MOST_VALUES; at = this.#find(name, at)) {
      values.push(this.#valueAt(at));
    }
    return values.join(', ');
  }

  /** Length of the body by `Content-Length`; null when it is absent or not a number. */
  get contentLength(): number | null {
    const value = this.get('content-length') || this.get('l');
    return /^\d{1,15}$/.test(value) ? Number(value) : null;
  }

  /** Offset of the value of the next field of that name, or -1. */
  #find(name: string, from: number): number {
    const field = `\n${name}:`;
    const at = this.#lowerCase.indexOf(field, from);
    return at < 0 ? -1 : at + field.length;
  }

  #valueAt(at: number): string {
    const lineEnd = this.#text.indexOf('\n', at);
    return this.#text.slice(at, lineEnd < 0 ? undefined : lineEnd).trim();
  }
}

export function readHead(bytes: Uint8Array, start: number, end: number): MessageHead {
  return new MessageHead(readUtf8(bytes, start, end));
}

/** The whole lines of a head whose end is missing; null when there is none. */
export function readCutHead(bytes: Uint8Array, start: number, end: number): MessageHead | null {
  const lastLineEnd = bytes.subarray(start, end).lastIndexOf(LINE_FEED);
  return lastLineEnd < 0 ? null : readHead(bytes, start, start + lastLineEnd + 1);
}

/** With every offset as it was, though a few letters grow when they become small. */
function lowerCaseOf(text: string): string {
  const lowerCase = text.toLowerCase();
  if (lowerCase.length === text.length) return lowerCase;
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

/** A line that begins with a blank continues the one before it. */
function unfold(text: string): string {
  if (!text.includes('\n ') && !text.includes('\n\t')) return text;
  return text.replace(/\r?\n[ \t]+/g, ' ');
}

/** Offset after the empty line that ends a head, or -1. Lines may end with a lone LF. */
export function findHeadEnd(bytes: Uint8Array, from: number, end: number): number {
  for (
    let at = indexOfByte(bytes, from, end, LINE_FEED);
    at >= 0 && at + 1 < end;
    at = indexOfByte(bytes, at + 1, end, LINE_FEED)
  ) {
    if (bytes[at + 1] === LINE_FEED) return at + 2;
    if (bytes[at + 1] === CARRIAGE_RETURN && at + 2 < end && bytes[at + 2] === LINE_FEED) return at + 3;
  }
  return -1;
}

/** Offset of the LF that ends the line at `from`, or -1 when there is none before `end`. */
export function findLineEnd(bytes: Uint8Array, from: number, end: number): number {
  return indexOfByte(bytes, from, end, LINE_FEED);
}

/** Offset of the first byte that ends no line: some senders put empty lines between messages (RFC 9112 section 2.2). */
export function skipLineEnds(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at < end && (bytes[at] === LINE_FEED || bytes[at] === CARRIAGE_RETURN)) at++;
  return at;
}
