/** Games that meet RTP's shape or RTP's ports: RakNet and Valve's queries. */

import { readUint8, readUint32 } from '../../bytes/read.ts';
import type { Recognition } from '../dissector.ts';
import { eachByte } from '../first-bytes.ts';
import { nameProtocol } from './neighbour.ts';

/** RakNet marks the messages that come before a connection with these sixteen bytes. */
const MAGIC = [0x00ffff00, 0xfefefefe, 0xfdfdfdfd, 0x12345678] as const;
/** Where they stand: pings, pongs, connection requests and replies. */
const MAGIC_OFFSETS: ReadonlyMap<number, number> = new Map([
  [0x01, 9],
  [0x02, 9],
  [0x05, 1],
  [0x06, 1],
  [0x07, 1],
  [0x08, 1],
  [0x19, 2],
  [0x1c, 17],
]);

function recognizeRaknet(bytes: Uint8Array, start: number, end: number): Recognition {
  const offset = MAGIC_OFFSETS.get(readUint8(bytes, start));
  if (offset === undefined || start + offset + 16 > end) return 'no';
  return MAGIC.every((word, i) => readUint32(bytes, start + offset + i * 4) === word) ? 'yes' : 'no';
}

const CONNECTIONLESS = 0xffffffff;
/** Requests and answers for information, players and rules, each a letter. */
const QUERY_LETTERS = 'TUVWAIDEmk';

function recognizeValve(bytes: Uint8Array, start: number, end: number): Recognition {
  if (end - start < 9 || readUint32(bytes, start) !== CONNECTIONLESS) return 'no';
  return QUERY_LETTERS.includes(String.fromCharCode(readUint8(bytes, start + 4))) ? 'yes' : 'no';
}

export const raknet = nameProtocol('raknet', 'RakNet', ['udp'], recognizeRaknet, {
  firstBytes: { udp: eachByte(...MAGIC_OFFSETS.keys()) },
});
export const valve = nameProtocol('source-engine', 'Source engine', ['udp'], recognizeValve, {
  firstBytes: { udp: eachByte(0xff) },
});
