/**
 * RTP without an announcement, RFC 3550 section 5.1. It has no signature, so one datagram is at best `maybe`; several of one
 * SSRC, each one number after the other, are RTP. The known false positives are binary protocols with a counter in bytes
 * 2-3 and constant bytes 8-11: RPC (constant timestamps), ENet (its counter jumps), SRT and RakNet (changing second byte).
 */

import { readUint8, readUint16, readUint32 } from '../../bytes/read.ts';
import type { Confirmation, Direction, PayloadContext, Recognition } from '../dissector.ts';
import { provePayload } from './payload-proof.ts';
import { classifyPayloadType, samplesInPayload } from './payload-types.ts';
import { findRtpPayload, findRtpPayloadEnd, SEQUENCE_OFFSET, SSRC_OFFSET, TIMESTAMP_OFFSET } from './rtp-header.ts';

/** Steps from one sequence number to the next that prove an ordinary stream: five packets. */
const ORDINARY_STEPS = 4;
/** For headers that other protocols could have by chance: SSRC 0, contributing sources, odd types, a clock that stands. */
const DOUBTFUL_STEPS = 15;
/** Steps of a constant-rate codec whose timestamps advance by exactly the samples in each payload: three packets. */
const EXACT_STEPS = 2;
/** Each lost or late packet must be outweighed by this many regular steps. */
const STEPS_PER_IRREGULARITY = 3;
const LARGEST_LOSS = 50;
/** A span port that is too slow loses packets evenly: so many in order prove a stream of which every third or so is there. */
const LOSSY_STEPS = 16;
const LARGEST_MEAN_ADVANCE = 3;
/** Thirty seconds of the fastest usual clock; random numbers differ by more. */
const LARGEST_TIMESTAMP_STEP = 30 * 90_000;
/** Identifiers of calls and versions are small numbers; an SSRC is random. */
const SMALLEST_RANDOM_SSRC = 0x10000;
/** A mixer names those who speak, which are few at a time; by chance it is any number up to 15. */
const MOST_CONTRIBUTORS = 4;
const MOST_DATAGRAMS = 128;
const MOST_CANDIDATES = 4;

export function recognizeRtp(bytes: Uint8Array, start: number, end: number, context: PayloadContext): Recognition {
  const payload = findRtpPayload(bytes, start, end);
  if (payload < 0 || (readUint8(bytes, start) & 0x0f) > MOST_CONTRIBUTORS) return 'no';
  const isWhole = context.wireLength === end - start;
  const payloadEnd = isWhole ? findRtpPayloadEnd(bytes, start, payload, end) : end;
  if (payloadEnd < 0) return 'no';

  const payloadType = readUint8(bytes, start + 1) & 0x7f;
  if (classifyPayloadType(payloadType) === 'never') return 'no';
  return isWhole && provePayload(bytes, payloadType, payload, payloadEnd) !== '' ? 'yes' : 'maybe';
}

/** What was seen so far of one SSRC in one direction. Numbers of 32 bits are kept signed, which costs no memory of their own. */
class Candidate {
  #direction: Direction = 0;
  #ssrc = 0;
  #payloadType = 0;
  #isDoubtful = false;
  #sequence = 0;
  #timestamp = 0;
  #samples = 0;
  #steps = 0;
  #exactSteps = 0;
  #irregularities = 0;
  /** Of the steps forward, those over lost packets, and how far all of them have led. */
  #gaps = 0;
  #advanced = 0;
  #hasClockAdvanced = false;

  /** Forgets what it was, and begins with this packet. */
  begin(bytes: Uint8Array, start: number, samples: number, direction: Direction): void {
    this.#direction = direction;
    this.#ssrc = readUint32(bytes, start + SSRC_OFFSET) | 0;
    this.#payloadType = readUint8(bytes, start + 1) & 0x7f;
    const hasContributors = (readUint8(bytes, start) & 0x0f) !== 0;
    this.#isDoubtful = this.#ssrc === 0 || hasContributors || classifyPayloadType(this.#payloadType) === 'unassigned';
    this.#sequence = readUint16(bytes, start + SEQUENCE_OFFSET);
    this.#timestamp = readUint32(bytes, start + TIMESTAMP_OFFSET) | 0;
    this.#samples = samples;
    this.#steps = 0;
    this.#exactSteps = 0;
    this.#irregularities = 0;
    this.#gaps = 0;
    this.#advanced = 0;
    this.#hasClockAdvanced = false;
  }

  isOf(ssrc: number, direction: Direction): boolean {
    return this.#ssrc === ssrc && this.#direction === direction;
  }

