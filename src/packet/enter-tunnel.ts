/** The step from a packet into the one that it carries, and the tests that a carried packet must pass. */

import { type Cursor, stopDecoding } from './cursor.ts';
import type { DecodedPacket } from './decoded-packet.ts';
import { ETHER_TYPE, LAYER, type LayerCode, layerOfEtherType } from './layer.ts';
import type { TunnelCode, TunnelTable } from './tunnel-table.ts';

/** Tunnels within tunnels that are followed. */
const MAX_DEPTH = 8;

const MACS_BYTES = 12;
const IPV4_BYTES = 20;
const IPV6_BYTES = 40;
/** VLAN tags that the carried frame may have before its IP. */
const MAX_TAGS = 3;

/** `out` stays the outer packet until the header at `start` proves good; then the inner takes its place. `number`: session, key. */
export function enterTunnel(
  cursor: Cursor,
  out: DecodedPacket,
  tunnels: TunnelTable,
  kind: TunnelCode,
  start: number,
  next: LayerCode,
  number = 0,
): LayerCode {
  if (cursor.depth === MAX_DEPTH) return stopDecoding(out, 'tunnel', 'tunnels nested too deep', start);
  cursor.depth++;
  cursor.tunnel = tunnels.intern(out, kind, number);
  cursor.start = start;
  return next;
}

/** True for an IPv4 or IPv6 header at `start` whose lengths fit in what is left of the outer packet. */
export function looksLikeIp(cursor: Cursor, out: DecodedPacket, start: number): boolean {
  if (cursor.end - start < IPV4_BYTES) return false;
  const version = out.view.getUint8(start) >> 4;
  return version === 4 ? looksLikeIpv4(cursor, out, start) : version === 6 && looksLikeIpv6(cursor, out, start);
}

function looksLikeIpv4(cursor: Cursor, out: DecodedPacket, start: number): boolean {
  if (cursor.end - start < IPV4_BYTES) return false;
  const versionAndLength = out.view.getUint8(start);
  const headerLength = (versionAndLength & 15) << 2;
  const totalLength = out.view.getUint16(start + 2);
  if (versionAndLength >> 4 !== 4 || headerLength < IPV4_BYTES) return false;
  return totalLength === 0 || (totalLength >= headerLength && start + totalLength <= cursor.wireEnd);
}

function looksLikeIpv6(cursor: Cursor, out: DecodedPacket, start: number): boolean {
  if (cursor.end - start < IPV6_BYTES) return false;
  if (out.view.getUint8(start) >> 4 !== 6) return false;
  return start + IPV6_BYTES + out.view.getUint16(start + 4) <= cursor.wireEnd;
}

/**
 * True for an Ethernet header at `start` that leads to IP. A frame without IP (ARP, spanning tree) in an overlay stays part of
 * the outer flow on purpose: nothing else would count it.
 */
export function looksLikeEthernet(cursor: Cursor, out: DecodedPacket, start: number): boolean {
  let at = start + MACS_BYTES;
  for (let tags = 0; tags <= MAX_TAGS && at + 2 <= cursor.end; tags++) {
    const etherType = out.view.getUint16(at);
    if (etherType === ETHER_TYPE.ipv4) return looksLikeIpv4(cursor, out, at + 2);
    if (etherType === ETHER_TYPE.ipv6) return looksLikeIpv6(cursor, out, at + 2);
    const next = layerOfEtherType(etherType);
    if (next === LAYER.mpls || next === LAYER.pppoe) return true;
    if (next !== LAYER.vlan) return false;
    at += 4;
  }
  return false;
}
