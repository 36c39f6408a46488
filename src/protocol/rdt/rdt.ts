/**
 * RDT, the media transport of RealNetworks' servers; no specification is public, and other dissectors agree on this much.
 * Its bytes prove little, so a flow is RDT only where a SETUP has negotiated it (`x-real-rdt`).
 *
 * Data:    | L R s s s s s r | sequence (2, below 0xff00) | length (2) if L | ...   s: stream
 * Control: | L . . . . . . . | type (2, from 0xff00)      | length (2) if L | ...
 */

import { readUint8, readUint16 } from '../../bytes/read.ts';
import type { ControlRecord } from '../control-record.ts';
import type { Dissection, Dissector, PayloadContext } from '../dissector.ts';

const LENGTH_PRESENT = 0x80;
const FIRST_CONTROL_TYPE = 0xff00;
const HEADER_BYTES = 3;
const LENGTH_BYTES = 2;
/** Packets in one datagram that are looked at. */
const MOST_PACKETS = 64;

/** Control packets worth a line in a ladder; reports and acknowledgements are too many. */
const NAMES: ReadonlyMap<number, string> = new Map([
  [0xff05, 'congestion'],
  [0xff06, 'stream end'],
]);

class RdtDissection implements Dissection {
  readonly #record: ControlRecord;
  readonly #streams = new Set<number>();

  constructor(record: ControlRecord) {
    this.#record = record;
  }

  data(bytes: Uint8Array, start: number, end: number, context: PayloadContext): void {
    let at = start;
    for (let count = 0; count < MOST_PACKETS && end - at >= HEADER_BYTES; count++) {
      this.#packet(readUint8(bytes, at), readUint16(bytes, at + 1), context);
      // Without a length, the packet is the last one.
      if ((readUint8(bytes, at) & LENGTH_PRESENT) === 0 || end - at < HEADER_BYTES + LENGTH_BYTES) return;
      at += Math.max(HEADER_BYTES + LENGTH_BYTES, readUint16(bytes, at + HEADER_BYTES));
    }
  }

  #packet(flags: number, sequence: number, context: PayloadContext): void {
    if (sequence >= FIRST_CONTROL_TYPE) {
      const name = NAMES.get(sequence);
      if (name !== undefined) this.#record.message(context.at, context.direction, name);
      return;
    }
    const stream = (flags >> 1) & 0x1f;
    if (this.#streams.has(stream)) return;
    this.#streams.add(stream);
    this.#record.replaceFact('streams', [...this.#streams].join(', '));
  }
}

export const rdt: Dissector = {
  id: 'rdt',
  label: 'RDT',
  transports: ['udp'],
  isStreaming: true,
  firstBytes: { udp: [] },
  recognize: () => 'no',
  open: (record) => new RdtDissection(record),
};
