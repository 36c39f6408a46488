/** The frames of a capture in another link, tag or tunnel, and what of a report must not hang on that. */

import type { CollectedFrame } from '../fixtures/encode/collect-frames.ts';
import { decodeOne } from '../fixtures/frames/decode.ts';
import type { Encapsulation } from '../fixtures/frames/encapsulations.ts';
import { readUint16 } from '../src/bytes/read.ts';
import { LINK_TYPE } from '../src/capture/link-type.ts';
import { formatMac } from '../src/format/address.ts';
import type { Report } from './run-report.ts';

const ETHERNET_BYTES = 14;
const SOURCE_MAC = 6;
const ETHER_TYPE = 12;
const IPV4 = 0x0800;
const IPV6 = 0x86dd;
const IPV4_SOURCE = 26;
const IPV6_SOURCE = 22;
/** An EtherType field below this is a length, of at most 1500. */
const MOST_LENGTH = 1500;

/** What an encapsulation takes along; what it does not is not there for any verdict either. */
export type Carried = 'frames' | 'packets' | 'packets without MAC addresses';

/** True for Ethernet that holds IP and neighbour messages without tags, each frame whole, none too long for an 802.3 length. */
export function isPlain(frames: readonly CollectedFrame[]): boolean {
  return (
    frames.some(isIp) &&
    frames.every(
      (frame) =>
        frame.linkType === LINK_TYPE.ethernet &&
        frame.wireLength === frame.bytes.length &&
        frame.bytes.length <= ETHERNET_BYTES + MOST_LENGTH &&
        (isIp(frame) || etherTypeOf(frame) === 0x0806),
    )
  );
}

/** `frames` are plain. */
export function carriedBy(encapsulation: Encapsulation, frames: readonly CollectedFrame[]): Carried {
  const decode = (frame: CollectedFrame) =>
    decodeOne({ bytes: wrap(frame, encapsulation).bytes }, { linkType: encapsulation.linkType });
  const sample = frames.find(isIp);
  const packet = sample === undefined ? null : decode(sample);
  if (sample === undefined || packet === null || packet.sourceMac < 0) return 'packets without MAC addresses';
  if (formatMac(packet.bytes, packet.sourceMac) !== formatMac(sample.bytes, SOURCE_MAC))
    return 'packets without MAC addresses';
  const other = frames.find((frame) => !isIp(frame));
  return other === undefined || decode(other).etherType === etherTypeOf(other) ? 'frames' : 'packets';
}

/** What is left of plain frames where no more than that is carried. */
export function leave(frames: readonly CollectedFrame[], carried: Carried): CollectedFrame[] {
  if (carried === 'frames') return [...frames];
  const packets = frames.filter(isIp);
  if (carried === 'packets') return packets;
  return packets.map((frame) => resized(frame, frame.bytes.subarray(ETHERNET_BYTES), LINK_TYPE.raw));
}

export function rewrap(
  frames: readonly CollectedFrame[],
  encapsulation: Encapsulation,
  carried: Carried,
): CollectedFrame[] {
  return frames.filter((frame) => carried === 'frames' || isIp(frame)).map((frame) => wrap(frame, encapsulation));
}

function wrap(frame: CollectedFrame, { wrap, linkType }: Encapsulation): CollectedFrame {
  const { bytes } = frame;
  const etherType = etherTypeOf(frame);
  const isIpv6 = etherType === IPV6;
  const [ipProtocol, pppProtocol] = isIpv6 ? [41, 0x0057] : [4, 0x0021];
  const packet = { bytes: bytes.subarray(ETHERNET_BYTES), etherType, ipProtocol, pppProtocol };
  const macs = { destination: formatMac(bytes, 0), source: formatMac(bytes, SOURCE_MAC) };
  return resized(frame, wrap(packet, isReply(bytes, isIpv6), macs).bytes, linkType);
}

/** Both directions of a flow go through the tunnel, each its own way. */
function isReply(bytes: Uint8Array, isIpv6: boolean): boolean {
  const [start, length] = isIpv6 ? [IPV6_SOURCE, 16] : [IPV4_SOURCE, 4];
  const source = bytes.subarray(start, start + length);
  return Buffer.compare(source, bytes.subarray(start + length, start + 2 * length)) > 0;
}

function resized(frame: CollectedFrame, bytes: Uint8Array, linkType: number): CollectedFrame {
  return { ...frame, bytes, linkType, wireLength: bytes.length };
}

function etherTypeOf({ bytes }: CollectedFrame): number {
  return readUint16(bytes, ETHER_TYPE);
}

function isIp(frame: CollectedFrame): boolean {
  return etherTypeOf(frame) === IPV4 || etherTypeOf(frame) === IPV6;
}

/** A wrapper's bytes are counted, its tags and tunnel are told. */
const OF_WRAPPERS: ReadonlySet<string> = new Set(['vlans', 'tunnel', 'bytes', 'displayFilter']);
/** The file itself, and sums over what was counted. */
const OF_FILES: ReadonlySet<string> = new Set(['captures', 'totals']);

/** All that is said of flows, streams, groups, findings and quality, in microseconds. */
export function whatIsSaid(report: Report): unknown {
  return JSON.parse(JSON.stringify(report), (key, value) => {
    if (OF_WRAPPERS.has(key) || OF_FILES.has(key)) return undefined;
    if (typeof value === 'number') return Math.round(value * 1000) / 1000 + 0;
    return typeof value === 'string' ? value.replace(/(?<=T\d\d:\d\d:)\d\d\.\d{9}(?=Z$)/, roundSeconds) : value;
  });
}

function roundSeconds(seconds: string): string {
  return Number(seconds).toFixed(6);
}
