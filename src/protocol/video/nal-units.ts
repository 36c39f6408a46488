/** NAL units in payloads of RTP: H.264 by RFC 6184, H.265 by RFC 7798. */

import { readUint8, readUint16 } from '../../bytes/read.ts';

/** Told of each unit that begins in a payload; of one in fragments, the first fragment is all there is. */
export type NalListener = (kind: NalKind, bytes: Uint8Array, start: number, end: number) => void;

export type NalKind = 'key' | 'parameters' | 'picture-parameters' | 'other';

/** How a codec writes what is the same in all of them. */
export interface NalCodec {
  readonly headerBytes: number;
  /** Type of the unit whose header is at `at`. */
  typeAt(bytes: Uint8Array, at: number): number;
  kindOf(type: number): NalKind;
  readonly aggregate: number;
  readonly fragment: number;
  /** Type of the unit that a fragment with this third-level header is part of. */
  fragmentType(header: number): number;
}

export const H264: NalCodec = {
  headerBytes: 1,
  typeAt: (bytes, at) => readUint8(bytes, at) & 0x1f,
  kindOf: (type) => (type === 5 ? 'key' : type === 7 ? 'parameters' : type === 8 ? 'picture-parameters' : 'other'),
  aggregate: 24,
  fragment: 28,
  fragmentType: (header) => header & 0x1f,
};

export const H265: NalCodec = {
  headerBytes: 2,
  typeAt: (bytes, at) => (readUint8(bytes, at) >> 1) & 0x3f,
  // Pictures at which decoding can begin (IRAP) are 16 to 23.
  kindOf: (type) =>
    type >= 16 && type <= 23 ? 'key' : type === 33 ? 'parameters' : type === 34 ? 'picture-parameters' : 'other',
  aggregate: 48,
  fragment: 49,
  fragmentType: (header) => header & 0x3f,
};

/** Tells of the units that begin in the payload [start, end). */
export function visitNalUnits(codec: NalCodec, bytes: Uint8Array, start: number, end: number, tell: NalListener): void {
  const type = codec.typeAt(bytes, start);
  const body = start + codec.headerBytes;
  if (type === codec.aggregate) {
    for (let at = body; at + 2 < end; ) {
      const unitEnd = at + 2 + readUint16(bytes, at);
      if (unitEnd > end || unitEnd === at + 2) return;
      tell(codec.kindOf(codec.typeAt(bytes, at + 2)), bytes, at + 2, unitEnd);
      at = unitEnd;
    }
    return;
  }
  if (type !== codec.fragment) {
    tell(codec.kindOf(type), bytes, start, end);
    return;
  }
  const header = readUint8(bytes, body);
  const isFirstFragment = (header & 0x80) !== 0;
  const kind = codec.kindOf(codec.fragmentType(header));
  // A parameter set in fragments would have to be put together; it is too short to be sent so.
  if (isFirstFragment && kind === 'key') tell(kind, bytes, body + 1, end);
}
