/** Announced media of which nothing came. */

import { indexOf } from './capture-index.ts';
import { type Draft, evidence } from './draft.ts';
import { findFallBack } from './fall-back.ts';
import type { Evidence } from './finding.ts';
import { type AnnouncedMediaCase, type CaptureCase, type FlowCase, formatSeconds, NS_PER_SECOND } from './flow-case.ts';
import {
  endOf,
  findStrayMedia,
  helperOf,
  isOfCall,
  mediaDirection,
  mediaSubject,
  packetsFrom,
  receiverOf,
  senderOf,
} from './media-flow.ts';
import { areNear, isOnSegment } from './position.ts';
import { isUntranslated } from './private-address.ts';

/** Amber: worth saying. Red: no sender takes that long to begin. */
export const AMBER_NS = 3 * NS_PER_SECOND;
export const RED_NS = 10 * NS_PER_SECOND;

/** What else shows that the silence may not be a loss. */
interface Signs {
  /** Its sender reports that it sends it, and its receiver that nothing comes. */
  readonly isMissed: boolean;
  /** Other media of the session arrive, so that this one may simply be muted. */
  readonly hasSiblings: boolean;
  /** Its receiver reports that it arrives. */
  readonly isReported: boolean;
}

export function checkNeverArrived(
  control: FlowCase,
  absent: readonly AnnouncedMediaCase[],
  signs: Signs,
  capture: CaptureCase,
): Draft | null {
  const first = absent[0];
  const startedAt = first?.announced.media.startedAt ?? null;
  if (first === undefined || startedAt === null) return null;
  const { announcement } = first.announced.media;
  const fallBack = findFallBack(control, absent, capture);
  // What the client says within the session is stronger than all that could explain a silence.
  const isSilence = fallBack?.proof !== 'said';
  const waited = endOf(first, capture) - startedAt.time;
  if (waited < AMBER_NS && fallBack === null) return null;
  const sender = senderOf(first);
  const receiver = receiverOf(first);
  const doubt = findDoubt(control, first, { ...signs, isSilence }, capture);
  const isProven = doubt === null && (fallBack !== null || signs.isMissed || waited >= RED_NS);
  const isCall = isOfCall(first, control);
  const hasPath = indexOf(capture).hasPath(sender.address, receiver.address);
  const proof: Evidence[] = [
    evidence(announcement.at, `${announcement.how} announced ${first.flow.label} to port ${receiver.port}`),
    evidence(startedAt, 'media had to start here'),
  ];
  if (fallBack !== null) {
    proof.push(evidence(fallBack.at, `the client gave up and asked for another transport: ${fallBack.words}`));
  }
  return {
    code: 'media-never-arrived',
    verdict: isProven ? 'blocked' : 'undetermined',
    certainty: isProven && (signs.isMissed || !isSilence) ? 'confirmed' : 'inferred',
    cause: isProven ? 'silent-drop' : 'unknown',
    // What does not arrive here is lost between its sender and this point.
    where: doubt !== null ? 'unknown' : mediaDirection(first) === 1 ? 'toward-responder' : 'toward-initiator',
    flows: absent.map(({ flow }) => flow),
    related: [control.id],
    groups: first.flow.isMulticast ? [first.flow.responder.address] : [],
    rule: first.flow.row?.id ?? null,
    groupKey: `never ${sender.address} ${isProven}`,
    tell: () => ({
      subject: mediaSubject(absent),
      what:
        `announced by ${announcement.how} and never arrived within ${formatSeconds(waited)}` +
        (fallBack !== null ? '; the client then asked for another transport' : ''),
      why: [
        `The ${control.label} connection works${hasPath ? `: its answers are in the capture, so packets from ${sender.address} can be seen here` : ''}.`,
        signs.isMissed
          ? `${sender.address} reports by RTCP that it sends this media, and ${receiver.address} that nothing of it arrives.`
          : '',
        doubt?.why ?? lossWords(waited, fallBack !== null, isProven, signs.isMissed),
        isCall ? '' : holePunches(absent, receiver.address),
      ]
        .filter((sentence) => sentence !== '')
        .join(' '),
      nextStep:
        doubt?.nextStep ??
        (isProven
          ? askFor(control, absent, isCall)
          : `Capture the session for at least ${formatSeconds(RED_NS)} after its start.`),
      evidence: proof,
      quotes: fallBack?.quotes ?? [],
    }),
  };
}

/** Why the media may have arrived all the same or may never have been sent, and how to find out. */
interface Doubt {
  readonly why: string;
  readonly nextStep: string;
}

