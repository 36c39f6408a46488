/** Link addresses of a capture: which addresses are behind each, and which is a router's and how that is known. */

import { formatIpv4 } from '../format/address.ts';
import type { DecodedPacket } from '../packet/decoded-packet.ts';

const MOST_MACS = 16_384;
/** Forgotten at a time, as a part of all. */
const FORGOTTEN_SHARE = 8;
/** Addresses kept per MAC: three prove that it forwards. */
const MOST_ADDRESSES = 4;
const HIGH_UNIT = 0x1_0000_0000;

/** Where something was first seen. */
export interface Sighting {
  readonly capture: number;
  readonly frame: number;
  readonly time: number;
}

interface RouterEvidence extends Sighting {
  /** In words, such as `it joined the all-routers group ff02::2`. */
  readonly fact: string;
}

interface Resolution extends Sighting {
  /** In canonical text. */
  readonly address: string;
}

export interface MacInfo {
  readonly id: number;
  readonly mac: string;
  /** First IPv4 addresses that sent from this MAC, as numbers; link-local ones do not count. */
  readonly senders: number[];
  /** What ARP or neighbour discovery gave for it first, null when neither did. */
  resolved: Resolution | null;
  router: RouterEvidence | null;
}

export class MacTable {
  /** Link addresses forgotten for want of a place: the longest unmet first, routers last. */
  evicted = 0;
  /** The longest unmet first. */
  readonly #macs = new Map<number, MacInfo>();
  readonly #byId = new Map<number, MacInfo>();
  readonly #most: number;
  #made = 0;
  /** Frames in a row mostly come from one MAC. */
  #lastHigh = -1;
  #lastLow = -1;
  #last: MacInfo | null = null;

  constructor(most = MOST_MACS) {
    this.#most = most;
  }

  /** How many were met as senders, the forgotten ones included. */
  get met(): number {
    return this.#made;
  }

  /** Null for one that is forgotten; no other gets its id. */
  byId(id: number): MacInfo | null {
    return this.#byId.get(id) ?? null;
  }

  /** The MAC at an offset of a packet, known from now on; null when the link has none. */
  at(packet: DecodedPacket, offset: number): MacInfo | null {
    if (offset < 0) return null;
    const high = packet.view.getUint16(offset);
    const low = packet.view.getInt32(offset + 2);
    if (high === this.#lastHigh && low === this.#lastLow) return this.#last;
    this.#lastHigh = high;
    this.#lastLow = low;
    this.#last = this.#open(high * HIGH_UNIT + (low >>> 0));
    return this.#last;
  }

  /** A MAC that only a router can have, in words. The first evidence stays. */
  noteRouter(mac: MacInfo | null, fact: string, at: Sighting): void {
    if (mac === null || mac.router !== null) return;
    mac.router = { capture: at.capture, frame: at.frame, time: at.time, fact };
  }

  /** The address that a frame of ARP or neighbour discovery gives for it. The first one stays. */
  noteResolved(mac: MacInfo | null, address: string, at: Sighting): void {
    if (mac === null || mac.resolved !== null) return;
    mac.resolved = { address, capture: at.capture, frame: at.frame, time: at.time };
  }

  /** An IPv4 host that sends from this MAC. */
  noteSender(mac: MacInfo, packet: DecodedPacket, at: Sighting): void {
    const { view, sourceAddress } = packet;
    const address = view.getInt32(sourceAddress);
    // One host may have two IPv4 addresses; three behind one MAC are a router's.
    if (mac.senders.length >= MOST_ADDRESSES || mac.senders.includes(address) || isUnusable(address)) return;
    mac.senders.push(address);
    if (mac.senders.length > 2) this.noteRouter(mac, `it sends for ${mac.senders.map(formatNumber).join(', ')}`, at);
  }

  #open(key: number): MacInfo {
    const known = this.#macs.get(key);
    const info = known ?? this.#make(key);
    if (known !== undefined) this.#macs.delete(key);
    else if (this.#macs.size >= this.#most) this.#forgetUnmet();
    this.#macs.set(key, info);
    return info;
  }

  #make(key: number): MacInfo {
    const mac = key
      .toString(16)
      .padStart(12, '0')
      .replace(/..(?!$)/g, '$&:');
    const info: MacInfo = { id: ++this.#made, mac, senders: [], resolved: null, router: null };
    this.#byId.set(info.id, info);
    return info;
  }

  #forgetUnmet(): void {
    const hosts = [...this.#macs].filter(([, { router }]) => router === null);
    const forgotten = (hosts.length > 0 ? hosts : [...this.#macs]).slice(0, Math.ceil(this.#most / FORGOTTEN_SHARE));
    for (const [key, { id }] of forgotten) {
      this.#macs.delete(key);
      this.#byId.delete(id);
    }
    this.evicted += forgotten.length;
  }
}

/** 0.0.0.0, and link-local 169.254.0.0/16 (RFC 3927). */
function isUnusable(address: number): boolean {
  return address === 0 || address >>> 16 === 0xa9fe;
}

function formatNumber(address: number): string {
  return formatIpv4(Uint8Array.of(address >>> 24, address >>> 16, address >>> 8, address), 0);
}
