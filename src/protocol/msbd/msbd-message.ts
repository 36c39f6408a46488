/**
 * Messages of the Media Stream Broadcast Distribution protocol, MS-MSBD section 2.2. Little-endian, but for the port and the
 * address of a group.
 *
 *   "MSB " 4 | version 2 (0x0106) | message id 2 | length 4 (header included) | HRESULT 4
 */

import { readUint16Le, readUint32Le, startsWithAscii } from '../../bytes/read.ts';

export const SIGNATURE = 'MSB ';
export const HEADER_BYTES = 16;
const VERSION = 0x0106;
const MOST_LENGTH = 0xffff;

export const MESSAGE = {
  requestConnect: 7,
  respondConnect: 8,
  streamInfo: 5,
  endOfStream: 9,
  packet: 10,
} as const;

const NAMES: ReadonlyMap<number, string> = new Map([
  [1, 'REQ_PING'],
  [2, 'RES_PING'],
  [3, 'REQ_STREAMINFO'],
  [4, 'RES_STREAMINFO'],
  [5, 'IND_STREAMINFO'],
  [7, 'REQ_CONNECT'],
  [8, 'RES_CONNECT'],
  [9, 'IND_EOS'],
  [10, 'IND_PACKET'],
]);

/** Length of the whole message at `start`, or 0 when no valid header stands there; needs `HEADER_BYTES`. */
export function readMessageLength(bytes: Uint8Array, start: number): number {
  if (!startsWithAscii(bytes, start, start + HEADER_BYTES, SIGNATURE)) return 0;
  if (readUint16Le(bytes, start + 4) !== VERSION || !NAMES.has(readMessageId(bytes, start))) return 0;
  const length = readUint32Le(bytes, start + 8);
  return length >= HEADER_BYTES && length <= MOST_LENGTH ? length : 0;
}

export function readMessageId(bytes: Uint8Array, start: number): number {
  return readUint16Le(bytes, start + 6);
}

export function nameMessage(id: number): string {
  return NAMES.get(id) ?? '';
}
