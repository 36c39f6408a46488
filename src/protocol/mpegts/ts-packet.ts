/** Cells of an MPEG transport stream, ISO/IEC 13818-1 section 2.4.3: 188 bytes that begin with 0x47. */

import { readUint8, readUint16 } from '../../bytes/read.ts';

export const TS_CELL_BYTES = 188;
/** A cell after the arrival time that M2TS (Blu-ray, some recorders) puts before each. */
export const M2TS_CELL_BYTES = 192;
const SYNC_BYTE = 0x47;

/** Number of cells when [start, end) is nothing but whole cells, else 0. */
export function countTsCells(bytes: Uint8Array, start: number, end: number): number {
  return countCells(bytes, start, end, TS_CELL_BYTES, 0);
}

/** The same for cells with a 4-byte arrival time. */
export function countM2tsCells(bytes: Uint8Array, start: number, end: number): number {
  return countCells(bytes, start, end, M2TS_CELL_BYTES, M2TS_CELL_BYTES - TS_CELL_BYTES);
}

function countCells(bytes: Uint8Array, start: number, end: number, cellBytes: number, syncOffset: number): number {
  const length = end - start;
  if (length < cellBytes || length % cellBytes !== 0) return 0;
  for (let cell = start; cell < end; cell += cellBytes) {
    if (!isTsHeader(bytes, cell + syncOffset)) return 0;
  }
  return length / cellBytes;
}

/** The sync byte, and an adaptation field control that is not the reserved 0. */
function isTsHeader(bytes: Uint8Array, offset: number): boolean {
  return readUint8(bytes, offset) === SYNC_BYTE && (readUint8(bytes, offset + 3) & 0x30) !== 0;
}

export function readPid(bytes: Uint8Array, cell: number): number {
  return readUint16(bytes, cell + 1) & 0x1fff;
}
