/** What checks look up among all flows of a capture: worked out once, where a search for each draft would take the square. */

import { type CaptureCase, type Endpoint, type FlowCase, formatEndpoint, type HostKnowledge } from './flow-case.ts';
import { ListsByKey } from './lists-by-key.ts';
import { isSoughtInVain } from './neighbour.ts';

const UNANNOUNCED_MEDIA: ReadonlySet<string | null> = new Set(['rtp', 'mmsu', 'rdt']);
const MEDIA: ReadonlySet<string | null> = new Set([...UNANNOUNCED_MEDIA, 'mpegts']);

/** ICMP errors kept of a flow (`analysis/icmp-errors.ts`). */
export const MOST_ERRORS_OF_FLOW = 8;

/** Where a flow is only looked for as a further proof. */
const MOST_LOOKED_AT = 1000;

class CaptureIndex {
  /** First TCP connection to each endpoint that opened. */
  readonly #opened = new Map<string, FlowCase>();
  /** First TCP connection to each host that opened, whatever the port. */
  readonly #openedHosts = new Map<string, FlowCase>();
  readonly #flows: readonly FlowCase[];
  #lastSent: ReadonlyMap<string, number> | null = null;
  #paths: ReadonlySet<string> | null = null;
  readonly #hosts: HostKnowledge;
  readonly #missing = new Map<string, boolean>();
  /** By the MACs that did not send it. */
  readonly #sentBesides = new Map<string, FlowCase | null>();
  /** Sessions whose media travels inside their connection, by client and server. */
  readonly #interleaved = new ListsByKey<string, FlowCase>();
  /** Flows of media by each end that receives packets in them. */
  readonly #mediaTo = new ListsByKey<string, FlowCase>();
  /** Time of the last ICMP error to each sender from each reporter. */
  readonly #lastErrors = new Map<string, number>();
  /** Unicast media that no control channel announced. */
  readonly strayMedia: readonly FlowCase[];

