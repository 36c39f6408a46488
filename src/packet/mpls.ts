/** MPLS label stacks (RFC 3032) around IP or an Ethernet pseudowire (RFC 4448); nothing in them says which. */

import { type Cursor, leaveBody, stopDecoding } from './cursor.ts';
import type { DecodedPacket } from './decoded-packet.ts';
import { looksLikeEthernet, looksLikeIp } from './enter-tunnel.ts';
import { LAYER, type LayerCode } from './layer.ts';

const LABEL_BYTES = 4;
const BOTTOM_OF_STACK = 1;
const CONTROL_WORD_BYTES = 4;
const MAX_LABELS = 16;

export function decodeMpls(cursor: Cursor, out: DecodedPacket): LayerCode {
  let at = cursor.start;
  for (let count = 0; ; count++) {
    if (count === MAX_LABELS) return stopDecoding(out, 'link', 'too many MPLS labels', at);
    const available = cursor.end - at;
    if (available < LABEL_BYTES) return stopDecoding(out, 'link', 'MPLS label cut', at, LABEL_BYTES, available);
    at += LABEL_BYTES;
    if ((out.view.getUint8(at - 2) & BOTTOM_OF_STACK) !== 0) break;
  }
  return followLabels(cursor, out, at);
}

function followLabels(cursor: Cursor, out: DecodedPacket, start: number): LayerCode {
  cursor.start = start;
  if (start >= cursor.end) return leaveBody(cursor, out, start);
  if (looksLikeIp(cursor, out, start)) return LAYER.ip;

  // A control word opens with four zero bits, and so do many MAC addresses.
  const nibble = out.view.getUint8(start) >> 4;
  if (nibble === 0 && looksLikeEthernet(cursor, out, start + CONTROL_WORD_BYTES)) {
    cursor.start = start + CONTROL_WORD_BYTES;
    return LAYER.ethernet;
  }
  if (looksLikeEthernet(cursor, out, start)) return LAYER.ethernet;
  return nibble === 4 || nibble === 6 ? LAYER.ip : leaveBody(cursor, out, start);
}
