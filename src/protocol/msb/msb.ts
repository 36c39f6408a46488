/**
 * MSB: Windows Media by multicast (MS-MSB sections 2.2.3 and 2.2.4), little-endian.
 *
 *   packet id 4 | stream id 2 | size 2 (header included) | ASF packet
 *
 * There is no signature: several packets of one stream, each with its own length and the next id, are the proof. A server
 * that has nothing to send sends a beacon every few seconds instead: the four characters "MSB " and nothing else.
 */

import { readUint8, readUint16Le, readUint32Le, startsWithAscii } from '../../bytes/read.ts';
import type { Confirmation, Dissector, PayloadContext, Recognition } from '../dissector.ts';

const BEACON = 'MSB ';
const HEADER_BYTES = 8;
/** Bits of the stream id that are always zero: it has a format in the lower eleven and a toggle in the highest. */
const UNUSED_STREAM_BITS = 0x7800;
/** First byte of an ASF packet: error correction data follows. */
const ERROR_CORRECTION = 0x80;
const PACKETS_TO_CONFIRM = 5;
/** Packets with other ids (lost or repeated ones) that are borne before the flow is given up. */
const MOST_JUMPS = 4;

function isPacket(bytes: Uint8Array, start: number, end: number, context: PayloadContext): boolean {
  if (!context.isMulticast || end - start <= HEADER_BYTES) return false;
  if (readUint16Le(bytes, start + 6) !== context.wireLength) return false;
  if ((readUint16Le(bytes, start + 4) & UNUSED_STREAM_BITS) !== 0) return false;
  return (readUint8(bytes, start + HEADER_BYTES) & ERROR_CORRECTION) !== 0;
}

function isBeacon(bytes: Uint8Array, start: number, end: number, context: PayloadContext): boolean {
  return context.isMulticast && context.wireLength === BEACON.length && startsWithAscii(bytes, start, end, BEACON);
}

function recognizeMsb(bytes: Uint8Array, start: number, end: number, context: PayloadContext): Recognition {
  if (isBeacon(bytes, start, end, context)) return 'yes';
  return isPacket(bytes, start, end, context) ? 'maybe' : 'no';
}

class MsbConfirmation implements Confirmation {
  #id = -1;
  #advances = 0;
  #jumps = 0;

  accept(bytes: Uint8Array, start: number, end: number, context: PayloadContext): Recognition {
    if (isBeacon(bytes, start, end, context)) return 'yes';
    if (!isPacket(bytes, start, end, context)) return 'no';
    const id = readUint32Le(bytes, start);
    // A parity packet has the id of the packet before it, and proves nothing.
    if (id === this.#id + 1) this.#advances++;
    else if (id !== this.#id && this.#id >= 0 && ++this.#jumps > MOST_JUMPS) return 'no';
    this.#id = id;
    return this.#advances >= PACKETS_TO_CONFIRM - 1 ? 'yes' : 'maybe';
  }
}

export const msb: Dissector = {
  id: 'msb',
  label: 'MSB',
  transports: ['udp'],
  isStreaming: true,
  recognize: recognizeMsb,
  confirm: () => new MsbConfirmation(),
};