  constructor({ flows, hosts }: CaptureCase) {
    this.#flows = flows;
    this.#hosts = hosts;
    for (const flow of flows) {
      this.#noteInterleaved(flow);
      this.#noteMedia(flow);
      this.#noteErrors(flow);
      if (!hasOpened(flow)) continue;
      const key = formatEndpoint(flow.responder);
      if (!this.#opened.has(key)) this.#opened.set(key, flow);
      if (!this.#openedHosts.has(flow.responder.address)) this.#openedHosts.set(flow.responder.address, flow);
    }
    this.strayMedia = flows.filter(isStrayMedium);
  }

  /** A connection of any client to this endpoint that opened; null when there is none. */
  openedTo(responder: Endpoint): FlowCase | null {
    return this.#opened.get(formatEndpoint(responder)) ?? null;
  }

  /** The same for any port: the host is up then. */
  openedToHost(address: string): FlowCase | null {
    return this.#openedHosts.get(address) ?? null;
  }

  /** A flow whose initiator sends from none of these MACs, among the first of the capture. */
  sentBesides(macs: readonly number[]): FlowCase | null {
    const key = macs.join();
    const known = this.#sentBesides.get(key);
    if (known !== undefined) return known;
    const isBeside = ({ initiator, packets }: FlowCase): boolean => {
      const own = packets[0] > 0 ? (this.#hosts.host(initiator.address)?.macs ?? []) : [];
      return own.length > 0 && !own.some((mac) => macs.includes(mac));
    };
    const found = this.#flows.slice(0, MOST_LOOKED_AT).find(isBeside) ?? null;
    this.#sentBesides.set(key, found);
    return found;
  }

  /** Nanoseconds since the origin of the last packet of a host in the flows that are judged; -Infinity without one. */
  lastSentBy(address: string): number {
    this.#lastSent ??= lastTimesOf(this.#flows);
    return this.#lastSent.get(address) ?? Number.NEGATIVE_INFINITY;
  }

  /** Whether any packet of one host to another is in the flows that are judged: what else goes from it to the other passes here too. */
  hasPath(from: string, to: string): boolean {
    this.#paths ??= pathsOf(this.#flows);
    return this.#paths.has(`${from} ${to}`);
  }

  /** Whether a host is looked for on this link and never found, see `isSoughtInVain`. */
  isMissing(address: string): boolean {
    const known = this.#missing.get(address);
    if (known !== undefined) return known;
    const host = this.#hosts.host(address);
    const isMissing = host !== null && isSoughtInVain(host);
    this.#missing.set(address, isMissing);
    return isMissing;
  }

  /** Nanoseconds since the origin of the last copy that a span made of any packet; -Infinity without one. */
  get lastCopy(): number {
    return this.#flows.reduce((last, { copies }) => Math.max(last, copies[0].lastTime, copies[1].lastTime), -Infinity);
  }

  /** Sessions of the same client at the same server with their media inside the connection, in order of id. */
  interleavedBeside(control: FlowCase): readonly FlowCase[] {
    return this.#interleaved.get(keyOfService(control));
  }

  /** Flows of media in which packets went to this endpoint, whoever sent them, in order of id. */
  mediaTo(receiver: Endpoint): readonly FlowCase[] {
    return this.#mediaTo.get(formatEndpoint(receiver));
  }

  /** Nanoseconds since the origin of the last error that this host was sent by this reporter, as far as errors are kept. */
  lastErrorTo(sender: string, reporter: string): number {
    return this.#lastErrors.get(`${reporter} ${sender}`) ?? Number.NEGATIVE_INFINITY;
  }

  #noteErrors({ icmp, initiator, responder, lastTimes }: FlowCase): void {
    for (const { reporter, direction, time } of icmp) {
      const key = `${reporter} ${(direction === 0 ? initiator : responder).address}`;
      // Of more than are kept, others followed for all that is known.
      const last = icmp.length < MOST_ERRORS_OF_FLOW ? time : lastTimes[direction];
      if (last > (this.#lastErrors.get(key) ?? Number.NEGATIVE_INFINITY)) this.#lastErrors.set(key, last);
    }
  }

  #noteMedia(flow: FlowCase): void {
    if (flow.transport !== 'udp' || !MEDIA.has(flow.protocol)) return;
    if (flow.packets[0] > 0) this.#mediaTo.add(formatEndpoint(flow.responder), flow);
    if (flow.packets[1] > 0) this.#mediaTo.add(formatEndpoint(flow.initiator), flow);
  }

  #noteInterleaved(flow: FlowCase): void {
    if (flow.record?.facts.get('transport') !== 'TCP interleaved') return;
    this.#interleaved.add(keyOfService(flow), flow);
  }
}

/** By address. */
function lastTimesOf(flows: readonly FlowCase[]): Map<string, number> {
  const times = new Map<string, number>();
  const note = (address: string, time: number): void => {
    if (time > (times.get(address) ?? Number.NEGATIVE_INFINITY)) times.set(address, time);
  };
  for (const { initiator, responder, lastTimes } of flows) {
    note(initiator.address, lastTimes[0]);
    note(responder.address, lastTimes[1]);
  }
  return times;
}

/** Sender and receiver of what the flows hold. */
function pathsOf(flows: readonly FlowCase[]): Set<string> {
  const paths = new Set<string>();
  for (const { initiator, responder, packets } of flows) {
    if (packets[0] > 0) paths.add(`${initiator.address} ${responder.address}`);
    if (packets[1] > 0) paths.add(`${responder.address} ${initiator.address}`);
  }
  return paths;
}

function keyOfService({ initiator, responder }: FlowCase): string {
  return `${initiator.address} ${formatEndpoint(responder)}`;
}

function isStrayMedium(flow: FlowCase): boolean {
  if (flow.transport !== 'udp' || flow.isMulticast || flow.confidence !== 'content') return false;
  return UNANNOUNCED_MEDIA.has(flow.protocol) && flow.announced.length === 0;
}

/** Whether a connection was answered: how it ended is another matter. */
function hasOpened({ tcp, payload }: FlowCase): boolean {
  const outcome = tcp?.outcome;
  return outcome === 'established' || outcome === 'closed' || (outcome === 'reset' && payload[1] > 0);
}

const indexes = new WeakMap<CaptureCase, CaptureIndex>();

export function indexOf(capture: CaptureCase): CaptureIndex {
  const known = indexes.get(capture);
  if (known !== undefined) return known;
  const index = new CaptureIndex(capture);
  indexes.set(capture, index);
  return index;
}
