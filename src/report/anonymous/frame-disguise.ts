/**
 * A frame made anew from what is understood of it: link and IP headers with pseudonyms, transport headers, and no payload.
 * Tunnels are left out, since the innermost packet is what findings are about. Nothing is copied unseen: what is not known
 * to be harmless does not come along.
 */

import { readUint8 } from '../../bytes/read.ts';
import type { FrameBatch } from '../../capture/frame-batch.ts';
import { LINK_TYPE } from '../../capture/link-type.ts';
import { isMulticast } from '../../format/address.ts';
import { PacketDecoder } from '../../packet/decode-frame.ts';
import { DecodedPacket, IP_PROTOCOL } from '../../packet/decoded-packet.ts';
import { disguiseArp, disguiseIcmp, disguiseIcmpv6, disguiseIgmp } from './anonymous-control.ts';
import { disguiseIpv4, disguiseIpv6, sumPseudoHeader } from './anonymous-ip.ts';
import { foldChecksum, sumWords, writeUint16 } from './checksum.ts';
import { macOfGroup, type Pseudonyms } from './pseudonyms.ts';

export interface RewrittenFrame {
  readonly bytes: Uint8Array;
  readonly linkType: number;
  /** As on the wire, but for headers that were left out. */
  readonly wireLength: number;
}

const MAC_BYTES = 6;
const ARP = 0x0806;
const VLAN = 0x8100;
const [IPV4, IPV6] = [0x0800, 0x86dd];
const [IPV4_BYTES, IPV6_BYTES, UDP_BYTES] = [20, 40, 8];
const CHECKSUM_AT: Readonly<Partial<Record<number, number>>> = {
  [IP_PROTOCOL.tcp]: 16,
  [IP_PROTOCOL.udp]: 6,
  [IP_PROTOCOL.icmp]: 2,
  [IP_PROTOCOL.icmpv6]: 2,
  [IP_PROTOCOL.igmp]: 2,
};
/** Segment size, window scale, SACK permitted, SACK, timestamps; others may hold addresses and cookies. */
const TCP_OPTIONS = [2, 3, 4, 5, 8];
const TCP_BYTES = 20;
const NO_OPERATION = 1;

export class FrameDisguise {
  readonly #pseudonyms: Pseudonyms;
  readonly #decoder = new PacketDecoder();
  readonly #packet = new DecodedPacket();

  constructor(pseudonyms: Pseudonyms) {
    this.#pseudonyms = pseudonyms;
  }

  rewrite(batch: FrameBatch, i: number): RewrittenFrame {
    const packet = this.#packet;
    this.#decoder.decode(batch, i, packet);
    // Of a datagram that this frame completed, only the frame's own part is wanted.
    if (packet.reassembled) new PacketDecoder().decode(batch, i, packet);
    const network = this.#networkOf(packet);
    const link = this.#linkOf(packet, network);
    const bytes = new Uint8Array(link.length + network.length);
    bytes.set(link);
    bytes.set(network, link.length);
    const leftOut = packet.networkStart < 0 ? 0 : packet.networkStart - packet.frameStart - link.length;
    const wireLength = Math.max(bytes.length, packet.wireLength - leftOut);
    return { bytes, linkType: link.length > 0 ? LINK_TYPE.ethernet : LINK_TYPE.raw, wireLength };
  }

