/** Who has joined which group on the captured segment, and who asks for it. Bounded; fed by IGMP and MLD. */

import type { HostTable } from '../flow/host-table.ts';
import type { Sighting } from '../flow/mac-table.ts';
import { formatAddressAt, formatMac } from '../format/address.ts';
import type { DecodedPacket } from '../packet/decoded-packet.ts';
import { readIgmp } from '../protocol/multicast/igmp.ts';
import type { MembershipMessage, MembershipRecord } from '../protocol/multicast/membership.ts';
import { readMld } from '../protocol/multicast/mld.ts';
import type { GroupPacket } from '../verdict/flow-case.ts';
import { learnFromReport } from './link-knowledge.ts';
import { QuerierElection } from './querier-election.ts';

const MOST_GROUPS = 20_000;
const MOST_MEMBERS = 256;
/** Who names more sources than that is taken to want any. */
const MOST_SOURCES = 64;
/** Makes any member that has left older than any that has not: about eleven days. */
const LEFT_BONUS_NS = 1e15;
/** Groups forgotten at a time, as a part of all. */
const FORGOTTEN_SHARE = 16;
const MOST_SENDERS = 20_000;

interface GroupMember {
  readonly address: string;
  readonly joinedAt: Sighting;
  lastReportAt: Sighting;
  leftAt: Sighting | null;
  /** `IGMPv2`, `MLDv2`. */
  readonly version: string;
  /** The only sources that it wants the group from; null where it wants it from any, or from all but some. */
  sources: readonly string[] | null;
}

export interface MulticastGroup {
  readonly group: string;
  readonly members: Map<string, GroupMember>;
}

export interface Querier {
  readonly address: string;
  readonly at: Sighting;
  queries: number;
}

export class MulticastGroups {
  readonly groups = new Map<string, MulticastGroup>();
  /** Last seen querier of IPv4 and of IPv6. */
  querier4: Querier | null = null;
  querier6: Querier | null = null;
  readonly election = new QuerierElection();
  /** Groups and members forgotten for want of a place. */
  evicted = 0;
  /** First packets of flows to groups, by id of the flow. */
  readonly firstPackets = new Map<number, GroupPacket>();
  readonly #hosts: HostTable;
  readonly #most: number;

  constructor(hosts: HostTable, most = MOST_GROUPS) {
    this.#hosts = hosts;
    this.#most = most;
  }

  takeIgmp(packet: DecodedPacket, at: Sighting): void {
    const message = readIgmp(packet.bytes, packet.transportStart, packet.payloadEnd);
    if (message !== null) this.#take(message, packet, 4, at);
  }

  takeMld(packet: DecodedPacket, at: Sighting): void {
    const message = readMld(packet.bytes, packet.transportStart, packet.payloadEnd);
    if (message !== null) this.#take(message, packet, 6, at);
  }

  /** The first packet of a flow to a group. */
  noteFlow(id: number, packet: DecodedPacket, at: Sighting): void {
    if (this.firstPackets.size >= MOST_SENDERS) return;
    const mac = packet.destinationMac < 0 ? null : formatMac(packet.bytes, packet.destinationMac);
    this.firstPackets.set(id, { ttl: packet.ttl, mac, capture: at.capture, frame: at.frame, time: at.time });
  }

  forgetFlow(id: number): void {
    this.firstPackets.delete(id);
  }

  #take(message: MembershipMessage, packet: DecodedPacket, ipVersion: 4 | 6, at: Sighting): void {
    const address = formatAddressAt(packet.bytes, packet.sourceAddress, ipVersion === 6 ? 16 : 4);
    for (const record of message.records) {
      if (record.kind === 'query') this.#query(record.group, address, ipVersion, message.version, at);
      else if (record.kind === 'leave' && this.#dropSources(record, address)) {
        this.#leave(record.group, address, message.version, at);
      } else if (record.kind === 'join') {
        learnFromReport(this.#hosts, packet, record.group, at);
        this.#join(record.group, address, message.version, at, wantedOf(record));
      }
    }
  }

