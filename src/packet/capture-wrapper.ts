/**
 * Headers that capture tools put before a frame: radiotap (radiotap.org), those of Prism and AVS, PPI, PKTAP of macOS, NFLOG of
 * Linux, PFLOG of OpenBSD, those of Junos and ERF of Endace cards, the direction (tcpdump.org/linktypes.html for each).
 */

import { type Cursor, limitLength, stopDecoding } from './cursor.ts';
import type { DecodedPacket } from './decoded-packet.ts';
import { LAYER, type LayerCode, layerOfLinkType } from './layer.ts';

const RADIOTAP_BYTES = 8;
const RADIOTAP_MAX_WORDS = 8;
const RADIOTAP_HAS_TIME = 0x01;
const RADIOTAP_HAS_FLAGS = 0x02;
const RADIOTAP_TIME_BYTES = 8;
const RADIOTAP_PADDED = 0x20;

const PRISM_LEAST_BYTES = 8;
const AVS_MAGIC = 0x80211000;
const AVS_MAGIC_MASK = 0xfffff000;
/** Lengths in the other order of bytes are larger. */
const PRISM_MOST_BYTES = 0xffff;

const DIRECTION_BYTES = 1;

const PPI_BYTES = 8;

const PKTAP_BYTES = 12;
const PKTAP_RECORD_PACKET = 1;

const NFLOG_BYTES = 4;
const NFLOG_ATTRIBUTE_BYTES = 4;
const NFLOG_PAYLOAD = 9;
const NFLOG_MAX_ATTRIBUTES = 64;

const PFLOG_LEAST_BYTES = 28;

const JUNIPER_BYTES = 4;
const JUNIPER_MAGIC = 0x4d4743;
const JUNIPER_HAS_NO_LINK = 0x02;
const JUNIPER_HAS_EXTENSION = 0x80;
const JUNIPER_LENGTH_BYTES = 2;
/** Address family, in place of the link header. */
const JUNIPER_FAMILY_BYTES = 4;

const ERF_BYTES = 16;
const ERF_TYPE = 8;
const ERF_WIRE_LENGTH = 14;
const ERF_HAS_EXTENSION = 0x80;
const ERF_EXTENSION_BYTES = 8;
const ERF_MAX_EXTENSIONS = 16;
/** Offset and padding before the MAC addresses. */
const ERF_ETHERNET_PADDING = 2;

export function decodeRadiotap(cursor: Cursor, out: DecodedPacket): LayerCode {
  const start = cursor.start;
  const available = cursor.end - start;
  if (available < RADIOTAP_BYTES) {
    return stopDecoding(out, 'link', 'radiotap header cut', start, RADIOTAP_BYTES, available);
  }
  const length = out.view.getUint16(start + 2, true);
  const next = skipHeader(cursor, out, RADIOTAP_BYTES, length, LAYER.wifi);
  if (next === LAYER.wifi) cursor.isPadded = isPadded(out.view, start, cursor.start);
  return next;
}

/** Reads the flags field: it stands behind the words that tell which fields are there, and a time that is aligned to 8 bytes. */
function isPadded(view: DataView, start: number, end: number): boolean {
  const present = view.getUint32(start + 4, true);
  if ((present & RADIOTAP_HAS_FLAGS) === 0) return false;
  let at = start + RADIOTAP_BYTES;
  // The highest bit of each word announces one more.
  for (let count = 0; count < RADIOTAP_MAX_WORDS && at < end && view.getUint8(at - 1) >> 7 !== 0; count++) at += 4;
  if ((present & RADIOTAP_HAS_TIME) !== 0) at = start + Math.ceil((at - start) / 8) * 8 + RADIOTAP_TIME_BYTES;
  return at < end && (view.getUint8(at) & RADIOTAP_PADDED) !== 0;
}

/** Prism's header has its length in the order of the machine that captured, that of AVS in network order; either link type holds either. */
export function decodePrism(cursor: Cursor, out: DecodedPacket): LayerCode {
  const start = cursor.start;
  const available = cursor.end - start;
  if (available < PRISM_LEAST_BYTES) {
    return stopDecoding(out, 'link', 'Prism header cut', start, PRISM_LEAST_BYTES, available);
  }
  const isAvs = (out.view.getUint32(start) & AVS_MAGIC_MASK) >>> 0 === AVS_MAGIC;
  const littleEndian = out.view.getUint32(start + 4, true);
  const length = isAvs || littleEndian > PRISM_MOST_BYTES ? out.view.getUint32(start + 4) : littleEndian;
  return skipHeader(cursor, out, PRISM_LEAST_BYTES, length, LAYER.wifi);
}

/** One byte that tells whether the frame was sent or received. */
export function decodeDirection(cursor: Cursor, out: DecodedPacket, next: LayerCode): LayerCode {
  return skipHeader(cursor, out, DIRECTION_BYTES, DIRECTION_BYTES, next);
}

export function decodePpi(cursor: Cursor, out: DecodedPacket): LayerCode {
  const start = cursor.start;
  const available = cursor.end - start;
  if (available < PPI_BYTES) return stopDecoding(out, 'link', 'PPI header cut', start, PPI_BYTES, available);
  const length = out.view.getUint16(start + 2, true);
  return skipHeader(cursor, out, PPI_BYTES, length, layerOfLinkType(out.view.getUint32(start + 4, true)));
}

