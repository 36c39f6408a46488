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

export class DuplicateFilter {
  readonly #signatures = new Int32Array(ENTRIES * 2);
  readonly #times = new Float64Array(ENTRIES).fill(-Infinity);
  readonly #ttls = new Uint8Array(ENTRIES);

  /** True when the same packet was seen a moment ago; the packet is remembered either way. */
  isDuplicate(packet: DecodedPacket, time: number): boolean {
    if (!canTellApart(packet)) return false;
    const view = packet.view;
    const isIpv4 = packet.ipVersion === 4;
    const tail = isIpv4 ? 0 : 12;
    let first = view.getInt32(packet.sourceAddress + tail) ^ Math.imul(packet.ipId + 1, 0x9e3779b1);
    first = Math.imul(first ^ ((packet.sourcePort << 16) | packet.destinationPort), 0x85ebca6b);
    first ^= view.getInt32(packet.destinationAddress + tail) ^ (packet.tunnel << 7) ^ packet.transport;
    let second = (packet.checksum << 16) ^ packet.payloadLength ^ Math.imul(packet.tcpSequence, 0x27d4eb2f);
    second ^= Math.imul(packet.tcpAcknowledgement, 0x165667b1) ^ packet.fragmentOffset;
    // Checksums are left unfinished by offload and zero in some UDP: the payload's first bytes tell packets apart too.
    if (packet.payloadEnd - packet.payloadStart >= 8) {
      second ^= view.getInt32(packet.payloadStart) ^ Math.imul(view.getInt32(packet.payloadStart + 4), 0x2c1b3c6d);
    }
    let at = Math.imul(first ^ second, 0x9e3779b1);
    at = (at ^ (at >>> 15)) & (ENTRIES - 1);
    const isSame = this.#signatures[at * 2] === first && this.#signatures[at * 2 + 1] === second;
    const age = time - (this.#times[at] as number);
    const hops = (this.#ttls[at] as number) - packet.ttl;
    if (isSame && age >= 0 && age <= WINDOW_NS && hops >= -MOST_HOPS && hops <= MOST_HOPS) return true;
    this.#signatures[at * 2] = first;
    this.#signatures[at * 2 + 1] = second;
    this.#times[at] = time;
    this.#ttls[at] = packet.ttl;
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
