/** The first byte of a payload rules most protocols out before any of them is asked. */

import type { ByteRange, Dissector, Transport } from './dissector.ts';

const BYTE_VALUES = 256;

/** A range for each of the values. */
export function eachByte(...values: readonly number[]): readonly ByteRange[] {
  return values.map((value) => [value, value]);
}

/** A range for each character that one of `texts` begins with. */
export function firstBytesOf(texts: readonly string[]): readonly ByteRange[] {
  return eachByte(...new Set(texts.map((text) => text.charCodeAt(0))));
}

/** By first byte, the dissectors that may know a payload which begins with it; their order stays. */
export function indexByFirstByte(
  dissectors: readonly Dissector[],
  transport: Transport,
): readonly (readonly Dissector[])[] {
  const candidates = dissectors.filter((dissector) => dissector.transports.includes(transport));
  return Array.from({ length: BYTE_VALUES }, (_, byte) =>
    candidates.filter((dissector) => canBegin(dissector, transport, byte)),
  );
}

function canBegin(dissector: Dissector, transport: Transport, byte: number): boolean {
  const ranges = dissector.firstBytes?.[transport];
  return ranges === undefined || ranges.some(([first, last]) => byte >= first && byte <= last);
}
