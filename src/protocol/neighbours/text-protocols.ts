/** Mail and other text protocols by their greetings: SMTP (RFC 5321), POP3 (RFC 1939), IMAP (RFC 9051), XMPP (RFC 6120), VNC (RFC 6143). */

import { indexOfAscii } from '../../bytes/read.ts';
import type { Recognition } from '../dissector.ts';
import { firstBytesOf } from '../first-bytes.ts';
import { matchOpening, nameProtocol } from './neighbour.ts';

const LONGEST_LINE = 512;

/** True when the first line is whole and holds one of `words`. */
function firstLineHas(bytes: Uint8Array, start: number, end: number, words: readonly string[]): boolean {
  const lineEnd = indexOfAscii(bytes, start, Math.min(end, start + LONGEST_LINE), '\n');
  return lineEnd > 0 && words.some((word) => indexOfAscii(bytes, start, lineEnd, word) >= 0);
}

export const GREETINGS = ['220 ', '220-'];

/** A greeting of SMTP or FTP that may still show which, as long as its line is not whole. */
export function recognizeGreeting(
  bytes: Uint8Array,
  start: number,
  end: number,
  words: readonly string[],
): Recognition {
  const opening = matchOpening(bytes, start, end, GREETINGS);
  if (opening !== 'yes') return opening;
  if (firstLineHas(bytes, start, end, words)) return 'yes';
  const isLineOpen = end - start < LONGEST_LINE && indexOfAscii(bytes, start, end, '\n') < 0;
  return isLineOpen ? 'maybe' : 'no';
}

/** Openings that others have too count only with one of `words` in the first line. */
function recognizeLine(
  bytes: Uint8Array,
  start: number,
  end: number,
  openings: readonly string[],
  words: readonly string[],
): Recognition {
  const opening = matchOpening(bytes, start, end, openings);
  return opening === 'yes' && !firstLineHas(bytes, start, end, words) ? 'no' : opening;
}

const SMTP_WORDS = ['SMTP', 'smtp', 'Sendmail', 'Postfix'];
const SMTP_COMMANDS = ['EHLO ', 'HELO ', 'MAIL FROM:'];
const POP3_OPENINGS = ['+OK '];
const POP3_WORDS = ['POP', 'pop', 'ready', 'Dovecot', '@'];
const IMAP_OPENINGS = ['* OK ', '* PREAUTH '];
const IMAP_WORDS = ['IMAP', 'imap', 'Dovecot', 'ready'];
const XMPP_STREAM = '<stream:stream';
const XML_OPENINGS = ['<?xml', XMPP_STREAM];
const VNC_OPENINGS = ['RFB 003.', 'RFB 004.'];

function recognizeSmtp(bytes: Uint8Array, start: number, end: number): Recognition {
  const greeting = recognizeGreeting(bytes, start, end, SMTP_WORDS);
  return greeting === 'no' ? matchOpening(bytes, start, end, SMTP_COMMANDS) : greeting;
}

/** The declaration may stand on a line of its own, so the whole start is searched. */
function recognizeXmpp(bytes: Uint8Array, start: number, end: number): Recognition {
  if (matchOpening(bytes, start, end, XML_OPENINGS) !== 'yes') return 'no';
  return indexOfAscii(bytes, start, Math.min(end, start + LONGEST_LINE), XMPP_STREAM) >= 0 ? 'yes' : 'no';
}

export const smtp = nameProtocol('smtp', 'SMTP', ['tcp'], recognizeSmtp, {
  firstBytes: { tcp: firstBytesOf([...GREETINGS, ...SMTP_COMMANDS]) },
});
export const pop3 = nameProtocol(
  'pop3',
  'POP3',
  ['tcp'],
  (bytes, start, end) => recognizeLine(bytes, start, end, POP3_OPENINGS, POP3_WORDS),
  { firstBytes: { tcp: firstBytesOf(POP3_OPENINGS) } },
);
export const imap = nameProtocol(
  'imap',
  'IMAP',
  ['tcp'],
  (bytes, start, end) => recognizeLine(bytes, start, end, IMAP_OPENINGS, IMAP_WORDS),
  { firstBytes: { tcp: firstBytesOf(IMAP_OPENINGS) } },
);
export const xmpp = nameProtocol('xmpp', 'XMPP', ['tcp'], recognizeXmpp, {
  firstBytes: { tcp: firstBytesOf(XML_OPENINGS) },
});
export const vnc = nameProtocol(
  'vnc',
  'VNC',
  ['tcp'],
  (bytes, start, end) => matchOpening(bytes, start, end, VNC_OPENINGS),
  { firstBytes: { tcp: firstBytesOf(VNC_OPENINGS) } },
);
