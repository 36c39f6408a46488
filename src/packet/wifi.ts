/** 802.11 data frames, IEEE 802.11 section 9.3.2. */

import { type Cursor, leaveBody, limitLength, stopDecoding } from './cursor.ts';
import type { DecodedPacket } from './decoded-packet.ts';
import { LAYER, type LayerCode } from './layer.ts';
import { clearLink, clearNetwork } from './reset-packet.ts';

const HEADER_BYTES = 24;
const ADDRESS_1 = 4;
const ADDRESS_2 = 10;
const ADDRESS_3 = 16;
const ADDRESS_4 = 24;
const MAC_BYTES = 6;

/** First byte of frame control: version and type, then bits of the subtype of data frames. */
const TYPE_MASK = 0x0f;
const TYPE_DATA = 0x08;
const SUBTYPE_NO_DATA = 0x40;
const SUBTYPE_QOS = 0x80;
/** Second byte. */
const TO_DISTRIBUTION = 0x01;
const FROM_DISTRIBUTION = 0x02;
const IS_PROTECTED = 0x40;
const HAS_HIGH_THROUGHPUT_CONTROL = 0x80;

const QOS_BYTES = 2;
const QOS_IS_AGGREGATE = 0x80;
const HIGH_THROUGHPUT_CONTROL_BYTES = 4;
/** Of a frame in an aggregate: destination, source, length. */
const SUBFRAME_BYTES = 14;

const PADDED_MULTIPLE = 4;

/** Frames other than unencrypted data have no packet. Of an aggregate (A-MSDU) only the first packet is decoded. */
export function decodeWifi(cursor: Cursor, out: DecodedPacket): LayerCode {
  const start = cursor.start;
  const available = cursor.end - start;
  if (available < 2) return stopDecoding(out, 'link', '802.11 header cut', start, HEADER_BYTES, available);
  const control = out.view.getUint8(start);
  const flags = out.view.getUint8(start + 1);
  if ((control & TYPE_MASK) !== TYPE_DATA || (control & SUBTYPE_NO_DATA) !== 0) return leaveBody(cursor, out, start);

  const isQos = (control & SUBTYPE_QOS) !== 0;
  const qosAt = start + HEADER_BYTES + ((flags & 3) === 3 ? MAC_BYTES : 0);
  let length = qosAt - start;
  if (isQos) length += QOS_BYTES + ((flags & HAS_HIGH_THROUGHPUT_CONTROL) !== 0 ? HIGH_THROUGHPUT_CONTROL_BYTES : 0);
  if (available < length) return stopDecoding(out, 'link', '802.11 header cut', start, length, available);

  clearLink(out);
  if (out.networkStart >= 0) clearNetwork(out);
  out.tunnel = cursor.tunnel;
  takeMacs(out, start, flags);
  if ((flags & IS_PROTECTED) !== 0) return stopDecoding(out, 'link', 'encrypted 802.11 frame', start + length);
  const isAggregate = isQos && (out.view.getUint8(qosAt) & QOS_IS_AGGREGATE) !== 0;
  cursor.start = start + (cursor.isPadded ? Math.ceil(length / PADDED_MULTIPLE) * PADDED_MULTIPLE : length);
  return isAggregate ? decodeSubframe(cursor, out) : LAYER.llc;
}

function decodeSubframe(cursor: Cursor, out: DecodedPacket): LayerCode {
  const start = cursor.start;
  const available = cursor.end - start;
  if (available < SUBFRAME_BYTES) {
    return stopDecoding(out, 'link', '802.11 subframe cut', start, SUBFRAME_BYTES, available);
  }
  out.destinationMac = start;
  out.sourceMac = start + MAC_BYTES;
  cursor.start = start + SUBFRAME_BYTES;
  limitLength(cursor, cursor.start, out.view.getUint16(cursor.start - 2));
  return LAYER.llc;
}

/** Which address means what depends on the way through the access point. */
function takeMacs(out: DecodedPacket, start: number, flags: number): void {
  const toDistribution = (flags & TO_DISTRIBUTION) !== 0;
  const fromDistribution = (flags & FROM_DISTRIBUTION) !== 0;
  out.destinationMac = start + (toDistribution ? ADDRESS_3 : ADDRESS_1);
  if (!fromDistribution) out.sourceMac = start + ADDRESS_2;
  else out.sourceMac = start + (toDistribution ? ADDRESS_4 : ADDRESS_3);
}
