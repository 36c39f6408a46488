/** MPEG transport streams straight over UDP, ISO/IEC 13818-1 section 2.4: usually seven cells a datagram. */

import type { ControlRecord } from '../control-record.ts';
import type { Confirmation, Dissection, Dissector, PayloadContext, Recognition } from '../dissector.ts';
import { ProgrammeReader } from './programme-reader.ts';
import { countM2tsCells, countTsCells, M2TS_CELL_BYTES, TS_CELL_BYTES } from './ts-packet.ts';

/** A lone cell starts with one telling byte only: as many datagrams of one cell prove it. */
const LONE_CELLS = 3;
/** Tables come at least twice a second; after as many datagrams without one, there is none to wait for. */
const DATAGRAMS_READ = 2000;

/** A snap length cuts the last cell of a datagram; the ones before it still tell. */
function countCells(bytes: Uint8Array, start: number, end: number, wireLength: number): number {
  const captured = end - start;
  const isCut = wireLength > captured;
  const tsEnd = isCut && wireLength % TS_CELL_BYTES === 0 ? end - (captured % TS_CELL_BYTES) : end;
  const m2tsEnd = isCut && wireLength % M2TS_CELL_BYTES === 0 ? end - (captured % M2TS_CELL_BYTES) : end;
  return countTsCells(bytes, start, tsEnd) || countM2tsCells(bytes, start, m2tsEnd);
}

function recognizeMpegTs(bytes: Uint8Array, start: number, end: number, context: PayloadContext): Recognition {
  const cells = countCells(bytes, start, end, context.wireLength);
  if (cells >= 2) return 'yes';
  return cells === 1 ? 'maybe' : 'no';
}

class LoneCellConfirmation implements Confirmation {
  #cells = 0;

  accept(bytes: Uint8Array, start: number, end: number, context: PayloadContext): Recognition {
    const recognition = recognizeMpegTs(bytes, start, end, context);
    if (recognition !== 'maybe') return recognition;
    this.#cells++;
    return this.#cells >= LONE_CELLS ? 'yes' : 'maybe';
  }
}

/** Reads the tables that name the programmes. */
class MpegTsDissection implements Dissection {
  readonly #record: ControlRecord;
  readonly #programmes = new ProgrammeReader();
  #datagrams = 0;

  constructor(record: ControlRecord) {
    this.#record = record;
  }

  get isDone(): boolean {
    return this.#datagrams >= DATAGRAMS_READ || this.#programmes.isComplete;
  }

  data(bytes: Uint8Array, start: number, end: number): void {
    this.#datagrams++;
    const isM2ts = countTsCells(bytes, start, end) === 0 && countM2tsCells(bytes, start, end) > 0;
    if (isM2ts) this.#record.variant = 'M2TS, 192-byte cells';
    const cellBytes = isM2ts ? M2TS_CELL_BYTES : TS_CELL_BYTES;
    if (!this.#programmes.readCells(bytes, start, end, cellBytes)) return;
    this.#record.replaceFact('codec', this.#programmes.codecs);
    this.#record.replaceFact('programme', this.#programmes.programme);
  }
}

export const mpegts: Dissector = {
  id: 'mpegts',
  label: 'MPEG-TS',
  transports: ['udp'],
  isStreaming: true,
  recognize: recognizeMpegTs,
  confirm: () => new LoneCellConfirmation(),
  open: (record) => new MpegTsDissection(record),
};