  /** Takes the sources that a leave names from those that its member wants; true where it wants the group no more at all. */
  #dropSources({ group, sources, sourcesDropped }: MembershipRecord, address: string): boolean {
    if (sources.length + sourcesDropped === 0) return true;
    const member = this.groups.get(group)?.members.get(address);
    if (member === undefined || member.sources === null) return false;
    const others = member.sources.filter((source) => !sources.includes(source));
    if (others.length > 0) member.sources = others;
    return others.length === 0;
  }

  #join(group: string, address: string, version: string, at: Sighting, wanted: readonly string[] | null = null): void {
    const known = this.groups.get(group);
    if (known === undefined && this.groups.size >= this.#most) this.#forgetGroups();
    const entry = known ?? { group, members: new Map<string, GroupMember>() };
    if (known === undefined) this.groups.set(group, entry);
    const member = entry.members.get(address);
    const when = { capture: at.capture, frame: at.frame, time: at.time };
    if (member !== undefined) {
      member.sources = member.leftAt === null ? eitherOf(member.sources, wanted) : wanted;
      member.lastReportAt = when;
      member.leftAt = null;
      return;
    }
    if (entry.members.size >= MOST_MEMBERS) this.#forgetMember(entry);
    entry.members.set(address, { address, joinedAt: when, lastReportAt: when, leftAt: null, version, sources: wanted });
  }

  /** Those that nobody is left in first, then those that were reported longest ago. */
  #forgetGroups(): void {
    const idle = [...this.groups.values()].map((entry) => ({
      entry,
      latest: Math.max(...membersOf(entry).map(lastOf)),
    }));
    idle.sort((one, other) => one.latest - other.latest);
    for (const { entry } of idle.slice(0, Math.ceil(idle.length / FORGOTTEN_SHARE))) {
      this.groups.delete(entry.group);
      this.evicted++;
    }
  }

  #forgetMember(entry: MulticastGroup): void {
    const [idlest] = membersOf(entry).sort((one, other) => lastOf(one) - lastOf(other));
    if (idlest === undefined) return;
    entry.members.delete(idlest.address);
    this.evicted++;
  }

  /** Who leaves has been a member, also where the capture began after its last report. */
  #leave(group: string, address: string, version: string, at: Sighting): void {
    if (!this.groups.get(group)?.members.has(address)) this.#join(group, address, version, at);
    const member = this.groups.get(group)?.members.get(address);
    if (member !== undefined) member.leftAt = { capture: at.capture, frame: at.frame, time: at.time };
  }

  #query(group: string, address: string, version: 4 | 6, protocol: string, at: Sighting): void {
    // Switches that watch for leaves ask for one group themselves, whoever is the querier.
    if (version === 4 && protocol !== 'IGMPv1' && group === '') this.election.note(address, at);
    const known = version === 4 ? this.querier4 : this.querier6;
    if (known?.address === address) {
      known.queries++;
      return;
    }
    const querier = { address, at: { capture: at.capture, frame: at.frame, time: at.time }, queries: 1 };
    if (version === 4) this.querier4 = querier;
    else this.querier6 = querier;
  }
}

/** Null for any source, or for all but some. */
function wantedOf({ sources, sourcesDropped, isExcluding }: MembershipRecord): readonly string[] | null {
  return isExcluding || sources.length === 0 || sourcesDropped > 0 ? null : sources;
}

/** Reports may add sources or name those that stay: in doubt it wants more. */
function eitherOf(one: readonly string[] | null, other: readonly string[] | null): readonly string[] | null {
  if (one === null || other === null) return null;
  const all = [...new Set([...one, ...other])];
  return all.length > MOST_SOURCES ? null : all;
}

function membersOf({ members }: MulticastGroup): GroupMember[] {
  return [...members.values()];
}

/** When it last reported; long before that when it has left. */
function lastOf({ lastReportAt, leftAt }: GroupMember): number {
  return leftAt === null ? lastReportAt.time : lastReportAt.time - LEFT_BONUS_NS;
}
