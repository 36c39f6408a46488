/**
 * Media that a control channel announced: whether it came, whether it arrives beyond this point, and whether it went on.
 *
 * The clock runs from the answer to PLAY (or its like) to PAUSE, the end of the session, the client's fall-back or the end
 * of the capture. Receiver reports and other silent companions are never judged alone: they share the fate of their media.
 */

import { printable } from '../format/text.ts';
import { type Draft, evidence } from './draft.ts';
import type { Evidence } from './finding.ts';
import { type CaptureCase, type Direction, type FlowCase, formatSeconds, NS_PER_SECOND } from './flow-case.ts';
import { isOnSegment } from './position.ts';

const AMBER_NS = 3 * NS_PER_SECOND;
const RED_NS = 10 * NS_PER_SECOND;
/** Silence of so many times the usual distance of packets is no pause of the stream. */
const SILENT_INTERVALS = 20;

type MediaFlow = FlowCase & { readonly announced: NonNullable<FlowCase['announced']> };

/** All media drafts of one control flow. */
export function checkMedia(control: FlowCase, capture: CaptureCase): Draft[] {
  const all = capture.announcedBy(control.id).filter(isMediaFlow);
  const judged = all.filter(
    (flow) => !flow.announced.media.announcement.mayBeSilent && flow.announced.media.startedAt !== null,
  );
  const drafts: Draft[] = [];
  const absent = judged.filter((flow) => mediaDirections(flow).every((direction) => flow.packets[direction] === 0));
  const arrived = judged.filter((flow) => !absent.includes(flow));
  const never = neverArrived(control, absent, arrived.length > 0, capture);
  if (never !== null)
    drafts.push(withCompanions(never, all, (flow) => mediaDirections(flow).every((d) => flow.packets[d] === 0)));
  const cut = arrived.filter((flow) => silenceOf(flow, capture) !== null);
  const cutDraft = mediaCut(control, cut, arrived.length, capture);
  if (cutDraft !== null) drafts.push(withCompanions(cutDraft, all, (flow) => endedBefore(flow, cut, capture)));
  const oneWay = mediaOneWay(
    control,
    arrived.filter((flow) => !cut.includes(flow)),
    all,
    capture,
  );
  if (oneWay !== null) drafts.push(withCompanions(oneWay, all, () => true));
  return drafts;
}

function isMediaFlow(flow: FlowCase): flow is MediaFlow {
  return flow.announced !== null && flow.announced.media.announcement.transport === 'udp';
}

/** Directions of this flow in which its announcement says that media will go. */
function mediaDirections(flow: MediaFlow): Direction[] {
  const { media, initiatorEnd } = flow.announced;
  const { sends, isMulticast } = media.announcement;
  if (isMulticast) return [0];
  if (sends === 'both') return [0, 1];
  // Toward the control flow's initiator is toward this flow's initiator when that is the same end.
  const isTowardInitiator = (sends === 'toInitiator') === (initiatorEnd === 0);
  return [isTowardInitiator ? 1 : 0];
}

/** Nanoseconds since the origin at which the medium no longer had to flow. */
function endOf(flow: MediaFlow, capture: CaptureCase): number {
  const { fallBack, stoppedAt } = flow.announced.media;
  return Math.min(
    fallBack?.at.time ?? Number.POSITIVE_INFINITY,
    stoppedAt?.time ?? Number.POSITIVE_INFINITY,
    capture.endTime,
  );
}

