/** The ports that TCP, UDP and SCTP open with alike. */

import type { Cursor } from './cursor.ts';
import type { DecodedPacket } from './decoded-packet.ts';

const PORTS_BYTES = 4;

/** Takes the ports at `cursor.start` if they were captured. */
export function readPorts(cursor: Cursor, out: DecodedPacket): boolean {
  if (cursor.end - cursor.start < PORTS_BYTES) return false;
  out.sourcePort = out.view.getUint16(cursor.start);
  out.destinationPort = out.view.getUint16(cursor.start + 2);
  return true;
}
