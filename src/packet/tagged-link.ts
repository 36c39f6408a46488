/** What switches put between the Ethernet header and IP, other than VLAN tags: tags, whole outer headers, MACsec and ISL. */

import { type Cursor, stopDecoding } from './cursor.ts';
import type { DecodedPacket } from './decoded-packet.ts';
import { addVlan, decodeEthernet, followEtherType } from './ethernet.ts';
import { LAYER, type LayerCode } from './layer.ts';

/** Cisco metadata (security group tag) has 6 bytes before the next EtherType; VN-Tag, HSR and the redundancy tag have 4. */
const CISCO_METADATA = 0x8909;
const CISCO_METADATA_BYTES = 6;
const TAG_BYTES = 4;

/** After the EtherType: forwarding tag and TTL. */
const FABRIC_PATH_BYTES = 2;
/** 802.1ah: flags and service id. */
const BACKBONE_SERVICE_BYTES = 4;

/** Cisco ISL: address, source, length, SNAP, VLAN and BPDU bit, index, reserved. */
const ISL_BYTES = 26;
const ISL_VLAN = 20;

export function decodeMetadataTag(cursor: Cursor, out: DecodedPacket): LayerCode {
  const start = cursor.start;
  const length = out.etherType === CISCO_METADATA ? CISCO_METADATA_BYTES : TAG_BYTES;
  const available = cursor.end - start;
  if (available < length + 2) return stopDecoding(out, 'link', 'tag cut', start, length + 2, available);
  cursor.start = start + length + 2;
  return followEtherType(cursor, out, out.view.getUint16(start + length));
}

export function decodeFabricPath(cursor: Cursor): LayerCode {
  cursor.start += FABRIC_PATH_BYTES;
  return LAYER.ethernet;
}

export function decodeBackboneService(cursor: Cursor): LayerCode {
  cursor.start += BACKBONE_SERVICE_BYTES;
  return LAYER.ethernet;
}

/** IEEE 802.1AE: named, since its body is encrypted as a rule. */
export function decodeMacsec(cursor: Cursor, out: DecodedPacket): LayerCode {
  return stopDecoding(out, 'link', 'encrypted by MACsec', cursor.start);
}

/** `cursor.start` is at the first byte of the frame, which `decodeEthernet` took for an 802.3 header. */
export function decodeIsl(cursor: Cursor, out: DecodedPacket): LayerCode {
  const start = cursor.start;
  const available = cursor.end - start;
  if (available < ISL_BYTES) return stopDecoding(out, 'link', 'ISL header cut', start, ISL_BYTES, available);
  // The lowest bit says that the frame is a bridge's own.
  const vlan = out.view.getUint16(start + ISL_VLAN) >> 1;
  cursor.start = start + ISL_BYTES;
  const next = decodeEthernet(cursor, out);
  addVlan(out, vlan);
  return next;
}
