/** Ethernet II and 802.3 (IEEE 802.3 clause 3), VLAN tags (802.1Q) and LLC with SNAP (802.2, RFC 1042). */

import { type Cursor, leaveBody, limitLength, stopDecoding } from './cursor.ts';
import type { DecodedPacket } from './decoded-packet.ts';
import { ETHER_TYPE, FIRST_ETHER_TYPE, LAYER, type LayerCode, layerOfEtherType } from './layer.ts';
import { clearLink, clearNetwork } from './reset-packet.ts';

const ETHERNET_BYTES = 14;
const SOURCE_MAC = 6;
const ETHER_TYPE_OFFSET = 12;

const TAG_BYTES = 4;
const VLAN_ID_MASK = 0x0fff;

const LLC_BYTES = 3;
const SNAP_BYTES = 8;
/** DSAP and SSAP of SNAP. */
const SAP_SNAP = 0xaaaa;
/** DSAP and SSAP that IP had before SNAP. */
const SAP_IP = 0x0606;
const UNNUMBERED_INFORMATION = 0x03;
/** Organisation codes whose protocol id is an EtherType: RFC 1042 and 802.1H bridge tunnel. */
const OUI_ETHER_TYPE = 0x000000;
const OUI_BRIDGE_TUNNEL = 0x0000f8;

export function decodeEthernet(cursor: Cursor, out: DecodedPacket): LayerCode {
  const start = cursor.start;
  const available = cursor.end - start;
  if (available < ETHERNET_BYTES) {
    return stopDecoding(out, 'link', 'Ethernet header cut', start, ETHERNET_BYTES, available);
  }
  clearLink(out);
  if (out.networkStart >= 0) clearNetwork(out);
  out.tunnel = cursor.tunnel;
  out.destinationMac = start;
  out.sourceMac = start + SOURCE_MAC;
  const typeOrLength = out.view.getUint16(start + ETHER_TYPE_OFFSET);
  // ISL has its length there too, and is told by its addresses alone.
  if (typeOrLength < FIRST_ETHER_TYPE && isIslAddress(out.view.getUint32(start))) return LAYER.isl;
  cursor.start = start + ETHERNET_BYTES;
  return followEtherType(cursor, out, typeOrLength);
}

/** 01:00:0c:00:00 or 03:00:0c:00:00; other Cisco protocols have 01:00:0c:cc:cc. */
function isIslAddress(firstWord: number): boolean {
  return firstWord === 0x01000c00 || firstWord === 0x03000c00;
}

/** What a type field (or 802.3 length) just before `cursor.start` says that comes next. */
export function followEtherType(cursor: Cursor, out: DecodedPacket, typeOrLength: number): LayerCode {
  if (typeOrLength < FIRST_ETHER_TYPE) {
    limitLength(cursor, cursor.start, typeOrLength);
    return LAYER.llc;
  }
  return enterEtherType(cursor, out, typeOrLength);
}

/** A type that no decoder is for (ARP, LLDP) ends the way: its body is the payload. */
function enterEtherType(cursor: Cursor, out: DecodedPacket, etherType: number): LayerCode {
  out.etherType = etherType;
  const next = layerOfEtherType(etherType);
  if (next !== LAYER.done) return next;
  out.networkStart = cursor.start;
  return leaveBody(cursor, out, cursor.start);
}

/** With more than two the outermost and the innermost are kept. Priority tags (VLAN 0) name no VLAN. */
export function addVlan(out: DecodedPacket, vlan: number): void {
  if (vlan === 0) return;
  if (out.outerVlan < 0) out.outerVlan = vlan;
  else out.innerVlan = vlan;
}

export function decodeVlanTag(cursor: Cursor, out: DecodedPacket): LayerCode {
  const start = cursor.start;
  const available = cursor.end - start;
  if (available < TAG_BYTES) return stopDecoding(out, 'link', 'VLAN tag cut', start, TAG_BYTES, available);

  addVlan(out, out.view.getUint16(start) & VLAN_ID_MASK);
  cursor.start = start + TAG_BYTES;
  return followEtherType(cursor, out, out.view.getUint16(start + 2));
}

export function decodeLlc(cursor: Cursor, out: DecodedPacket): LayerCode {
  const start = cursor.start;
  const available = cursor.end - start;
  if (available < LLC_BYTES) return stopDecoding(out, 'link', 'LLC header cut', start, LLC_BYTES, available);

  const view = out.view;
  const saps = view.getUint16(start);
  if (view.getUint8(start + 2) === UNNUMBERED_INFORMATION) {
    if (saps === SAP_SNAP) return decodeSnap(cursor, out);
    if (saps === SAP_IP) {
      cursor.start = start + LLC_BYTES;
      out.etherType = ETHER_TYPE.ipv4;
      return LAYER.ipv4;
    }
  }
  return leaveBody(cursor, out, start);
}

function decodeSnap(cursor: Cursor, out: DecodedPacket): LayerCode {
  const start = cursor.start;
  const available = cursor.end - start;
  if (available < SNAP_BYTES) return stopDecoding(out, 'link', 'SNAP header cut', start, SNAP_BYTES, available);

  const view = out.view;
  const organisation = view.getUint32(start + 2) & 0xffffff;
  cursor.start = start + SNAP_BYTES;
  if (organisation !== OUI_ETHER_TYPE && organisation !== OUI_BRIDGE_TUNNEL) return leaveBody(cursor, out, start);
  return enterEtherType(cursor, out, view.getUint16(start + SNAP_BYTES - 2));
}
