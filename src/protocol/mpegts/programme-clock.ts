/**
 * The clock references of one programme (PCR, ISO/IEC 13818-1 section 2.4.3.5): how often they come, how far their arrival
 * strays from what they say, and the rate of the transport stream between them.
 */

import { readUint8, readUint32 } from '../../bytes/read.ts';
import { HAS_ADAPTATION, TS_CELL_BYTES } from './ts-packet.ts';

const TICKS_PER_MS = 27_000;
const RANGE = 2 ** 33 * 300;
/** A clock that goes on by more between two references, or backward, was set anew. */
const LONGEST_STEP = 1000 * TICKS_PER_MS;
const NS_PER_MS = 1e6;
/** Shares of a constant rate that intervals may stray by, beside the one cell that a position is worth. */
const CONSTANT_RATE_TOLERANCE = 0.01;
const FEWEST_INTERVALS = 10;
const SHORTEST_MS = 500;
/** Unevenness of arrival hides the drift of a shorter time. */
const SHORTEST_DRIFT_MS = 30_000;
/** Of all intervals, how many may stray where a multiplexer corrects itself. */
const MOST_STRAYING = 0.02;

/** Ticks of 27 MHz in the adaptation field of the cell, or -1 when it holds none. */
export function readPcr(bytes: Uint8Array, cell: number): number {
  if ((readUint8(bytes, cell + 3) & HAS_ADAPTATION) === 0 || readUint8(bytes, cell + 4) < 7) return -1;
  if ((readUint8(bytes, cell + 5) & 0x10) === 0) return -1;
  const lastBits = readUint8(bytes, cell + 10);
  const base = readUint32(bytes, cell + 6) * 2 + (lastBits >> 7);
  return base * 300 + (lastBits & 1) * 256 + readUint8(bytes, cell + 11);
}

export class ProgrammeClock {
  references = 0;
  /** Times that the clock was set anew. */
  discontinuities = 0;
  maxIntervalMs = 0;
  /** Of the arrival of a reference against the one before: RFC 3550's smoothed value at its highest, and the largest single one. */
  maxJitterMs = 0;
  maxDeviationMs = 0;
  #jitterMs = 0;
  #last = -1;
  #lastTime = 0;
  #lastCell = 0;
  #lastErrors = 0;
  /** By its own clock and by the capture's, over the intervals in which nothing was set anew. */
  #clockMs = 0;
  #arrivalMs = 0;
  /** The same over intervals in which no cell is missing, and the cells in them. */
  #wholeMs = 0;
  #wholeCells = 0;
  #intervals = 0;
  #straying = 0;

  /** `cells`: how many of the whole stream came so far; `errors`: the places so far where some are missing. */
  reference(pcr: number, timeNs: number, cells: number, errors: number, isDiscontinuous: boolean): void {
    this.references++;
    const step = (pcr - this.#last + RANGE) % RANGE;
    const arrivalMs = (timeNs - this.#lastTime) / NS_PER_MS;
    const isFirst = this.#last < 0;
    const isNew = isDiscontinuous || step > LONGEST_STEP;
    if (!isFirst && isNew) this.discontinuities++;
    if (!isFirst && !isNew) this.#interval(step / TICKS_PER_MS, arrivalMs, cells, errors);
    this.#last = pcr;
    this.#lastTime = timeNs;
    this.#lastCell = cells;
    this.#lastErrors = errors;
  }

  /** Of the transport stream, by this clock; null before enough of it was seen. */
  get bitsPerSecond(): number | null {
    if (this.#intervals < FEWEST_INTERVALS || this.#wholeMs < SHORTEST_MS) return null;
    return (this.#wholeCells * TS_CELL_BYTES * 8 * 1000) / this.#wholeMs;
  }

  /** Null before enough was seen to tell. */
  get isConstantRate(): boolean | null {
    return this.bitsPerSecond === null ? null : this.#straying <= this.#intervals * MOST_STRAYING;
  }

  /** How much faster than the capture's this clock runs, in parts per million; null before enough of it was seen. */
  get driftPpm(): number | null {
    return this.#arrivalMs < SHORTEST_DRIFT_MS ? null : (this.#clockMs / this.#arrivalMs - 1) * 1e6;
  }

  #interval(clockMs: number, arrivalMs: number, cells: number, errors: number): void {
    const deviation = Math.abs(arrivalMs - clockMs);
    this.#jitterMs += (deviation - this.#jitterMs) / 16;
    this.maxJitterMs = Math.max(this.maxJitterMs, this.#jitterMs);
    this.maxDeviationMs = Math.max(this.maxDeviationMs, deviation);
    this.maxIntervalMs = Math.max(this.maxIntervalMs, clockMs);
    this.#clockMs += clockMs;
    this.#arrivalMs += arrivalMs;
    if (errors !== this.#lastErrors) return;
    const inInterval = cells - this.#lastCell;
    const usual = this.#wholeMs === 0 ? inInterval : (this.#wholeCells / this.#wholeMs) * clockMs;
    if (Math.abs(inInterval - usual) > 2 + usual * CONSTANT_RATE_TOLERANCE) this.#straying++;
    this.#intervals++;
    this.#wholeMs += clockMs;
    this.#wholeCells += inInterval;
  }
}