/** Null where nothing but a loss explains that the media is not here. */
function findDoubt(
  control: FlowCase,
  media: AnnouncedMediaCase,
  { hasSiblings, isReported, isSilence }: Signs & { readonly isSilence: boolean },
  capture: CaptureCase,
): Doubt | null {
  const sender = senderOf(media).address;
  const receiver = receiverOf(media).address;
  if (hasSiblings) {
    return {
      why: 'Other media of the same session arrive; this one may simply be silent.',
      nextStep: `Look on ${sender} whether it sends this one too.`,
    };
  }
  if (isOnSegment(sender, capture) === true && isOnSegment(receiver, capture) !== true) {
    return {
      why: "The capture was taken on the sender's own segment, where its media would be seen if it sent any: it may not have been sent at all.",
      nextStep: `Look on ${sender} whether it sends the media, and by which of its interfaces.`,
    };
  }
  if (!isSilence) return null;
  if (isReported) {
    return {
      why: `Yet ${receiver} reports by RTCP that it gets this media: it takes a way that this capture does not see, such as another link of a bundle.`,
      nextStep: `Capture on the segment of ${receiver}, or on all links between the two.`,
    };
  }
  if (capture.isOnlyTcp) {
    return {
      why: 'This capture holds nothing but TCP, so it was probably filtered when it was taken: then the media would not show.',
      nextStep: 'Capture again without a filter, or with one that lets UDP through.',
    };
  }
  if (media.flow.isMulticast && !isJoined(receiver, capture)) {
    return {
      why: `Nobody was seen to join ${receiver}, and multicast goes only where somebody has: it may flow elsewhere.`,
      nextStep: `Capture on the segment of ${control.initiator.address}, with its membership reports (IGMP or MLD).`,
    };
  }
  if (!isOnWay(control, media, capture)) {
    return {
      why: `But nothing in the capture goes from ${sender} to ${receiver}, so that packets between these two may not pass this point at all.`,
      nextStep: `Capture beside ${receiver} or ${sender}.`,
    };
  }
  if (isUntranslated(media, control)) {
    return {
      why: 'The announcement names a private address across an address translation: the media was probably sent nowhere.',
      nextStep: `Mend the announced address first, with the ${helperOf(control)} helper of the device that translates, or in the settings of the program behind it.`,
    };
  }
  const stray = findStrayMedia(sender, media.announced.media.startedAt?.time ?? 0, capture);
  if (stray === null) return null;
  const { initiator, responder } = stray;
  return {
    why: `Meanwhile ${initiator.address} and ${responder.address} exchange media that nothing in the capture announced (ports ${initiator.port} and ${responder.port}): it may be this media, under translated addresses.`,
    nextStep: `Capture on the segment of ${receiver}, and look whether that media arrives there.`,
  };
}

/** Whether packets from the sender of a medium to its receiver pass here: who speaks for the two may be elsewhere, as a proxy is. */
function isOnWay(control: FlowCase, media: AnnouncedMediaCase, capture: CaptureCase): boolean {
  const [sender, receiver] = [senderOf(media).address, receiverOf(media).address];
  if (media.flow.isMulticast || indexOf(capture).hasPath(sender, receiver)) return true;
  // Where the receiver is here and the other end of its connection is not, what comes to it from afar passes here.
  const ends = [control.initiator.address, control.responder.address];
  if (!ends.includes(receiver) || areNear(sender, receiver)) return false;
  return isOnSegment(receiver, capture) === true && ends.some((end) => isOnSegment(end, capture) === false);
}

function isJoined(group: string, { groups }: CaptureCase): boolean {
  return groups.some((each) => each.group === group && each.members.length > 0);
}

function lossWords(waited: number, hasFallenBack: boolean, isProven: boolean, isMissed: boolean): string {
  if (hasFallenBack) {
    return 'The client itself gave the announced ports up, which proves that nothing reached it. The media was dropped on its way to this point, or never sent.';
  }
  if (isMissed) return 'It is dropped on its way to this point.';
  const silence = `In ${formatSeconds(waited)} not one packet of the announced media came`;
  return isProven
    ? `${silence}: it was dropped on its way to this point, or never sent.`
    : `${silence}, and then the capture or the session ends: some sources take as long to begin.`;
}

function askFor(control: FlowCase, absent: readonly AnnouncedMediaCase[], isCall: boolean): string {
  const first = absent[0] as AnnouncedMediaCase;
  const { isMulticast, responder } = first.flow;
  if (isMulticast)
    return `Follow the multicast route of ${responder.address} from ${senderOf(first).address} hop by hop.`;
  const ports = [...new Set(absent.map((each) => receiverOf(each).port))];
  return (
    `Ask for UDP from ${senderOf(first).address} to ${receiverOf(first).address} ${ports.length === 1 ? 'port' : 'ports'} ${ports.join(', ')} to be permitted (the ports change with each ` +
    `session: use the firewall's ${helperOf(control)} helper or the port range of ${isCall ? `the phones)` : 'the player), or let the player use TCP'}.`
  );
}

/** Players open the path with packets of their own, which must not be taken for media. */
function holePunches(absent: readonly AnnouncedMediaCase[], receiver: string): string {
  const own = absent.reduce((sum, { flow }) => sum + packetsFrom(flow, receiver), 0);
  if (own === 0) return '';
  return own === 1
    ? "The receiver's own packet on these ports, sent to open the path, is no media."
    : `The receiver's own ${own} packets on these ports, sent to open the path, are no media.`;
}
