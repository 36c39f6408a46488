/** What the media checks ask of an announced flow: who sends, what came, and until when it had to. */

import { indexOf } from './capture-index.ts';
import {
  type AnnouncedMediaCase,
  type CaptureCase,
  type Direction,
  type Endpoint,
  type FlowCase,
  NS_PER_SECOND,
} from './flow-case.ts';
import { seenUntil } from './sight.ts';

/** A session of which nothing was heard for longer may have ended outside of the capture. */
const LONGEST_QUIET_NS = 60 * NS_PER_SECOND;
const MOST_SESSIONS = 8;
/** Frames of several cards or queues may be out of order by less than this. */
const SET_BACK_NS = 2 * NS_PER_SECOND;
/** Fewer packets before a call is taken may only open the path. */
const FEWEST_EARLY = 10;

/** Direction within the flow in which its announcement says that media goes first. */
export function mediaDirection({ flow, announced, way }: AnnouncedMediaCase): Direction {
  if (way !== undefined) return way;
  const { sends, isMulticast } = announced.media.announcement;
  if (isMulticast) return 0;
  if (sends === 'both') return flow.packets[1] === 0 ? 0 : 1;
  // Toward the control flow's initiator is toward this flow's initiator when that is the same end.
  return (sends === 'toInitiator') === (announced.initiatorEnd === 0) ? 1 : 0;
}

/** Whether the end that was to send media has sent some; both ends where both were to, and the call was taken (RFC 3960). */
export function carriesMedia(media: AnnouncedMediaCase): boolean {
  const { packets } = media.flow;
  const { announcement, startedAt } = media.announced.media;
  if (announcement.sends === 'both' && startedAt === null) return Math.max(...packets) >= FEWEST_EARLY;
  if (announcement.sends === 'both') return packets[0] > 0 && packets[1] > 0;
  return packets[mediaDirection(media)] > 0;
}

/** Each way in which an announced flow was to carry media; where nothing came at all, one stands for both. */
export function waysOf(media: AnnouncedMediaCase): AnnouncedMediaCase[] {
  const { sends, isMulticast } = media.announced.media.announcement;
  if (sends !== 'both' || isMulticast || media.flow.packets.every((count) => count === 0)) return [media];
  return [
    { ...media, way: 0 },
    { ...media, way: 1 },
  ];
}

/** Whether both ends were to send, so that what the receiver sends is media of its own. */
export function isOfCall({ announced }: AnnouncedMediaCase, control: FlowCase): boolean {
  return announced.media.announcement.sends === 'both' || control.protocol?.startsWith('h323') === true;
}

/** What a firewall calls its helper for a control protocol. */
export function helperOf(control: FlowCase): string {
  return control.protocol?.startsWith('h323') === true ? 'H.323' : control.label;
}

/** Whether the end that was to send has sent nothing. */
export function isAbsent(media: AnnouncedMediaCase): boolean {
  return media.flow.packets[mediaDirection(media)] === 0;
}

/**
 * Whether an announced medium of which this flow has nothing came all the same: from another host to the announced port, as
 * where the server's address is translated, or in another flow of the same announcement.
 */
export function isServedElsewhere(media: AnnouncedMediaCase, capture: CaptureCase): boolean {
  const { announced, flow } = media;
  const isOther = (other: AnnouncedMediaCase): boolean =>
    other.flow !== flow && other.announced.media === announced.media && carriesMedia(other);
  if (capture.announcedBy(announced.announcer).some(isOther)) return true;
  const startedAt = announced.media.startedAt?.time ?? announced.media.announcement.at.time;
  const { address, port } = receiverOf(media);
  return indexOf(capture)
    .mediaTo({ address, port })
    .some((other) => {
      const isToInitiator = other.initiator.address === address && other.initiator.port === port;
      return other !== flow && other.lastTimes[isToInitiator ? 1 : 0] >= startedAt;
    });
}

export function senderOf(media: AnnouncedMediaCase): Endpoint {
  return mediaDirection(media) === 1 ? media.flow.responder : media.flow.initiator;
}

export function receiverOf(media: AnnouncedMediaCase): Endpoint {
  return mediaDirection(media) === 1 ? media.flow.initiator : media.flow.responder;
}

/** Packets that a host has sent in a flow. */
export function packetsFrom(flow: FlowCase, address: string): number {
  return flow.initiator.address === address ? flow.packets[0] : flow.packets[1];
}

/** Last time at which a host sent in a flow, -Infinity when it never did. */
export function lastTimeFrom(flow: FlowCase, address: string): number {
  return flow.initiator.address === address ? flow.lastTimes[0] : flow.lastTimes[1];
}

/**
 * Nanoseconds since the origin at which the medium no longer had to flow: its client gave it up, it was stopped, the session
 * was closed, nothing more was heard of its session for long, or the capture ends or saw nothing.
 */
