/**
 * The attempts of one player at one server, in order: RTSP (media over UDP, then within the connection), MMS (the same),
 * HTTP, as Windows Media players try them. Two of them may share a connection: the player asks it for another transport.
 */

import { type AnnouncedMediaCase, type CaptureCase, type FlowCase, NS_PER_SECOND } from './flow-case.ts';
import type { Failure } from './group-drafts.ts';

/** A player starts its next attempt within this time of the end of the one before. */
const LONGEST_PAUSE_NS = 30 * NS_PER_SECOND;
/** Control protocols in the order in which players try them. */
const CHAIN: readonly string[] = ['rtsp', 'mms', 'mmsh', 'http'];
const CHAIN_PORTS: ReadonlyMap<number, string> = new Map([
  [554, 'rtsp'],
  [1755, 'mms'],
  [80, 'http'],
  [8080, 'http'],
]);
/** What players call a protocol by the transport of its media. */
const OVER_UDP: Readonly<Record<string, string>> = { rtsp: 'RTSPU', mms: 'MMSU' };
const OVER_TCP: Readonly<Record<string, string>> = { rtsp: 'RTSPT', mms: 'MMST' };

export interface Attempt {
  readonly flow: FlowCase;
  /** As people write it: `RTSP`, or `RTSPU` where it was the media that did not come. */
  readonly label: string;
  /** Place in the chain; a player goes on to a higher one. */
  readonly step: number;
  readonly time: number;
  readonly frame: number;
  readonly lastTime: number;
  /** What stopped it, null when nothing did. */
  readonly failure: Failure | null;
}

/** What speaks against each flow, by id. */
export type Failures = ReadonlyMap<number, Failure>;

/** Place of the flow's protocol in the chain, by content or by the port that it was for; -1 when it has none. */
export function stepOf(flow: FlowCase): number {
  const name =
    flow.confidence === 'content' || flow.confidence === 'announced'
      ? flow.protocol
      : CHAIN_PORTS.get(flow.responder.port);
  if (name === null || name === undefined) return -1;
  // A page is no stream; an attempt on a port of the web that came to nothing may have been for one.
  const isPage = name === 'http' && flow.payload[1] > 0 && flow.record?.carriesMedia !== true;
  return isPage ? -1 : Math.min(CHAIN.indexOf(name), CHAIN.indexOf('mmsh'));
}

/** Attempts that follow each other, each because the one before it came to nothing. `flows` have one client and one server. */
export function followChain(flows: readonly FlowCase[], failures: Failures, capture: CaptureCase): Attempt[] {
  const attempts = flows
    .flatMap((flow) => attemptsOf(flow, failures, capture))
    .sort((a, b) => a.time - b.time || a.step - b.step);
  const chain: Attempt[] = [];
  for (const attempt of attempts) {
    const previous = chain.at(-1);
    const isSoon = previous === undefined || attempt.time - previous.lastTime <= LONGEST_PAUSE_NS;
    if (!isSoon || (previous !== undefined && previous.failure === null)) continue;
    const next = previous !== undefined && isMedium(previous) ? overTcp(attempt, previous, capture) : attempt;
    if (previous === undefined || next.step >= previous.step) chain.push(next);
  }
  return chain;
}

/** Whether the connection worked and its media over UDP did not. */
export function isMedium({ label, flow }: Attempt): boolean {
  return label === OVER_UDP[flow.protocol ?? ''];
}

function attemptsOf(flow: FlowCase, failures: Failures, capture: CaptureCase): Attempt[] {
  const last = Math.max(...flow.lastTimes);
  const own = failures.get(flow.id) ?? null;
  const media = stoppedMedia(flow, failures, capture);
  const [toResponder, toInitiator] = flow.firstFrames;
  const plain = {
    flow,
    label: flow.label,
    step: stepOf(flow) * 2,
    time: flow.firstTime,
    frame: toResponder || toInitiator,
    lastTime: last,
    failure: own,
  };
  const label = OVER_UDP[flow.protocol ?? ''];
  if (media === null || label === undefined) return [plain];
  const fallBack = flow.record?.media.find((each) => each.fallBack !== null)?.fallBack ?? null;
  const first: Attempt = { ...plain, label, failure: media, lastTime: fallBack?.at.time ?? last };
  if (fallBack === null) return [first];
  return [first, { ...plain, time: fallBack.at.time, frame: fallBack.at.frame }];
}

/** What stopped media that a connection announced, when it is proven that it was stopped. */
function stoppedMedia(flow: FlowCase, failures: Failures, capture: CaptureCase): Failure | null {
  for (const { flow: media } of capture.announcedBy(flow.id)) {
    const failure = failures.get(media.id);
    // A stream plays without its reports.
    if (failure?.verdict === 'blocked' && failure.code !== 'reports-one-way') return failure;
  }
  return null;
}

function isOverUdp({ announced }: AnnouncedMediaCase): boolean {
  return announced.media.announcement.transport === 'udp';
}

/** After media over UDP that did not come, the same protocol is tried with its media within the connection. */
function overTcp(attempt: Attempt, previous: Attempt, capture: CaptureCase): Attempt {
  const { flow } = attempt;
  const label = OVER_TCP[flow.protocol ?? ''];
  if (flow.protocol !== previous.flow.protocol || label === undefined || isMedium(attempt)) return attempt;
  // Another connection may ask for media over UDP again, and get it.
  if (flow !== previous.flow && capture.announcedBy(flow.id).some(isOverUdp)) return attempt;
  return { ...attempt, label, step: previous.step + 1 };
}