function neverArrived(
  control: FlowCase,
  absent: readonly MediaFlow[],
  hasSiblings: boolean,
  capture: CaptureCase,
): Draft | null {
  const first = absent[0];
  if (first === undefined) return null;
  const { media } = first.announced;
  const startedAt = media.startedAt;
  if (startedAt === null) return null;
  const waited = endOf(first, capture) - startedAt.time;
  const fallBack = absent.find((flow) => flow.announced.media.fallBack !== null)?.announced.media.fallBack ?? null;
  if (waited < AMBER_NS && fallBack === null) return null;
  const direction = mediaDirections(first)[0] ?? 1;
  const sender = direction === 1 ? first.responder : first.initiator;
  const receiver = direction === 1 ? first.initiator : first.responder;
  const isSenderHere = isOnSegment(sender.address, capture) === true && isOnSegment(receiver.address, capture) !== true;
  const isProven = !hasSiblings && !isSenderHere && (fallBack !== null || waited >= RED_NS);
  const proof: Evidence[] = [
    evidence(media.announcement.at, `${media.announcement.how} announced ${first.label} to port ${receiver.port}`),
    evidence(startedAt, 'media had to start here'),
  ];
  if (fallBack !== null)
    proof.push(
      evidence(fallBack.at, `the client gave up and asked for another transport: ${printable(fallBack.words, 120)}`),
    );
  return {
    code: 'media-never-arrived',
    verdict: isProven ? 'blocked' : 'undetermined',
    certainty: fallBack !== null ? 'confirmed' : 'inferred',
    cause: isProven ? 'silent-drop' : 'unknown',
    where: direction === 1 ? 'toward-initiator' : 'toward-responder',
    flows: absent,
    related: [control.id],
    groups: first.isMulticast ? [first.responder.address] : [],
    subject: mediaSubject(first, sender.address, receiver.address, absent),
    what:
      `announced by ${media.announcement.how} and never arrived within ${formatSeconds(waited)}` +
      (fallBack !== null ? '; the client then asked for another transport' : ''),
    why: neverArrivedWords(first, control, {
      waited,
      isSenderHere,
      hasSiblings,
      sender: sender.address,
      fallBack: fallBack !== null,
    }),
    nextStep:
      `Ask for UDP from ${sender.address} to ${receiver.address} port ${absent.map((flow) => (direction === 1 ? flow.initiator.port : flow.responder.port)).join(', ')} ` +
      `to be permitted (the ports change with each session: use the firewall's ${control.label} helper or the port range of the player), or let the player use TCP.`,
    rule: first.row?.id ?? null,
    evidence: proof,
    groupKey: `never ${sender.address} ${isProven}`,
  };
}

function neverArrivedWords(
  flow: MediaFlow,
  control: FlowCase,
  facts: { waited: number; isSenderHere: boolean; hasSiblings: boolean; sender: string; fallBack: boolean },
): string {
  const direction = mediaDirections(flow)[0] ?? 1;
  const own = flow.packets[direction === 1 ? 0 : 1];
  const punches =
    own > 0
      ? ` The receiver's own ${own === 1 ? 'packet' : `${own} packets`} on these ports (to open the path) are no media.`
      : '';
  const control_ = `The ${control.label} connection works: its answers are in the capture, so packets from ${facts.sender} can be seen here.`;
  if (facts.hasSiblings)
    return `${control_} Other media of the same session arrive; this one may simply be silent.${punches}`;
  if (facts.isSenderHere)
    return `${control_} The capture was taken on the sender's own segment, where its media would be seen if it sent any: it may not have been sent at all.${punches}`;
  const proof = facts.fallBack
    ? 'The client itself gave the announced ports up, which proves that nothing reached it.'
    : `In ${formatSeconds(facts.waited)} not one packet of the announced media came.`;
  return `${control_} ${proof} Media was dropped on its way to this point, or never sent.${punches}`;
}

/** How long a medium that should flow has been silent, null when it is not silent for long enough to matter. */
function silenceOf(flow: MediaFlow, capture: CaptureCase): number | null {
  const { media } = flow.announced;
  if (media.startedAt === null) return null;
  const direction = mediaDirections(flow).find((candidate) => flow.packets[candidate] > 0);
  if (direction === undefined || flow.packets[direction] < 10) return null;
  const last = flow.lastTimes[direction];
  const silence = endOf(flow, capture) - last;
  const interval = (last - flow.firstTime) / flow.packets[direction];
  if (silence < AMBER_NS || silence < interval * SILENT_INTERVALS) return null;
  return hasGoodbye(flow, capture) ? null : silence;
}

/** Whether the sender said that its stream ends: RTCP BYE, or the end of the session. */
function hasGoodbye(flow: MediaFlow, capture: CaptureCase): boolean {
  const { announcer, media } = flow.announced;
  const control = capture.flow(announcer);
  const direction = mediaDirections(flow)[0] ?? 1;
  const last = flow.lastTimes[direction];
  const ends = [control, flow, ...companionsOf(flow, capture)].map((each) => each?.record?.closedAt ?? null);
  if (ends.some((at) => at !== null && at.time <= last + AMBER_NS)) return true;
  return media.stoppedAt !== null && media.stoppedAt.time <= last + AMBER_NS;
}

/** RTCP and the like of the same session. */
function companionsOf(flow: MediaFlow, capture: CaptureCase): MediaFlow[] {
  return capture
    .announcedBy(flow.announced.announcer)
    .filter(isMediaFlow)
    .filter((other) => other !== flow && other.announced.media.announcement.mayBeSilent);
}

