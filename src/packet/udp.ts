/** UDP, RFC 768: source port, destination port, length, checksum (2 bytes each). */

import { type Cursor, limitLength, stopDecoding, takePayload } from './cursor.ts';
import type { DecodedPacket } from './decoded-packet.ts';
import type { LayerCode } from './layer.ts';
import { readPorts } from './ports.ts';

const HEADER_BYTES = 8;
const LENGTH = 4;
const CHECKSUM = 6;

export function decodeUdp(cursor: Cursor, out: DecodedPacket): LayerCode {
  const start = cursor.start;
  const available = cursor.end - start;
  out.transportStart = start;
  readPorts(cursor, out);
  if (available < HEADER_BYTES) {
    return stopDecoding(out, 'transport', 'UDP header cut', start, HEADER_BYTES, available);
  }
  const view = out.view;
  out.checksum = view.getUint16(start + CHECKSUM);

  // 0 is a jumbogram (RFC 2675 section 4) or a packet that the network card has yet to cut up.
  const length = view.getUint16(start + LENGTH);
  if (length !== 0) {
    if (length < HEADER_BYTES) return stopDecoding(out, 'transport', 'UDP length below 8', start);
    limitLength(cursor, start, length);
  }
  return takePayload(cursor, out, start + HEADER_BYTES);
}
