/** Link addresses of a capture: which addresses are behind each, and which is a router's and how that is known. */

import { formatIpv4 } from '../format/address.ts';
import type { DecodedPacket } from '../packet/decoded-packet.ts';

const MOST_MACS = 16_384;
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

export interface MacInfo {
  readonly id: number;
  readonly mac: string;
  /** First IPv4 addresses that sent from this MAC, as numbers; link-local ones do not count. */
  readonly senders: number[];
  /** The address that ARP or neighbour discovery gave for it first, null when none did. */
  resolvedAs: string | null;
  router: RouterEvidence | null;
}

export class MacTable {
  readonly #macs = new Map<number, MacInfo>();
  readonly #list: MacInfo[] = [];
  /** Frames in a row mostly come from one MAC. */
  #lastHigh = -1;
  #lastLow = -1;
  #last: MacInfo | null = null;

  byId(id: number): MacInfo | null {
    return this.#list[id - 1] ?? null;
  }

  /** The MAC at an offset of a packet, known from now on; null when the link has none or the table is full. */
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

  /** An IPv4 host that sends from this MAC. */
  noteSender(mac: MacInfo, packet: DecodedPacket, at: Sighting): void {
    const { view, sourceAddress } = packet;
    const address = view.getInt32(sourceAddress);
    // One host may have two IPv4 addresses; three behind one MAC are a router's.
    if (mac.senders.length >= MOST_ADDRESSES || mac.senders.includes(address) || isUnusable(address)) return;
    mac.senders.push(address);
    if (mac.senders.length > 2) this.noteRouter(mac, `it sends for ${mac.senders.map(formatNumber).join(', ')}`, at);
  }

  #open(key: number): MacInfo | null {
    const known = this.#macs.get(key);
    if (known !== undefined) return known;
    if (this.#list.length >= MOST_MACS) return null;
    const mac = key
      .toString(16)
      .padStart(12, '0')
      .replace(/..(?!$)/g, '$&:');
    const info: MacInfo = { id: this.#list.length + 1, mac, senders: [], resolvedAs: null, router: null };
    this.#macs.set(key, info);
    this.#list.push(info);
    return info;
  }
}

/** 0.0.0.0, and link-local 169.254.0.0/16 (RFC 3927). */
function isUnusable(address: number): boolean {
  return address === 0 || address >>> 16 === 0xa9fe;
}

function formatNumber(address: number): string {
  return formatIpv4(Uint8Array.of(address >>> 24, address >>> 16, address >>> 8, address), 0);
}
