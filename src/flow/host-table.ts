/**
 * What the capture shows of hosts and link addresses apart from their flows: which address is behind which MAC, which MAC
 * is a router's and how that is known, the TTL of a host's own packets, and whether anything was seen on its way to a host.
 */

import { formatAddress, parseAddress } from '../format/address.ts';
import type { DecodedPacket } from '../packet/decoded-packet.ts';

const MOST_HOSTS = 65_536;
const MOST_MACS = 16_384;
const MOST_TTLS = 4;
/** Addresses kept per MAC: two are enough to prove that it forwards. */
const MOST_ADDRESSES = 4;

/** Where something was first seen. */
export interface Sighting {
  readonly capture: number;
  readonly frame: number;
  readonly time: number;
}

export interface RouterEvidence extends Sighting {
  /** In words, such as `it joined the all-routers group ff02::2`. */
  readonly fact: string;
}

export interface MacInfo {
  readonly id: number;
  readonly mac: string;
  /** First IPv4 addresses that sent from this MAC; link-local ones do not count. */
  readonly addresses: string[];
  /** The address that ARP or neighbour discovery gave for it first, null when none did. */
  resolvedAs: string | null;
  router: RouterEvidence | null;
}

export interface TtlSighting extends Sighting {
  readonly ttl: number;
  /** IP protocol of the packet. */
  readonly transport: number;
  readonly ipId: number;
}

export interface HostInfo {
  readonly address: string;
  /** Ids of MACs that its packets came from. */
  readonly macs: number[];
  /** Distinct TTLs of its own packets that no firewall forges (no resets, no ICMP errors), with the first sighting. */
  readonly ttls: TtlSighting[];
  /** First frame seen on its way to this host from elsewhere, null when there was none: proof of that direction. */
  reached: Sighting | null;
  /** First frame from this host. */
  sent: Sighting | null;
  /** First ARP request or neighbour solicitation for it, and the first answer. */
  soughtAt: Sighting | null;
  foundAt: Sighting | null;
  /** Requests for its MAC that were seen. */
  sought: number;
}

/** IPv4 addresses are keyed by their number, because making text for each of many thousand flows is slow. */
type HostKey = number | string;

export class HostTable {
  readonly #hosts = new Map<HostKey, HostInfo>();
  readonly #macs = new Map<number, MacInfo>();
  readonly #macList: MacInfo[] = [];

  /** The host with this address in canonical text; null when it was never seen or the table is full. */
  host(address: string): HostInfo | null {
    return this.#hosts.get(keyOfText(address)) ?? null;
  }

  macById(id: number): MacInfo | null {
    return this.#macList[id - 1] ?? null;
  }

  /** The MAC at an offset of a packet, known from now on; null when the link has none or the table is full. */
  macAt(packet: DecodedPacket, offset: number): MacInfo | null {
    if (offset < 0) return null;
    const key = packet.view.getUint16(offset) * 0x1_0000_0000 + packet.view.getUint32(offset + 2);
    const known = this.#macs.get(key);
    if (known !== undefined) return known;
    if (this.#macList.length >= MOST_MACS) return null;
    const mac = key
      .toString(16)
      .padStart(12, '0')
      .replace(/..(?!$)/g, '$&:');
    const info: MacInfo = { id: this.#macList.length + 1, mac, addresses: [], resolvedAs: null, router: null };
    this.#macs.set(key, info);
    this.#macList.push(info);
    return info;
  }

  /** Makes the host at an address of a packet (4 or 16 bytes at `offset`) known; null when the table is full. */
  openAt(packet: DecodedPacket, offset: number, length: number): HostInfo | null {
    const bytes = packet.bytes;
    const key: HostKey =
      length === 4 ? packet.view.getInt32(offset) : formatAddress(bytes.subarray(offset, offset + length));
    const known = this.#hosts.get(key);
    if (known !== undefined) return known;
    if (this.#hosts.size >= MOST_HOSTS) return null;
    const address = typeof key === 'string' ? key : formatAddress(bytes.subarray(offset, offset + length));
    const host: HostInfo = {
      address,
      macs: [],
      ttls: [],
      reached: null,
      sent: null,
      soughtAt: null,
      foundAt: null,
      sought: 0,
    };
    this.#hosts.set(key, host);
    return host;
  }

  /**
   * Learns from a packet that begins a direction of a flow. `isForgeable`: resets and ICMP errors, which a device on the
   * path sends in the host's name, teach nothing about the host.
   */
  learn(packet: DecodedPacket, isForgeable: boolean, at: Sighting): void {
    const length = packet.ipVersion === 6 ? 16 : 4;
    const receiver = this.openAt(packet, packet.destinationAddress, length);
    if (receiver !== null && receiver.reached === null) receiver.reached = copy(at);
    const sender = this.openAt(packet, packet.sourceAddress, length);
    if (sender === null) return;
    sender.sent ??= copy(at);
    const mac = this.macAt(packet, packet.sourceMac);
    if (mac !== null && isForwarded(packet.ttl)) {
      this.noteRouter(mac, `it passed on a packet of ${sender.address} with TTL ${packet.ttl}`, at);
    }
    if (isForgeable) return;
    if (mac !== null) {
      if (!sender.macs.includes(mac.id) && sender.macs.length < MOST_ADDRESSES) sender.macs.push(mac.id);
      this.#learnAddress(mac, sender.address, at);
    }
    for (const known of sender.ttls) if (known.ttl === packet.ttl && known.transport === packet.transport) return;
    if (sender.ttls.length < MOST_TTLS) {
      const { ttl, transport, ipId } = packet;
      sender.ttls.push({ ttl, transport, ipId, capture: at.capture, frame: at.frame, time: at.time });
    }
  }

  /** A MAC that only a router can have, in words. The first evidence stays. */
  noteRouter(mac: MacInfo | null, fact: string, at: Sighting): void {
    if (mac !== null && mac.router === null) mac.router = { ...copy(at), fact };
  }

  #learnAddress(mac: MacInfo, address: string, at: Sighting): void {
    const isUsable = !address.includes(':') && !address.startsWith('169.254.') && address !== '0.0.0.0';
    // One host has many IPv6 addresses and may have two IPv4 ones; three IPv4 addresses behind one MAC are a router's.
    if (!isUsable || mac.addresses.includes(address) || mac.addresses.length >= MOST_ADDRESSES) return;
    mac.addresses.push(address);
    if (mac.addresses.length > 2) this.noteRouter(mac, `it sends for ${mac.addresses.join(', ')}`, at);
  }
}

/** Common initial values are 64, 128 and 255: somewhat less means that a router has passed the packet on. */
function isForwarded(ttl: number): boolean {
  return (ttl < 64 && ttl > 40) || (ttl < 128 && ttl > 100) || (ttl < 255 && ttl > 230);
}

/** 224.0.0.2, and ff02::2 with its wider scopes (RFC 4291 section 2.7.1). */
export function isRouterGroup(group: string): boolean {
  return group === '224.0.0.2' || /^ff0[1258]::2$/.test(group);
}

function keyOfText(address: string): HostKey {
  if (address.includes(':')) return address;
  const bytes = parseAddress(address);
  return bytes === null ? address : new DataView(bytes.buffer, bytes.byteOffset).getInt32(0);
}

function copy(at: Sighting): Sighting {
  return { capture: at.capture, frame: at.frame, time: at.time };
}
