/** Inflates what was compressed with zlib, RFC 1950, within a bound: a few bytes can stand for gigabytes. */

import { inflateSync } from 'node:zlib';
import { readUint8, readUint16 } from './read.ts';

const DEFLATE = 8;

/** Null where bytes[start, end) is no whole stream of zlib, or one of more than `most` bytes. */
export function inflateWithin(bytes: Uint8Array, start: number, end: number, most: number): Uint8Array | null {
  if (end - start < 2 || (readUint8(bytes, start) & 15) !== DEFLATE || readUint16(bytes, start) % 31 !== 0) return null;
  try {
    return inflateSync(bytes.subarray(start, end), { maxOutputLength: most });
  } catch {
    return null;
  }
}
