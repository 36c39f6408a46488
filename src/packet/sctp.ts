/** SCTP, RFC 9260 section 3.1: source port, destination port (2 bytes each), verification tag and checksum (4 each). */

import { type Cursor, stopDecoding, takePayload } from './cursor.ts';
import type { DecodedPacket } from './decoded-packet.ts';
import type { LayerCode } from './layer.ts';
import { readPorts } from './ports.ts';

const HEADER_BYTES = 12;

export function decodeSctp(cursor: Cursor, out: DecodedPacket): LayerCode {
  const start = cursor.start;
  const available = cursor.end - start;
  out.transportStart = start;
  readPorts(cursor, out);
  if (available < HEADER_BYTES) {
    return stopDecoding(out, 'transport', 'SCTP header cut', start, HEADER_BYTES, available);
  }
  return takePayload(cursor, out, start + HEADER_BYTES);
}
