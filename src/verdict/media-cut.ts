/** Announced media that came and then stopped without a word. */

import { counted } from '../format/count.ts';
import { printable } from '../format/text.ts';
import { type Draft, evidence, lastPacket } from './draft.ts';
import {
  type AnnouncedMediaCase,
  type CaptureCase,
  type FlowCase,
  formatSeconds,
  hasHandshake,
  isEndHidden,
  isPartHidden,
  NS_PER_SECOND,
} from './flow-case.ts';
import { isPortUnreachable } from './icmp-codes.ts';
import { CLOSING_NS } from './icmp-words.ts';
import {
  endOf,
  isOfCall,
  lastTimeFrom,
  mediaDirection,
  mediaSubject,
  receiverOf,
  senderOf,
  sessionsOf,
} from './media-flow.ts';
import { AMBER_NS, RED_NS } from './media-never-arrived.ts';
import { isOnSegment } from './position.ts';
import { isLengthKnown, isRecordingOver } from './recording-end.ts';
import { seenUntil } from './sight.ts';

/** Silence of so many times the usual distance of packets is no pause of the stream. */
const SILENT_INTERVALS = 20;
/** Fewer packets have no rhythm: only a longer silence is one. */
const FEWEST_PACKETS = 10;
/** Fewer tell no distance at all, and no path is blamed for what follows them. */
const FEWEST_TO_TELL = 3;

/** Servers give up a player of which they hear nothing after a minute (RFC 2326 section 12.37), or after what they tell it, mostly less. */
const SHORTEST_TIMEOUT_NS = 30 * NS_PER_SECOND;

export function isCut(media: AnnouncedMediaCase, capture: CaptureCase): boolean {
  const direction = mediaDirection(media);
  const packets = packetsOnce(media);
  // Datagrams of which a part is missing came all the same.
  const lastPart = media.flow.firstFragments[direction]?.last.time ?? Number.NEGATIVE_INFINITY;
  const last = Math.max(media.flow.lastTimes[direction], lastPart);
  const silence = endOf(media, capture) - last;
  const interval = (last - media.flow.firstTime) / packets;
  const shortest = packets < FEWEST_PACKETS ? RED_NS : AMBER_NS;
  if (packets === 0 || silence < shortest || silence < interval * SILENT_INTERVALS) return false;
  return !hasGoodbye(media, capture) && !isAtItsEnd(media, capture) && !hasReceiverLeft(media);
}

/** Whether its receiver itself says of the last packets that nothing takes them there any more: then its sender stops. */
function hasReceiverLeft(media: AnnouncedMediaCase): boolean {
  const direction = mediaDirection(media);
  const last = media.flow.lastTimes[direction];
  return media.flow.icmp.some((error) => {
    const isOwnWord = error.reporter === receiverOf(media).address && isPortUnreachable(error);
    return isOwnWord && error.direction === direction && error.time >= last - CLOSING_NS;
  });
}

/** Packets of a medium without the copies that a span makes of them. */
function packetsOnce(media: AnnouncedMediaCase): number {
  const direction = mediaDirection(media);
  return media.flow.packets[direction] - media.flow.copies[direction].count;
}

/** Media of which so little came that beside media that goes on it is a sparse one. */
export function isSparse(media: AnnouncedMediaCase): boolean {
  return packetsOnce(media) < FEWEST_PACKETS;
}

/** Whether the packets of a medium are seen on their sender's own segment, before any router: what stops there, the sender has stopped. */
export function isSentHere(media: AnnouncedMediaCase, capture: CaptureCase): boolean {
  const sender = senderOf(media).address;
  if (isOnSegment(sender, capture) !== true) return false;
  const isPassedOn = (capture.hosts.host(sender)?.forwarder ?? 0) !== 0;
  return isPassedOn || isOnSegment(receiverOf(media).address, capture) === false;
}

function isAtItsEnd(media: AnnouncedMediaCase, capture: CaptureCase): boolean {
  const control = capture.flow(media.announced.announcer);
  const startedAt = media.announced.media.startedAt?.time ?? 0;
  return control !== null && isRecordingOver(control, media.flow.lastTimes[mediaDirection(media)] - startedAt);
}

/** Whether how long it lasts may have been told where the capture does not have the connection. */
function isLengthHidden(control: FlowCase, media: AnnouncedMediaCase): boolean {
  if (isLengthKnown(control) || isOfCall(media, control)) return false;
  const missed = control.record?.missedAt ?? null;
  if (missed !== null && missed.time <= (media.announced.media.startedAt?.time ?? 0)) return true;
  return control.tcp !== null && !hasHandshake(control);
}

