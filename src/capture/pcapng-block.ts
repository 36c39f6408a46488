/** Makes pcapng blocks (draft-ietf-opsawg-pcapng), little endian, with times in nanoseconds. */

import { viewOf } from '../bytes/read.ts';

const BLOCK = { section: 0x0a0d0d0a, interface: 1, statistics: 5, enhancedPacket: 6 };
const BYTE_ORDER_MAGIC = 0x1a2b3c4d;
const OPTION = {
  comment: 1,
  userApplication: 4,
  interfaceName: 2,
  interfaceDescription: 3,
  timestampResolution: 9,
  filter: 11,
  systemDrops: 7,
};
const NANOSECONDS = 9;
/** Type and length before the body, length again behind it. */
const BLOCK_OVERHEAD = 12;
const MAX_OPTION_BYTES = 65_535;

export interface SectionHeader {
  readonly application?: string;
  readonly comments?: readonly string[];
}

export interface InterfaceDescription {
  readonly name: string | null;
  readonly linkType: number;
  /** 0 means no limit. */
  readonly snapLength: number;
  readonly filter?: string | null;
  readonly description?: string;
}

export interface WrittenFrame {
  /** Index of the interface in the section, in the order in which they were written. */
  readonly interfaceIndex: number;
  readonly seconds: number;
  readonly nanoseconds: number;
  /** What is stored; borrowed. */
  readonly bytes: Uint8Array;
  readonly wireLength: number;
  readonly comments?: readonly string[];
}

export function encodeSectionHeader(section: SectionHeader): Uint8Array {
  const options = [...commentOptions(section.comments), ...textOption(OPTION.userApplication, section.application)];
  const block = new BlockBuilder(BLOCK.section, 16, options);
  block.view.setUint32(8, BYTE_ORDER_MAGIC, true);
  block.view.setUint16(12, 1, true);
  // The length of the section is not known while it is written.
  block.view.setBigInt64(16, -1n, true);
  return block.bytes;
}

export function encodeInterfaceDescription(described: InterfaceDescription): Uint8Array {
  const options = [
    ...textOption(OPTION.interfaceName, described.name),
    ...textOption(OPTION.interfaceDescription, described.description),
    { code: OPTION.timestampResolution, value: Uint8Array.of(NANOSECONDS) },
    // The first byte says that the filter is text.
    ...textOption(OPTION.filter, described.filter == null ? null : `\0${described.filter}`),
  ];
  const block = new BlockBuilder(BLOCK.interface, 8, options);
  block.view.setUint16(8, described.linkType, true);
  block.view.setUint32(12, described.snapLength, true);
  return block.bytes;
}

/** Times before 1970, which the format cannot hold, become 1970. */
export function encodeFrame(frame: WrittenFrame): Uint8Array {
  const padded = padTo4(frame.bytes.length);
  const block = new BlockBuilder(BLOCK.enhancedPacket, 20 + padded, commentOptions(frame.comments));
  block.view.setUint32(8, frame.interfaceIndex, true);
  setTime(block.view, 12, frame.seconds, frame.nanoseconds);
  block.view.setUint32(20, frame.bytes.length, true);
  block.view.setUint32(24, frame.wireLength, true);
  block.bytes.set(frame.bytes, 28);
  return block.bytes;
}

/** Says at `seconds` how many frames of an interface were dropped so far. */
export function encodeStatistics(
  interfaceIndex: number,
  dropped: number,
  seconds: number,
  nanoseconds: number,
): Uint8Array {
  const value = new Uint8Array(8);
  viewOf(value).setBigUint64(0, BigInt(dropped), true);
  const block = new BlockBuilder(BLOCK.statistics, 12, [{ code: OPTION.systemDrops, value }]);
  block.view.setUint32(8, interfaceIndex, true);
  setTime(block.view, 12, seconds, nanoseconds);
  return block.bytes;
}

interface Option {
  readonly code: number;
  readonly value: Uint8Array;
}

/** A block with its lengths and options in place; the body, from offset 8, is for the caller to fill. */
class BlockBuilder {
  readonly bytes: Uint8Array;
  readonly view: DataView;

  constructor(type: number, bodyBytes: number, options: readonly Option[]) {
    const optionBytes = options.reduce((sum, { value }) => sum + 4 + padTo4(value.length), options.length > 0 ? 4 : 0);
    const length = BLOCK_OVERHEAD + bodyBytes + optionBytes;
    this.bytes = new Uint8Array(length);
    this.view = viewOf(this.bytes);
    this.view.setUint32(0, type, true);
    this.view.setUint32(4, length, true);
    this.view.setUint32(length - 4, length, true);
    let at = 8 + bodyBytes;
    // The four zero bytes that remain behind them are the end of options.
    for (const { code, value } of options) {
      this.view.setUint16(at, code, true);
      this.view.setUint16(at + 2, value.length, true);
      this.bytes.set(value, at + 4);
      at += 4 + padTo4(value.length);
    }
  }
}

function commentOptions(comments: readonly string[] = []): Option[] {
  return comments.flatMap((comment) => textOption(OPTION.comment, comment));
}

function textOption(code: number, text: string | null | undefined): Option[] {
  if (text == null) return [];
  const value = new Uint8Array(MAX_OPTION_BYTES);
  // Whole characters only, where the text is too long.
  const { written } = new TextEncoder().encodeInto(text, value);
  return [{ code, value: value.slice(0, written) }];
}

/** Nanoseconds since 1970 as two words, upper first: at 16 bits a time no step leaves the integers of a double. */
function setTime(view: DataView, at: number, seconds: number, nanoseconds: number): void {
  const whole = Math.max(0, seconds);
  const lower = (whole % 0x10000) * 1_000_000_000 + nanoseconds;
  const upper = Math.floor(whole / 0x10000) * 1_000_000_000 + Math.floor(lower / 0x10000);
  view.setUint32(at, Math.floor(upper / 0x10000), true);
  view.setUint32(at + 4, (upper % 0x10000) * 0x10000 + (lower % 0x10000), true);
}

function padTo4(length: number): number {
  return (length + 3) & ~3;
}
