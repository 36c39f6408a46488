/** IP over UDP: GTP-U (3GPP TS 29.281), L2TP (RFC 2661, 3931), Teredo (RFC 4380), tunnel brokers (RFC 5572) and AYIYA. */

import type { Cursor } from './cursor.ts';
import { type DecodedPacket, IP_PROTOCOL } from './decoded-packet.ts';
import { enterTunnel, looksLikeIp } from './enter-tunnel.ts';
import { enterL2tpv3 } from './ip-tunnel.ts';
import { isExtensionHeader, LAYER, type LayerCode } from './layer.ts';
import { TUNNEL, type TunnelTable } from './tunnel-table.ts';

const GTP_BYTES = 8;
/** Version 1, protocol type GTP, message type G-PDU. */
const GTP_MASK = 0xf0ff;
const GTP_G_PDU = 0x30ff;
const GTP_OPTIONAL_FLAGS = 0x07;
const GTP_OPTIONAL_BYTES = 4;
const GTP_MAX_EXTENSIONS = 8;

const L2TP_CONTROL = 0x8000;
const L2TP_HAS_LENGTH = 0x4000;
const L2TP_HAS_SEQUENCE = 0x0800;
const L2TP_HAS_OFFSET = 0x0200;
const L2TP_VERSION_MASK = 0x000f;
const PPP_FRAMING = 0xff03;
const PPP_IPV4 = 0x0021;
const PPP_IPV6 = 0x0057;

const IPV6_BYTES = 40;
const TEREDO_PORTS = [3544, 3545];
const TEREDO_AUTHENTICATION = 1;
const TEREDO_AUTHENTICATION_BYTES = 13;
const TEREDO_ORIGIN = 0;
const TEREDO_ORIGIN_BYTES = 8;

const AYIYA_FIXED_BYTES = 8;
const AYIYA_NEXT_HEADER = 3;

export function decodeGtp(cursor: Cursor, out: DecodedPacket, tunnels: TunnelTable): LayerCode {
  const start = cursor.start;
  if (cursor.end - start < GTP_BYTES) return LAYER.done;
  const view = out.view;
  const head = view.getUint16(start);
  if ((head & GTP_MASK) !== GTP_G_PDU) return LAYER.done;
  if (start + GTP_BYTES + view.getUint16(start + 2) !== cursor.wireEnd) return LAYER.done;
  const hasOptional = ((head >> 8) & GTP_OPTIONAL_FLAGS) !== 0;
  const inner = hasOptional ? skipGtpExtensions(cursor, out, start + GTP_BYTES) : start + GTP_BYTES;
  if (inner < 0 || !looksLikeIp(cursor, out, inner)) return LAYER.done;
  return enterTunnel(cursor, out, tunnels, TUNNEL.gtp, inner, LAYER.ip);
}

/** From the sequence number, N-PDU number and next extension type that any of the flags brings; -1 when the chain is bad. */
function skipGtpExtensions(cursor: Cursor, out: DecodedPacket, start: number): number {
  let at = start + GTP_OPTIONAL_BYTES;
  for (let count = 0; count < GTP_MAX_EXTENSIONS && at < cursor.end; count++) {
    if (out.view.getUint8(at - 1) === 0) return at;
    const words = out.view.getUint8(at);
    if (words === 0) return -1;
    at += words << 2;
  }
  return -1;
}

/** Tunnel and session ids are those of the receiver, other in each direction: they do not tell tunnels apart here. */
export function decodeL2tp(cursor: Cursor, out: DecodedPacket, tunnels: TunnelTable): LayerCode {
  const start = cursor.start;
  if (cursor.end - start < 8) return LAYER.done;
  const view = out.view;
  const flags = view.getUint16(start);
  if ((flags & L2TP_CONTROL) !== 0) return LAYER.done;
  const version = flags & L2TP_VERSION_MASK;
  if (version === 3) return enterL2tpv3(cursor, out, tunnels, start + 4);
  if (version !== 2) return LAYER.done;

  let at = start + 2;
  if ((flags & L2TP_HAS_LENGTH) !== 0) {
    if (start + view.getUint16(at) > cursor.wireEnd) return LAYER.done;
    at += 2;
  }
  at += 4;
  if ((flags & L2TP_HAS_SEQUENCE) !== 0) at += 4;
  if ((flags & L2TP_HAS_OFFSET) !== 0) {
    if (at + 2 > cursor.end) return LAYER.done;
    at += 2 + view.getUint16(at);
  }
  if (!looksLikePpp(cursor, out, at)) return LAYER.done;
  return enterTunnel(cursor, out, tunnels, TUNNEL.l2tp, at, LAYER.ppp);
}

