/** Bytes as people compare them with other tools: offset, hex, and what can be read of them. */

import type { FrameDetail, FrameLayer } from '../../analysis/frame-layers.ts';
import { counted } from '../../format/count.ts';
import { span } from '../line.ts';
import { type Scene, type TextLine, text } from './view.ts';

/** Bytes in a row, and the columns that the wider one needs. */
const NARROW_ROW = 16;
const WIDE_ROW = 32;
const COLUMNS_OF_WIDE_ROW = 142;
const GROUP = 8;

/** The bytes of `marked` stand out, and their rows have a line in the margin. */
export function hexDump(
  { bytes, capturedLength }: FrameDetail,
  marked: Pick<FrameLayer, 'start' | 'end'> | undefined,
  { width, marks }: Scene,
): TextLine[] {
  const perRow = width >= COLUMNS_OF_WIDE_ROW ? WIDE_ROW : NARROW_ROW;
  const from = Math.min(bytes.length, marked?.start ?? bytes.length);
  const to = Math.min(bytes.length, marked?.end ?? bytes.length);
  const rows: TextLine[] = [];
  for (let start = 0; start < bytes.length; start += perRow) {
    const end = Math.min(bytes.length, start + perRow);
    // What comes before the marked bytes, these, and what follows them.
    const parts = [
      [start, Math.min(end, from), 'dim'],
      [Math.max(start, from), Math.min(end, to), 'strong'],
      [Math.max(start, to), end, 'dim'],
    ] as const;
    const isMarked = from < end && to > start;
    rows.push(
      text([
        span(isMarked ? `${marks.lifeline} ` : '  ', 'key'),
        span(`${start.toString(16).padStart(4, '0')}  `, 'dim'),
        ...parts.map(([first, last, role]) => span(hexCells(bytes, first, last, start), role)),
        span(' '.repeat(hexWidth(perRow) - hexWidth(end - start))),
        ...parts.map(([first, last, role]) => span(characters(bytes, first, last), role)),
      ]),
    );
  }
  const rest = capturedLength - bytes.length;
  return rest > 0 ? [...rows, text([span(`  and ${counted(rest, 'more byte')}`, 'dim')])] : rows;
}

export function hex(byte: number): string {
  return byte.toString(16).padStart(2, '0');
}

export function isReadable(byte: number): boolean {
  return byte >= 0x20 && byte < 0x7f;
}

/** Cells of `count` bytes from the start of a row. */
function hexWidth(count: number): number {
  return 3 * count + Math.floor(count / GROUP);
}

function hexCells(bytes: Uint8Array, start: number, end: number, rowStart: number): string {
  let cells = '';
  for (let at = start; at < end; at++) {
    cells += `${hex(bytes[at] ?? 0)} ${(at - rowStart) % GROUP === GROUP - 1 ? ' ' : ''}`;
  }
  return cells;
}

function characters(bytes: Uint8Array, start: number, end: number): string {
  let characters = '';
  for (let at = start; at < end; at++) {
    const byte = bytes[at] ?? 0;
    characters += isReadable(byte) ? String.fromCharCode(byte) : '.';
  }
  return characters;
}
