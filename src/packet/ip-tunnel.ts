/**
 * Packets straight in IP: IP-in-IP (RFC 2003, 2473), 6in4 (RFC 4213), MPLS (RFC 4023), EtherIP (RFC 3378), L2TPv3 (RFC 3931
 * section 4.1.1) and PIM registers (RFC 7761 section 4.9.3).
 */

import type { Cursor } from './cursor.ts';
import type { DecodedPacket } from './decoded-packet.ts';
import { enterTunnel, looksLikeEthernet, looksLikeIp } from './enter-tunnel.ts';
import { LAYER, type LayerCode } from './layer.ts';
import { TUNNEL, type TunnelTable } from './tunnel-table.ts';

const ETHER_IP_BYTES = 2;
const ETHER_IP_VERSION = 3;

const PIM_REGISTER = 0x21;
const PIM_REGISTER_BYTES = 8;
const PIM_NULL_REGISTER = 0x40;

const L2TPV3_SESSION_BYTES = 4;
/** Cookie (0, 4 or 8 bytes) and sublayer (0 or 4) are agreed on elsewhere: what follows them must show how long they are. */
const L2TPV3_MOST_OPTIONAL = 12;

export function decodeIpv4InIp(cursor: Cursor, out: DecodedPacket, tunnels: TunnelTable): LayerCode {
  return enterTunnel(cursor, out, tunnels, TUNNEL.ipInIp, cursor.start, LAYER.ipv4);
}

export function decodeIpv6InIp(cursor: Cursor, out: DecodedPacket, tunnels: TunnelTable): LayerCode {
  return enterTunnel(cursor, out, tunnels, TUNNEL.ipv6InIp, cursor.start, LAYER.ipv6);
}

export function decodeMplsInIp(cursor: Cursor, out: DecodedPacket, tunnels: TunnelTable): LayerCode {
  return enterTunnel(cursor, out, tunnels, TUNNEL.mplsInIp, cursor.start, LAYER.mpls);
}

export function decodeEtherIp(cursor: Cursor, out: DecodedPacket, tunnels: TunnelTable): LayerCode {
  const inner = cursor.start + ETHER_IP_BYTES;
  if (!looksLikeEthernet(cursor, out, inner)) return LAYER.done;
  if (out.view.getUint8(cursor.start) >> 4 !== ETHER_IP_VERSION) return LAYER.done;
  return enterTunnel(cursor, out, tunnels, TUNNEL.etherIp, inner, LAYER.ethernet);
}

export function decodeL2tpv3(cursor: Cursor, out: DecodedPacket, tunnels: TunnelTable): LayerCode {
  return enterL2tpv3(cursor, out, tunnels, cursor.start);
}

/** Looks for the Ethernet frame behind the session id at `start`; session 0 is control. */
export function enterL2tpv3(cursor: Cursor, out: DecodedPacket, tunnels: TunnelTable, start: number): LayerCode {
  const first = start + L2TPV3_SESSION_BYTES;
  if (first > cursor.end || out.view.getUint32(start) === 0) return LAYER.done;
  for (let inner = first; inner <= first + L2TPV3_MOST_OPTIONAL; inner += 4) {
    if (looksLikeEthernet(cursor, out, inner)) {
      return enterTunnel(cursor, out, tunnels, TUNNEL.l2tp, inner, LAYER.ethernet);
    }
  }
  return LAYER.done;
}

/** A null register has no packet to carry, only its header. */
export function decodePimRegister(cursor: Cursor, out: DecodedPacket, tunnels: TunnelTable): LayerCode {
  const start = cursor.start;
  const inner = start + PIM_REGISTER_BYTES;
  if (!looksLikeIp(cursor, out, inner)) return LAYER.done;
  if (out.view.getUint8(start) !== PIM_REGISTER) return LAYER.done;
  if ((out.view.getUint8(start + 4) & PIM_NULL_REGISTER) !== 0) return LAYER.done;
  return enterTunnel(cursor, out, tunnels, TUNNEL.pimRegister, inner, LAYER.ip);
}
