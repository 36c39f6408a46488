/** Transports that open with a source and a destination port, of which no more is read: SCTP, DCCP, UDP-Lite. */

import { type Cursor, stopDecoding, takePayload } from './cursor.ts';
import type { DecodedPacket } from './decoded-packet.ts';
import type { LayerCode } from './layer.ts';

const PORTS_BYTES = 4;

/** Takes the ports at `cursor.start` if they were captured. */
export function readPorts(cursor: Cursor, out: DecodedPacket): boolean {
  if (cursor.end - cursor.start < PORTS_BYTES) return false;
  out.sourcePort = out.view.getUint16(cursor.start);
  out.destinationPort = out.view.getUint16(cursor.start + 2);
  return true;
}

/** For a transport whose header is `headerBytes` long. */
export function decodePorts(cursor: Cursor, out: DecodedPacket, headerBytes: number): LayerCode {
  const start = cursor.start;
  out.transportStart = start;
  if (!readPorts(cursor, out)) {
    return stopDecoding(out, 'transport', 'ports cut', start, headerBytes, cursor.end - start);
  }
  return takePayload(cursor, out, start + headerBytes);
}
