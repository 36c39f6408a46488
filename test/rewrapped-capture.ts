/** The frames of a capture in another link, tag or tunnel, and what of a report must not hang on that. */

import type { CollectedFrame } from '../fixtures/encode/collect-frames.ts';
import { decodeOne } from '../fixtures/frames/decode.ts';
import type { Encapsulation } from '../fixtures/frames/encapsulations.ts';
import { ETHERNET_BYTES, etherTypeOf, isIp, rewrap, SOURCE_MAC } from '../fixtures/frames/rewrap.ts';
import { LINK_TYPE } from '../src/capture/link-type.ts';
import { formatMac } from '../src/format/address.ts';
import type { Report } from './run-report.ts';

const ARP = 0x0806;
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
        (isIp(frame) || etherTypeOf(frame) === ARP),
    )
  );
}

/** `frames` are plain. */
export function carriedBy(encapsulation: Encapsulation, frames: readonly CollectedFrame[]): Carried {
  const decode = (frame: CollectedFrame) =>
    decodeOne(rewrap(frame, encapsulation), { linkType: encapsulation.linkType });
  const sample = frames.find(isIp);
  const packet = sample === undefined ? null : decode(sample);
  if (sample === undefined || packet === null || packet.sourceMac < 0) return 'packets without MAC addresses';
  if (formatMac(packet.bytes, packet.sourceMac) !== formatMac(sample.bytes, SOURCE_MAC))
    return 'packets without MAC addresses';
  const other = frames.find((frame) => !isIp(frame));
  return other === undefined || decode(other).etherType === etherTypeOf(other) ? 'frames' : 'packets';
}

/** Whether frames say to whom they are addressed on the link: cooked ones name only who sent them. */
export function namesReceivers(encapsulation: Encapsulation, frames: readonly CollectedFrame[]): boolean {
  const sample = frames.find(isIp);
  if (sample === undefined) return true;
  return decodeOne(rewrap(sample, encapsulation), { linkType: encapsulation.linkType }).destinationMac >= 0;
}

/** What is left of plain frames where no more than that is carried. */
export function leave(frames: readonly CollectedFrame[], carried: Carried): CollectedFrame[] {
  if (carried === 'frames') return [...frames];
  const packets = frames.filter(isIp);
  if (carried === 'packets') return packets;
  return packets.map((frame) => {
    const bytes = frame.bytes.subarray(ETHERNET_BYTES);
    return { ...frame, bytes, linkType: LINK_TYPE.raw, wireLength: bytes.length };
  });
}

export function rewrapAll(
  frames: readonly CollectedFrame[],
  encapsulation: Encapsulation,
  carried: Carried,
): CollectedFrame[] {
  return frames.filter((frame) => carried === 'frames' || isIp(frame)).map((frame) => rewrap(frame, encapsulation));
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