/** Whether what its client or server said since about then is not all in the capture. */
function isTalkHidden(control: FlowCase, since: number): boolean {
  return isPartHidden(control, since - AMBER_NS) || isEndHidden(control, 0) || isEndHidden(control, 1);
}

/** Whether the sender said that its stream ends: RTCP BYE, or the end of the session. */
function hasGoodbye(media: AnnouncedMediaCase, capture: CaptureCase): boolean {
  const { announcer } = media.announced;
  const last = lastTimeFrom(media.flow, senderOf(media).address);
  const session = [...sessionsOf(announcer, capture), ...capture.announcedBy(announcer).map(({ flow }) => flow)];
  return session.some((flow) => {
    const closedAt = flow.record?.closedAt ?? null;
    return closedAt !== null && closedAt.time <= last + AMBER_NS;
  });
}

/**
 * What becomes of a request after the media stopped that is not answered for long: `mute` where it was delivered, so that the
 * sender's system is there and its program is not; `unseen` where nothing acknowledges it here and yet it is not repeated.
 */
function fateOfRequest(
  control: FlowCase,
  sender: string,
  since: number,
  capture: CaptureCase,
): 'mute' | 'unseen' | null {
  const toSender = control.responder.address === sender ? 0 : 1;
  const fromSender = toSender === 0 ? 1 : 0;
  const later = control.record?.messages.filter(({ at }) => at.time > since) ?? [];
  const asked = later.find(({ direction }) => direction === toSender);
  if (asked === undefined || later.some(({ direction }) => direction === fromSender)) return null;
  const heard = control.lastTimes[fromSender];
  const wait = { capture: control.capture, since: asked.at.time, heard };
  if (control.tcp?.runs[toSender] !== null || seenUntil(capture, wait) - asked.at.time < AMBER_NS) return null;
  return heard >= asked.at.time ? 'mute' : 'unseen';
}

/** MMSU brings the header of its stream first, and no more before the player has it and asks (MS-MMSP section 1.3). */
function isHeaderAlone({ flow }: AnnouncedMediaCase, { protocol, record }: FlowCase): boolean {
  const asked = record?.messages.findLast(({ direction }) => direction === record.clientDirection);
  return protocol === 'mms' && flow.protocol === 'mmsu' && (asked?.at.time ?? Infinity) < flow.firstTime;
}

/** Whether the server of a session answers, after its media stopped, that there is no such session (RFC 2326 section 11.3.5). */
function hasForgotten({ record }: FlowCase, since: number): boolean {
  return record?.refusals.some(({ code, at }) => code === '454' && at.time > since) === true;
}

/** Nanoseconds before the last packet of a medium in which nothing was heard of its receiver; below zero where it went on to speak. */
function unheardFor(media: AnnouncedMediaCase, capture: CaptureCase): number {
  const { announcer } = media.announced;
  const sender = senderOf(media).address;
  const session = [...sessionsOf(announcer, capture), ...capture.announcedBy(announcer).map(({ flow }) => flow)];
  const heard = session.map(({ initiator, lastTimes }) => lastTimes[initiator.address === sender ? 1 : 0]);
  return media.flow.lastTimes[mediaDirection(media)] - Math.max(...heard);
}

/** What else shows that the end may not be a loss. */
interface Signs {
  /** Other media of the session go on. */
  readonly hasSiblings: boolean;
  /** It is of a call in which no report would tell that a microphone is off. */
  readonly isUnreported: boolean;
  /** What the other end sent stopped with it. */
  readonly hasPeerStopped: boolean;
}

