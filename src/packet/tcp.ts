/**
 * TCP, RFC 9293 section 3.1.
 *
 *   0 source port | 2 destination port | 4 sequence | 8 acknowledgement | 12 data offset | 13 flags | 14 window
 *   16 checksum | 18 urgent pointer | 20 options
 */

import { type Cursor, stopDecoding, takePayload } from './cursor.ts';
import type { DecodedPacket } from './decoded-packet.ts';
import type { LayerCode } from './layer.ts';
import { readPorts } from './ports.ts';

const HEADER_BYTES = 20;
const SEQUENCE = 4;
const ACKNOWLEDGEMENT = 8;
const DATA_OFFSET = 12;
const FLAGS = 13;
const WINDOW = 14;
const CHECKSUM = 16;

export function decodeTcp(cursor: Cursor, out: DecodedPacket): LayerCode {
  const start = cursor.start;
  const available = cursor.end - start;
  out.transportStart = start;
  readPorts(cursor, out);
  if (available < HEADER_BYTES) {
    return stopDecoding(out, 'transport', 'TCP header cut', start, HEADER_BYTES, available);
  }
  const view = out.view;
  out.tcpSequence = view.getInt32(start + SEQUENCE);
  out.tcpAcknowledgement = view.getInt32(start + ACKNOWLEDGEMENT);
  out.tcpFlags = view.getUint8(start + FLAGS);
  out.tcpWindow = view.getUint16(start + WINDOW);
  out.checksum = view.getUint16(start + CHECKSUM);

  const headerLength = (view.getUint8(start + DATA_OFFSET) >> 4) << 2;
  if (headerLength < HEADER_BYTES) return stopDecoding(out, 'transport', 'TCP header length below 20', start);
  if (start + headerLength > cursor.wireEnd) {
    return stopDecoding(out, 'transport', 'TCP header longer than its packet', start);
  }
  if (headerLength > available) stopDecoding(out, 'transport', 'TCP options cut', start, headerLength, available);
  return takePayload(cursor, out, start + headerLength);
}
