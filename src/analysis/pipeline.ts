/**
 * Frames in, flows with their evidence out: the loop that every frame goes through. Nothing is judged here; the tables
 * that it fills are read when a snapshot is made.
 */

import type { FrameBatch } from '../capture/frame-batch.ts';
import { CopyTable } from '../flow/copy-table.ts';
import { DuplicateFilter, PacketSignature } from '../flow/duplicate-filter.ts';
import { FirstFragmentTable } from '../flow/first-fragments.ts';
import { type EventKind, FlowEvents } from '../flow/flow-events.ts';
import { FlowKey } from '../flow/flow-key.ts';
import { silentFlows } from '../flow/flow-life.ts';
import { FlowTable } from '../flow/flow-table.ts';
import { HostTable } from '../flow/host-table.ts';
import { isMulticastFlow } from '../flow/multicast-flow.ts';
import { TCP_EVENT, TcpTable } from '../flow/tcp-table.ts';
import { TimeSeries } from '../flow/time-series.ts';
import { PacketDecoder } from '../packet/decode-frame.ts';
import { DecodedPacket, IP_PROTOCOL, TCP_FLAG } from '../packet/decoded-packet.ts';
import { FlowContents } from './flow-contents.ts';
import { IcmpErrors } from './icmp-errors.ts';
import { learnFromArp, learnFromIcmpv6 } from './link-knowledge.ts';
import { MulticastGroups } from './multicast-groups.ts';
import { NameLookups } from './name-lookups.ts';
import { QualityCounters } from './quality.ts';

const ARP = 0x0806;
const SYN_MASK = TCP_FLAG.syn | TCP_FLAG.ack | TCP_FLAG.rst;
const NOTABLE_FLAGS = TCP_FLAG.syn | TCP_FLAG.fin | TCP_FLAG.rst;
const ICMP_LAST_ERROR = 12;
const NS_PER_SECOND = 1e9;
/** Even a quiet segment shows a frame within this time (ARP, neighbour discovery, spanning tree); bounded in number. */
const LONG_GAP_NS = 20 * NS_PER_SECOND;
const MOST_GAPS = 1024;
/** What a capture without an end still tells of media after its end. */
const ENDED_MEDIA_NS = 300 * NS_PER_SECOND;
/** Frames that are decoded before their flows are looked up together. */
const GROUP = 64;
const BUCKETS_OF_CAPTURE = 256;
export const ALL_FRAMES = 0;

/** The place of the frame at hand; one object, overwritten for each frame. */
class ReusedMoment {
  capture = 0;
  frame = 0;
  time = 0;
}

export class Pipeline {
  /** Whole seconds since 1970 that all times count from; NaN before the first frame. */
  originSeconds = Number.NaN;
  frames = 0;
  bytes = 0;
  /** Frames that hold no IP packet: ARP, spanning tree and whatever could not be read. */
  otherFrames = 0;
  /** Nanoseconds since the origin. */
  firstTime = Number.POSITIVE_INFINITY;
  lastTime = Number.NEGATIVE_INFINITY;

  readonly flows: FlowTable;
  readonly tcp = new TcpTable();
  readonly copies = new CopyTable();
  readonly firstFragments = new FirstFragmentTable();
  readonly events = new FlowEvents();
  readonly hosts = new HostTable();
  readonly icmpErrors: IcmpErrors;
  readonly multicast: MulticastGroups;
  readonly lookups = new NameLookups();
  readonly contents: FlowContents;
  /** Its one series counts all frames. */
  readonly activity = new TimeSeries(BUCKETS_OF_CAPTURE, 1);
  readonly quality = new QualityCounters();
  readonly decoder = new PacketDecoder();
  /** First and last time of each capture, by its index. */
  readonly spans: { first: number; last: number }[] = [];
  /** Told of each packet that is no copy, when its flow has counted it. */
  onPacket: ((slot: number, packet: DecodedPacket, time: number, frame: number) => void) | null = null;
  readonly #duplicates = new DuplicateFilter();
  readonly #packets = Array.from({ length: GROUP }, () => new DecodedPacket());
  readonly #keys = Array.from({ length: GROUP }, () => new FlowKey());
  readonly #signatures = Array.from({ length: GROUP }, () => new PacketSignature());
  readonly #slots = new Int32Array(GROUP);
  readonly #at = new ReusedMoment();
  /** Times before and after the latest silences of the whole capture that are longer than `LONG_GAP_NS`. */
  readonly gaps: { readonly start: number; readonly end: number }[] = [];
  #latestTime = Number.NEGATIVE_INFINITY;

