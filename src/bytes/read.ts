/** Reads of integers, addresses and text from byte ranges; all offsets are absolute in the array. */

/** A view over exactly the bytes of `bytes`, so that offsets mean the same in both. */
export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Reads past the end give 0; callers check lengths first, this only satisfies the type checker without a branch that throws. */
export function readUint8(bytes: Uint8Array, offset: number): number {
  return bytes[offset] ?? 0;
}

export function readUint16(bytes: Uint8Array, offset: number): number {
  return (readUint8(bytes, offset) << 8) | readUint8(bytes, offset + 1);
}

export function readUint16Le(bytes: Uint8Array, offset: number): number {
  return (readUint8(bytes, offset + 1) << 8) | readUint8(bytes, offset);
}

export function readUint24(bytes: Uint8Array, offset: number): number {
  return (readUint8(bytes, offset) << 16) | readUint16(bytes, offset + 1);
}

export function readUint32(bytes: Uint8Array, offset: number): number {
  return ((readUint16(bytes, offset) << 16) | readUint16(bytes, offset + 2)) >>> 0;
}

export function readUint32Le(bytes: Uint8Array, offset: number): number {
  return ((readUint16Le(bytes, offset + 2) << 16) | readUint16Le(bytes, offset)) >>> 0;
}

/** True when the ASCII `text` stands at `offset`, wholly before `end`. */
export function startsWithAscii(bytes: Uint8Array, offset: number, end: number, text: string): boolean {
  if (end - offset < text.length) return false;
  for (let i = 0; i < text.length; i++) {
    if (bytes[offset + i] !== text.charCodeAt(i)) return false;
  }
  return true;
}

/** Offset of `byte` in [start, end), or -1. */
export function indexOfByte(bytes: Uint8Array, start: number, end: number, byte: number): number {
  // Not `bytes.indexOf`: where the byte is missing it would search on through all the frames that follow in the batch.
  const offset = bytes.subarray(start, end).indexOf(byte);
  return offset < 0 ? -1 : start + offset;
}

/** Offset of the ASCII `text` in [start, end), or -1. */
export function indexOfAscii(bytes: Uint8Array, start: number, end: number, text: string): number {
  const first = text.charCodeAt(0);
  const lastStart = end - text.length;
  for (let at = start; at <= lastStart; at++) {
    at = indexOfByte(bytes, at, lastStart + 1, first);
    if (at < 0 || startsWithAscii(bytes, at, end, text)) return at;
  }
  return -1;
}

/** One character per byte, whatever the bytes are: for header lines and other ASCII protocols. Not safe to print as it is. */
export function readLatin1(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, Math.max(0, end - start)).toString('latin1');
}

/** UTF-8 text; malformed sequences become U+FFFD. Not safe to print as it is. */
export function readUtf8(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, Math.max(0, end - start)).toString('utf8');
}

/** UTF-16LE text up to the first NUL. Not safe to print as it is. */
export function readUtf16Le(bytes: Uint8Array, start: number, end: number): string {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset + start, Math.max(0, end - start) & ~1).toString('utf16le');
  const nul = text.indexOf('\0');
  return nul < 0 ? text : text.slice(0, nul);
}