function looksLikePpp(cursor: Cursor, out: DecodedPacket, start: number): boolean {
  if (cursor.end - start < 4) return false;
  const at = out.view.getUint16(start) === PPP_FRAMING ? start + 2 : start;
  const protocol = out.view.getUint16(at);
  return (protocol === PPP_IPV4 || protocol === PPP_IPV6) && looksLikeIp(cursor, out, at + 2);
}

/** Teredo, and brokers that put IPv6 in UDP without a header of their own. */
export function decodeIpv6InUdp(cursor: Cursor, out: DecodedPacket, tunnels: TunnelTable): LayerCode {
  const isTeredo = TEREDO_PORTS.includes(out.sourcePort) || TEREDO_PORTS.includes(out.destinationPort);
  const inner = isTeredo ? skipTeredoHeaders(cursor, out) : cursor.start;
  if (!isExactIpv6(cursor, out, inner)) return LAYER.done;
  const kind = isTeredo ? TUNNEL.teredo : TUNNEL.ipv6InUdp;
  return enterTunnel(cursor, out, tunnels, kind, inner, LAYER.ipv6);
}

/** Authentication and origin indication, each there or not, in this order. */
function skipTeredoHeaders(cursor: Cursor, out: DecodedPacket): number {
  let at = cursor.start;
  if (cursor.end - at < 4) return at;
  if (out.view.getUint16(at) === TEREDO_AUTHENTICATION) {
    at += TEREDO_AUTHENTICATION_BYTES + out.view.getUint8(at + 2) + out.view.getUint8(at + 3);
  }
  if (cursor.end - at >= TEREDO_ORIGIN_BYTES && out.view.getUint16(at) === TEREDO_ORIGIN) at += TEREDO_ORIGIN_BYTES;
  return at;
}

/** Nothing marks these tunnels, so the packet must fill its datagram to the byte, with a transport and addresses in use. */
function isExactIpv6(cursor: Cursor, out: DecodedPacket, start: number): boolean {
  if (cursor.end - start < IPV6_BYTES) return false;
  const view = out.view;
  if (view.getUint8(start) >> 4 !== 6) return false;
  if (start + IPV6_BYTES + view.getUint16(start + 4) !== cursor.wireEnd) return false;
  if (!isUsualNextHeader(view.getUint8(start + 6))) return false;
  return isAddressInUse(view.getUint8(start + 8)) && isAddressInUse(view.getUint8(start + 24));
}

function isUsualNextHeader(protocol: number): boolean {
  return (
    protocol === IP_PROTOCOL.tcp ||
    protocol === IP_PROTOCOL.udp ||
    protocol === IP_PROTOCOL.icmpv6 ||
    protocol === IP_PROTOCOL.noNext ||
    isExtensionHeader(protocol)
  );
}

/** By the first byte: global unicast 2000::/3, unique local, link-local, multicast, or the unspecified and loopback block. */
function isAddressInUse(firstByte: number): boolean {
  return firstByte >> 5 === 1 || firstByte >= 0xfc || firstByte === 0;
}

/** draft-massar-v6ops-ayiya: lengths of identity (as a power of two) and signature (in words) lead to the packet. */
export function decodeAyiya(cursor: Cursor, out: DecodedPacket, tunnels: TunnelTable): LayerCode {
  const start = cursor.start;
  if (cursor.end - start < AYIYA_FIXED_BYTES) return LAYER.done;
  const view = out.view;
  if (view.getUint8(start + AYIYA_NEXT_HEADER) !== IP_PROTOCOL.ipv6) return LAYER.done;
  const identityBytes = 1 << (view.getUint8(start) >> 4);
  const signatureBytes = (view.getUint8(start + 1) >> 4) << 2;
  const inner = start + AYIYA_FIXED_BYTES + identityBytes + signatureBytes;
  if (!isExactIpv6(cursor, out, inner)) return LAYER.done;
  return enterTunnel(cursor, out, tunnels, TUNNEL.ayiya, inner, LAYER.ipv6);
}
