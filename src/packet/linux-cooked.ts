/** Linux cooked captures, what libpcap writes for the `any` device: LINKTYPE_LINUX_SLL (113) and LINKTYPE_LINUX_SLL2 (276). */

import { type Cursor, leaveBody, stopDecoding } from './cursor.ts';
import type { DecodedPacket } from './decoded-packet.ts';
import { followEtherType } from './ethernet.ts';
import { FIRST_ETHER_TYPE, LAYER, type LayerCode } from './layer.ts';

/** Version 1: packet type, hardware type, address length (2 bytes each), address (8), protocol (2). */
const SLL_BYTES = 16;
/** Version 2: protocol, reserved (2 each), interface index (4), hardware type (2), packet type, address length, address (8). */
const SLL2_BYTES = 20;

/** ARPHRD_NETLINK: the protocol is then a netlink family. */
const HARDWARE_NETLINK = 824;
/** Protocol number of frames that open with 802.2 LLC; others below 0x600 have no IP inside. */
const PROTOCOL_LLC = 4;
const MAC_BYTES = 6;

export function decodeLinuxCooked(cursor: Cursor, out: DecodedPacket): LayerCode {
  const start = cursor.start;
  const available = cursor.end - start;
  if (available < SLL_BYTES) return stopDecoding(out, 'link', 'Linux cooked header cut', start, SLL_BYTES, available);

  const view = out.view;
  cursor.start = start + SLL_BYTES;
  if (view.getUint16(start + 4) === MAC_BYTES) out.sourceMac = start + 6;
  return followProtocol(cursor, out, view.getUint16(start + 14), view.getUint16(start + 2));
}

export function decodeLinuxCooked2(cursor: Cursor, out: DecodedPacket): LayerCode {
  const start = cursor.start;
  const available = cursor.end - start;
  if (available < SLL2_BYTES) return stopDecoding(out, 'link', 'Linux cooked header cut', start, SLL2_BYTES, available);

  const view = out.view;
  cursor.start = start + SLL2_BYTES;
  if (view.getUint8(start + 11) === MAC_BYTES) out.sourceMac = start + 12;
  return followProtocol(cursor, out, view.getUint16(start), view.getUint16(start + 8));
}

function followProtocol(cursor: Cursor, out: DecodedPacket, protocol: number, hardware: number): LayerCode {
  if (hardware === HARDWARE_NETLINK) return leaveBody(cursor, out, cursor.start);
  if (protocol === PROTOCOL_LLC) return LAYER.llc;
  if (protocol < FIRST_ETHER_TYPE) return leaveBody(cursor, out, cursor.start);
  return followEtherType(cursor, out, protocol);
}
