/** Transport streams for people and reports: what they carry, whether it is whole, and how evenly it comes. */

import { printable } from '../format/text.ts';
import { NULL_PID } from '../protocol/mpegts/pid-counters.ts';
import type { ProgrammeClock } from '../protocol/mpegts/programme-clock.ts';
import type { Programme } from '../protocol/mpegts/programme-reader.ts';
import type { TransportStream } from '../protocol/mpegts/transport-stream.ts';
import type {
  DeliveryIndexRow,
  PidRow,
  ProgrammeClockRow,
  ProgrammeRow,
  TransportStreamRow,
} from './measured-media.ts';

/** PIDs of fixed meaning, ISO/IEC 13818-1 table 2-3 and ETSI EN 300 468 table 1. */
const FIXED_PIDS: ReadonlyMap<number, string> = new Map([
  [0x00, 'PAT'],
  [0x01, 'CAT'],
  [0x10, 'NIT'],
  [0x11, 'SDT'],
  [0x12, 'EIT'],
  [0x14, 'TDT'],
  [NULL_PID, 'null'],
]);
const MOST_NAME_CHARACTERS = 80;

export function transportRow(transport: TransportStream): TransportStreamRow {
  const isWhole = transport.cutDatagrams === 0;
  const rate = transport.clock?.bitsPerSecond ?? null;
  const programmes = [...transport.tables.programmes.values()];
  return {
    cells: transport.cells,
    nullCells: transport.nullCells,
    continuityErrors: isWhole ? transport.pids.continuityErrors : null,
    lostCells: isWhole ? transport.pids.lostCells : null,
    transportErrors: transport.transportErrors,
    syncErrors: transport.syncErrors,
    scrambledCells: transport.pids.scrambledCells,
    bitsPerSecond: isWhole && rate !== null ? Math.round(rate) : null,
    isConstantRate: isWhole ? (transport.clock?.isConstantRate ?? null) : null,
    deliveryIndex: deliveryRow(transport),
    programmes: programmes.map((programme) => programmeRow(programme, transport)),
    pids: pidRows(transport, programmes, isWhole),
  };
}

/** What all programmes carry, as `H264, AAC`; null before a table was read. */
export function codecsOf(transport: TransportStream): string | null {
  const types = [...transport.tables.programmes.values()].flatMap(({ streams }) => streams.map(({ type }) => type));
  return types.length === 0 ? null : [...new Set(types)].join(', ');
}

/** Safe to print; null where no table says. */
export function programmeNamesOf(transport: TransportStream): string | null {
  const { programmes, services } = transport.tables;
  const names = [...programmes.keys()].map((number) => services.get(number)?.name ?? '').filter((name) => name !== '');
  return names.length === 0 ? null : names.map((name) => printable(name, MOST_NAME_CHARACTERS)).join(', ');
}

function deliveryRow({ delivery }: TransportStream): DeliveryIndexRow | null {
  if (delivery === null || delivery.meanDelayFactorMs === null) return null;
  const { meanDelayFactorMs, maxDelayFactorMs, maxLossRate } = delivery;
  return { meanDelayFactorMs, maxDelayFactorMs, maxLossRate };
}

function programmeRow(programme: Programme, { clocks, tables }: TransportStream): ProgrammeRow {
  const { number, streams, pcrPid } = programme;
  const service = tables.services.get(number);
  const clock = pcrPid === null ? undefined : clocks.get(pcrPid);
  return {
    number,
    name: printableName(service?.name),
    provider: printableName(service?.provider),
    streams,
    clock: pcrPid === null || clock === undefined ? null : clockRow(pcrPid, clock),
  };
}

function printableName(name = ''): string | null {
  return name === '' ? null : printable(name, MOST_NAME_CHARACTERS);
}

function clockRow(pid: number, clock: ProgrammeClock): ProgrammeClockRow {
  const { references, maxIntervalMs, maxJitterMs, maxDeviationMs, discontinuities, driftPpm } = clock;
  return { pid, references, maxIntervalMs, maxJitterMs, maxDeviationMs, discontinuities, driftPpm };
}

function pidRows(transport: TransportStream, programmes: readonly Programme[], isWhole: boolean): PidRow[] {
  const contents = new Map(FIXED_PIDS);
  for (const { pmtPid, streams } of programmes) {
    contents.set(pmtPid, 'PMT');
    for (const { pid, type } of streams) contents.set(pid, type);
  }
  return transport.pids.counts().map(({ pid, continuityErrors, lostCells, ...counts }) => ({
    pid,
    content: contents.get(pid) ?? null,
    ...counts,
    continuityErrors: isWhole ? continuityErrors : null,
    lostCells: isWhole ? lostCells : null,
  }));
}
