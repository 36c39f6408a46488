/** What an elementary stream carries, by its stream type (ISO/IEC 13818-1 table 2-34 and registries) and its descriptors. */

import { readLatin1, readUint8 } from '../../bytes/read.ts';

const STREAM_TYPES: ReadonlyMap<number, string> = new Map([
  [0x01, 'MPEG-1 video'],
  [0x02, 'MPEG-2 video'],
  [0x03, 'MPEG-1 audio'],
  [0x04, 'MPEG-2 audio'],
  [0x05, 'private sections'],
  [0x06, 'private data'],
  [0x0b, 'DSM-CC'],
  [0x0f, 'AAC'],
  [0x10, 'MPEG-4 video'],
  [0x11, 'AAC (LATM)'],
  [0x15, 'metadata'],
  [0x1b, 'H264'],
  [0x20, 'H264 MVC'],
  [0x21, 'JPEG 2000'],
  [0x24, 'H265'],
  [0x32, 'JPEG XS'],
  [0x33, 'H266'],
  [0x42, 'AVS'],
  [0x81, 'AC-3'],
  [0x86, 'SCTE 35'],
  [0x87, 'E-AC-3'],
  [0xea, 'VC-1'],
]);
const PRIVATE_DATA = 0x06;

/** Descriptors of private data, ETSI EN 300 468 table 12. */
const DESCRIPTORS: ReadonlyMap<number, string> = new Map([
  [0x56, 'teletext'],
  [0x59, 'subtitles'],
  [0x6a, 'AC-3'],
  [0x7a, 'E-AC-3'],
  [0x7b, 'DTS'],
]);
const REGISTRATION_DESCRIPTOR = 0x05;
/** SMPTE's registry of format identifiers. */
const FORMATS: ReadonlyMap<string, string> = new Map([
  ['AC-3', 'AC-3'],
  ['EAC3', 'E-AC-3'],
  ['BSSD', 'SMPTE 302M audio'],
  ['HEVC', 'H265'],
  ['KLVA', 'KLV metadata'],
  ['Opus', 'Opus'],
  ['AV01', 'AV1'],
]);

/** `[start, end)`: the descriptors of the stream. */
export function nameStreamType(type: number, bytes: Uint8Array, start: number, end: number): string {
  const described = type === PRIVATE_DATA ? nameByDescriptors(bytes, start, end) : '';
  return described || (STREAM_TYPES.get(type) ?? `stream type 0x${type.toString(16)}`);
}

function nameByDescriptors(bytes: Uint8Array, start: number, end: number): string {
  for (let at = start; at + 2 <= end; at += 2 + readUint8(bytes, at + 1)) {
    const tag = readUint8(bytes, at);
    const isFormat = tag === REGISTRATION_DESCRIPTOR && readUint8(bytes, at + 1) >= 4 && at + 6 <= end;
    const name = isFormat ? FORMATS.get(readLatin1(bytes, at + 2, at + 6)) : DESCRIPTORS.get(tag);
    if (name !== undefined) return name;
  }
  return '';
}
