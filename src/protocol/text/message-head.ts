/** Heads of text protocols: a start line, header lines, an empty line (RFC 9112 section 2, RFC 2326 section 4, RFC 3261 section 7). */

import { indexOfByte, readUtf8 } from '../../bytes/read.ts';

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const MOST_HEADERS = 256;

/** A start line and its header fields. Text comes from packets: not safe to print. */
export class MessageHead {
  readonly startLine: string;
  /** Values by lower-case name, in the order in which they came. */
  readonly #fields = new Map<string, string[]>();

  constructor(text: string) {
    const lines = unfold(text).split(/\r?\n/, MOST_HEADERS + 1);
    this.startLine = lines[0] ?? '';
    for (const line of lines.slice(1)) this.#addField(line);
  }

  /** The first value of a field, empty when it is absent. `name` is lower-case. */
  get(name: string): string {
    return this.#fields.get(name)?.[0] ?? '';
  }

  has(name: string): boolean {
    return this.#fields.has(name);
  }

  /** All values of a field, joined as one list (RFC 9110 section 5.3). */
  list(name: string): string {
    return this.#fields.get(name)?.join(', ') ?? '';
  }

  /** Length of the body by `Content-Length`; null when it is absent or not a number. */
  get contentLength(): number | null {
    const value = this.get('content-length') || this.get('l');
    return /^\d{1,15}$/.test(value) ? Number(value) : null;
  }

  #addField(line: string): void {
    const colon = line.indexOf(':');
    if (colon <= 0) return;
    const name = line.slice(0, colon).trim().toLowerCase();
    const value = line.slice(colon + 1).trim();
    const values = this.#fields.get(name);
    if (values) values.push(value);
    else this.#fields.set(name, [value]);
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

/** A line that begins with a blank continues the one before it. */
function unfold(text: string): string {
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
