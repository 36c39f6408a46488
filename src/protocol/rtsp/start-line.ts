/** Start lines of RTSP messages, RFC 2326 section 6.1 and 7.1, RFC 7826 section 20.1. */

import { startsWithAscii } from '../../bytes/read.ts';
import { findLineEnd } from '../text/message-head.ts';

const METHODS = [
  'OPTIONS',
  'DESCRIBE',
  'ANNOUNCE',
  'SETUP',
  'PLAY',
  'PAUSE',
  'TEARDOWN',
  'GET_PARAMETER',
  'SET_PARAMETER',
  'REDIRECT',
  'RECORD',
  'PLAY_NOTIFY',
];

/** A line that has not ended by here is none. */
export const MOST_LINE_BYTES = 8192;
const VERSION_BYTES = 'RTSP/1.0'.length;

export type StartLine =
  | { readonly kind: 'request'; readonly method: string; readonly url: string; readonly version: string }
  | { readonly kind: 'answer'; readonly status: number; readonly reason: string; readonly version: string };

export function parseStartLine(line: string): StartLine | null {
  const answer = /^RTSP\/([12]\.\d) +(\d{3})(?: (.*))?$/.exec(line);
  if (answer) return { kind: 'answer', version: answer[1] ?? '', status: Number(answer[2]), reason: answer[3] ?? '' };
  // URLs with blanks in them are seen in the field, so the version is looked for at the end.
  const request = /^([A-Z_]{4,20}) (.+) RTSP\/([12]\.\d) *$/.exec(line);
  if (!request) return null;
  return { kind: 'request', method: request[1] ?? '', url: request[2] ?? '', version: request[3] ?? '' };
}

/** `partial`: so far so good, more bytes decide. */
export type Match = 'no' | 'partial' | 'whole';

/** Like `parseStartLine` on bytes, but only known methods count: other protocols have lines of that shape too. */
export function matchStartLine(bytes: Uint8Array, start: number, end: number): Match {
  const answer = matchVersion(bytes, start, end);
  if (answer !== 'no') return answer;

  for (const method of METHODS) {
    if (!startsWithAscii(bytes, start, Math.min(end, start + method.length), method.slice(0, end - start))) continue;
    if (end - start <= method.length) return 'partial';
    if (bytes[start + method.length] === 0x20) return matchRequestEnd(bytes, start + method.length + 1, end);
  }
  return 'no';
}

/** The version of a request stands at the end of its line. */
function matchRequestEnd(bytes: Uint8Array, start: number, end: number): Match {
  const lineEnd = findLineEnd(bytes, start, end);
  if (lineEnd < 0) return end - start < MOST_LINE_BYTES ? 'partial' : 'no';
  let last = lineEnd;
  while (last > start && (bytes[last - 1] === 0x0d || bytes[last - 1] === 0x20)) last--;
  // At least a character of URL and a blank before it.
  if (last - start < VERSION_BYTES + 2 || bytes[last - VERSION_BYTES - 1] !== 0x20) return 'no';
  return matchVersion(bytes, last - VERSION_BYTES, last) === 'partial' ? 'whole' : 'no';
}

/** `RTSP/1.0 200` is whole; any beginning of it is partial. */
function matchVersion(bytes: Uint8Array, start: number, end: number): Match {
  const name = 'RTSP/';
  if (!startsWithAscii(bytes, start, end, name.slice(0, end - start))) return 'no';
  for (let at = start + name.length; at < Math.min(end, start + 12); at++) {
    const byte = bytes[at] ?? 0;
    const place = at - start;
    if (place === 5 && byte !== 0x31 && byte !== 0x32) return 'no';
    if (place === 6 && byte !== 0x2e) return 'no';
    if (place === 8 && byte !== 0x20) return 'no';
    if ((place === 7 || place > 8) && (byte < 0x30 || byte > 0x39)) return 'no';
  }
  return end - start >= 12 ? 'whole' : 'partial';
}
