/** MPEG transport streams straight over UDP, ISO/IEC 13818-1 section 2.4: usually seven cells a datagram. */

import type { ControlRecord } from '../control-record.ts';
import type { Confirmation, Dissection, Dissector, PayloadContext, Recognition } from '../dissector.ts';
import { countCapturedCells, countM2tsCells, countTsCells } from './ts-packet.ts';

/** A lone cell starts with one telling byte only: as many datagrams of one cell prove it. */
const LONE_CELLS = 3;

function recognizeMpegTs(bytes: Uint8Array, start: number, end: number, context: PayloadContext): Recognition {
  const cells = countCapturedCells(bytes, start, end, context.wireLength);
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

/** Only tells the kind of its cells: they are measured elsewhere, one by one. */
class MpegTsDissection implements Dissection {
  isDone = false;
  readonly #record: ControlRecord;

  constructor(record: ControlRecord) {
    this.#record = record;
  }

  data(bytes: Uint8Array, start: number, end: number): void {
    this.isDone = true;
    const isM2ts = countTsCells(bytes, start, end) === 0 && countM2tsCells(bytes, start, end) > 0;
    if (isM2ts) this.#record.variant = 'M2TS, 192-byte cells';
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
