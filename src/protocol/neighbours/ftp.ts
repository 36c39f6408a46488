/** FTP, RFC 959 and RFC 2428: its control channel names the ports of its transfers. */

import { indexOfByte, readLatin1 } from '../../bytes/read.ts';
import { type ControlRecord, keep } from '../control-record.ts';
import {
  type Direction,
  type Dissection,
  type PayloadContext,
  type Recognition,
  TO_INITIATOR,
  TO_RESPONDER,
} from '../dissector.ts';
import { firstBytesOf } from '../first-bytes.ts';
import { type ItemReader, ItemStream } from '../text/item-stream.ts';
import { matchOpening, nameProtocol } from './neighbour.ts';
import { GREETINGS, recognizeGreeting } from './text-protocols.ts';

const OPENING_COMMANDS = ['USER anonymous', 'USER ftp', 'AUTH TLS\r\n', 'AUTH SSL\r\n', 'FEAT\r\n', 'SYST\r\n'];
const CONTROL_PORT = 21;
const USER_COMMAND = ['USER '];
const GREETING_WORDS = ['FTP', 'ftp', 'FileZilla'];
const LONGEST_LINE = 1024;
/** After as many lines a long session has told what it has to tell. */
const MOST_LINES = 2000;

/** POP3 opens with USER too: there only the name that FTP servers expect of strangers, or the port, tells them apart. */
function recognizeFtp(bytes: Uint8Array, start: number, end: number, context: PayloadContext): Recognition {
  const greeting = recognizeGreeting(bytes, start, end, GREETING_WORDS);
  if (greeting !== 'no') return greeting;
  return matchOpening(bytes, start, end, context.destinationPort === CONTROL_PORT ? USER_COMMAND : OPENING_COMMANDS);
}

class FtpDissection implements Dissection {
  readonly #record: ControlRecord;
  readonly #streams: readonly [ItemStream, ItemStream];
  #lines = 0;
  #context: PayloadContext;

  constructor(record: ControlRecord, context: PayloadContext) {
    this.#record = record;
    this.#context = context;
    const reader: ItemReader = {
      readItem: (bytes, start, end) => this.#readLine(bytes, start, end),
      cutItem: () => {},
      loseTrack: () => {},
    };
    this.#streams = [new ItemStream(reader, LONGEST_LINE), new ItemStream(reader, LONGEST_LINE)];
  }

  get isDone(): boolean {
    return this.#lines >= MOST_LINES;
  }

  data(bytes: Uint8Array, start: number, end: number, context: PayloadContext): void {
    this.#context = context;
    this.#streams[context.direction].feed(bytes, start, end);
  }

  gap(direction: Direction, length: number): void {
    this.#streams[direction].gap(length);
  }

  #readLine(bytes: Uint8Array, start: number, end: number): number {
    const newline = indexOfByte(bytes, start, end, 0x0a);
    if (newline < 0) return 0;
    this.#lines++;
    this.#tell(readLatin1(bytes, start, newline).trimEnd());
    return newline + 1 - start;
  }

  #tell(line: string): void {
    const { at, direction } = this.#context;
    const [word = '', ...rest] = line.split(' ');
    const isReply = /^\d{3}$/.test(word);
    if (!isReply && !/^[A-Za-z]{3,4}$/.test(word)) return;
    this.#record.message(at, direction, isReply ? word : word.toUpperCase(), word === 'PASS' ? '' : rest.join(' '));
    if (word === '227') this.#announceEndpoint(direction, parseHostPort(line));
    else if (word === '229') this.#announceEndpoint(direction, parseExtended(line));
    else if (word === 'PORT') this.#announceEndpoint(direction, parseHostPort(line));
    else if (word === 'EPRT') this.#announceEndpoint(direction, parseExtended(line));
  }

  /** Whoever names an endpoint listens there. */
  #announceEndpoint(direction: Direction, listening: { address: string | null; port: number } | null): void {
    if (listening === null || listening.port === 0) return;
    const open = { address: null, port: null };
    const isResponderListening = direction === TO_INITIATOR;
    this.#record.announce({
      at: keep(this.#context.at),
      protocol: 'ftp-data',
      transport: 'tcp',
      initiator: isResponderListening ? open : listening,
      responder: isResponderListening ? listening : open,
      sends: isResponderListening ? 'toResponder' : 'toInitiator',
      isMulticast: false,
      ttl: null,
      how: isResponderListening ? 'FTP PASV' : 'FTP PORT',
      media: '',
      formats: [],
      mayBeSilent: true,
      certainty: 'parsed',
    });
    this.#record.clientDirection ??= TO_RESPONDER;
  }
}

/** `h1,h2,h3,h4,p1,p2` of PORT and 227. */
function parseHostPort(line: string): { address: string; port: number } | null {
  const numbers = /(\d{1,3}),(\d{1,3}),(\d{1,3}),(\d{1,3}),(\d{1,3}),(\d{1,3})/.exec(line)?.slice(1).map(Number);
  if (numbers === undefined || numbers.some((number) => number > 255)) return null;
  const [high = 0, low = 0] = numbers.slice(4);
  return { address: numbers.slice(0, 4).join('.'), port: high * 256 + low };
}

/** `|2|address|port|` of EPRT and `|||port|` of 229. */
function parseExtended(line: string): { address: string | null; port: number } | null {
  const match = /\|\d?\|([0-9a-fA-F.:]*)\|(\d{1,5})\|/.exec(line);
  const port = Number(match?.[2] ?? 0);
  return match === null || port > 65_535 ? null : { address: match[1] || null, port };
}

export const ftp = nameProtocol('ftp', 'FTP', ['tcp'], recognizeFtp, {
  firstBytes: { tcp: firstBytesOf([...GREETINGS, ...USER_COMMAND, ...OPENING_COMMANDS]) },
  open: (record, context) => new FtpDissection(record, context),
});
