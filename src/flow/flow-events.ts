/** The packets of a flow that prove something: handshake, resets, closes, repetitions; a bounded list for each flow. */

const EVENT_KINDS = ['syn', 'syn-ack', 'rst', 'fin', 'retransmission', 'zero-window'] as const;
export type EventKind = (typeof EVENT_KINDS)[number];

/** Seen from the low end of the flow (0) or from the high end (1); see `FlowTable.sideOf`. */
type Side = 0 | 1;

interface EventFacts {
  readonly kind: EventKind;
  readonly capture: number;
  readonly frame: number;
  readonly time: number;
  readonly ttl: number;
  /** -1 for IPv6. */
  readonly ipId: number;
  readonly window: number;
  /** Id in the `MacTable`, 0 when the link has no addresses. */
  readonly mac: number;
  /** Bytes of payload on the wire. */
  readonly length: number;
}

interface FlowEvent extends EventFacts {
  readonly side: Side;
}

/** As the flow's ends see it: direction 0 is toward the responder. */
interface DirectedEvent extends EventFacts {
  readonly direction: 0 | 1;
}

const WORDS = 8;
const NEXT = 0;
const FRAME = 1;
const WHERE = 2;
const TTL = 3;
const IP_ID = 4;
const WINDOW = 5;
const MAC = 6;
const LENGTH = 7;

/** Per flow: enough for each SYN of any retransmission schedule, and what ends the connection. */
const MOST_PER_FLOW = 24;
/** The last places are kept for what ends a connection. */
const MOST_OPENING = 16;

export class FlowEvents {
  /** Events that found no place. */
  dropped = 0;
  #words = new Int32Array(1024 * WORDS);
  #times = new Float64Array(1024);
  #count = 1;
  /** By flow slot: first and last event, and their number. */
  #lists = new Int32Array(4096 * 3);
  #freed = 0;
  readonly #most: number;

  constructor(most = 4_000_000) {
    this.#most = most;
  }

  add(slot: number, event: FlowEvent): void {
    const list = this.#listOf(slot);
    const length = this.#lists[list + 2] as number;
    const isOpening = event.kind === 'syn' || event.kind === 'retransmission' || event.kind === 'zero-window';
    if (length >= (isOpening ? MOST_OPENING : MOST_PER_FLOW)) {
      this.dropped++;
      return;
    }
    const entry = this.#allocate();
    if (entry === 0) {
      this.dropped++;
      return;
    }
    const at = entry * WORDS;
    const words = this.#words;
    words[at + NEXT] = 0;
    words[at + FRAME] = event.frame;
    words[at + WHERE] = EVENT_KINDS.indexOf(event.kind) | (event.side << 8) | (event.capture << 16);
    words[at + TTL] = event.ttl;
    words[at + IP_ID] = event.ipId;
    words[at + WINDOW] = event.window;
    words[at + MAC] = event.mac;
    words[at + LENGTH] = event.length;
    this.#times[entry] = event.time;
    if (length === 0) this.#lists[list] = entry;
    else words[(this.#lists[list + 1] as number) * WORDS + NEXT] = entry;
    this.#lists[list + 1] = entry;
    this.#lists[list + 2] = length + 1;
  }

  /** The flow's events in the order they were seen. `initiatorSide`: the side from which its initiator sends. */
  of(slot: number, initiatorSide: Side): DirectedEvent[] {
    const events: DirectedEvent[] = [];
    if (slot * 3 >= this.#lists.length) return events;
    for (let entry = this.#lists[slot * 3] as number; entry !== 0; ) {
      const at = entry * WORDS;
      const words = this.#words;
      const where = words[at + WHERE] as number;
      events.push({
        kind: EVENT_KINDS[where & 0xff] as EventKind,
        direction: ((where >>> 8) & 1) === initiatorSide ? 0 : 1,
        capture: where >>> 16,
        frame: (words[at + FRAME] as number) >>> 0,
        time: this.#times[entry] as number,
        ttl: words[at + TTL] as number,
        ipId: words[at + IP_ID] as number,
        window: words[at + WINDOW] as number,
        mac: words[at + MAC] as number,
        length: words[at + LENGTH] as number,
      });
      entry = words[at + NEXT] as number;
    }
    return events;
  }

  /** Forgets the events of an evicted flow. */
  release(slot: number): void {
    if (slot * 3 >= this.#lists.length) return;
    const first = this.#lists[slot * 3] as number;
    if (first !== 0) {
      this.#words[(this.#lists[slot * 3 + 1] as number) * WORDS + NEXT] = this.#freed;
      this.#freed = first;
    }
    this.#lists.fill(0, slot * 3, slot * 3 + 3);
  }

  #listOf(slot: number): number {
    if (slot * 3 >= this.#lists.length) {
      const lists = new Int32Array(Math.max(this.#lists.length * 2, (slot + 1) * 3));
      lists.set(this.#lists);
      this.#lists = lists;
    }
    return slot * 3;
  }

  /** A free entry, or 0 when the bound is reached. */
  #allocate(): number {
    const freed = this.#freed;
    if (freed !== 0) {
      this.#freed = this.#words[freed * WORDS + NEXT] as number;
      return freed;
    }
    if (this.#count >= this.#most) return 0;
    if (this.#count >= this.#times.length) {
      const words = new Int32Array(this.#words.length * 2);
      words.set(this.#words);
      this.#words = words;
      const times = new Float64Array(this.#times.length * 2);
      times.set(this.#times);
      this.#times = times;
    }
    return this.#count++;
  }
}
