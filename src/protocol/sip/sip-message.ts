/** SIP messages, RFC 3261 section 7, with the compact header names of section 7.3.3. */

import { readUtf8 } from '../../bytes/read.ts';
import { parseSdp, type SessionDescription } from '../sdp/parse-sdp.ts';
import { findHeadEnd, type MessageHead, readHead } from '../text/message-head.ts';
import { type Grammar, parseStartLine, type StartLine } from '../text/start-line.ts';

export const SIP: Grammar = {
  name: 'SIP/',
  methods: [
    ...['INVITE', 'ACK', 'BYE', 'CANCEL', 'OPTIONS', 'REGISTER', 'PRACK'],
    ...['SUBSCRIBE', 'NOTIFY', 'PUBLISH', 'INFO', 'REFER', 'MESSAGE', 'UPDATE'],
  ],
};

export interface SipMessage {
  readonly line: StartLine;
  readonly head: MessageHead;
  readonly callId: string;
  /** Number and method of CSeq: a request and its answers share it. */
  readonly sequence: string;
  /** Of the request, also in its answers. */
  readonly method: string;
  readonly from: string;
  readonly to: string;
  readonly description: SessionDescription | null;
}

/** A head that ends at `headEnd`, and the body from there to `end`. Null when the first line is not SIP's. */
export function parseSipMessage(bytes: Uint8Array, start: number, headEnd: number, end: number): SipMessage | null {
  const head = readHead(bytes, start, headEnd);
  const line = parseStartLine(SIP, head.startLine);
  if (!line) return null;
  const sequence = head.get('cseq');
  return {
    line,
    head,
    callId: fieldOf(head, 'call-id', 'i'),
    sequence,
    method: line.kind === 'request' ? line.method : (sequence.split(/\s+/)[1] ?? ''),
    from: uriOf(fieldOf(head, 'from', 'f')),
    to: uriOf(fieldOf(head, 'to', 't')),
    description: describe(fieldOf(head, 'content-type', 'c'), bytes, headEnd, end),
  };
}

/** Null for what is no SIP datagram; its head may lack its end where the capture cut it. */
export function parseSipDatagram(bytes: Uint8Array, start: number, end: number): SipMessage | null {
  const headEnd = findHeadEnd(bytes, start, end);
  return headEnd < 0 ? parseSipMessage(bytes, start, end, end) : parseSipMessage(bytes, start, headEnd, end);
}

function fieldOf(head: MessageHead, name: string, compact: string): string {
  return head.get(name) || head.get(compact);
}

/** `"Anna" <sip:anna@example.org>;tag=7` as `sip:anna@example.org`. */
function uriOf(value: string): string {
  return (/<([^>]*)>/.exec(value)?.[1] ?? value.split(';')[0] ?? '').trim();
}

/** The description may be one of several parts. */
function describe(type: string, bytes: Uint8Array, start: number, end: number): SessionDescription | null {
  if (end <= start || !/sdp|multipart/i.test(type)) return null;
  const text = readUtf8(bytes, start, end);
  const version = text.search(/^v=0/m);
  return version < 0 ? null : parseSdp(text.slice(version));
}
