/** MMS over TCP: the control connection, and the media inside it where the client chose MMST (MS-MMSP section 2.2). */

import { readUint8, readUint32Le } from '../../bytes/read.ts';
import type { Dissector, Recognition } from '../dissector.ts';
import { MmsDissection } from './mms-dissection.ts';
import { DATA_HEADER_BYTES, readDataSize, readUnitLength, SIGNATURE_BYTES } from './mms-message.ts';

/** A unit's first bytes; -1 where any value may stand. */
const SIGNATURE = [1, -1, -1, -1, 0xce, 0xfa, 0x0b, 0xb0, -1, -1, -1, -1, 0x4d, 0x4d, 0x53, 0x20];

/** ASF packets may be longer, but nobody holds so much until the second one comes. */
const LONGEST_MEDIA_PACKET = 8192;

function recognizeMms(bytes: Uint8Array, start: number, end: number): Recognition {
  if (!matchesSignature(bytes, start, end)) return recognizeMedia(bytes, start, end);
  if (end - start < SIGNATURE_BYTES) return 'maybe';
  return readUnitLength(bytes, start) > 0 ? 'yes' : 'no';
}

function matchesSignature(bytes: Uint8Array, start: number, end: number): boolean {
  const length = Math.min(end - start, SIGNATURE_BYTES);
  for (let i = 0; i < length; i++) {
    const expected = SIGNATURE[i];
    if (expected !== -1 && bytes[start + i] !== expected) return false;
  }
  return true;
}

/**
 * A capture that starts within MMST media: two data packets in a row, the second where the first one's size says, with
 * the next location and the same incarnation.
 */
function recognizeMedia(bytes: Uint8Array, start: number, end: number): Recognition {
  if (!isMediaPacket(bytes, start, end)) return 'no';
  const next = start + readDataSize(bytes, start);
  if (next + DATA_HEADER_BYTES >= end) return 'maybe';
  const continues =
    isMediaPacket(bytes, next, end) &&
    readUint32Le(bytes, next) === readUint32Le(bytes, start) + 1 &&
    readUint8(bytes, next + 4) === readUint8(bytes, start + 4);
  return continues ? 'yes' : 'no';
}

/** Needs one byte behind the header: that of ASF's error correction. */
function isMediaPacket(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start <= DATA_HEADER_BYTES) return false;
  if (readUint8(bytes, start + 4) === 0) return false;
  const size = readDataSize(bytes, start);
  const isSize = size > DATA_HEADER_BYTES && size <= LONGEST_MEDIA_PACKET;
  return isSize && readUint8(bytes, start + DATA_HEADER_BYTES) === 0x82;
}

export const mms: Dissector = {
  id: 'mms',
  label: 'MMS',
  transports: ['tcp'],
  isStreaming: true,
  recognize: recognizeMms,
  open: (record) => new MmsDissection(record),
};