  constructor(mostFlows?: number) {
    this.activity.begin(0);
    this.flows = new FlowTable(mostFlows);
    this.icmpErrors = new IcmpErrors(this.flows);
    this.multicast = new MulticastGroups(this.hosts);
    this.contents = new FlowContents(this.flows);
    this.flows.onEvict = (slot) => {
      this.tcp.release(slot);
      this.copies.release(slot);
      this.firstFragments.release(slot);
      this.events.release(slot);
      this.icmpErrors.forget(slot);
      this.contents.forget(slot);
      this.multicast.forgetFlow(this.flows.id(slot));
    };
  }

  process(batch: FrameBatch): void {
    if (Number.isNaN(this.originSeconds) && batch.count > 0) this.originSeconds = batch.seconds[0] as number;
    for (let first = 0; first < batch.count; ) first += this.#processGroup(batch, first);
  }

  /** Decodes some frames, fetches the records of their flows together, then counts them; returns how many it took. */
  #processGroup(batch: FrameBatch, first: number): number {
    const packets = this.#packets;
    const keys = this.#keys;
    const signatures = this.#signatures;
    const most = Math.min(GROUP, batch.count - first);
    let count = 0;
    while (count < most) {
      const packet = packets[count] as DecodedPacket;
      this.decoder.decode(batch, first + count, packet);
      if (packet.ipVersion !== 0) {
        (keys[count] as FlowKey).read(packet);
        (signatures[count] as PacketSignature).read(packet);
      }
      count++;
      // The bytes of a datagram that was put together are there until the next frame only.
      if (packet.reassembled) break;
    }
    this.flows.findAll(keys, count, this.#slots);
    this.tcp.fetch(this.#slots, count);
    for (let i = 0; i < count; i++) this.#frameSeen(batch, first + i, i);
    return count;
  }

  /** Frame `i` of the batch, which is at `place` in its group. */
  #frameSeen(batch: FrameBatch, i: number, place: number): void {
    const packet = this.#packets[place] as DecodedPacket;
    const at = this.#at;
    at.time = ((batch.seconds[i] as number) - this.originSeconds) * NS_PER_SECOND + (batch.nanoseconds[i] as number);
    at.frame = batch.numbers[i] as number;
    at.capture = batch.captures[i] as number;
    this.frames++;
    const wireLength = batch.wireLengths[i] as number;
    this.bytes += wireLength;
    this.#noteTime(at);
    this.activity.add(ALL_FRAMES, at.time, wireLength, 0);
    if (packet.ipVersion !== 0) this.#packetSeen(packet, place);
    else this.#linkFrameSeen(packet);
    if (packet.stopLayer !== null) this.quality.noteStop(packet, at);
  }

  /** TCP connections with packets of both directions, of one only, and those that began before the capture. */
  tcpSides(): { readonly twoWay: number; readonly oneWay: number; readonly midstream: number } {
    const { flows } = this;
    let [twoWay, oneWay, midstream] = [0, 0, 0];
    for (let slot = 0; slot < flows.slots; slot++) {
      if (!flows.isUsed(slot) || flows.transport(slot) !== IP_PROTOCOL.tcp) continue;
      const sent = flows.flags(slot, 0);
      const answered = flows.flags(slot, 1);
      if (((sent | answered) & TCP_FLAG.syn) === 0) midstream++;
      if (flows.packets(slot, 0) > 0 && flows.packets(slot, 1) > 0) twoWay++;
      // A SYN alone may simply have no answer; an acknowledgement answers something that is not in the capture.
      else if (((sent | answered) & TCP_FLAG.ack) !== 0) oneWay++;
    }
    return { twoWay, oneWay, midstream };
  }

