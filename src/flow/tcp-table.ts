/**
 * Sequence state of TCP flows: what was sent, acknowledged and sent again, by side (0: from the low end of the flow to the
 * high one). Copies made by a span must not be given to it.
 */

import { type DecodedPacket, TCP_FLAG } from '../packet/decoded-packet.ts';

type Side = 0 | 1;

/** Words (4 bytes) of a record; the pairs are indexed by side. */
const RECORD_WORDS = 32;
const INITIAL_SEQUENCE = 0;
const NEXT_SEQUENCE = 2;
const ACKNOWLEDGED = 4;
const RETRANSMISSIONS = 6;
const RUN = 8;
const RUN_FIRST_FRAME = 10;
const RUN_LAST_FRAME = 12;
const SYNS = 14;
const STATE = 16;
const ZERO_WINDOWS = 17;
/** Where the data ends that a side repeats although it was acknowledged. */
const REPEATED_END = 18;
/** Doubles (8 bytes) of a record. */
const RUN_FIRST_TIME = 10;
const RUN_LAST_TIME = 12;
const HANDSHAKE_TIME = 14;

/** State bits; those of side 1 are shifted left by one. */
const HAS_INITIAL = 1;
const HAS_NEXT = 4;
const HAS_ACKNOWLEDGED = 16;
/** The side's run is of data that had been acknowledged before. */
const IS_ACKNOWLEDGED = 64;

/** What `update` saw. */
export const TCP_EVENT = { newData: 1, retransmission: 2, zeroWindow: 4 } as const;

/** Retransmissions in a row, nothing new between them. Times in nanoseconds since the origin. */
export interface RetransmissionRun {
  readonly count: number;
  readonly firstFrame: number;
  readonly lastFrame: number;
  readonly firstTime: number;
  readonly lastTime: number;
}

export class TcpTable {
  #words = new Int32Array(1024 * RECORD_WORDS);
  #doubles = new Float64Array(this.#words.buffer);
  /** Record + 1 by flow slot; 0 is none. */
  #records = new Int32Array(4096);
  #count = 0;
  readonly #free: number[] = [];
  /** What `fetch` read; it means nothing, and keeps those reads from being optimised away. */
  fetched = 0;

  /** Fetches the records of these flows from memory all at once, see `FlowTable.findAll`; slots of -1 are passed over. */
  fetch(slots: Int32Array, count: number): void {
    const records = this.#records;
    const words = this.#words;
    let sum = 0;
    for (let i = 0; i < count; i++) {
      const slot = slots[i] as number;
      const record = slot >= 0 && slot < records.length ? (records[slot] as number) : 0;
      if (record > 0) sum ^= words[(record - 1) * RECORD_WORDS] as number;
    }
    this.fetched = sum;
  }

  /** Follows one TCP segment of a flow; returns a set of `TCP_EVENT`. */
  update(slot: number, packet: DecodedPacket, side: Side, time: number, frame: number): number {
    const at = this.#recordAt(slot);
    const words = this.#words;
    const flags = packet.tcpFlags;
    let events = 0;
    if ((flags & TCP_FLAG.syn) !== 0) this.#noteSyn(at, packet, side, time);
    if ((flags & TCP_FLAG.rst) !== 0) {
      this.#noteReset(at, packet, side);
      return events;
    }

    const control = (flags & TCP_FLAG.syn ? 1 : 0) + (flags & TCP_FLAG.fin ? 1 : 0);
    const length = packet.payloadLength + control;
    if (length > 0) {
      const end = (packet.tcpSequence + length) | 0;
      const state = words[at + STATE] as number;
      const isKnown = (state & (HAS_NEXT << side)) !== 0;
      if (!isKnown || ((end - (words[at + NEXT_SEQUENCE + side] as number)) | 0) > 0) {
        words[at + NEXT_SEQUENCE + side] = end;
        words[at + STATE] = state | (HAS_NEXT << side);
        if ((state & (IS_ACKNOWLEDGED << side)) !== 0) this.#beginRun(at, side, 0);
        if (packet.payloadLength > 0) events |= TCP_EVENT.newData;
      } else if (!this.#isKeepAlive(at, packet, side)) {
        this.#noteRetransmission(at, side, end, time, frame);
        events |= TCP_EVENT.retransmission;
      }
    }
    if ((flags & TCP_FLAG.ack) !== 0) this.#noteAcknowledgement(at, packet.tcpAcknowledgement, side);
    if (packet.tcpWindow === 0 && (flags & (TCP_FLAG.syn | TCP_FLAG.fin)) === 0) {
      words[at + ZERO_WINDOWS] = (words[at + ZERO_WINDOWS] as number) + 1;
      events |= TCP_EVENT.zeroWindow;
    }
    return events;
  }

