/**
 * Puts IP fragments together (RFC 791 section 3.2, RFC 8200 section 4.5), bounded in datagrams, bytes and time. Where fragments
 * overlap, the bytes that came first win. What comes again makes a datagram of its own: a span of both sides of a router shows
 * each fragment twice, and whether the whole datagram has passed is known by its copy.
 */

import type { Cursor } from './cursor.ts';
import { ADDED, DATA_START, DatagramBuffer } from './datagram-buffer.ts';
import type { DecodedPacket } from './decoded-packet.ts';
import { hashKey, isSameKey, KEY_WORDS, writeFragmentKey } from './fragment-key.ts';

/** Datagrams that are remembered, whole ones for a moment too so that late copies are known as such. */
const MAX_DATAGRAMS = 1024;
/** Datagrams that hold bytes at one time: 16 MiB. */
const MAX_BUFFERS = 256;
const BUCKETS = 1024;

const MAX_AGE_SECONDS = 30;
/** A span's copies come within milliseconds; identifications come round again within seconds at high rates. */
const MAX_COPY_AGE_SECONDS = 1;
/** Copies of one datagram that are put together: a span shows more of none. */
const MOST_COPIES = 3;

const MAC_BYTES = 6;
const IPV6_BYTES = 40;
const FRAGMENT_HEADER_BYTES = 8;

/** What fragments showed, for the quality of a capture. */
export interface FragmentCounts {
  /** Datagrams of which a fragment was seen, and those of them that became whole; copies are not counted. */
  readonly begun: number;
  readonly completed: number;
  /** Those that did not, or not yet. */
  readonly incomplete: number;
  /** Of these, those whose first fragment was seen, which alone has ports. */
  readonly firstAlone: number;
  /** Fragments that only repeated what was there, and fragments that overlapped others in part. */
  readonly duplicates: number;
  readonly overlaps: number;
  /** Datagrams given up: for want of room, and because the snap length cut a fragment or its lengths cannot be. */
  readonly dropped: number;
  readonly unusable: number;
}

class Datagram {
  readonly key = new Int32Array(KEY_WORDS);
  /** Next of the same bucket; -1 ends. */
  next = -1;
  bucket = -1;
  seconds = 0;
  /** Null once it is whole or given up. */
  buffer: DatagramBuffer | null = null;
  isComplete = false;
  /** How many of the same identification were there before it. */
  copy = 0;
  /** IP protocol of the first fragment: in IPv6 the others may name another. */
  transport = 0;
  headerLength = 0;
  frames = 0;
  bytesOnWire = 0;
  /**
   * Wire length of its first fragment, where that has come and others were awaited; else 0. That of a copy stands for nothing
   * where the datagram itself was whole before.
   */
  firstBytesOnWire = 0;
}

/** One per analysis. Completed datagrams are borrowed: valid until the next frame. */
export class Reassembler {
  readonly #ring: Datagram[] = [];
  readonly #buckets = new Int32Array(BUCKETS).fill(-1);
  readonly #wanted = new Int32Array(KEY_WORDS);
  readonly #freeBuffers: DatagramBuffer[] = [];
  /** Buffers of datagrams that became whole within this frame. */
  readonly #lentBuffers: DatagramBuffer[] = [];
  #buffersMade = 0;
  /** Datagrams so far, copies included. */
  #made = 0;
  /** Whether the datagram of the fragment at hand, or a copy, was whole already. */
  #wasWhole = false;
  /** Datagrams before this one, counted from the first of all, hold no buffer. */
  #firstWithBuffer = 0;
  #now = 0;
  #begun = 0;
  #firsts = 0;
  #completed = 0;
  #duplicates = 0;
  #overlaps = 0;
  #dropped = 0;
  #unusable = 0;

  get counts(): FragmentCounts {
    return {
      begun: this.#begun,
      completed: this.#completed,
      incomplete: this.#begun - this.#completed,
      firstAlone: this.#firsts - this.#completed,
      duplicates: this.#duplicates,
      overlaps: this.#overlaps,
      dropped: this.#dropped,
      unusable: this.#unusable,
    };
  }

