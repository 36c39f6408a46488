/** Packets over TCP: version 3, a reserved byte, and a length that counts this header too (RFC 1006 section 6). */

import { MessageBuffer } from '../../bytes/message-buffer.ts';
import { readUint8, readUint16 } from '../../bytes/read.ts';

export const TPKT_VERSION = 3;
export const TPKT_HEADER_BYTES = 4;
/** The longest packet, and the same again that may have arrived behind its beginning. */
const MOST_HELD_BYTES = 128 * 1024;

/** Length of the packet at `at` with its header, 0 where no header stands. The four bytes must be there. */
export function readTpktLength(bytes: Uint8Array, at: number): number {
  if (readUint8(bytes, at) !== TPKT_VERSION || readUint8(bytes, at + 1) !== 0) return 0;
  const length = readUint16(bytes, at + 2);
  return length < TPKT_HEADER_BYTES ? 0 : length;
}

/** Tells whether what follows a header can be the beginning of a packet of the protocol; `end` may cut it anywhere. */
export type StartTest = (bytes: Uint8Array, start: number, end: number) => boolean;

/** Cuts one direction of a connection into packets; where none can begin, it goes on at the next byte where one can. */
export class TpktStream {
  readonly #buffer = new MessageBuffer(MOST_HELD_BYTES);
  readonly #canStart: StartTest;

  constructor(canStart: StartTest) {
    this.#canStart = canStart;
  }

  /** `visit` gets the range behind each header; empty packets keep connections alive and are left out. */
  data(
    bytes: Uint8Array,
    start: number,
    end: number,
    visit: (bytes: Uint8Array, start: number, end: number) => void,
  ): void {
    const held = this.#buffer;
    if (!held.append(bytes, start, end)) held.clear();
    while (held.length >= TPKT_HEADER_BYTES) {
      const length = readTpktLength(held.bytes, held.start);
      const from = held.start + TPKT_HEADER_BYTES;
      const to = held.start + length;
      if (length === 0 || !this.#canStart(held.bytes, from, Math.min(to, held.end))) {
        held.consume(1);
        continue;
      }
      if (length > held.length) return;
      if (length > TPKT_HEADER_BYTES) visit(held.bytes, from, to);
      held.consume(length);
    }
  }

  gap(): void {
    this.#buffer.clear();
  }
}