export function checkMediaCut(
  control: FlowCase,
  cut: readonly AnnouncedMediaCase[],
  signs: Signs,
  capture: CaptureCase,
): Draft | null {
  const first = cut[0];
  if (first === undefined) return null;
  const direction = mediaDirection(first);
  const { flow } = first;
  const lastTime = flow.lastTimes[direction];
  const silence = Math.max(
    ...cut.map((media) => endOf(media, capture) - lastTimeFrom(media.flow, senderOf(media).address)),
  );
  const hasBegun = cut.every((media) => packetsOnce(media) >= FEWEST_TO_TELL);
  const sender = senderOf(first).address;
  const isHeader = isHeaderAlone(first, control);
  const isOwn = !isHeader && isSentHere(first, capture);
  const doubt = isHeader ? HEADER_ALONE : hasBegun ? findDoubt(control, first, signs, isOwn, capture) : SO_LITTLE;
  const isProven = silence >= RED_NS && doubt === null;
  const receiver = receiverOf(first).address;
  const alive = control.record?.messages.find((message) => message.at.time > lastTime + NS_PER_SECOND);
  return {
    code: 'media-cut',
    verdict: isProven ? 'blocked' : 'undetermined',
    certainty: 'inferred',
    cause: isProven ? 'silent-drop' : isOwn || hasForgotten(control, lastTime) ? 'application' : 'unknown',
    // What does not arrive here is lost between its sender and this point.
    where: doubt !== null ? 'unknown' : direction === 1 ? 'toward-responder' : 'toward-initiator',
    flows: cut.map((media) => media.flow),
    related: [control.id],
    groups: flow.isMulticast ? [flow.responder.address] : [],
    rule: flow.row?.id ?? null,
    groupKey: `cut ${sender} ${isProven}`,
    tell: () => ({
      subject: mediaSubject(cut),
      what: `media stopped after ${isSparse(first) ? counted(flow.packets[direction], 'packet') : formatSeconds(lastTime - flow.firstTime)} and stayed away for ${formatSeconds(silence)}, with no goodbye`,
      why:
        `${signs.hasSiblings ? 'Some' : 'All'} media of this session stopped with no RTCP BYE, no PAUSE and no TEARDOWN before it` +
        (alive === undefined ? '. ' : ', while the control connection went on. ') +
        (doubt ??
          'A path that worked and then drops one session looks like this: a changed rule, a time-out of the session, a fail-over. A sender that stops without a word looks the same.'),
      nextStep: isOwn
        ? `Look on ${sender} why it stopped at that time.`
        : isHeader
          ? `Capture on the segment of ${receiver} too, and look whether the same packets arrive there.`
          : hasForgotten(control, lastTime)
            ? `Look on ${sender} why it ended the session, and whether the reports and requests of ${receiver} reach it.`
            : `Look for rule changes and session time-outs for UDP from ${sender} to ${receiver} at that time, and at whether ${sender} went on sending.`,
      evidence: [
        lastPacket(flow, direction, 'last packet of the media'),
        ...(alive === undefined
          ? []
          : [evidence(alive.at, `control connection still in use: ${printable(alive.name, 60)}`)]),
      ],
      quotes: alive === undefined ? [] : [printable(alive.name, 60)],
    }),
  };
}

const HEADER_ALONE =
  'What came is the header of the stream, behind which its player asks for the media, and it asks for nothing: what passes here may not arrive, or the player hangs.';
const SO_LITTLE = 'So little came before that it cannot be told from a sender that had nothing more to send.';

/** What else than a path explains the end of a medium, in words; null where nothing does. */
function findDoubt(
  control: FlowCase,
  media: AnnouncedMediaCase,
  { hasSiblings, isUnreported, hasPeerStopped }: Signs,
  isOwn: boolean,
  capture: CaptureCase,
): string | null {
  const sender = senderOf(media).address;
  const unheard = unheardFor(media, capture);
  if (hasPeerStopped) {
    return 'Both ways stopped together, as when both ends hang up; a path that drops them both at once cannot be told from that.';
  }
  if (isOwn) return `The capture was taken where the packets of ${sender} leave it: it stopped sending by itself.`;
  if (isTalkHidden(control, media.flow.lastTimes[mediaDirection(media)])) {
    return `Part of the ${control.label} connection is missing in the capture since then: it may have been asked there to stop.`;
  }
  if (isLengthHidden(control, media)) {
    return `Part of the ${control.label} connection from before it began is missing in the capture: a recording of which the length was told there ends like this.`;
  }
  if (hasForgotten(control, media.flow.lastTimes[mediaDirection(media)])) {
    return `${sender} says later that it knows no such session: it has ended it itself, as a server does that hears nothing of its player for as long as it has told it to.`;
  }
  const fate = fateOfRequest(control, sender, media.flow.lastTimes[mediaDirection(media)], capture);
  if (fate === 'mute') {
    return `${sender} acknowledges what it is asked on that connection and answers nothing any more: its program may hang.`;
  }
  if (fate === 'unseen') {
    return `What ${sender} is asked on that connection since then is not acknowledged here, and not repeated either: its packets take a way that this capture does not see any more.`;
  }
  if (hasSiblings)
    return 'The others go on, and hardly a path drops one of them alone: its source may have ended or muted it.';
  if (isUnreported) return 'No report of its sender was seen in this call, so its microphone may simply be off.';
  if (unheard < SHORTEST_TIMEOUT_NS) return null;
  const since = Number.isFinite(unheard) ? ` for ${formatSeconds(unheard)} before` : '';
  return `Nothing was heard of the receiver${since}, nor after: a server ends the session of a player that has gone, and says nothing.`;
}