  /** Takes back what the last frame's packet borrowed; `now` is the time of the next, in seconds. */
  beginFrame(now: number): void {
    this.#now = now;
    while (this.#lentBuffers.length > 0) {
      const buffer = this.#lentBuffers.pop();
      if (buffer !== undefined) this.#freeBuffers.push(buffer);
    }
  }

  /**
   * Takes the fragment whose data is [cursor.start, cursor.wireEnd). True when it completed its datagram: `out` and `cursor`
   * then stand in that datagram, after its IP header.
   */
  add(cursor: Cursor, out: DecodedPacket): boolean {
    const datagram = this.#find(cursor, out);
    if (datagram === null || datagram.copy > 0) this.#duplicates++;
    const buffer = datagram?.buffer ?? null;
    if (datagram === null || buffer === null) return false;
    const isCopy = datagram.copy > 0;
    const isLast = !cursor.moreFragments;
    const isCut = cursor.end < cursor.wireEnd;
    if (isCut || !buffer.fits(out.fragmentOffset, cursor.end - cursor.start, isLast)) {
      if (!isCopy) this.#unusable++;
      this.#release(datagram, this.#freeBuffers);
      return false;
    }
    const added = buffer.add(out.bytes, cursor.start, cursor.end, out.fragmentOffset, isLast);
    if (added === ADDED.overlapping && !isCopy) this.#overlaps++;
    datagram.frames += out.frames;
    datagram.bytesOnWire += out.bytesOnWire;
    if (out.fragmentOffset === 0) {
      if (datagram.headerLength === 0 && !isCopy) this.#firsts++;
      keepHeader(datagram, buffer, cursor, out);
    }
    if (!buffer.isComplete) {
      if (out.fragmentOffset === 0 && !this.#wasWhole) datagram.firstBytesOnWire = out.bytesOnWire;
      return false;
    }
    if (!isCopy) this.#completed++;
    datagram.isComplete = true;
    this.#release(datagram, this.#lentBuffers);
    standInDatagram(datagram, buffer, cursor, out);
    return true;
  }

  /** The first datagram of its identification that lacks this fragment, begun where all have it; null where that are too many. */
  #find(cursor: Cursor, out: DecodedPacket): Datagram | null {
    writeFragmentKey(this.#wanted, out, cursor.start - FRAGMENT_HEADER_BYTES);
    const bucket = hashKey(this.#wanted) % BUCKETS;
    const length = cursor.end - cursor.start;
    let found: Datagram | null = null;
    let known = 0;
    this.#wasWhole = false;
    for (let at = this.#buckets[bucket] ?? -1; at >= 0; ) {
      const datagram = this.#ring[at];
      if (datagram === undefined) break;
      const { next } = datagram;
      if (isSameKey(datagram.key, this.#wanted)) {
        if (this.#isOver(datagram, out)) {
          this.#forget(datagram, at);
        } else {
          known++;
          if (datagram.isComplete) this.#wasWhole = true;
          // The latest ones come first.
          if (lacks(datagram, out.fragmentOffset, length)) found = datagram;
        }
      }
      at = next;
    }
    if (found !== null) return found;
    return known > MOST_COPIES ? null : this.#begin(bucket, known);
  }

  /** True when this fragment belongs to a later datagram that was given the same identification. */
  #isOver(datagram: Datagram, out: DecodedPacket): boolean {
    const age = Math.abs(this.#now - datagram.seconds);
    const isRepeated = datagram.isComplete || (datagram.headerLength > 0 && out.fragmentOffset === 0);
    return age > (isRepeated ? MAX_COPY_AGE_SECONDS : MAX_AGE_SECONDS);
  }

  #begin(bucket: number, copy: number): Datagram {
    const at = this.#made % MAX_DATAGRAMS;
    const datagram = this.#ring[at] ?? new Datagram();
    this.#ring[at] = datagram;
    this.#forget(datagram, at);
    datagram.key.set(this.#wanted);
    datagram.bucket = bucket;
    datagram.next = this.#buckets[bucket] ?? -1;
    this.#buckets[bucket] = at;
    datagram.seconds = this.#now;
    datagram.isComplete = false;
    datagram.copy = copy;
    datagram.headerLength = 0;
    datagram.frames = 0;
    datagram.bytesOnWire = 0;
    datagram.firstBytesOnWire = 0;
    datagram.buffer = this.#takeBuffer();
    this.#made++;
    if (copy === 0) this.#begun++;
    return datagram;
  }

  #takeBuffer(): DatagramBuffer {
    if (this.#freeBuffers.length === 0 && this.#buffersMade === MAX_BUFFERS) this.#dropOldest();
    let buffer = this.#freeBuffers.pop();
    if (buffer === undefined) {
      buffer = new DatagramBuffer();
      this.#buffersMade++;
    }
    buffer.reset();
    return buffer;
  }

  #dropOldest(): void {
    const oldest = Math.max(this.#firstWithBuffer, this.#made - MAX_DATAGRAMS);
    for (let at = oldest; at < this.#made; at++) {
      this.#firstWithBuffer = at + 1;
      const datagram = this.#ring[at % MAX_DATAGRAMS];
      if (datagram === undefined || datagram.buffer === null) continue;
      // The others of an old one would not be waited for.
      if (datagram.copy === 0 && this.#now - datagram.seconds <= MAX_AGE_SECONDS) this.#dropped++;
      this.#release(datagram, this.#freeBuffers);
      return;
    }
  }

  #release(datagram: Datagram, to: DatagramBuffer[]): void {
    if (datagram.buffer !== null) to.push(datagram.buffer);
    datagram.buffer = null;
  }

  /** Takes the datagram in ring place `at` out of its bucket. */
  #forget(datagram: Datagram, at: number): void {
    this.#release(datagram, this.#freeBuffers);
    if (datagram.bucket < 0) return;
    let before = this.#buckets[datagram.bucket] ?? -1;
    if (before === at) {
      this.#buckets[datagram.bucket] = datagram.next;
    } else {
      while (before >= 0 && this.#ring[before]?.next !== at) before = this.#ring[before]?.next ?? -1;
      const previous = this.#ring[before];
      if (previous !== undefined) previous.next = datagram.next;
    }
    datagram.bucket = -1;
  }
}

/** What was given up takes all that is left of it. */
function lacks({ isComplete, buffer }: Datagram, offset: number, length: number): boolean {
  if (isComplete) return false;
  return buffer === null || length <= 0 || !buffer.holds(offset, length);
}

/** The IP header goes right before the data, and the MAC addresses to the front. */
function keepHeader(datagram: Datagram, buffer: DatagramBuffer, cursor: Cursor, out: DecodedPacket): void {
  datagram.transport = out.transport;
  // Of an IPv6 packet with more headers only the fixed one is kept.
  datagram.headerLength = out.ipVersion === 4 ? cursor.start - out.networkStart : IPV6_BYTES;
  const target = DATA_START - datagram.headerLength;
  copyBytes(out.bytes, out.networkStart, datagram.headerLength, buffer.bytes, target);
}

/** Makes the whole datagram what is decoded on, as if it had come in this frame. */
function standInDatagram(datagram: Datagram, buffer: DatagramBuffer, cursor: Cursor, out: DecodedPacket): void {
  if (out.destinationMac >= 0) copyBytes(out.bytes, out.destinationMac, MAC_BYTES, buffer.bytes, 0);
  if (out.sourceMac >= 0) copyBytes(out.bytes, out.sourceMac, MAC_BYTES, buffer.bytes, MAC_BYTES);
  if (out.destinationMac >= 0) out.destinationMac = 0;
  if (out.sourceMac >= 0) out.sourceMac = MAC_BYTES;

  const networkStart = DATA_START - datagram.headerLength;
  out.sourceAddress += networkStart - out.networkStart;
  out.destinationAddress += networkStart - out.networkStart;
  out.networkStart = networkStart;
  out.bytes = buffer.bytes;
  out.view = buffer.view;
  out.transport = datagram.transport;
  out.isFragment = false;
  out.fragmentOffset = 0;
  out.reassembled = true;
  out.frames = datagram.frames;
  out.bytesOnWire = datagram.bytesOnWire;
  out.firstBytesOnWire = datagram.firstBytesOnWire;
  cursor.start = DATA_START;
  cursor.end = DATA_START + buffer.length;
  cursor.wireEnd = cursor.end;
}

function copyBytes(from: Uint8Array, start: number, length: number, to: Uint8Array, target: number): void {
  for (let i = 0; i < length; i++) to[target + i] = from[start + i] ?? 0;
}
