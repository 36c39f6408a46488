/** Ranges of bytes that payloads begin with, as dissectors declare them. */

import type { ByteRange } from './dissector.ts';

/** A range for each of the values. */
export function eachByte(...values: readonly number[]): readonly ByteRange[] {
  return values.map((value) => [value, value]);
}

/** A range for each character that one of `texts` begins with. */
export function firstBytesOf(texts: readonly string[]): readonly ByteRange[] {
  return eachByte(...new Set(texts.map((text) => text.charCodeAt(0))));
}
