/** GRE: RFC 2784 with key and sequence (RFC 2890), version 1 of PPTP (RFC 2637). */

import { type Cursor, stopDecoding } from './cursor.ts';
import type { DecodedPacket } from './decoded-packet.ts';
import { enterTunnel, looksLikeEthernet, looksLikeIp } from './enter-tunnel.ts';
import { decodeErspan2, decodeErspan3 } from './erspan.ts';
import { LAYER, type LayerCode, layerOfEtherType } from './layer.ts';
import { TUNNEL, type TunnelTable } from './tunnel-table.ts';

const BASE_BYTES = 4;
const FIELD_BYTES = 4;
const HAS_CHECKSUM = 0x8000;
const HAS_ROUTING = 0x4000;
const HAS_KEY = 0x2000;
const HAS_SEQUENCE = 0x1000;
const HAS_ACKNOWLEDGEMENT = 0x0080;
const VERSION_MASK = 0x0007;

const PROTOCOL_BRIDGING = 0x6558;
const PROTOCOL_PPP = 0x880b;
const PROTOCOL_ERSPAN = 0x88be;
const PROTOCOL_ERSPAN3 = 0x22eb;
/** Web cache redirection: IP behind 4 bytes. */
const PROTOCOL_WCCP = 0x883e;

export function decodeGre(cursor: Cursor, out: DecodedPacket, tunnels: TunnelTable): LayerCode {
  const start = cursor.start;
  const available = cursor.end - start;
  if (available < BASE_BYTES) return stopDecoding(out, 'tunnel', 'GRE header cut', start, BASE_BYTES, available);

  const flags = out.view.getUint16(start);
  const protocol = out.view.getUint16(start + 2);
  const version = flags & VERSION_MASK;
  if (version > 1 || (flags & HAS_ROUTING) !== 0) return LAYER.done;

  const keyAt = start + BASE_BYTES + ((flags & HAS_CHECKSUM) !== 0 ? FIELD_BYTES : 0);
  let inner = keyAt + ((flags & HAS_KEY) !== 0 ? FIELD_BYTES : 0) + ((flags & HAS_SEQUENCE) !== 0 ? FIELD_BYTES : 0);
  if (version === 1 && (flags & HAS_ACKNOWLEDGEMENT) !== 0) inner += FIELD_BYTES;
  if (inner >= cursor.wireEnd) return LAYER.done;
  if (inner > cursor.end) return stopDecoding(out, 'tunnel', 'GRE header cut', start, inner - start, available);
  if (protocol === PROTOCOL_ERSPAN && (flags & HAS_SEQUENCE) === 0) {
    return enterTunnel(cursor, out, tunnels, TUNNEL.erspan1, inner, LAYER.ethernet);
  }
  if (protocol === PROTOCOL_ERSPAN) return decodeErspan2(cursor, out, tunnels, inner);
  if (protocol === PROTOCOL_ERSPAN3) return decodeErspan3(cursor, out, tunnels, inner);

  // PPTP's key is the call id of the receiver, other in each direction.
  if (version === 1) return enterTunnel(cursor, out, tunnels, TUNNEL.pptp, inner, LAYER.ppp);
  if (protocol === PROTOCOL_WCCP && !looksLikeIp(cursor, out, inner)) inner += FIELD_BYTES;
  const next = layerOfGreProtocol(cursor, out, protocol, inner);
  if (next === LAYER.done) return next;
  if ((flags & HAS_KEY) === 0) return enterTunnel(cursor, out, tunnels, TUNNEL.gre, inner, next);
  return enterTunnel(cursor, out, tunnels, TUNNEL.greKeyed, inner, next, out.view.getInt32(keyAt));
}

function layerOfGreProtocol(cursor: Cursor, out: DecodedPacket, protocol: number, inner: number): LayerCode {
  switch (protocol) {
    case PROTOCOL_BRIDGING:
      return looksLikeEthernet(cursor, out, inner) ? LAYER.ethernet : LAYER.done;
    case PROTOCOL_PPP:
      return LAYER.ppp;
    case PROTOCOL_WCCP:
      return looksLikeIp(cursor, out, inner) ? LAYER.ip : LAYER.done;
    default:
      return layerOfEtherType(protocol);
  }
}