  /** Whether a SYN with this sequence number begins a new connection on the flow's 5-tuple. */
  beginsAnew(slot: number, side: Side, sequence: number): boolean {
    const record = this.#records[slot] as number;
    if (record === undefined || record === 0) return false;
    const at = (record - 1) * RECORD_WORDS;
    const state = this.#words[at + STATE] as number;
    // Nothing but resets, none of which answers a SYN: they ended an older connection.
    if (state === 0) return true;
    if ((state & (HAS_INITIAL << side)) !== 0) return this.#words[at + INITIAL_SEQUENCE + side] !== sequence;
    // A side without a SYN that has sent data, or was acknowledged, is an older connection seen from its middle.
    return (state & ((HAS_NEXT << side) | (HAS_ACKNOWLEDGED << side))) !== 0;
  }

  /** SYNs (with or without ACK) of a side, retransmissions included. */
  syns(slot: number, side: Side): number {
    return this.#word(slot, SYNS + side);
  }

  retransmissions(slot: number, side: Side): number {
    return this.#word(slot, RETRANSMISSIONS + side);
  }

  zeroWindows(slot: number): number {
    return this.#word(slot, ZERO_WINDOWS);
  }

  /** Nanoseconds since the origin of the last SYN of the connection; NaN when none was seen. */
  handshakeTime(slot: number): number {
    const record = this.#records[slot] ?? 0;
    return record === 0 ? Number.NaN : (this.#doubles[((record - 1) * RECORD_WORDS) / 2 + HANDSHAKE_TIME] as number);
  }

  /** Whether a side has acknowledged data of the other one, beyond its SYN. */
  hasAcknowledgedData(slot: number, side: Side): boolean {
    const bytes = this.acknowledgedBy(slot, side);
    return bytes === null || bytes > 0;
  }

  /** Bytes of the other side's data that a side has acknowledged; null when it did, and nobody saw where they began. */
  acknowledgedBy(slot: number, side: Side): number | null {
    const record = this.#records[slot] ?? 0;
    if (record === 0) return 0;
    const at = (record - 1) * RECORD_WORDS;
    const state = this.#words[at + STATE] as number;
    if ((state & (HAS_ACKNOWLEDGED << side)) === 0) return 0;
    if ((state & (HAS_INITIAL << (1 - side))) === 0) return null;
    const first = ((this.#words[at + INITIAL_SEQUENCE + 1 - side] as number) + 1) | 0;
    return ((this.#words[at + ACKNOWLEDGED + side] as number) - first) | 0;
  }

  /** Whether the other side has acknowledged more of a side than was seen: what it sent last is missing. */
  isEndMissing(slot: number, side: Side): boolean {
    const record = this.#records[slot] ?? 0;
    if (record === 0) return false;
    const at = (record - 1) * RECORD_WORDS;
    const state = this.#words[at + STATE] as number;
    if ((state & (HAS_ACKNOWLEDGED << (1 - side))) === 0 || (state & (HAS_NEXT << side)) === 0) return false;
    const acknowledged = this.#words[at + ACKNOWLEDGED + 1 - side] as number;
    return ((acknowledged - (this.#words[at + NEXT_SEQUENCE + side] as number)) | 0) > 0;
  }

  /** Retransmissions of a side that nothing has acknowledged, or null. */
  run(slot: number, side: Side): RetransmissionRun | null {
    return this.#runOf(slot, side, 0);
  }

  /** The same data of a side, again and again after it was acknowledged, or null: the acknowledgements do not reach it. */
  acknowledgedRun(slot: number, side: Side): RetransmissionRun | null {
    return this.#runOf(slot, side, IS_ACKNOWLEDGED << side);
  }

  #runOf(slot: number, side: Side, kind: number): RetransmissionRun | null {
    const record = this.#records[slot] ?? 0;
    if (record === 0) return null;
    const at = (record - 1) * RECORD_WORDS;
    const count = this.#words[at + RUN + side] as number;
    if (count === 0 || ((this.#words[at + STATE] as number) & (IS_ACKNOWLEDGED << side)) !== kind) return null;
    return {
      count,
      firstFrame: (this.#words[at + RUN_FIRST_FRAME + side] as number) >>> 0,
      lastFrame: (this.#words[at + RUN_LAST_FRAME + side] as number) >>> 0,
      firstTime: this.#doubles[at / 2 + RUN_FIRST_TIME + side] as number,
      lastTime: this.#doubles[at / 2 + RUN_LAST_TIME + side] as number,
    };
  }

  /** Gives the record of an evicted flow back. */
  release(slot: number): void {
    const record = this.#records[slot] ?? 0;
    if (record === 0) return;
    this.#records[slot] = 0;
    this.#free.push(record - 1);
  }

  #noteSyn(at: number, packet: DecodedPacket, side: Side, time: number): void {
    const words = this.#words;
    words[at + SYNS + side] = (words[at + SYNS + side] as number) + 1;
    words[at + INITIAL_SEQUENCE + side] = packet.tcpSequence;
    words[at + STATE] = (words[at + STATE] as number) | (HAS_INITIAL << side);
    this.#doubles[at / 2 + HANDSHAKE_TIME] = time;
    if ((packet.tcpFlags & TCP_FLAG.ack) !== 0) this.#learnInitial(at, packet.tcpAcknowledgement, (1 - side) as Side);
  }

  /**
   * Only an answer to a SYN has an acknowledgement and the sequence number 0 (RFC 9293 section 3.5.2): it tells to which SYN
   * it belongs where a capture holds it before that.
   */
  #noteReset(at: number, packet: DecodedPacket, side: Side): void {
    if ((packet.tcpFlags & TCP_FLAG.ack) === 0 || packet.tcpSequence !== 0 || this.#words[at + STATE] !== 0) return;
    this.#learnInitial(at, packet.tcpAcknowledgement, (1 - side) as Side);
  }

  /** A SYN-ACK tells where the other side began, also where its SYN comes later in the capture, or never. */
  #learnInitial(at: number, acknowledgement: number, side: Side): void {
    const words = this.#words;
    const state = words[at + STATE] as number;
    if ((state & (HAS_INITIAL << side)) !== 0) return;
    words[at + INITIAL_SEQUENCE + side] = (acknowledgement - 1) | 0;
    words[at + STATE] = state | (HAS_INITIAL << side);
  }

  /** One byte or none just before what comes next: asks for a sign of life, repeats nothing (RFC 9293 section 3.8.4). */
  #isKeepAlive(at: number, packet: DecodedPacket, side: Side): boolean {
    if (packet.payloadLength > 1 || (packet.tcpFlags & (TCP_FLAG.syn | TCP_FLAG.fin)) !== 0) return false;
    return packet.tcpSequence === (((this.#words[at + NEXT_SEQUENCE + side] as number) - 1) | 0);
  }

  #noteRetransmission(at: number, side: Side, end: number, time: number, frame: number): void {
    const words = this.#words;
    words[at + RETRANSMISSIONS + side] = (words[at + RETRANSMISSIONS + side] as number) + 1;
    const other = 1 - side;
    const state = words[at + STATE] as number;
    const isAcknowledged =
      (state & (HAS_ACKNOWLEDGED << other)) !== 0 && ((end - (words[at + ACKNOWLEDGED + other] as number)) | 0) <= 0;
    const kind = isAcknowledged ? IS_ACKNOWLEDGED << side : 0;
    const isOfKind = (state & (IS_ACKNOWLEDGED << side)) === kind;
    if (isAcknowledged) {
      // What is repeated on the timer is always the same segment; older data again is the end of a recovery.
      if (!isOfKind && words[at + RUN + side] !== 0) return;
      if (!isOfKind || words[at + REPEATED_END + side] !== end) this.#beginRun(at, side, kind);
      words[at + REPEATED_END + side] = end;
    } else if (!isOfKind) {
      this.#beginRun(at, side, kind);
    }
    this.#lengthenRun(at, side, time, frame);
  }

  #beginRun(at: number, side: Side, kind: number): void {
    const words = this.#words;
    words[at + RUN + side] = 0;
    words[at + STATE] = ((words[at + STATE] as number) & ~(IS_ACKNOWLEDGED << side)) | kind;
  }

  #lengthenRun(at: number, side: Side, time: number, frame: number): void {
    const words = this.#words;
    const count = (words[at + RUN + side] as number) + 1;
    words[at + RUN + side] = count;
    words[at + RUN_LAST_FRAME + side] = frame;
    this.#doubles[at / 2 + RUN_LAST_TIME + side] = time;
    if (count > 1) return;
    words[at + RUN_FIRST_FRAME + side] = frame;
    this.#doubles[at / 2 + RUN_FIRST_TIME + side] = time;
  }

  #noteAcknowledgement(at: number, acknowledgement: number, side: Side): void {
    const words = this.#words;
    const state = words[at + STATE] as number;
    const isKnown = (state & (HAS_ACKNOWLEDGED << side)) !== 0;
    if (isKnown && ((acknowledgement - (words[at + ACKNOWLEDGED + side] as number)) | 0) <= 0) return;
    words[at + ACKNOWLEDGED + side] = acknowledgement;
    words[at + STATE] = state | (HAS_ACKNOWLEDGED << side);
    words[at + RUN + 1 - side] = 0;
  }

  #word(slot: number, offset: number): number {
    const record = this.#records[slot] ?? 0;
    return record === 0 ? 0 : (this.#words[(record - 1) * RECORD_WORDS + offset] as number);
  }

  #recordAt(slot: number): number {
    if (slot >= this.#records.length) {
      const records = new Int32Array(Math.max(this.#records.length * 2, slot + 1));
      records.set(this.#records);
      this.#records = records;
    }
    const record = this.#records[slot] as number;
    if (record > 0) return (record - 1) * RECORD_WORDS;
    const added = this.#free.pop() ?? this.#count++;
    this.#records[slot] = added + 1;
    const at = added * RECORD_WORDS;
    if (at >= this.#words.length) {
      const words = new Int32Array(this.#words.length * 2);
      words.set(this.#words);
      this.#words = words;
      this.#doubles = new Float64Array(words.buffer);
    }
    this.#words.fill(0, at, at + RECORD_WORDS);
    this.#doubles[at / 2 + HANDSHAKE_TIME] = Number.NaN;
    return at;
  }
}
