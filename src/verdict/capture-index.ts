/** What checks look up among all flows of a capture: worked out once, where a search for each draft would take the square. */

import { type CaptureCase, type Endpoint, type FlowCase, formatEndpoint } from './flow-case.ts';

const UNANNOUNCED_MEDIA: ReadonlySet<string | null> = new Set(['rtp', 'mmsu', 'rdt']);

class CaptureIndex {
  /** First TCP connection to each endpoint that opened. */
  readonly #opened = new Map<string, FlowCase>();
  readonly #lastSent = new Map<string, number>();
  /** Unicast media that no control channel announced. */
  readonly strayMedia: readonly FlowCase[];

  constructor(flows: readonly FlowCase[]) {
    for (const flow of flows) {
      this.#noteSender(flow.initiator.address, flow.lastTimes[0]);
      this.#noteSender(flow.responder.address, flow.lastTimes[1]);
      const outcome = flow.tcp?.outcome;
      if (outcome !== 'established' && outcome !== 'closed') continue;
      const key = formatEndpoint(flow.responder);
      if (!this.#opened.has(key)) this.#opened.set(key, flow);
    }
    this.strayMedia = flows.filter(isStrayMedium);
  }

  /** A connection of any client to this endpoint that opened; null when there is none. */
  openedTo(responder: Endpoint): FlowCase | null {
    return this.#opened.get(formatEndpoint(responder)) ?? null;
  }

  /** Nanoseconds since the origin of the last packet of a host in the flows that are judged; -Infinity without one. */
  lastSentBy(address: string): number {
    return this.#lastSent.get(address) ?? Number.NEGATIVE_INFINITY;
  }

  #noteSender(address: string, time: number): void {
    if (time > this.lastSentBy(address)) this.#lastSent.set(address, time);
  }
}

function isStrayMedium(flow: FlowCase): boolean {
  if (flow.transport !== 'udp' || flow.isMulticast || flow.confidence !== 'content') return false;
  return UNANNOUNCED_MEDIA.has(flow.protocol) && flow.announced.length === 0;
}

const indexes = new WeakMap<CaptureCase, CaptureIndex>();

export function indexOf(capture: CaptureCase): CaptureIndex {
  const known = indexes.get(capture);
  if (known !== undefined) return known;
  const index = new CaptureIndex(capture.flows);
  indexes.set(capture, index);
  return index;
}
