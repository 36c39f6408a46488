/** Measures every RTP stream: one SSRC in one direction of a flow. Nothing is allocated for a packet. */

import { readUint8, readUint16, readUint32 } from '../../bytes/read.ts';
import type { TimeSeries } from '../../flow/time-series.ts';
import type { MediaFormat } from '../control-record.ts';
import { type Direction, TO_INITIATOR, TO_RESPONDER } from '../dissector.ts';
import { isComfortNoise, measureTiming } from './packet-timing.ts';
import { formatOfStaticPayloadType } from './payload-types.ts';
import { CONTENTS, contentsOf, RtpContents } from './rtp-contents.ts';
import { isRtcpSecondByte, RTP_HEADER_BYTES, SEQUENCE_OFFSET, SSRC_OFFSET, TIMESTAMP_OFFSET } from './rtp-header.ts';
import { beginSequence, countNext, countSequence } from './sequence-count.ts';
import { addTo, FIELD, fieldAt, RECORD_FIELDS } from './stream-record.ts';
import { type RtpStreamRow, readStreamRow } from './stream-row.ts';
import { areTwins } from './stream-twins.ts';

const MOST_STREAMS = 65_536;
/** Sources of one flow and direction: a large conference has a few dozen, random bytes one for each packet. */
const MOST_STREAMS_OF_FLOW = 48;
/** So long silent, a source makes room for another one of its flow: senders that are restarted come with a new SSRC. */
const SILENT_NS = 300e9;
const MOST_DESCRIBED_FLOWS = 65_536;
const MOST_FORMATS_OF_FLOW = 128;
/** Streams of one SSRC that are compared with each other; a server that uses one for all has many. */
const MOST_TWINS_TRIED = 64;
const TELEPHONE_EVENT = /^telephone-event$/i;
const NS_PER_SECOND = 1e9;
/** Longer than one packet of any voice codec. */
const SHORTEST_SILENCE_MS = 150;
const NONE = -1;

export class RtpStreams {
  /** Packets that found no place for their stream. */
  dropped = 0;
  #records = new Float64Array(64 * RECORD_FIELDS);
  #count = 0;
  /** Offsets of records that were given back. */
  readonly #free: number[] = [];
  /** Offset of the first record by twice the flow and its direction, or -1. */
  #heads = new Int32Array(1024).fill(NONE);
  readonly #formats = new Map<number, readonly MediaFormat[]>();
  readonly #series: TimeSeries;
  readonly #contents = new RtpContents();
  /** Offsets of records by SSRC, as they were after so many changes. */
  readonly #streamsBySsrc = new Map<number, number[]>();
  #streamsIndexed = 0;
  #changes = 0;

  constructor(series: TimeSeries) {
    this.#series = series;
  }

  /** Streams measured at this moment. */
  get count(): number {
    return this.#count - this.#free.length;
  }

