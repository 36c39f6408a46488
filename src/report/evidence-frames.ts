/**
 * Goes through the captures once more and chooses the frames of an evidence capture: what was selected, its neighbours in
 * the same flows, the other fragments of a datagram, and here and there a frame that shows that the capture went on, since
 * many findings rest on silence.
 */

import type { FrameBatch } from '../capture/frame-batch.ts';
import { PacketDecoder } from '../packet/decode-frame.ts';
import { DecodedPacket, IP_PROTOCOL } from '../packet/decoded-packet.ts';
import { EvidenceLink } from './evidence-link.ts';
import { EvidenceNeighbours } from './evidence-neighbours.ts';
import type { EvidenceSelection, FrameKey } from './evidence-selection.ts';

/** Seconds after which a silence would itself look like a hole in the capture. */
const PULSE_SECONDS = 10;
/** From the first frame of interest on: almost three hours, which no check waits for. */
const MOST_PULSES = 1000;
/** The beginning of a flow shows what it is: recognizing media takes some packets in a row. */
const OPENING_FRAMES = 16;
/** Of a strange flow, only that its connection opens: a SYN alone would look as if it had not been answered. */
const STRANGE_FRAMES = 4;
const MOST_FRAMES = 100_000;
/** Fragments of a datagram are close together. */
const REMEMBERED_FRAGMENTS = 64;

/** How much of a frame is wanted: what is of strangers, and there for its time alone, goes without its payload. */
type Extent = 'whole' | 'headers';

export class EvidenceFrames {
  /** What was chosen. */
  readonly extents = new Map<FrameKey, Extent>();
  readonly #selection: EvidenceSelection;
  readonly #most: number;
  readonly #neighbours: EvidenceNeighbours;
  readonly #strangers = new EvidenceNeighbours(0);
  readonly #link: EvidenceLink;
  readonly #decoder = new PacketDecoder();
  readonly #packet = new DecodedPacket();
  #fragments: { readonly key: FrameKey; readonly ipId: number; readonly source: number }[] = [];
  #first: FrameKey | null = null;
  #last: FrameKey | null = null;
  #isDatagramKept = false;
  /** Seconds since 1970. */
  #keptAt = Number.NEGATIVE_INFINITY;
  #isInterested = false;
  #pulses = 0;

  /** Beyond `most` frames only proofs are chosen. */
  constructor(selection: EvidenceSelection, context: number, most = MOST_FRAMES) {
    this.#selection = selection;
    this.#most = most;
    this.#neighbours = new EvidenceNeighbours(context);
    this.#link = new EvidenceLink(selection.groups);
  }

  /** `keyOf`: what the selection calls a frame of the batch. */
  choose(batch: FrameBatch, keyOf: (batch: FrameBatch, i: number) => FrameKey): void {
    for (let i = 0; i < batch.count; i++) {
      this.#decoder.decode(batch, i, this.#packet);
      this.#chooseFrame(keyOf(batch, i), batch.seconds[i] as number);
    }
  }

  /** The first and the last frame tell how long the capture lasted. */
  finish(): void {
    for (const key of [this.#first, this.#last]) if (key !== null) this.#keep(key, 'headers');
  }

  #chooseFrame(key: FrameKey, seconds: number): void {
    const packet = this.#packet;
    const { story, witnesses, longStories } = this.#selection;
    const isOfInterest = story.has(key);
    // A connection that the first frame opens would look unanswered without what follows.
    const isWitness = witnesses.has(key) || (this.#first === null && packet.isTcp);
    const following = longStories.get(key) ?? 0;
    const opening = Math.max(following, OPENING_FRAMES);
    // Who joins a group of no finding would seem to get nothing from it.
    if (packet.transport !== IP_PROTOCOL.igmp) this.#first ??= key;
    this.#last = key;
    for (const neighbour of this.#neighbours.note(packet, key, isOfInterest, opening, following))
      this.#keep(neighbour, 'whole');
    if (this.#link.note(packet, isOfInterest)) this.#keep(key, 'whole');
    for (const neighbour of this.#strangers.note(packet, key, isWitness, STRANGE_FRAMES))
      this.#keep(neighbour, 'headers');
    if (isOfInterest) {
      this.#keepFragments(packet);
      this.#keep(key, 'whole');
      this.#isInterested = true;
    }
    if (this.extents.has(key)) {
      this.#keptAt = seconds;
    } else if (isWitness || this.#isPulse(seconds) || this.#isFirstDatagram(packet)) {
      this.#keep(key, 'headers');
      this.#keptAt = seconds;
    }
    if (packet.isFragment) this.#rememberFragment(packet, key);
  }

  #isPulse(seconds: number): boolean {
    return this.#isInterested && seconds - this.#keptAt >= PULSE_SECONDS && this.#pulses++ < MOST_PULSES;
  }

  /** It shows that the capture was not filtered down to TCP, and that media would have been seen. */
  #isFirstDatagram({ transport }: DecodedPacket): boolean {
    if (this.#isDatagramKept || transport !== IP_PROTOCOL.udp) return false;
    this.#isDatagramKept = true;
    return true;
  }

  #keep(key: FrameKey, extent: Extent): void {
    if (this.extents.get(key) === 'whole') return;
    const hasPlace = this.extents.size < this.#most || this.extents.has(key) || this.#selection.proofs.has(key);
    if (hasPlace) this.extents.set(key, extent);
  }

  #rememberFragment({ view, ipId, sourceAddress }: DecodedPacket, key: FrameKey): void {
    if (this.#fragments.length >= REMEMBERED_FRAGMENTS) this.#fragments.shift();
    this.#fragments.push({ key, ipId, source: view.getInt32(sourceAddress) });
  }

  #keepFragments({ reassembled, view, ipId, sourceAddress }: DecodedPacket): void {
    if (!reassembled) return;
    const source = view.getInt32(sourceAddress);
    for (const fragment of this.#fragments) {
      if (fragment.ipId === ipId && fragment.source === source) this.#keep(fragment.key, 'whole');
    }
  }
}
