/** Mail and other text protocols by their greetings: SMTP (RFC 5321), POP3 (RFC 1939), IMAP (RFC 9051), XMPP (RFC 6120), VNC (RFC 6143). */

import { indexOfAscii, readUint8 } from '../../bytes/read.ts';
import type { Recognition } from '../dissector.ts';
import { matchOpening, nameProtocol } from './neighbour.ts';

const LONGEST_LINE = 512;

/** True when the first line is whole and holds one of `words`. */
export function firstLineHas(bytes: Uint8Array, start: number, end: number, words: readonly string[]): boolean {
  const lineEnd = indexOfAscii(bytes, start, Math.min(end, start + LONGEST_LINE), '\n');
  return lineEnd > 0 && words.some((word) => indexOfAscii(bytes, start, lineEnd, word) >= 0);
}

/** A greeting of SMTP or FTP that may still show which, as long as its line is not whole. */
export function recognizeGreeting(
  bytes: Uint8Array,
  start: number,
  end: number,
  words: readonly string[],
): Recognition {
  const opening = matchOpening(bytes, start, end, ['220 ', '220-']);
  if (opening !== 'yes') return opening;
  if (firstLineHas(bytes, start, end, words)) return 'yes';
  const isLineOpen = end - start < LONGEST_LINE && indexOfAscii(bytes, start, end, '\n') < 0;
  return isLineOpen ? 'maybe' : 'no';
}

function recognizeSmtp(bytes: Uint8Array, start: number, end: number): Recognition {
  if (readUint8(bytes, start) === 0x32)
    return recognizeGreeting(bytes, start, end, ['SMTP', 'smtp', 'Sendmail', 'Postfix']);
  return matchOpening(bytes, start, end, ['EHLO ', 'HELO ', 'MAIL FROM:']);
}

function recognizePop3(bytes: Uint8Array, start: number, end: number): Recognition {
  const opening = matchOpening(bytes, start, end, ['+OK ']);
  return opening === 'yes' && !firstLineHas(bytes, start, end, ['POP', 'pop', 'ready', 'Dovecot', '@'])
    ? 'no'
    : opening;
}

function recognizeImap(bytes: Uint8Array, start: number, end: number): Recognition {
  const opening = matchOpening(bytes, start, end, ['* OK ', '* PREAUTH ']);
  return opening === 'yes' && !firstLineHas(bytes, start, end, ['IMAP', 'imap', 'Dovecot', 'ready']) ? 'no' : opening;
}

function recognizeXmpp(bytes: Uint8Array, start: number, end: number): Recognition {
  const isStream = indexOfAscii(bytes, start, Math.min(end, start + LONGEST_LINE), '<stream:stream') >= 0;
  return isStream && readUint8(bytes, start) === 0x3c ? 'yes' : 'no';
}

export const smtp = nameProtocol('smtp', 'SMTP', ['tcp'], recognizeSmtp);
export const pop3 = nameProtocol('pop3', 'POP3', ['tcp'], recognizePop3);
export const imap = nameProtocol('imap', 'IMAP', ['tcp'], recognizeImap);
export const xmpp = nameProtocol('xmpp', 'XMPP', ['tcp'], recognizeXmpp);
export const vnc = nameProtocol('vnc', 'VNC', ['tcp'], (bytes, start, end) =>
  matchOpening(bytes, start, end, ['RFB 003.', 'RFB 004.']),
);
