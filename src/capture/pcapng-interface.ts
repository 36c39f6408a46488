/** What pcapng says of an interface: description and statistics blocks (draft-ietf-opsawg-pcapng sections 4.2, 4.6). */

import { readUint8 } from '../bytes/read.ts';
import type { ByteWindow } from './byte-window.ts';
import { type CaptureLog, MAX_COMMENT_BYTES } from './capture-log.ts';
import type { CaptureInterface } from './frame-batch.ts';
import { OptionCursor, readOptionCount, readOptionText } from './pcapng-option.ts';
import { TimestampUnit } from './timestamp-unit.ts';

const COMMENT = 1;
const INTERFACE = { name: 2, timestampResolution: 9, filter: 11, timestampOffset: 14 };
const STATISTICS = { interfaceDrops: 5, systemDrops: 7 };

/** The finest units that a 64-bit time can hold. */
const MAX_DECIMAL_EXPONENT = 19;
const MAX_BINARY_EXPONENT = 63;
const DEFAULT_EXPONENT = 6;

/** What is kept of texts, as there may be 65,535 interfaces. */
const MAX_NAME_BYTES = 256;
const MAX_FILTER_BYTES = 1024;

export interface PcapngInterface {
  /** Index in the whole capture; ids start anew in each section. */
  readonly index: number;
  readonly linkType: number;
  readonly snapLength: number;
  readonly unit: TimestampUnit;
  /** Its `dropped` grows by what frames tell, and is replaced by what statistics tell. */
  readonly info: CaptureInterface;
}

export function countDropped({ info }: PcapngInterface, count: number): void {
  info.dropped = (info.dropped ?? 0) + count;
}

/** Reads an interface description block whose body is [start, end) of the window; null when its options are broken. */
export function readInterface(
  window: ByteWindow,
  start: number,
  end: number,
  isLittleEndian: boolean,
  log: CaptureLog,
): PcapngInterface | null {
  const { bytes, view } = window;
  const linkType = view.getUint16(start, isLittleEndian);
  const snapLength = view.getUint32(start + 4, isLittleEndian);
  let name: string | null = null;
  let filter: string | null = null;
  let resolution = DEFAULT_EXPONENT;
  let offsetSeconds = 0;
  const option = new OptionCursor(view, start + 8, end, isLittleEndian);
  while (option.next()) {
    const length = option.end - option.start;
    if (option.code === COMMENT) log.comment(0, readOptionText(bytes, option, MAX_COMMENT_BYTES));
    else if (option.code === INTERFACE.name) name = readOptionText(bytes, option, MAX_NAME_BYTES);
    // The filter's first byte tells text (0) from byte code.
    else if (option.code === INTERFACE.filter && length > 1 && readUint8(bytes, option.start) === 0)
      filter = readOptionText(bytes, option, MAX_FILTER_BYTES).slice(1);
    else if (option.code === INTERFACE.timestampResolution && length >= 1) resolution = readUint8(bytes, option.start);
    else if (option.code === INTERFACE.timestampOffset && length >= 8)
      offsetSeconds = Number(view.getBigInt64(option.start, isLittleEndian));
  }
  if (option.isBroken) return null;
  const unit = makeUnit(resolution, offsetSeconds, log, window.offsetOf(start));
  const info: CaptureInterface = { name, linkType, snapLength, filter, dropped: null };
  return { index: log.addInterface(info), linkType, snapLength, unit, info };
}

/** Reads the options [start, end) of an interface statistics block; its counters are cumulative, so the last block holds. */
export function readStatistics(
  view: DataView,
  start: number,
  end: number,
  isLittleEndian: boolean,
  target: PcapngInterface,
): void {
  let dropped: number | null = null;
  const option = new OptionCursor(view, start, end, isLittleEndian);
  while (option.next()) {
    if (option.code !== STATISTICS.interfaceDrops && option.code !== STATISTICS.systemDrops) continue;
    const count = readOptionCount(view, option, isLittleEndian);
    if (count !== null) dropped = (dropped ?? 0) + count;
  }
  if (dropped !== null) target.info.dropped = dropped;
}

function makeUnit(resolution: number, offsetSeconds: number, log: CaptureLog, offset: number): TimestampUnit {
  const isBinary = (resolution & 0x80) !== 0;
  const exponent = resolution & 0x7f;
  if (exponent <= (isBinary ? MAX_BINARY_EXPONENT : MAX_DECIMAL_EXPONENT))
    return new TimestampUnit(exponent, isBinary, offsetSeconds);
  log.warn(offset, `An interface states an impossible time resolution (${resolution}); microseconds were assumed.`);
  return new TimestampUnit(DEFAULT_EXPONENT, false, offsetSeconds);
}
