/** Flows of which some frames are of interest, and the frames just before and after those in the same flow. */

import { FlowIndex } from '../flow/flow-index.ts';
import { FlowKey, RECORD_WORDS } from '../flow/flow-key.ts';
import type { DecodedPacket } from '../packet/decoded-packet.ts';
import type { FrameKey } from './evidence-selection.ts';

interface TrackedFlow {
  /** The last frames that nothing asked for yet, oldest first. */
  before: FrameKey[];
  /** How many of the coming frames are wanted. */
  after: number;
}

const NO_FRAMES: readonly FrameKey[] = [];

export class EvidenceNeighbours {
  readonly #context: number;
  readonly #key = new FlowKey();
  readonly #index = new FlowIndex();
  readonly #flows: TrackedFlow[] = [];
  #records = new Int32Array(64 * RECORD_WORDS);

  /** `context`: frames before and after each. */
  constructor(context: number) {
    this.#context = context;
  }

  /**
   * To be called for each frame in order; gives the frames that are wanted on account of it, this one or earlier ones.
   * `opening`: at least so many are wanted after the first of its flow; `following`: after this one.
   */
  note(
    packet: DecodedPacket,
    frame: FrameKey,
    isOfInterest: boolean,
    opening: number,
    following = 0,
  ): readonly FrameKey[] {
    if (packet.ipVersion === 0) return NO_FRAMES;
    this.#key.read(packet);
    const flow =
      this.#flows[this.#index.find(this.#key, this.#records)] ?? (isOfInterest ? this.#track(opening) : null);
    if (flow === null) return NO_FRAMES;
    if (isOfInterest) {
      const { before } = flow;
      flow.before = [];
      flow.after = Math.max(flow.after, this.#context, following);
      return before;
    }
    if (flow.after > 0) {
      flow.after--;
      return [frame];
    }
    flow.before.push(frame);
    if (flow.before.length > this.#context) flow.before.shift();
    return NO_FRAMES;
  }

  #track(opening: number): TrackedFlow {
    const slot = this.#flows.length;
    if ((slot + 1) * RECORD_WORDS > this.#records.length) {
      const records = new Int32Array(this.#records.length * 2);
      records.set(this.#records);
      this.#records = records;
    }
    this.#key.write(this.#records, slot * RECORD_WORDS);
    this.#index.add(this.#key.hash, slot);
    const flow: TrackedFlow = { before: [], after: opening };
    this.#flows.push(flow);
    return flow;
  }
}
