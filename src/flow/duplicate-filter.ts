/**
 * Recognises the copies that a span makes of a frame: ingress and egress of one switch, two VLANs, before and after
 * routing (TTL one less, other MACs). A direct-mapped table of recent packets; its size and a time window bound it.
 */

import { type DecodedPacket, IP_PROTOCOL, TCP_FLAG } from '../packet/decoded-packet.ts';

/** More than pass within the window on a link of 10 Gbit/s, and few enough for the processor's cache. */
const ENTRIES = 1 << 14;
/** A copy follows within this many microseconds: a firewall may hold a packet for some milliseconds. */
const WINDOW_US = 10_000;
const NS_PER_US = 1000;
/** Hops between the points where a span saw one packet. */
const MOST_HOPS = 3;

/** Words (4 bytes) of an entry: two of the signature, the TTL, and the time in microseconds, modulo 2^32. */
const ENTRY_WORDS = 4;
const TTL = 2;
const TIME = 3;
/** Of an entry that was never filled: no few hops from any. */
const NO_TTL = 1000;

/** What copies of one packet have in common; -1 is no entry, for a packet whose repetition looks like a copy. */
export class PacketSignature {
  first = 0;
  second = 0;
  entry = -1;
  /** Its repetition looks like a copy unless hops lie between them. */
  isAmbiguous = false;

  /** The packet must have an IP header. */
  read(packet: DecodedPacket): void {
    this.entry = -1;
    if (!canTellApart(packet)) return;
    this.isAmbiguous = packet.ipId < 0 && isBareAcknowledgement(packet);
    const view = packet.view;
    const tail = packet.ipVersion === 4 ? 0 : 12;
    let first = view.getInt32(packet.sourceAddress + tail) ^ Math.imul(packet.ipId + 1, 0x9e3779b1);
    first = Math.imul(first ^ ((packet.sourcePort << 16) | packet.destinationPort), 0x85ebca6b);
    first ^= view.getInt32(packet.destinationAddress + tail) ^ (packet.tunnel << 7) ^ packet.transport;
    let second = (packet.checksum << 16) ^ packet.payloadLength ^ Math.imul(packet.tcpSequence, 0x27d4eb2f);
    second ^= Math.imul(packet.tcpAcknowledgement, 0x165667b1) ^ packet.fragmentOffset;
    // Checksums are left unfinished by offload and zero in some UDP: the payload's first bytes tell packets apart too.
    if (packet.payloadEnd - packet.payloadStart >= 8) {
      second ^= view.getInt32(packet.payloadStart) ^ Math.imul(view.getInt32(packet.payloadStart + 4), 0x2c1b3c6d);
    }
    const mixed = Math.imul(first ^ second, 0x9e3779b1);
    this.first = first;
    this.second = second;
    this.entry = (mixed ^ (mixed >>> 15)) & (ENTRIES - 1);
  }
}

export class DuplicateFilter {
  readonly #words = new Int32Array(ENTRIES * ENTRY_WORDS);

  constructor() {
    for (let at = TTL; at < this.#words.length; at += ENTRY_WORDS) this.#words[at] = NO_TTL;
  }

  /** True when the same packet was seen a moment ago; it is remembered either way. */
  isDuplicate({ first, second, entry, isAmbiguous }: PacketSignature, ttl: number, time: number): boolean {
    if (entry < 0) return false;
    const words = this.#words;
    const at = entry * ENTRY_WORDS;
    const now = (time / NS_PER_US) | 0;
    const isSame = words[at] === first && words[at + 1] === second;
    if (isSame) {
      const age = (now - (words[at + TIME] as number)) | 0;
      const hops = (words[at + TTL] as number) - ttl;
      const isNear = hops >= -MOST_HOPS && hops <= MOST_HOPS && (hops !== 0 || !isAmbiguous);
      if (age >= 0 && age <= WINDOW_US && isNear) return true;
    }
    words[at] = first;
    words[at + 1] = second;
    words[at + TTL] = ttl;
    words[at + TIME] = now;
    return false;
  }
}

/** Without an IP id, a bare acknowledgement that is sent again looks like its copy; IPv6 has no such id at all. */
function canTellApart(packet: DecodedPacket): boolean {
  if (packet.transport === IP_PROTOCOL.tcp) return packet.ipId !== 0 || !isBareAcknowledgement(packet);
  return packet.transport === IP_PROTOCOL.udp || packet.ipId > 0;
}

function isBareAcknowledgement({ payloadLength, tcpFlags }: DecodedPacket): boolean {
  return payloadLength === 0 && (tcpFlags & (TCP_FLAG.syn | TCP_FLAG.fin)) === 0;
}