  /** Forgets flows that have been silent for long, except for control flows whose media goes on, and media that ended. */
  forgetSilent(): void {
    const { announcements } = this.contents;
    const silent = new Set(silentFlows(this.flows, this.lastTime));
    this.flows.forget([...silent].filter((slot) => !announcements.hasMedia(slot, silent)));
    this.contents.forgetEnded(this.lastTime - ENDED_MEDIA_NS);
  }

  /** Ends all that still waits for more bytes. */
  finish(): void {
    this.contents.finish();
  }

  #noteTime({ time, capture }: ReusedMoment): void {
    const span = this.spans[capture];
    if (span === undefined) this.spans[capture] = { first: time, last: time };
    else if (time > span.last) span.last = time;
    else if (time < span.first) span.first = time;
    if (time < this.#latestTime) this.quality.outOfOrder++;
    else if (time - this.#latestTime > LONG_GAP_NS) this.#noteGap(time);
    this.#latestTime = time;
    if (time < this.firstTime) this.firstTime = time;
    if (time > this.lastTime) this.lastTime = time;
  }

  #linkFrameSeen(packet: DecodedPacket): void {
    this.otherFrames++;
    if (packet.etherType === ARP) learnFromArp(this.hosts, packet, this.#at);
  }

  #noteGap(time: number): void {
    if (this.#latestTime < 0) return;
    if (this.gaps.length >= MOST_GAPS) this.gaps.shift();
    this.gaps.push({ start: this.#latestTime, end: time });
  }

  /** A packet with an IP header that is at `place` in its group. */
  #packetSeen(packet: DecodedPacket, place: number): void {
    const at = this.#at;
    if (packet.isFragment) {
      this.quality.fragments++;
      if (packet.fragmentOffset > 0) return;
    }
    // A first fragment that the snap length cut stays alone; what others carry is read with the whole datagram.
    const isPart = packet.isFragment && packet.payloadEnd - packet.payloadStart === packet.payloadLength;
    if (isPart && this.#hasWhole(packet)) return;
    const { flows, tcp } = this;
    const isTcp = packet.transport === IP_PROTOCOL.tcp;
    const isDuplicate = this.#duplicates.isDuplicate(this.#signatures[place] as PacketSignature, packet.ttl, at.time);
    if (isTcp && !isDuplicate && (packet.tcpFlags & SYN_MASK) === TCP_FLAG.syn) this.#synSeen(packet);
    if (isPart) packet.payloadLength = 0;
    const found = this.#slots[place] as number;
    const slot = flows.update(packet, this.#keys[place] as FlowKey, found, at.time, at.frame, at.capture);
    if (packet.reassembled) this.#wholeSeen(slot, packet, isDuplicate);
    if (isDuplicate) {
      this.#copySeen(slot, packet);
      return;
    }
    if (flows.isFirst) this.#learnHosts(packet);
    if (flows.isNew) this.#flowBegins(slot, packet, place);
    if (isPart) {
      this.firstFragments.note(slot, flows.side, packet.ipId, at);
      if (flows.isNew) this.contents.claim(slot);
      return;
    }
    if (this.onPacket !== null) this.onPacket(slot, packet, at.time, at.frame);
    if (packet.payloadEnd - packet.payloadStart < packet.payloadLength) this.quality.cut++;
    if (isTcp) {
      const seen = tcp.update(slot, packet, flows.side, at.time, at.frame);
      if ((packet.tcpFlags & NOTABLE_FLAGS) !== 0) this.#addEvent(slot, packet, kindOf(packet.tcpFlags));
      else if ((seen & TCP_EVENT.retransmission) !== 0) this.#addEvent(slot, packet, 'retransmission');
      this.contents.segment(slot, packet, at);
    } else if (packet.transport === IP_PROTOCOL.udp) {
      this.lookups.take(packet, at);
      this.contents.datagram(slot, packet, at);
    } else {
      this.#controlPacket(packet);
    }
  }

  #flowBegins(slot: number, packet: DecodedPacket, place: number): void {
    this.icmpErrors.begin(slot, this.#keys[place] as FlowKey, this.#at.time);
    if (isMulticastFlow(this.flows, slot)) this.multicast.noteFlow(this.flows.id(slot), packet, this.#at);
  }

  #copySeen(slot: number, packet: DecodedPacket): void {
    const { flows, copies } = this;
    const at = this.#at;
    this.quality.duplicates++;
    const isOpening = copies.count(slot) === 0 || (packet.isTcp && (packet.tcpFlags & TCP_FLAG.syn) !== 0);
    copies.note(slot, flows.side, flows.packets(slot, flows.direction), at.frame, at.time);
    if (isOpening) this.hosts.learnForwarded(packet, at);
  }

  /** Until a whole datagram has come that way, first fragments stand for it: they alone have ports. */
  #hasWhole(packet: DecodedPacket): boolean {
    const { flows } = this;
    const slot = flows.find(packet);
    if (slot < 0 || flows.payload(slot, flows.direction) === 0) return false;
    this.firstFragments.note(slot, flows.side, packet.ipId, this.#at);
    return true;
  }

  /** Where this is the first whole datagram, or its copy, its first fragment was counted before. */
  #wholeSeen(slot: number, packet: DecodedPacket, isCopy: boolean): void {
    const { flows } = this;
    if (!isCopy) this.firstFragments.complete(slot, flows.side);
    const shown = isCopy ? 2 : 1;
    if (packet.firstBytesOnWire === 0 || flows.payload(slot, flows.direction) > shown * packet.payloadLength) return;
    flows.takeBackPart(slot, packet.firstBytesOnWire);
    if (isCopy) this.copies.takeBack(slot, flows.side);
  }

  /** A SYN with another sequence number is another connection on the same ports; one behind its own answer tells who asked. */
  #synSeen(packet: DecodedPacket): void {
    const slot = this.flows.find(packet);
    if (slot < 0) return;
    if (this.tcp.beginsAnew(slot, this.flows.side, packet.tcpSequence)) this.flows.restart(packet);
    else this.flows.proveInitiator(slot);
  }

  #learnHosts(packet: DecodedPacket): void {
    const isReset = packet.isTcp && (packet.tcpFlags & TCP_FLAG.rst) !== 0;
    const isError = packet.transport === IP_PROTOCOL.icmp && packet.icmpType > 0 && packet.icmpType <= ICMP_LAST_ERROR;
    this.hosts.learn(packet, isReset || isError, this.#at);
  }

  #addEvent(slot: number, packet: DecodedPacket, kind: EventKind): void {
    const { capture, frame, time } = this.#at;
    const mac = this.hosts.macs.at(packet, packet.sourceMac)?.id ?? 0;
    const { ttl, ipId, tcpWindow: window, payloadLength: length } = packet;
    this.events.add(slot, { kind, side: this.flows.side, capture, frame, time, ttl, ipId, window, mac, length });
  }

  #controlPacket(packet: DecodedPacket): void {
    const at = this.#at;
    switch (packet.transport) {
      case IP_PROTOCOL.icmp:
        this.icmpErrors.take(packet, at);
        return;
      case IP_PROTOCOL.icmpv6:
        this.icmpErrors.take(packet, at);
        learnFromIcmpv6(this.hosts, packet, at);
        this.multicast.takeMld(packet, at);
        return;
      case IP_PROTOCOL.igmp:
        this.multicast.takeIgmp(packet, at);
        return;
      default:
    }
  }
}

function kindOf(flags: number): EventKind {
  if ((flags & TCP_FLAG.rst) !== 0) return 'rst';
  if ((flags & TCP_FLAG.syn) !== 0) return (flags & TCP_FLAG.ack) !== 0 ? 'syn-ack' : 'syn';
  return 'fin';
}
