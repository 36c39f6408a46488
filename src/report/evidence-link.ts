/** Frames of an evidence capture that belong to no flow: requests for hosts on the link, and who joins and leaves groups. */

import { parseAddress } from '../format/address.ts';
import { type DecodedPacket, IP_PROTOCOL } from '../packet/decoded-packet.ts';

const ARP = 0x0806;
/** The address that is asked for, of Ethernet and IPv4 (RFC 826). */
const ARP_TARGET = 24;
const ARP_BYTES = 28;
/** A host is asked for three times before it is taken for lost; some more make the story whole. */
const MOST_REQUESTS = 8;
/** Listener queries, reports and leaves (RFC 2710 section 3, RFC 3810 section 5.2). */
const MLD_TYPES = [130, 131, 132, 143];
const [MLD_QUERY] = MLD_TYPES;
/** RFC 2236 section 2.1. */
const IGMP_QUERY = 0x11;
const MOST_MEMBERSHIPS = 500;

export class EvidenceLink {
  readonly #groups: readonly Buffer[];
  #memberships = 0;
  /** Requests that are still wanted, by the address that a proof asks for. */
  readonly #sought = new Map<number, number>();

  /** `groups`: those that findings are about, whose members may change without a frame of theirs being a proof. */
  constructor(groups: readonly string[]) {
    this.#groups = groups.flatMap((group) => {
      const address = parseAddress(group);
      return address === null ? [] : [Buffer.from(address)];
    });
  }

  /** Whether the frame is wanted; to be called for each frame in order. */
  note(packet: DecodedPacket, isOfInterest: boolean): boolean {
    if (packet.etherType === ARP) return this.#noteRequest(packet, isOfInterest);
    return this.#isMembership(packet) && this.#memberships++ < MOST_MEMBERSHIPS;
  }

  #noteRequest({ view, networkStart, frameEnd }: DecodedPacket, isOfInterest: boolean): boolean {
    if (networkStart < 0 || frameEnd - networkStart < ARP_BYTES) return false;
    const target = view.getInt32(networkStart + ARP_TARGET);
    const wanted = isOfInterest ? MOST_REQUESTS : (this.#sought.get(target) ?? 0);
    if (wanted === 0) return false;
    this.#sought.set(target, wanted - 1);
    return true;
  }

  /** Of one of the groups, or a query that asks for all. */
  #isMembership({ transport, icmpType, bytes, transportStart, frameEnd }: DecodedPacket): boolean {
    const isIgmp = transport === IP_PROTOCOL.igmp;
    if (this.#groups.length === 0 || (!isIgmp && !MLD_TYPES.includes(icmpType)) || transportStart < 0) return false;
    const message = Buffer.from(bytes.buffer, bytes.byteOffset + transportStart, frameEnd - transportStart);
    const isQuery = isIgmp ? message[0] === IGMP_QUERY : icmpType === MLD_QUERY;
    return isQuery || this.#groups.some((group) => message.includes(group));
  }
}
