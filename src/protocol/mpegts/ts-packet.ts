/** Cells of an MPEG transport stream, ISO/IEC 13818-1 section 2.4.3: 188 bytes that begin with 0x47. */

import { readUint8, readUint16 } from '../../bytes/read.ts';

export const TS_CELL_BYTES = 188;
/** A cell after the arrival time that M2TS (Blu-ray, some recorders) puts before each. */
export const M2TS_CELL_BYTES = 192;
const SYNC_BYTE = 0x47;
/** Adaptation field control, in the fourth byte. */
export const HAS_ADAPTATION = 0x20;
export const HAS_PAYLOAD = 0x10;

/** Number of cells when [start, end) is nothing but whole cells, else 0. */
export function countTsCells(bytes: Uint8Array, start: number, end: number): number {
  return countCells(bytes, start, end, TS_CELL_BYTES, 0);
}

/** The same for cells with a 4-byte arrival time. */
export function countM2tsCells(bytes: Uint8Array, start: number, end: number): number {
  return countCells(bytes, start, end, M2TS_CELL_BYTES, M2TS_CELL_BYTES - TS_CELL_BYTES);
}

/** Either of them; a snap length may cut the last cell of a datagram, the ones before it still tell. */
export function countCapturedCells(bytes: Uint8Array, start: number, end: number, wireLength: number): number {
  const captured = end - start;
  const isCut = wireLength > captured;
  const tsEnd = isCut && wireLength % TS_CELL_BYTES === 0 ? end - (captured % TS_CELL_BYTES) : end;
  const m2tsEnd = isCut && wireLength % M2TS_CELL_BYTES === 0 ? end - (captured % M2TS_CELL_BYTES) : end;
  return countTsCells(bytes, start, tsEnd) || countM2tsCells(bytes, start, m2tsEnd);
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

/** True when the cell at `cell` begins as one must. */
export function hasSync(bytes: Uint8Array, cell: number): boolean {
  return readUint8(bytes, cell) === SYNC_BYTE;
}

/** Offset of the payload behind the adaptation field of a whole cell, or -1 when it has none. */
export function findCellPayload(bytes: Uint8Array, cell: number): number {
  const adaptation = readUint8(bytes, cell + 3) & (HAS_ADAPTATION | HAS_PAYLOAD);
  if ((adaptation & HAS_PAYLOAD) === 0) return -1;
  const payload = adaptation === HAS_PAYLOAD ? cell + 4 : cell + 5 + readUint8(bytes, cell + 4);
  return payload < cell + TS_CELL_BYTES ? payload : -1;
}

export function readPid(bytes: Uint8Array, cell: number): number {
  return readUint16(bytes, cell + 1) & 0x1fff;
}