export function endOf(media: AnnouncedMediaCase, capture: CaptureCase): number {
  const { flow, announced } = media;
  const { fallBack, startedAt, stoppedAt } = announced.media;
  const sessions = sessionsOf(announced.announcer, capture);
  const closed = sessions.map((session) => session.record?.closedAt ?? null);
  const ends = [fallBack?.at ?? null, stoppedAt, ...closed].map((at) => at?.time ?? Number.POSITIVE_INFINITY);
  const anyHeard = Math.max(...flow.lastTimes, ...sessions.flatMap((session) => session.lastTimes));
  const sender = senderOf(media).address;
  const heard = Math.max(...[flow, ...sessions].map((each) => lastTimeFrom(each, sender)));
  const last = lastTimeFrom(flow, sender);
  if (isClockSetBack(media)) return last;
  const since = Math.max(last, startedAt?.time ?? Number.NEGATIVE_INFINITY);
  // Behind a silence of the whole capture, as in files that were joined, nothing is known of this session.
  const unseen = seenUntil(capture, { capture: flow.capture, since, heard, anyHeard });
  return Math.min(...ends, anyHeard + LONGEST_QUIET_NS, unseen);
}

/** Whether packets that came after the medium began bear a time from before that: nothing tells how long they stayed away. */
function isClockSetBack(media: AnnouncedMediaCase): boolean {
  const { flow, announced } = media;
  const { startedAt } = announced.media;
  if (startedAt === null || startedAt.capture !== flow.capture) return false;
  const direction = mediaDirection(media);
  const isLater = flow.lastFrames[direction] > startedAt.frame;
  return isLater && flow.lastTimes[direction] < startedAt.time - SET_BACK_NS;
}

/** The control flow that announced a medium, and those that announced it in turn: a call may have several channels. */
export function sessionsOf(announcer: number, capture: CaptureCase): FlowCase[] {
  const sessions: FlowCase[] = [];
  for (const queue = [announcer]; queue.length > 0 && sessions.length < MOST_SESSIONS; ) {
    const session = capture.flow(queue.pop() ?? 0);
    if (session === null || sessions.includes(session)) continue;
    sessions.push(session);
    queue.push(...session.announced.map((each) => each.announcer));
  }
  return sessions;
}

/** Whether a flow is of the RTCP that was agreed on for a medium: its neighbours have theirs on the ports next to it. */
export function isRtcpOf(companion: FlowCase, media: FlowCase): boolean {
  return media.announced.some(
    ({ media: { rtcp } }) => rtcp !== null && companion.announced.some((each) => each.media === rtcp),
  );
}

export function reportsBeside({ flow }: AnnouncedMediaCase, all: readonly AnnouncedMediaCase[]): AnnouncedMediaCase[] {
  return all.filter((other) => isRtcpOf(other.flow, flow));
}

/** Whether the receiver reports that a medium arrives, on its own ports or those of its RTCP. */
export function isReported(media: AnnouncedMediaCase, all: readonly AnnouncedMediaCase[]): boolean {
  const receiver = receiverOf(media).address;
  return [media, ...reportsBeside(media, all)].some(
    ({ flow }) => flow.reportsMedia[flow.initiator.address === receiver ? 0 : 1],
  );
}

/** After which time a medium still arrived, by the reports of its receiver; -Infinity where none tells. */
export function arrivedAfter(media: AnnouncedMediaCase, all: readonly AnnouncedMediaCase[]): number {
  const receiver = receiverOf(media).address;
  const reports = [media, ...reportsBeside(media, all)];
  return Math.max(...reports.map(({ flow }) => flow.arrivedAfter[flow.initiator.address === receiver ? 0 : 1]));
}

/** Sessions begin their media within this time. */
const STRAY_START_NS = 10 * NS_PER_SECOND;
const FEWEST_STRAY_PACKETS = 10;
/** Media that stops so much later has not stopped together with another. */
const STRAY_LEAD_NS = 3 * NS_PER_SECOND;

/** Whether other media of these hosts goes on after a medium stopped: some of `others`, or some that nothing announced. */
export function isOutlived(
  media: AnnouncedMediaCase,
  others: readonly AnnouncedMediaCase[],
  capture: CaptureCase,
): boolean {
  const ends = [senderOf(media).address, receiverOf(media).address];
  const [sender = ''] = ends;
  const until = lastTimeFrom(media.flow, sender) + STRAY_LEAD_NS;
  return [...others.map(({ flow }) => flow), ...indexOf(capture).strayMedia].some((flow) => {
    if (!ends.includes(flow.initiator.address) || !ends.includes(flow.responder.address)) return false;
    return packetsFrom(flow, sender) >= FEWEST_STRAY_PACKETS && lastTimeFrom(flow, sender) >= until;
  });
}

/** Media of this sender that began when announced media should have, and that no announcement names; null when there is none. */
export function findStrayMedia(sender: string, startedAt: number, capture: CaptureCase): FlowCase | null {
  const stray = indexOf(capture).strayMedia.find((flow) => {
    const takesPart = flow.initiator.address === sender || flow.responder.address === sender;
    const isAtStart = Math.abs(flow.firstTime - startedAt) <= STRAY_START_NS;
    return takesPart && isAtStart && packetsFrom(flow, sender) >= FEWEST_STRAY_PACKETS;
  });
  return stray ?? null;
}

/** `RTP from 10.10.2.20 to 10.10.1.10 UDP 15964, 15966`. */
export function mediaSubject(media: readonly AnnouncedMediaCase[]): string {
  const first = media[0];
  if (first === undefined) return 'Media';
  const ports = [...new Set(media.map((each) => receiverOf(each).port))];
  const more = ports.length > 6 ? ', …' : '';
  return `${first.flow.label} from ${senderOf(first).address} to ${receiverOf(first).address} UDP ${ports.slice(0, 6).join(', ')}${more}`;
}