function mediaCut(control: FlowCase, cut: readonly MediaFlow[], arrived: number, capture: CaptureCase): Draft | null {
  const first = cut[0];
  if (first === undefined) return null;
  const silence = Math.max(...cut.map((flow) => silenceOf(flow, capture) ?? 0));
  const isAll = cut.length === arrived;
  const isProven = silence >= RED_NS && isAll;
  const direction = mediaDirections(first).find((candidate) => first.packets[candidate] > 0) ?? 1;
  const [sender, receiver] = direction === 1 ? [first.responder, first.initiator] : [first.initiator, first.responder];
  const alive = control.record?.messages.find(
    (message) => message.at.time > first.lastTimes[direction] + NS_PER_SECOND,
  );
  return {
    code: 'media-cut',
    verdict: isProven ? 'blocked' : 'undetermined',
    certainty: 'inferred',
    cause: isProven ? 'silent-drop' : 'unknown',
    where: direction === 1 ? 'toward-initiator' : 'toward-responder',
    flows: cut,
    related: [control.id],
    groups: first.isMulticast ? [first.responder.address] : [],
    subject: mediaSubject(first, sender.address, receiver.address, cut),
    what: `media stopped after ${formatSeconds(first.lastTimes[direction] - first.firstTime)} and stayed away for ${formatSeconds(silence)}, with no goodbye`,
    why:
      `${isAll ? 'All media of this session' : 'Some media of this session'} stopped with no RTCP BYE, no PAUSE and no TEARDOWN before it` +
      (alive === undefined ? '.' : ', while the control connection went on.') +
      (isProven
        ? ' A path that worked and then drops one session looks like this: a changed rule, a time-out of the session, or a fail-over; a sender that stops without a word looks the same.'
        : ''),
    nextStep: `Look for rule changes and session time-outs for UDP from ${sender.address} to ${receiver.address} at that time, and at whether ${sender.address} went on sending.`,
    rule: first.row?.id ?? null,
    evidence: [
      {
        capture: first.capture,
        frame: first.lastFrames[direction],
        time: first.lastTimes[direction],
        fact: 'last packet of the media',
      },
      ...(alive === undefined
        ? []
        : [evidence(alive.at, `control connection still in use: ${printable(alive.name, 60)}`)]),
    ],
    groupKey: `cut ${sender.address} ${isProven}`,
  };
}

/** A silent companion belongs to the cut when it did not outlive it. */
function endedBefore(flow: MediaFlow, cut: readonly MediaFlow[], capture: CaptureCase): boolean {
  const first = cut[0];
  if (first === undefined) return false;
  const direction = mediaDirections(first)[0] ?? 1;
  const sameDirection = flow.initiator.address === first.initiator.address ? direction : direction === 1 ? 0 : 1;
  const last = flow.lastTimes[sameDirection];
  return (
    last <= Math.max(...cut.map((each) => each.lastTimes[direction])) + NS_PER_SECOND && endOf(flow, capture) > last
  );
}

