/** Token Ring (IEEE 802.5), FDDI (ISO 9314-2) and IP over Fibre Channel (RFC 2625): links whose addresses LLC follows. */

import { type Cursor, leaveBody, stopDecoding } from './cursor.ts';
import type { DecodedPacket } from './decoded-packet.ts';
import { LAYER, type LayerCode } from './layer.ts';
import { clearLink, clearNetwork } from './reset-packet.ts';

const MAC_BYTES = 6;

/** Access control, frame control. */
const TOKEN_RING_CONTROL_BYTES = 2;
/** Of frame control: 01 is LLC, 00 is the ring's own management. */
const TOKEN_RING_TYPE_MASK = 0xc0;
const TOKEN_RING_LLC = 0x40;
/** In the first byte of the source address: bridges to pass follow, in so many bytes as the first of them says. */
const HAS_ROUTE = 0x80;
const ROUTE_LENGTH_MASK = 0x1f;

const FDDI_CONTROL_BYTES = 1;
/** Class and priority left out. */
const FDDI_TYPE_MASK = 0x70;
const FDDI_LLC = 0x50;

/** Addresses of 8 bytes, of which the last 6 are a MAC address. */
const FIBRE_CHANNEL_BYTES = 16;

export function decodeTokenRing(cursor: Cursor, out: DecodedPacket): LayerCode {
  const start = cursor.start;
  const headerBytes = TOKEN_RING_CONTROL_BYTES + 2 * MAC_BYTES;
  if (!takeAddresses(cursor, out, 'Token Ring header cut', headerBytes, TOKEN_RING_CONTROL_BYTES)) return LAYER.done;
  const isLlc = (out.view.getUint8(start + 1) & TOKEN_RING_TYPE_MASK) === TOKEN_RING_LLC;
  if (!isLlc) return leaveBody(cursor, out, cursor.start);
  if ((out.view.getUint8(out.sourceMac) & HAS_ROUTE) !== 0 && cursor.start < cursor.end) {
    cursor.start += out.view.getUint8(cursor.start) & ROUTE_LENGTH_MASK;
  }
  return LAYER.llc;
}

export function decodeFddi(cursor: Cursor, out: DecodedPacket): LayerCode {
  const start = cursor.start;
  const headerBytes = FDDI_CONTROL_BYTES + 2 * MAC_BYTES;
  if (!takeAddresses(cursor, out, 'FDDI header cut', headerBytes, FDDI_CONTROL_BYTES)) return LAYER.done;
  const isLlc = (out.view.getUint8(start) & FDDI_TYPE_MASK) === FDDI_LLC;
  return isLlc ? LAYER.llc : leaveBody(cursor, out, cursor.start);
}

export function decodeFibreChannel(cursor: Cursor, out: DecodedPacket): LayerCode {
  if (!takeAddresses(cursor, out, 'Fibre Channel header cut', FIBRE_CHANNEL_BYTES, 2)) return LAYER.done;
  out.sourceMac += 2;
  return LAYER.llc;
}

/** `destination` is the offset of the address; that of the source follows it. False when the header is cut. */
function takeAddresses(
  cursor: Cursor,
  out: DecodedPacket,
  whenCut: string,
  headerBytes: number,
  destination: number,
): boolean {
  const start = cursor.start;
  const available = cursor.end - start;
  if (available < headerBytes) {
    stopDecoding(out, 'link', whenCut, start, headerBytes, available);
    return false;
  }
  clearLink(out);
  if (out.networkStart >= 0) clearNetwork(out);
  out.tunnel = cursor.tunnel;
  out.destinationMac = start + destination;
  out.sourceMac = start + destination + MAC_BYTES;
  cursor.start = start + headerBytes;
  return true;
}