  /** Empty where the link has no pair of MAC addresses. */
  #linkOf(packet: DecodedPacket, network: Uint8Array): Uint8Array {
    const { bytes, destinationMac, sourceMac, ipVersion } = packet;
    if (destinationMac < 0 || sourceMac < 0) return new Uint8Array(0);
    const tags = [packet.outerVlan, packet.innerVlan].filter((vlan) => vlan >= 0);
    const link = new Uint8Array(2 * MAC_BYTES + 4 * tags.length + 2);
    const group = ipVersion === 0 ? null : groupOf(network);
    const destination = bytes.subarray(destinationMac, destinationMac + MAC_BYTES);
    link.set(group !== null && isGroupMac(destination) ? macOfGroup(group) : this.#pseudonyms.mac(destination));
    link.set(this.#pseudonyms.mac(bytes.subarray(sourceMac, sourceMac + MAC_BYTES)), MAC_BYTES);
    let at = 2 * MAC_BYTES;
    for (const vlan of tags) {
      writeUint16(link, at, VLAN);
      writeUint16(link, at + 2, vlan);
      at += 4;
    }
    writeUint16(link, at, ipVersion === 4 ? IPV4 : ipVersion === 6 ? IPV6 : packet.etherType);
    return link;
  }

  #networkOf(packet: DecodedPacket): Uint8Array {
    const { bytes, networkStart, ipVersion } = packet;
    if (networkStart < 0) return new Uint8Array(0);
    const copy = bytes.slice(networkStart, packet.frameEnd);
    if (ipVersion === 0) {
      return packet.etherType === ARP
        ? copy.slice(0, disguiseArp(copy, 0, copy.length, this.#pseudonyms))
        : copy.slice(0, 0);
    }
    const behind = packet.transportStart < 0 ? packet.payloadStart : packet.transportStart;
    const headerEnd = behind - networkStart;
    if (headerEnd < (ipVersion === 4 ? IPV4_BYTES : IPV6_BYTES) || headerEnd > copy.length) return new Uint8Array(0);
    if (ipVersion === 4) disguiseIpv4(copy, 0, headerEnd, this.#pseudonyms);
    else disguiseIpv6(copy, 0, headerEnd, this.#pseudonyms);
    if (packet.transportStart < 0 || packet.fragmentOffset > 0) return copy.slice(0, headerEnd);
    const shown = Math.min(copy.length, headerEnd + this.#disguiseTransport(packet, copy, headerEnd));
    const result = copy.slice(0, shown);
    writeChecksum(packet, result, headerEnd);
    return result;
  }

  /** How many bytes of it may be shown. */
  #disguiseTransport(packet: DecodedPacket, copy: Uint8Array, start: number): number {
    const available = copy.length - start;
    switch (packet.transport) {
      case IP_PROTOCOL.tcp: {
        const length = Math.max(TCP_BYTES, (readUint8(copy, start + 12) >> 4) * 4);
        blankTcpOptions(copy, start + TCP_BYTES, Math.min(start + length, copy.length));
        return length;
      }
      case IP_PROTOCOL.udp:
        return UDP_BYTES;
      case IP_PROTOCOL.icmp:
        return available < 8 ? available : disguiseIcmp(copy, start, copy.length, this.#pseudonyms);
      case IP_PROTOCOL.icmpv6:
        return available < 8 ? available : disguiseIcmpv6(copy, start, copy.length, this.#pseudonyms);
      case IP_PROTOCOL.igmp:
        return available < 8 ? 0 : disguiseIgmp(copy, start, copy.length, this.#pseudonyms);
      default:
        return 0;
    }
  }
}

/** What was left out counts as zeros. */
function writeChecksum(packet: DecodedPacket, network: Uint8Array, start: number): void {
  const offset = CHECKSUM_AT[packet.transport];
  if (offset === undefined || start + offset + 2 > network.length) return;
  writeUint16(network, start + offset, 0);
  const { transport } = packet;
  const length = packet.payloadStart - packet.transportStart + packet.payloadLength;
  const hasPseudoHeader = transport !== IP_PROTOCOL.icmp && transport !== IP_PROTOCOL.igmp;
  const seed = hasPseudoHeader ? sumPseudoHeader(network, 0, transport, length) : 0;
  const checksum = foldChecksum(sumWords(network, start, network.length, seed));
  // 0 would say that there is none (RFC 768).
  writeUint16(network, start + offset, checksum === 0 && transport === IP_PROTOCOL.udp ? 0xffff : checksum);
}

function blankTcpOptions(bytes: Uint8Array, start: number, end: number): void {
  let at = start;
  while (at < end) {
    const kind = readUint8(bytes, at);
    if (kind === 0) break;
    if (kind === NO_OPERATION) {
      at++;
      continue;
    }
    const length = readUint8(bytes, at + 1);
    if (length < 2 || at + length > end) break;
    if (!TCP_OPTIONS.includes(kind)) bytes.fill(NO_OPERATION, at, at + length);
    at += length;
  }
  bytes.fill(0, at, end);
}

function isGroupMac(mac: Uint8Array): boolean {
  return (readUint8(mac, 0) & 1) === 1 && readUint8(mac, 0) !== 0xff;
}

/** The destination where it is a group, by the header that has its pseudonym already. */
function groupOf(network: Uint8Array): Uint8Array | null {
  const destination = readUint8(network, 0) >> 4 === 4 ? network.subarray(16, 20) : network.subarray(24, 40);
  return isMulticast(destination) ? destination : null;
}