/** Header length, record type, link type of the frame, and more, in the order of the machine that captured. */
export function decodePktap(cursor: Cursor, out: DecodedPacket): LayerCode {
  const start = cursor.start;
  const available = cursor.end - start;
  if (available < PKTAP_BYTES) return stopDecoding(out, 'link', 'PKTAP header cut', start, PKTAP_BYTES, available);
  const view = out.view;
  const isLittleEndian = view.getUint32(start + 4, true) === PKTAP_RECORD_PACKET;
  const length = view.getUint32(start, isLittleEndian);
  return skipHeader(cursor, out, PKTAP_BYTES, length, layerOfLinkType(view.getUint32(start + 8, isLittleEndian)));
}

/** Steps over a header that tells its own length, to `next`. */
function skipHeader(cursor: Cursor, out: DecodedPacket, least: number, length: number, next: LayerCode): LayerCode {
  const start = cursor.start;
  const available = cursor.end - start;
  if (length < least) return stopDecoding(out, 'link', 'capture header shorter than it must be', start);
  if (length > available) return stopDecoding(out, 'link', 'capture header cut', start, length, available);
  cursor.start = start + length;
  return next;
}

/** Family, version, resource id, then attributes of length and type in the order of the machine that captured. */
export function decodeNflog(cursor: Cursor, out: DecodedPacket): LayerCode {
  const view = out.view;
  let at = cursor.start + NFLOG_BYTES;
  for (let count = 0; count < NFLOG_MAX_ATTRIBUTES && cursor.end - at >= NFLOG_ATTRIBUTE_BYTES; count++) {
    // Types are below 256: the order in which this one is so is the right one.
    const isLittleEndian = view.getUint8(at + 3) === 0;
    const length = view.getUint16(at, isLittleEndian);
    if (length < NFLOG_ATTRIBUTE_BYTES) break;
    if (view.getUint16(at + 2, isLittleEndian) === NFLOG_PAYLOAD) {
      limitLength(cursor, at, length);
      cursor.start = at + NFLOG_ATTRIBUTE_BYTES;
      return LAYER.ip;
    }
    at += Math.ceil(length / 4) * 4;
  }
  return stopDecoding(out, 'link', 'NFLOG record without packet', cursor.start);
}

/** What OpenBSD's packet filter logs: its header's length without padding comes first. */
export function decodePflog(cursor: Cursor, out: DecodedPacket): LayerCode {
  const available = cursor.end - cursor.start;
  if (available < 1) return stopDecoding(out, 'link', 'PFLOG header cut', cursor.start, PFLOG_LEAST_BYTES, available);
  const length = Math.ceil(out.view.getUint8(cursor.start) / 4) * 4;
  return skipHeader(cursor, out, PFLOG_LEAST_BYTES, length, LAYER.ip);
}

/** Magic (3 bytes), flags, and, if these say so, the length of an extension and a family instead of the Ethernet header. */
export function decodeJuniperEthernet(cursor: Cursor, out: DecodedPacket): LayerCode {
  const start = cursor.start;
  const available = cursor.end - start;
  const needed = JUNIPER_BYTES + JUNIPER_LENGTH_BYTES;
  if (available < needed) return stopDecoding(out, 'link', 'Juniper header cut', start, needed, available);
  const head = out.view.getUint32(start);
  if (head >>> 8 !== JUNIPER_MAGIC) return stopDecoding(out, 'link', 'no Juniper header', start);
  let length = JUNIPER_BYTES;
  if ((head & JUNIPER_HAS_EXTENSION) !== 0) length += JUNIPER_LENGTH_BYTES + out.view.getUint16(start + JUNIPER_BYTES);
  if ((head & JUNIPER_HAS_NO_LINK) === 0) return skipHeader(cursor, out, JUNIPER_BYTES, length, LAYER.ethernet);
  return skipHeader(cursor, out, JUNIPER_BYTES, length + JUNIPER_FAMILY_BYTES, LAYER.ip);
}

export function decodeErf(cursor: Cursor, out: DecodedPacket): LayerCode {
  const start = cursor.start;
  const available = cursor.end - start;
  if (available < ERF_BYTES) return stopDecoding(out, 'link', 'ERF header cut', start, ERF_BYTES, available);
  const view = out.view;
  const type = view.getUint8(start + ERF_TYPE);
  let at = start + ERF_BYTES;
  let hasExtension = (type & ERF_HAS_EXTENSION) !== 0;
  for (let count = 0; hasExtension && count < ERF_MAX_EXTENSIONS && at < cursor.end; count++) {
    hasExtension = (view.getUint8(at) & ERF_HAS_EXTENSION) !== 0;
    at += ERF_EXTENSION_BYTES;
  }
  const layer = layerOfErfType(type & ~ERF_HAS_EXTENSION);
  if (layer === LAYER.ethernet) at += ERF_ETHERNET_PADDING;
  // Records are padded, and the card's own wire length is the only one that leaves this header out.
  cursor.wireEnd = at + view.getUint16(start + ERF_WIRE_LENGTH);
  cursor.end = Math.min(cursor.end, cursor.wireEnd);
  cursor.start = at;
  return layer;
}

/** Types of the same link differ in what the card adds to the header: colour, channel, stream. */
function layerOfErfType(type: number): LayerCode {
  switch (type) {
    case 2: // Ethernet
    case 11:
    case 16:
    case 20:
      return LAYER.ethernet;
    case 1: // HDLC
    case 10:
    case 15:
    case 19:
      return LAYER.pppHdlc;
    case 22:
      return LAYER.ipv4;
    case 23:
      return LAYER.ipv6;
    default:
      return LAYER.unknownLink;
  }
}