  /** What a control channel says of the payload types of a flow; it may come before the first packet or later. */
  describe(flow: number, formats: readonly MediaFormat[]): void {
    const known = this.#formats.get(flow);
    if (formats.length === 0 || (known === undefined && this.#formats.size >= MOST_DESCRIBED_FLOWS)) return;
    // Offer and answer may number the payload types of each direction differently; the latest word counts first.
    this.#formats.set(flow, [...formats, ...(known ?? [])].slice(0, MOST_FORMATS_OF_FLOW));
    for (const at of this.#offsetsOf(flow))
      this.#setClock(at, flow, fieldAt(this.#records, at + FIELD.currentPayloadType));
  }

  /**
   * One datagram of a flow of RTP; RTCP and anything else in it is left alone. `wireLength` is that of the datagram's
   * payload; `timeNs` counts from the analysis' origin.
   */
  packet(
    flow: number,
    direction: Direction,
    bytes: Uint8Array,
    start: number,
    end: number,
    wireLength: number,
    timeNs: number,
  ): void {
    if (end - start < RTP_HEADER_BYTES || readUint8(bytes, start) >> 6 !== 2) return;
    const secondByte = readUint8(bytes, start + 1);
    if (isRtcpSecondByte(secondByte)) return;
    const ssrc = readUint32(bytes, start + SSRC_OFFSET);
    const sequence = readUint16(bytes, start + SEQUENCE_OFFSET);
    const timestamp = readUint32(bytes, start + TIMESTAMP_OFFSET);
    let at = this.#find(flow, direction, ssrc);
    let newlyMissing = 0;
    let isCopy = false;
    if (at === NONE) {
      at = this.#begin(flow, direction, ssrc, sequence, timestamp, secondByte & 0x7f, timeNs);
      if (at === NONE) {
        this.dropped++;
        return;
      }
    } else {
      const record = this.#records;
      const copiesBefore = fieldAt(record, at + FIELD.duplicates);
      newlyMissing = this.#continue(at, flow, sequence, timestamp, secondByte, timeNs);
      isCopy = fieldAt(record, at + FIELD.duplicates) > copiesBefore;
    }
    const record = this.#records;
    addTo(record, at + FIELD.packets, 1);
    addTo(record, at + FIELD.bytes, wireLength);
    record[at + FIELD.lastTime] = timeNs;
    this.#noteOverTime(at, timeNs, wireLength, newlyMissing);
    const contents = fieldAt(record, at + FIELD.contents);
    if (contents === CONTENTS.plain || isCopy) return;
    const packets = fieldAt(record, at + FIELD.packets);
    const now = this.#contents.packet(at, contents, packets, bytes, start, end, wireLength, timeNs);
    record[at + FIELD.contents] = now;
  }

  /** The streams of a flow, in order of their first packet. */
  streamsOf(flow: number): RtpStreamRow[] {
    const rows = this.#offsetsOf(flow).map((at) => this.#rowAt(at));
    return rows.sort((one, other) => one.firstTime - other.firstTime);
  }

  /** Number of another flow in which the same packets come, or null; see `areTwins`. */
  twinOf(flow: number, direction: Direction, ssrc: number): number | null {
    const at = this.#find(flow, direction, ssrc);
    if (at === NONE) return null;
    if (this.#streamsIndexed !== this.#changes) this.#indexStreams();
    const twin = this.#streamsBySsrc.get(ssrc)?.find((other) => areTwins(this.#records, at, other));
    return twin === undefined ? null : fieldAt(this.#records, twin + FIELD.flow);
  }

  /** Gives back what is kept of a flow whose number will mean another one. */
  forget(flow: number): void {
    this.#changes++;
    this.#formats.delete(flow);
    for (const at of this.#offsetsOf(flow)) this.#release(at);
    if (flow * 2 + 1 < this.#heads.length) this.#heads.fill(NONE, flow * 2, flow * 2 + 2);
  }

  /** Forgets the stream of a list that is silent for longest; false when all of them go on. */
  #dropSilent(head: number, offsets: readonly number[], timeNs: number): boolean {
    const record = this.#records;
    const lastOf = (at: number): number => fieldAt(record, at + FIELD.lastTime);
    const silent = offsets.reduce((one, other) => (lastOf(other) < lastOf(one) ? other : one));
    if (timeNs - lastOf(silent) < SILENT_NS) return false;
    const next = fieldAt(record, silent + FIELD.next);
    const previous = offsets.find((at) => record[at + FIELD.next] === silent);
    if (previous === undefined) this.#heads[head] = next;
    else record[previous + FIELD.next] = next;
    this.#release(silent);
    return true;
  }

  #release(at: number): void {
    const series = fieldAt(this.#records, at + FIELD.series);
    if (series >= 0) this.#series.forget(series);
    this.#contents.forget(at);
    this.#free.push(at);
  }

  /** A packet that is not its stream's first; returns how many more packets are missing for it, below 0 where it was one of them. */
  #continue(at: number, flow: number, sequence: number, timestamp: number, secondByte: number, timeNs: number): number {
    const record = this.#records;
    const payloadType = secondByte & 0x7f;
    const lastPayloadType = fieldAt(record, at + FIELD.currentPayloadType);
    if (payloadType !== lastPayloadType) {
      addTo(record, at + FIELD.payloadTypeChanges, 1);
      record[at + FIELD.currentPayloadType] = payloadType;
      this.#setClock(at, flow, payloadType);
    }
    const advance = (timestamp - fieldAt(record, at + FIELD.previousTimestamp)) | 0;
    const clockRate = fieldAt(record, at + FIELD.clockRate);
    const isNext = countNext(record, at, sequence);
    const arrivalNs = timeNs - fieldAt(record, at + FIELD.previousTime);
    const mediaNs = clockRate > 0 ? (advance * NS_PER_SECOND) / clockRate : Number.NaN;
    const newlyMissing = isNext ? 0 : countSequence(record, at, sequence, arrivalNs, mediaNs);

    const elapsed = fieldAt(record, at + FIELD.elapsedTimestamp) + advance;
    const isFromBeforeFirst = elapsed < 0;
    if (isFromBeforeFirst) return newlyMissing;
    const isSilence = isComfortNoise(payloadType) || isComfortNoise(lastPayloadType);
    const hasMarker = (secondByte & 0x80) !== 0;
    measureTiming(record, at, timeNs, elapsed, !isSilence && !hasMarker);
    const mayPause = isNext && hasMarker && fieldAt(record, at + FIELD.contents) === CONTENTS.plain;
    if (mayPause && clockRate > 0) noteSilence(record, at, (advance * 1000) / clockRate);
    record[at + FIELD.previousTime] = timeNs;
    record[at + FIELD.previousTimestamp] = timestamp;
    record[at + FIELD.elapsedTimestamp] = elapsed;
    return newlyMissing;
  }

  #noteOverTime(at: number, timeNs: number, wireLength: number, newlyMissing: number): void {
    const series = fieldAt(this.#records, at + FIELD.series);
    if (series < 0) return;
    this.#series.add(series, timeNs, wireLength, fieldAt(this.#records, at + FIELD.jitterMs));
    if (newlyMissing > 0) this.#series.addLoss(series, timeNs, newlyMissing);
    else if (newlyMissing < 0) this.#series.takeBackLoss(series);
  }

  #indexStreams(): void {
    this.#streamsBySsrc.clear();
    this.#streamsIndexed = this.#changes;
    for (const head of this.#heads) {
      for (let at = head; at !== NONE; at = fieldAt(this.#records, at + FIELD.next)) {
        const ssrc = fieldAt(this.#records, at + FIELD.ssrc);
        const known = this.#streamsBySsrc.get(ssrc);
        if (known === undefined) this.#streamsBySsrc.set(ssrc, [at]);
        else if (known.length < MOST_TWINS_TRIED) known.push(at);
      }
    }
  }

  #rowAt(at: number): RtpStreamRow {
    return readStreamRow(this.#records, at, this.#contents.transportOf(at), this.#contents.videoOf(at));
  }

  #find(flow: number, direction: Direction, ssrc: number): number {
    const record = this.#records;
    let at = this.#heads[flow * 2 + direction] ?? NONE;
    while (at !== NONE && record[at + FIELD.ssrc] !== ssrc) at = fieldAt(record, at + FIELD.next);
    return at;
  }

  /** Offset of a new record, or -1 when there is no room. */
  #begin(
    flow: number,
    direction: Direction,
    ssrc: number,
    sequence: number,
    timestamp: number,
    payloadType: number,
    timeNs: number,
  ): number {
    const known = this.#offsetsIn(flow, direction);
    if (known.length >= MOST_STREAMS_OF_FLOW && !this.#dropSilent(flow * 2 + direction, known, timeNs)) return NONE;
    const at = this.#take();
    if (at === NONE) return NONE;
    this.#changes++;
    const record = this.#records;
    record.fill(0, at, at + RECORD_FIELDS);
    record[at + FIELD.direction] = direction;
    record[at + FIELD.flow] = flow;
    record[at + FIELD.ssrc] = ssrc;
    record[at + FIELD.firstTime] = timeNs;
    record[at + FIELD.previousTime] = timeNs;
    record[at + FIELD.previousTimestamp] = timestamp;
    record[at + FIELD.payloadType] = payloadType;
    record[at + FIELD.currentPayloadType] = payloadType;
    record[at + FIELD.minDeltaMs] = NONE;
    record[at + FIELD.series] = this.#series.begin(timeNs);
    beginSequence(record, at, sequence);
    this.#setClock(at, flow, payloadType);

    this.#makeRoomForHead(flow);
    const head = flow * 2 + direction;
    record[at + FIELD.next] = this.#heads[head] ?? NONE;
    this.#heads[head] = at;
    return at;
  }

  /** By what was announced for the flow, else by what the payload type always means. Events have no clock of their own. */
  #setClock(at: number, flow: number, payloadType: number): void {
    const record = this.#records;
    const announced = this.#formats.get(flow)?.find((format) => format.payloadType === payloadType);
    const format = announced ?? formatOfStaticPayloadType(payloadType);
    if (format !== null && fieldAt(record, at + FIELD.contents) !== CONTENTS.cells)
      record[at + FIELD.contents] = contentsOf(format);
    const isEvent = format !== null && TELEPHONE_EVENT.test(format.encoding);
    const clockRate = isEvent ? 0 : (format?.clockRate ?? 0);
    record[at + FIELD.clockRate] = clockRate;
    if (clockRate === 0) return;
    record[at + FIELD.knownClockRate] = clockRate;
    record[at + FIELD.isClockAnnounced] = announced === undefined ? 0 : 1;
  }

  #take(): number {
    const freed = this.#free.pop();
    if (freed !== undefined) return freed;
    if (this.#count >= MOST_STREAMS) return NONE;
    const at = this.#count * RECORD_FIELDS;
    if (at === this.#records.length) {
      const grown = new Float64Array(this.#records.length * 2);
      grown.set(this.#records);
      this.#records = grown;
    }
    this.#count++;
    return at;
  }

  #makeRoomForHead(flow: number): void {
    let size = this.#heads.length;
    if (flow * 2 + 1 < size) return;
    while (size <= flow * 2 + 1) size *= 2;
    const grown = new Int32Array(size).fill(NONE);
    grown.set(this.#heads);
    this.#heads = grown;
  }

  #offsetsOf(flow: number): number[] {
    return [...this.#offsetsIn(flow, TO_RESPONDER), ...this.#offsetsIn(flow, TO_INITIATOR)];
  }

  #offsetsIn(flow: number, direction: Direction): number[] {
    const offsets: number[] = [];
    let at = this.#heads[flow * 2 + direction] ?? NONE;
    while (at !== NONE) {
      offsets.push(at);
      at = fieldAt(this.#records, at + FIELD.next);
    }
    return offsets;
  }
}

/** RFC 3551 section 4.1: the first packet of a talk spurt has the marker, and the clock has gone on without packets before it. */
function noteSilence(record: Float64Array, at: number, pauseMs: number): void {
  if (pauseMs < SHORTEST_SILENCE_MS) return;
  addTo(record, at + FIELD.silences, 1);
  addTo(record, at + FIELD.silenceMs, pauseMs);
}
