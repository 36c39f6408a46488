/**
 * Recognises the copies that a span makes of a frame: ingress and egress of one switch, two VLANs, before and after
 * routing (TTL one less, other MACs). A direct-mapped table of recent packets; its size and a time window bound it.
 */

import { type DecodedPacket, IP_PROTOCOL, TCP_FLAG } from '../packet/decoded-packet.ts';

const ENTRIES = 1 << 15;
/** A copy follows within this many nanoseconds: a firewall may hold a packet for some milliseconds. */
const WINDOW_NS = 10e6;
/** Hops between the points where a span saw one packet. */
const MOST_HOPS = 3;

/** Words (4 bytes) of an entry, which lies in one line of the cache: two of the signature, the TTL, and a double for the time. */
const ENTRY_WORDS = 8;
const TTL = 2;
/** In doubles. */
const TIME = 2;

/** What copies of one packet have in common; -1 is no entry, for a packet whose repetition looks like a copy. */
export class PacketSignature {
  first = 0;
  second = 0;
  entry = -1;

  /** The packet must have an IP header. */
  read(packet: DecodedPacket): void {
    this.entry = -1;
    if (!canTellApart(packet)) return;
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
  readonly #doubles = new Float64Array(this.#words.buffer);
  /** What `warm` read; it means nothing, and keeps those reads from being optimised away. */
  warmth = 0;

  constructor() {
    for (let at = TIME; at < this.#doubles.length; at += ENTRY_WORDS / 2) this.#doubles[at] = Number.NEGATIVE_INFINITY;
  }

  /** Reads the entries of these signatures from memory all at once, see `FlowTable.warm`. */
  warm(signatures: readonly PacketSignature[], count: number): void {
    let sum = 0;
    for (let i = 0; i < count; i++) {
      const { entry } = signatures[i] as PacketSignature;
      if (entry >= 0) sum ^= this.#words[entry * ENTRY_WORDS] as number;
    }
    this.warmth = sum;
  }

  /** True when the same packet was seen a moment ago; it is remembered either way. */
  isDuplicate({ first, second, entry }: PacketSignature, ttl: number, time: number): boolean {
    if (entry < 0) return false;
    const words = this.#words;
    const at = entry * ENTRY_WORDS;
    const isSame = words[at] === first && words[at + 1] === second;
    const age = time - (this.#doubles[at / 2 + TIME] as number);
    const hops = (words[at + TTL] as number) - ttl;
    if (isSame && age >= 0 && age <= WINDOW_NS && hops >= -MOST_HOPS && hops <= MOST_HOPS) return true;
    words[at] = first;
    words[at + 1] = second;
    words[at + TTL] = ttl;
    this.#doubles[at / 2 + TIME] = time;
    return false;
  }
}

/** Without an IP id, a bare acknowledgement that is sent again looks like its copy. */
function canTellApart(packet: DecodedPacket): boolean {
  if (packet.transport === IP_PROTOCOL.tcp) {
    return packet.ipId > 0 || packet.payloadLength > 0 || (packet.tcpFlags & (TCP_FLAG.syn | TCP_FLAG.fin)) !== 0;
  }
  return packet.transport === IP_PROTOCOL.udp || packet.ipId > 0;
}