  get steps(): number {
    return this.#steps;
  }

  get isProven(): boolean {
    const disorder = this.#irregularities + this.#gaps;
    if (disorder === 0 && this.#exactSteps >= EXACT_STEPS) return true;
    // A clock that stands is one long video frame, or not a clock at all.
    if (!this.#hasClockAdvanced && this.#ssrc >>> 0 < SMALLEST_RANDOM_SSRC) return false;
    const needed = this.#hasClockAdvanced && !this.#isDoubtful ? ORDINARY_STEPS : DOUBTFUL_STEPS;
    return this.#steps >= needed + disorder * STEPS_PER_IRREGULARITY || this.#isProvenDespiteLoss;
  }

  get #isProvenDespiteLoss(): boolean {
    const steps = this.#steps + this.#gaps;
    if (steps < LOSSY_STEPS || this.#irregularities > 0 || this.#advanced > steps * LARGEST_MEAN_ADVANCE) return false;
    return this.#hasClockAdvanced && !this.#isDoubtful && this.#ssrc >>> 0 >= SMALLEST_RANDOM_SSRC;
  }

  /** False when the packet does not continue this stream. */
  accept(bytes: Uint8Array, start: number, samples: number): boolean {
    const sequence = readUint16(bytes, start + SEQUENCE_OFFSET);
    const timestamp = readUint32(bytes, start + TIMESTAMP_OFFSET) | 0;
    const advance = (sequence - this.#sequence) & 0xffff;
    const elapsed = (timestamp - this.#timestamp) | 0;
    if (advance === 0) return elapsed === 0;
    if (advance >= 0x10000 - LARGEST_LOSS) {
      this.#irregularities++;
      return true;
    }
    if (advance > LARGEST_LOSS) return false;

    const isSamePayload = (readUint8(bytes, start + 1) & 0x7f) === this.#payloadType;
    this.#advanced += advance;
    if (!isSamePayload || Math.abs(elapsed) > LARGEST_TIMESTAMP_STEP) this.#irregularities++;
    else if (advance !== 1) this.#gaps++;
    else {
      this.#steps++;
      if (elapsed > 0) this.#hasClockAdvanced = true;
      if (elapsed > 0 && elapsed === this.#samples && !this.#isDoubtful) this.#exactSteps++;
    }
    this.#sequence = sequence;
    this.#timestamp = timestamp;
    this.#samples = samples;
    return true;
  }
}

/** Follows a few SSRCs of a flow until one of them is proven or too many datagrams have gone by. */
export class RtpConfirmation implements Confirmation {
  #candidates: Candidate[] | null = null;
  #datagrams = 0;

  accept(bytes: Uint8Array, start: number, end: number, context: PayloadContext): Recognition {
    this.#datagrams++;
    const recognition = recognizeRtp(bytes, start, end, context);
    if (recognition === 'yes') return 'yes';
    if (recognition === 'maybe' && this.#follow(bytes, start, end, context)) return 'yes';
    return this.#datagrams < MOST_DATAGRAMS ? 'maybe' : 'no';
  }

  #follow(bytes: Uint8Array, start: number, end: number, context: PayloadContext): boolean {
    const payloadType = readUint8(bytes, start + 1) & 0x7f;
    const payloadLength = context.wireLength - (findRtpPayload(bytes, start, end) - start);
    const samples = samplesInPayload(payloadType, payloadLength);
    const ssrc = readUint32(bytes, start + SSRC_OFFSET) | 0;
    const known = this.#find(ssrc, context.direction);
    if (known?.accept(bytes, start, samples)) return known.isProven;
    const candidate = known ?? this.#makeRoom();
    candidate.begin(bytes, start, samples, context.direction);
    return false;
  }

  #find(ssrc: number, direction: Direction): Candidate | null {
    if (this.#candidates === null) return null;
    for (const candidate of this.#candidates) if (candidate.isOf(ssrc, direction)) return candidate;
    return null;
  }

  /** A new candidate, or the least proven one in its place. */
  #makeRoom(): Candidate {
    const candidates = this.#candidates;
    if (candidates !== null && candidates.length >= MOST_CANDIDATES) return leastProven(candidates);
    const fresh = new Candidate();
    // A list that is made with its element takes no room for more, and most flows have one source.
    if (candidates === null) this.#candidates = [fresh];
    else candidates.push(fresh);
    return fresh;
  }
}

function leastProven(candidates: readonly Candidate[]): Candidate {
  return candidates.reduce((least, candidate) => (candidate.steps < least.steps ? candidate : least));
}
