/** Cells by PID and the continuity of each, ISO/IEC 13818-1 section 2.4.3.3. */

import { readUint8 } from '../../bytes/read.ts';
import { HAS_ADAPTATION, HAS_PAYLOAD } from './ts-packet.ts';

const PIDS = 8192;
const MOST_PIDS = 255;
export const NULL_PID = 0x1fff;

/** Offsets within a record. */
const PID = 0;
const CELLS = 1;
const LAST_COUNTER = 2;
const IS_REPEATED = 3;
const ERRORS = 4;
const LOST = 5;
const COPIES = 6;
const SCRAMBLED = 7;
const FIELDS = 8;

export interface PidCount {
  readonly pid: number;
  readonly cells: number;
  /** Places where cells are missing or out of order, and how many at least; the counter hides multiples of sixteen. */
  readonly continuityErrors: number;
  readonly lostCells: number;
  /** Sent twice in a row, as the standard permits. */
  readonly copies: number;
  readonly scrambledCells: number;
}

export class PidCounters {
  continuityErrors = 0;
  lostCells = 0;
  scrambledCells = 0;
  /** Cells of more PIDs than are counted one by one. */
  unplacedCells = 0;
  /** Record + 1 by PID; 0 is none. */
  readonly #places = new Uint8Array(PIDS);
  #values = new Float64Array(16 * FIELDS);
  #count = 0;

  /** One cell; `isDiscontinuous`: it says itself that its counter begins anew. Returns how many are missing before it. */
  cell(pid: number, bytes: Uint8Array, cell: number, isDiscontinuous: boolean): number {
    const at = this.#recordOf(pid);
    if (at < 0) {
      this.unplacedCells++;
      return 0;
    }
    const values = this.#values;
    const control = readUint8(bytes, cell + 3);
    values[at + CELLS] = (values[at + CELLS] as number) + 1;
    if ((control & 0xc0) !== 0) {
      values[at + SCRAMBLED] = (values[at + SCRAMBLED] as number) + 1;
      this.scrambledCells++;
    }
    // Null cells count nothing, and cells without a payload do not count on.
    if (pid === NULL_PID || (control & HAS_PAYLOAD) === 0) return 0;
    return this.#follow(at, control & 0x0f, isDiscontinuous);
  }

  counts(): PidCount[] {
    const values = this.#values;
    const counts = Array.from({ length: this.#count }, (_, i) => {
      const field = (offset: number) => values[i * FIELDS + offset] as number;
      return {
        pid: field(PID),
        cells: field(CELLS),
        continuityErrors: field(ERRORS),
        lostCells: field(LOST),
        copies: field(COPIES),
        scrambledCells: field(SCRAMBLED),
      };
    });
    return counts.sort((one, other) => one.pid - other.pid);
  }

  #follow(at: number, counter: number, isDiscontinuous: boolean): number {
    const values = this.#values;
    const last = values[at + LAST_COUNTER] as number;
    values[at + LAST_COUNTER] = counter;
    if (last < 0 || isDiscontinuous) {
      values[at + IS_REPEATED] = 0;
      return 0;
    }
    if (counter === last && values[at + IS_REPEATED] === 0) {
      values[at + IS_REPEATED] = 1;
      values[at + COPIES] = (values[at + COPIES] as number) + 1;
      return 0;
    }
    values[at + IS_REPEATED] = 0;
    const lost = (counter - last - 1) & 0x0f;
    if (lost === 0) return 0;
    values[at + ERRORS] = (values[at + ERRORS] as number) + 1;
    values[at + LOST] = (values[at + LOST] as number) + lost;
    this.continuityErrors++;
    this.lostCells += lost;
    return lost;
  }

  /** Offset of a PID's record, or -1 when there is no place for it. */
  #recordOf(pid: number): number {
    const place = this.#places[pid] as number;
    if (place > 0) return (place - 1) * FIELDS;
    if (this.#count >= MOST_PIDS) return -1;
    const at = this.#count * FIELDS;
    if (at >= this.#values.length) {
      const grown = new Float64Array(this.#values.length * 2);
      grown.set(this.#values);
      this.#values = grown;
    }
    this.#count++;
    this.#places[pid] = this.#count;
    this.#values[at + PID] = pid;
    this.#values[at + LAST_COUNTER] = -1;
    return at;
  }
}

/** Whether the cell's adaptation field says that continuity or clock begin anew here. */
export function isDiscontinuity(bytes: Uint8Array, cell: number): boolean {
  if ((readUint8(bytes, cell + 3) & HAS_ADAPTATION) === 0 || readUint8(bytes, cell + 4) === 0) return false;
  return (readUint8(bytes, cell + 5) & 0x80) !== 0;
}