/** Media leaves this point toward a receiver that never says a word. */
function mediaOneWay(
  control: FlowCase,
  flows: readonly MediaFlow[],
  all: readonly MediaFlow[],
  capture: CaptureCase,
): Draft | null {
  const first = flows[0];
  if (first === undefined || first.isMulticast) return null;
  const direction = mediaDirections(first).find((candidate) => first.packets[candidate] > 0) ?? 1;
  const [sender, receiver] = direction === 1 ? [first.responder, first.initiator] : [first.initiator, first.responder];
  const lasted = first.lastTimes[direction] - first.firstTime;
  const fallBack = flows.find((flow) => flow.announced.media.fallBack !== null)?.announced.media.fallBack ?? null;
  const expectsReports = all.some((flow) => flow.announced.media.announcement.protocol === 'rtcp');
  if (fallBack === null && (lasted < RED_NS || !expectsReports)) return null;
  if (isOnSegment(receiver.address, capture) === true && fallBack === null) return null;
  const isHeard = all.some((flow) => {
    const back = flow.initiator.address === receiver.address ? 0 : 1;
    return flow.packets[back] > 0;
  });
  if (isHeard && fallBack === null) return null;
  return {
    code: 'media-one-way',
    verdict: fallBack === null ? 'undetermined' : 'blocked',
    certainty: fallBack === null ? 'inferred' : 'confirmed',
    cause: fallBack === null ? 'unknown' : 'silent-drop',
    where: 'beyond-capture-point',
    flows,
    related: [control.id],
    groups: [],
    subject: mediaSubject(first, sender.address, receiver.address, flows),
    what:
      fallBack === null
        ? `it passes this point, but in ${formatSeconds(lasted)} nothing came back that shows its arrival`
        : 'it passes this point, yet the client gave it up and asked for another transport',
    why:
      `${first.packets[direction]} packets from ${sender.address} pass here. ` +
      (fallBack === null
        ? `${receiver.address} announced ports for receiver reports and sent none, nor any other packet on these ports. That is what a drop behind this point looks like, and also a player that sends no reports.`
        : 'The client fell back to another transport, so the media did not reach it: it was dropped behind this point.'),
    nextStep: `Capture on the segment of ${receiver.address} too, and look whether the same packets arrive there.`,
    rule: first.row?.id ?? null,
    evidence: [
      {
        capture: first.capture,
        frame: first.firstFrames[direction],
        time: first.firstTime,
        fact: 'first packet of the media',
      },
      {
        capture: first.capture,
        frame: first.lastFrames[direction],
        time: first.lastTimes[direction],
        fact: 'last packet of the media',
      },
      ...(fallBack === null
        ? []
        : [evidence(fallBack.at, `the client asked for another transport: ${printable(fallBack.words, 120)}`)]),
    ],
    groupKey: `one-way ${sender.address}`,
  };
}

function mediaSubject(first: MediaFlow, sender: string, receiver: string, flows: readonly MediaFlow[]): string {
  const ports = flows.map((flow) => (flow.initiator.address === receiver ? flow.initiator.port : flow.responder.port));
  const unique = [...new Set(ports)];
  return `${first.label} from ${sender} to ${receiver} UDP ${unique.slice(0, 6).join(', ')}${unique.length > 6 ? ', …' : ''}`;
}

/** Adds the silent companions that share the fate of the judged media. */
function withCompanions(draft: Draft, all: readonly MediaFlow[], shares: (flow: MediaFlow) => boolean): Draft {
  const companions = all.filter(
    (flow) => flow.announced.media.announcement.mayBeSilent && isNear(flow, draft) && shares(flow),
  );
  return { ...draft, flows: [...draft.flows, ...companions] };
}

/** A companion goes with media on the ports next to its own, or of the same announcement. */
function isNear(flow: MediaFlow, draft: Draft): boolean {
  return draft.flows.some((judged) => {
    const distance = Math.abs(judged.initiator.port - flow.initiator.port);
    const farDistance = Math.abs(judged.responder.port - flow.responder.port);
    const isCrossed = judged.initiator.address !== flow.initiator.address;
    return isCrossed || distance <= 1 || farDistance <= 1;
  });
}

/** Media of no control channel in the capture. */
export function checkUnannounced(flow: FlowCase, capture: CaptureCase): Draft | null {
  if (flow.announced !== null || flow.isMulticast || flow.confidence !== 'content') return null;
  if (flow.protocol !== 'rtp' && flow.protocol !== 'mmsu') return null;
  const isFromStart = flow.firstTime - capture.startTime < AMBER_NS;
  const { initiator, responder } = flow;
  return {
    code: 'unannounced-media',
    verdict: isFromStart ? 'undetermined' : 'unexpected',
    certainty: 'inferred',
    cause: 'unknown',
    where: 'unknown',
    flows: [flow],
    related: [],
    groups: [],
    what: 'no control channel in the capture announced it',
    why: isFromStart
      ? 'The media was already flowing when the capture began, so its control channel may lie before it.'
      : `The media began ${formatSeconds(flow.firstTime - capture.startTime)} into the capture, and no RTSP, H.323, SIP, MMS or SAP in it names these ports.`,
    nextStep: isFromStart
      ? 'Start the capture before the session to see who asked for it.'
      : `Find out which program on ${initiator.address} and ${responder.address} uses these ports, and whether its control channel takes another path.`,
    rule: flow.row?.id ?? null,
    evidence: [
      {
        capture: flow.capture,
        frame: Math.max(1, flow.firstFrames[0] || flow.firstFrames[1]),
        time: flow.firstTime,
        fact: `first ${flow.label} packet`,
      },
    ],
    groupKey: `unannounced ${flow.protocol} ${isFromStart} ${initiator.address} ${responder.address}`,
  };
}
