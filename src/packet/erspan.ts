/**
 * The headers of a remote span behind GRE, draft-foschiano-erspan-03: type II of 8 bytes, type III of 12 and perhaps 8 more.
 * Type I has none.
 *
 *   0 version (4 bits), VLAN (12) | 2 COS (3), encapsulation (2), truncated (1), session (10)
 *   type II: 4 reserved, port index
 *   type III: 4 timestamp | 8 security group | 10 P (1), frame type (5), hardware (6), direction (1), granularity (2), O (1)
 */

import { type Cursor, stopDecoding } from './cursor.ts';
import type { DecodedPacket } from './decoded-packet.ts';
import { enterTunnel } from './enter-tunnel.ts';
import { LAYER, type LayerCode } from './layer.ts';
import { TUNNEL, type TunnelTable } from './tunnel-table.ts';

const TYPE2_BYTES = 8;
const TYPE2_VERSION = 1;
const TYPE3_BYTES = 12;
const TYPE3_VERSION = 2;
const PLATFORM_BYTES = 8;

const SESSION_MASK = 0x03ff;
const IS_TRUNCATED = 0x0400;
const HAS_PLATFORM_HEADER = 0x0001;
const FRAME_TYPE_IP = 2;
const MOST_IP_BYTES = 0x10000;

export function decodeErspan2(cursor: Cursor, out: DecodedPacket, tunnels: TunnelTable, start: number): LayerCode {
  if (!hasHeader(cursor, out, start, TYPE2_BYTES, TYPE2_VERSION)) return LAYER.done;
  const session = readSession(cursor, out, start);
  return enterTunnel(cursor, out, tunnels, TUNNEL.erspan2, start + TYPE2_BYTES, LAYER.ethernet, session);
}

export function decodeErspan3(cursor: Cursor, out: DecodedPacket, tunnels: TunnelTable, start: number): LayerCode {
  if (!hasHeader(cursor, out, start, TYPE3_BYTES, TYPE3_VERSION)) return LAYER.done;
  const session = readSession(cursor, out, start);
  const options = out.view.getUint16(start + 10);
  const inner = start + TYPE3_BYTES + ((options & HAS_PLATFORM_HEADER) !== 0 ? PLATFORM_BYTES : 0);
  const next = ((options >> 10) & 0x1f) === FRAME_TYPE_IP ? LAYER.ip : LAYER.ethernet;
  return enterTunnel(cursor, out, tunnels, TUNNEL.erspan3, inner, next, session);
}

function hasHeader(cursor: Cursor, out: DecodedPacket, start: number, needed: number, version: number): boolean {
  const available = cursor.end - start;
  if (available < needed) {
    stopDecoding(out, 'tunnel', 'ERSPAN header cut', start, needed, available);
    return false;
  }
  if (out.view.getUint8(start) >> 4 === version) return true;
  stopDecoding(out, 'tunnel', 'ERSPAN version does not match its type', start);
  return false;
}

/** A mirror that was truncated has lost its end before it was sent: then only the mirrored packet knows its length. */
function readSession(cursor: Cursor, out: DecodedPacket, start: number): number {
  const word = out.view.getUint16(start + 2);
  if ((word & IS_TRUNCATED) !== 0) cursor.wireEnd = start + MOST_IP_BYTES;
  return word & SESSION_MASK;
}
