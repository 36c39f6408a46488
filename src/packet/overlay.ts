/** Overlays over UDP: VXLAN (RFC 7348), GENEVE (RFC 8926) and TZSP. A port only suggests them, their bytes prove them. */

import type { Cursor } from './cursor.ts';
import type { DecodedPacket } from './decoded-packet.ts';
import { enterTunnel, looksLikeEthernet, looksLikeIp } from './enter-tunnel.ts';
import { ETHER_TYPE, LAYER, type LayerCode } from './layer.ts';
import { TUNNEL, type TunnelTable } from './tunnel-table.ts';

const HEADER_BYTES = 8;
const NETWORK_ID = 4;

const VXLAN_HAS_ID = 0x08;

const GENEVE_BRIDGING = 0x6558;
const GENEVE_RESERVED_FLAGS = 0x3f;

const TZSP_FIRST_TAG = 4;
const TZSP_PADDING = 0;
const TZSP_END = 1;
const TZSP_MAX_TAGS = 32;
/** Version 1, type 0 (a received packet), and what it is. */
const TZSP_ETHERNET = 0x01000001;
const TZSP_WIFI = 0x01000012;

export function decodeVxlan(cursor: Cursor, out: DecodedPacket, tunnels: TunnelTable): LayerCode {
  const start = cursor.start;
  const inner = start + HEADER_BYTES;
  if (!looksLikeEthernet(cursor, out, inner)) return LAYER.done;
  if ((out.view.getUint8(start) & VXLAN_HAS_ID) === 0) return LAYER.done;
  const networkId = out.view.getUint32(start + NETWORK_ID) >>> 8;
  return enterTunnel(cursor, out, tunnels, TUNNEL.vxlan, inner, LAYER.ethernet, networkId);
}

export function decodeGeneve(cursor: Cursor, out: DecodedPacket, tunnels: TunnelTable): LayerCode {
  const start = cursor.start;
  if (cursor.end - start < HEADER_BYTES) return LAYER.done;
  const view = out.view;
  const versionAndOptions = view.getUint8(start);
  if (versionAndOptions >> 6 !== 0 || (view.getUint8(start + 1) & GENEVE_RESERVED_FLAGS) !== 0) return LAYER.done;
  const inner = start + HEADER_BYTES + ((versionAndOptions & 0x3f) << 2);
  const next = layerOfGeneveProtocol(cursor, out, view.getUint16(start + 2), inner);
  if (next === LAYER.done) return next;
  // Network ids are left out: hypervisors send each direction with the id of the network that it goes to.
  return enterTunnel(cursor, out, tunnels, TUNNEL.geneve, inner, next);
}

function layerOfGeneveProtocol(cursor: Cursor, out: DecodedPacket, protocol: number, inner: number): LayerCode {
  if (protocol === GENEVE_BRIDGING) return looksLikeEthernet(cursor, out, inner) ? LAYER.ethernet : LAYER.done;
  const isIp = protocol === ETHER_TYPE.ipv4 || protocol === ETHER_TYPE.ipv6;
  return isIp && looksLikeIp(cursor, out, inner) ? LAYER.ip : LAYER.done;
}

/** A remote mirror, so whatever frame it carries is entered: the outer flow is only its transport. */
export function decodeTzsp(cursor: Cursor, out: DecodedPacket, tunnels: TunnelTable): LayerCode {
  const start = cursor.start;
  if (cursor.end - start <= TZSP_FIRST_TAG) return LAYER.done;
  const head = out.view.getUint32(start);
  if (head !== TZSP_ETHERNET && head !== TZSP_WIFI) return LAYER.done;
  const inner = skipTzspTags(cursor, out, start + TZSP_FIRST_TAG);
  if (inner < 0) return LAYER.done;
  const next = head === TZSP_ETHERNET ? LAYER.ethernet : LAYER.wifi;
  return enterTunnel(cursor, out, tunnels, TUNNEL.tzsp, inner, next);
}

/** Offset after the end tag, -1 when there is none. */
function skipTzspTags(cursor: Cursor, out: DecodedPacket, start: number): number {
  let at = start;
  for (let count = 0; count < TZSP_MAX_TAGS && at + 1 < cursor.end; count++) {
    const tag = out.view.getUint8(at);
    if (tag === TZSP_END) return at + 1;
    at += tag === TZSP_PADDING ? 1 : 2 + out.view.getUint8(at + 1);
  }
  return -1;
}
