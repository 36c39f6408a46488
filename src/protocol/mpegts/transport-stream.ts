/** Measures one transport stream, datagram by datagram. Nothing is allocated for a cell. */

import { readUint8 } from '../../bytes/read.ts';
import { DeliveryIndex } from './delivery-index.ts';
import { isDiscontinuity, NULL_PID, PidCounters } from './pid-counters.ts';
import { ProgrammeClock, readPcr } from './programme-clock.ts';
import { ProgrammeReader } from './programme-reader.ts';
import { findCellPayload, hasSync, M2TS_CELL_BYTES, readPid, TS_CELL_BYTES } from './ts-packet.ts';

const MOST_CLOCKS = 32;
const BITS_PER_BYTE = 8;
const NS_PER_SECOND = 1e9;

export class TransportStream {
  cells = 0;
  nullCells = 0;
  /** Cells that whoever received them before has marked as damaged, and cells that do not begin as one. */
  transportErrors = 0;
  syncErrors = 0;
  /** Datagrams of which the capture holds a part only: what they lack looks like loss and is none. */
  cutDatagrams = 0;
  readonly pids = new PidCounters();
  readonly tables = new ProgrammeReader();
  /** By PID. */
  readonly clocks = new Map<number, ProgrammeClock>();
  /** That of the programme whose references come most often; null where none does. */
  clock: ProgrammeClock | null = null;
  #delivery: DeliveryIndex | null = null;

  /** The cells in [start, end), of `wireLength` bytes when they were sent; returns how many are missing before them. */
  datagram(bytes: Uint8Array, start: number, end: number, wireLength: number, timeNs: number): number {
    if (end - start < wireLength) this.cutDatagrams++;
    const isM2ts = wireLength % M2TS_CELL_BYTES === 0 && wireLength % TS_CELL_BYTES !== 0;
    const cellBytes = isM2ts ? M2TS_CELL_BYTES : TS_CELL_BYTES;
    const lostBefore = this.pids.lostCells;
    for (let next = start; next + cellBytes <= end; next += cellBytes) {
      this.#cell(bytes, next + cellBytes - TS_CELL_BYTES, timeNs);
    }
    const lost = this.pids.lostCells - lostBefore;
    this.#measureDelivery(timeNs, Math.floor(wireLength / cellBytes) * TS_CELL_BYTES, lost);
    return lost;
  }

  /** Null for a stream that was not seen to have a constant rate: the index is defined for no other. */
  get delivery(): DeliveryIndex | null {
    return this.clock?.isConstantRate === true && this.cutDatagrams === 0 ? this.#delivery : null;
  }

  #cell(bytes: Uint8Array, cell: number, timeNs: number): void {
    if (!hasSync(bytes, cell)) {
      this.syncErrors++;
      return;
    }
    this.cells++;
    const isDamaged = (readUint8(bytes, cell + 1) & 0x80) !== 0;
    if (isDamaged) {
      this.transportErrors++;
      return;
    }
    const pid = readPid(bytes, cell);
    if (pid === NULL_PID) this.nullCells++;
    const isDiscontinuous = isDiscontinuity(bytes, cell);
    this.pids.cell(pid, bytes, cell, isDiscontinuous);
    const pcr = readPcr(bytes, cell);
    if (pcr >= 0) this.#reference(pid, pcr, timeNs, isDiscontinuous);
    const payload = findCellPayload(bytes, cell);
    if (payload < 0) return;
    const hasStart = (readUint8(bytes, cell + 1) & 0x40) !== 0;
    this.tables.payload(pid, bytes, payload, cell + TS_CELL_BYTES, hasStart);
  }

  #reference(pid: number, pcr: number, timeNs: number, isDiscontinuous: boolean): void {
    const clock = this.#clockOf(pid);
    if (clock === null) return;
    clock.reference(pcr, timeNs, this.cells, this.pids.continuityErrors, isDiscontinuous);
    if (clock.references > (this.clock?.references ?? 0)) this.clock = clock;
  }

  #clockOf(pid: number): ProgrammeClock | null {
    const known = this.clocks.get(pid);
    if (known !== undefined || this.clocks.size >= MOST_CLOCKS) return known ?? null;
    const clock = new ProgrammeClock();
    this.clocks.set(pid, clock);
    return clock;
  }

  #measureDelivery(timeNs: number, bytes: number, lost: number): void {
    const rate = this.clock?.isConstantRate === true ? this.clock.bitsPerSecond : null;
    if (rate === null) return;
    this.#delivery ??= new DeliveryIndex(timeNs);
    this.#delivery.datagram(timeNs, bytes, lost, rate / BITS_PER_BYTE / NS_PER_SECOND);
  }
}
