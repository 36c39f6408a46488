/** PPP (RFC 1661, 1662), PPPoE (RFC 2516), Cisco HDLC and frame relay (RFC 2427). */

import { type Cursor, leaveBody, limitLength, stopDecoding } from './cursor.ts';
import type { DecodedPacket } from './decoded-packet.ts';
import { enterTunnel } from './enter-tunnel.ts';
import { followEtherType } from './ethernet.ts';
import { LAYER, type LayerCode } from './layer.ts';
import { TUNNEL, type TunnelTable } from './tunnel-table.ts';

const PPP_FRAMING = 0xff03;
const PPP_FRAMING_ADDRESS = 0xff;
const PPP_IPV4 = 0x0021;
const PPP_IPV6 = 0x0057;
const PPP_MPLS = 0x0281;

const PPPOE_BYTES = 6;
/** Version 1, type 1, code 0: session data. */
const PPPOE_SESSION_DATA = 0x1100;

const HDLC_BYTES = 4;

const FRAME_RELAY_ADDRESS_BYTES = 2;
const FRAME_RELAY_ADDRESS_LAST = 1;
const FRAME_RELAY_MOST_ADDRESS_BYTES = 4;
const UNNUMBERED_INFORMATION = 0x03;
const NLPID_SNAP = 0x80;
const NLPID_IPV4 = 0xcc;
const NLPID_IPV6 = 0x8e;
const SNAP_BYTES = 5;

/** Address and control may be left out, and the protocol's upper byte if it is 0: it is even, the lower odd. */
export function decodePpp(cursor: Cursor, out: DecodedPacket): LayerCode {
  const start = cursor.start;
  const view = out.view;
  let at = start;
  if (cursor.end - at >= 2 && view.getUint16(at) === PPP_FRAMING) at += 2;
  if (cursor.end - at < 2) return stopDecoding(out, 'link', 'PPP header cut', start, 4, cursor.end - start);
  const isShort = (view.getUint8(at) & 1) !== 0;
  const protocol = isShort ? view.getUint8(at) : view.getUint16(at);
  cursor.start = at + (isShort ? 1 : 2);
  switch (protocol) {
    case PPP_IPV4:
      return LAYER.ipv4;
    case PPP_IPV6:
      return LAYER.ipv6;
    case PPP_MPLS:
      return LAYER.mpls;
    default:
      return leaveBody(cursor, out, cursor.start);
  }
}

/** LINKTYPE_PPP_HDLC (50) holds PPP with address and control, or Cisco HDLC. */
export function decodePppHdlc(cursor: Cursor, out: DecodedPacket): LayerCode {
  if (cursor.start < cursor.end && out.view.getUint8(cursor.start) === PPP_FRAMING_ADDRESS) return LAYER.ppp;
  return LAYER.ciscoHdlc;
}

export function decodePppoe(cursor: Cursor, out: DecodedPacket, tunnels: TunnelTable): LayerCode {
  const start = cursor.start;
  const available = cursor.end - start;
  if (available < PPPOE_BYTES) return stopDecoding(out, 'link', 'PPPoE header cut', start, PPPOE_BYTES, available);
  const view = out.view;
  if (view.getUint16(start) !== PPPOE_SESSION_DATA) return leaveBody(cursor, out, start);
  limitLength(cursor, start, PPPOE_BYTES + view.getUint16(start + 4));
  return enterTunnel(cursor, out, tunnels, TUNNEL.pppoe, start + PPPOE_BYTES, LAYER.ppp, view.getUint16(start + 2));
}

/** Address, control, EtherType. */
export function decodeCiscoHdlc(cursor: Cursor, out: DecodedPacket): LayerCode {
  const start = cursor.start;
  const available = cursor.end - start;
  if (available < HDLC_BYTES) return stopDecoding(out, 'link', 'HDLC header cut', start, HDLC_BYTES, available);
  cursor.start = start + HDLC_BYTES;
  return followEtherType(cursor, out, out.view.getUint16(start + 2));
}

/** RFC 2427: control, protocol id, perhaps SNAP. Cisco's own encapsulation has an EtherType in their place. */
export function decodeFrameRelay(cursor: Cursor, out: DecodedPacket): LayerCode {
  const start = cursor.start;
  const view = out.view;
  let at = start + FRAME_RELAY_ADDRESS_BYTES;
  while (at < cursor.end && at - start < FRAME_RELAY_MOST_ADDRESS_BYTES && !isAddressEnd(view.getUint8(at - 1))) at++;
  if (cursor.end - at < 2 + SNAP_BYTES) {
    return stopDecoding(out, 'link', 'frame relay header cut', start, at - start + 2 + SNAP_BYTES, cursor.end - start);
  }
  if (view.getUint8(at) !== UNNUMBERED_INFORMATION) {
    cursor.start = at + 2;
    return followEtherType(cursor, out, view.getUint16(at));
  }
  at++;
  if (view.getUint8(at) === 0) at++; // Padding before the protocol id.
  const protocol = view.getUint8(at);
  cursor.start = at + 1;
  if (protocol === NLPID_IPV4) return LAYER.ipv4;
  if (protocol === NLPID_IPV6) return LAYER.ipv6;
  if (protocol !== NLPID_SNAP) return leaveBody(cursor, out, cursor.start);
  const hasEtherType = view.getUint32(at) === (NLPID_SNAP << 24) >>> 0;
  cursor.start = at + 1 + SNAP_BYTES;
  if (!hasEtherType || cursor.start > cursor.end) return leaveBody(cursor, out, at + 1);
  return followEtherType(cursor, out, view.getUint16(cursor.start - 2));
}

function isAddressEnd(byte: number): boolean {
  return (byte & FRAME_RELAY_ADDRESS_LAST) !== 0;
}
