/** Start lines of HTTP/1 (RFC 9112 sections 3 and 4), and those of Icecast and SHOUTcast beside them. */

import { firstBytesOf } from '../first-bytes.ts';
import {
  firstBytesOfLines,
  type Grammar,
  isCapital,
  isStartLine,
  type Match,
  matchStartLine,
  parseStartLine,
  type StartLine,
} from '../text/start-line.ts';

const HTTP: Grammar = {
  name: 'HTTP/',
  methods: [
    ...['GET', 'POST', 'HEAD', 'PUT', 'DELETE', 'OPTIONS', 'CONNECT', 'TRACE', 'PATCH', 'SOURCE'],
    ...['PROPFIND', 'PROPPATCH', 'MKCOL', 'COPY', 'MOVE', 'LOCK', 'UNLOCK', 'REPORT', 'SEARCH'],
    ...['NOTIFY', 'SUBSCRIBE', 'UNSUBSCRIBE', 'PRI', 'BITS_POST', 'CCM_POST', 'RPC_IN_DATA', 'RPC_OUT_DATA'],
  ],
};
/** A source that sends its stream to an Icecast server. */
const ICECAST: Grammar = { name: 'ICE/', methods: ['SOURCE'] };
/** How SHOUTcast answers a listener. */
const SHOUTCAST_ANSWER = 'ICY 200 OK';

export const HTTP_FIRST_BYTES = [...firstBytesOfLines(HTTP), ...firstBytesOf([ICECAST.name, SHOUTCAST_ANSWER])];

export function matchHttpLine(bytes: Uint8Array, start: number, end: number): Match {
  if (!isCapital(bytes[start])) return 'no';
  const http = matchStartLine(HTTP, bytes, start, end);
  if (http !== 'no') return http;
  const icecast = matchStartLine(ICECAST, bytes, start, end);
  return icecast === 'no' ? matchShoutcast(bytes, start, end) : icecast;
}

/** In a stream that is known to be HTTP, any method will do. */
export function isHttpLine(bytes: Uint8Array, start: number, end: number): boolean {
  return isStartLine(HTTP, bytes, start, end) || matchHttpLine(bytes, start, end) !== 'no';
}

export function parseHttpLine(line: string): StartLine | null {
  const shoutcast = /^ICY (\d{3})(?: (.*))?$/.exec(line);
  if (shoutcast) return { kind: 'answer', version: 'ICY', status: Number(shoutcast[1]), reason: shoutcast[2] ?? '' };
  return parseStartLine(HTTP, line) ?? parseStartLine(ICECAST, line);
}

function matchShoutcast(bytes: Uint8Array, start: number, end: number): Match {
  const length = Math.min(SHOUTCAST_ANSWER.length, end - start);
  for (let i = 0; i < length; i++) {
    // Its status may be another.
    if (bytes[start + i] !== SHOUTCAST_ANSWER.charCodeAt(i) && i < 'ICY '.length) return 'no';
  }
  if (length === 0) return 'no';
  return length < SHOUTCAST_ANSWER.length ? 'partial' : 'whole';
}
