/** Announced media of which nothing came. */

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
import { isOnSegment } from './position.ts';
import { isUntranslated } from './private-address.ts';

/** Amber: worth saying. Red: no sender takes that long to begin. */
export const AMBER_NS = 3 * NS_PER_SECOND;
export const RED_NS = 10 * NS_PER_SECOND;

/** `hasSiblings`: other media of the session arrive, so that this one may simply be muted. */
export function checkNeverArrived(
  control: FlowCase,
  absent: readonly AnnouncedMediaCase[],
  hasSiblings: boolean,
  capture: CaptureCase,
): Draft | null {
  const first = absent[0];
  const startedAt = first?.announced.media.startedAt ?? null;
  if (first === undefined || startedAt === null) return null;
  const { media } = first.announced;
  const { announcement } = media;
  const fallBack = findFallBack(control, absent, capture);
  // What the client says within the session is stronger than all that could explain a silence.
  const isSilence = fallBack?.proof !== 'said';
  const waited = endOf(first, capture) - startedAt.time;
  if (waited < AMBER_NS && fallBack === null) return null;
  const sender = senderOf(first);
  const receiver = receiverOf(first);
  const isSenderHere = isOnSegment(sender.address, capture) === true && isOnSegment(receiver.address, capture) !== true;
  const stray = isSilence ? findStrayMedia(sender.address, startedAt.time, capture) : null;
  const isFiltered = isSilence && capture.isOnlyTcp;
  const isMisled = isSilence && isUntranslated(first, control);
  const isPlain = !hasSiblings && !isSenderHere && !isFiltered && !isMisled && stray === null;
  const isProven = isPlain && (fallBack !== null || waited >= RED_NS);
  const isCall = isOfCall(first, control);
  const ports = [...new Set(absent.map((each) => receiverOf(each).port))].join(', ');
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
    certainty: isSilence ? 'inferred' : 'confirmed',
    cause: isProven ? 'silent-drop' : 'unknown',
    // What does not arrive here is lost between its sender and this point.
    where: isSenderHere ? 'unknown' : mediaDirection(first) === 1 ? 'toward-responder' : 'toward-initiator',
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
        `The ${control.label} connection works: its answers are in the capture, so packets from ${sender.address} can be seen here.`,
        reason({ hasSiblings, isSenderHere, isFiltered, isMisled, stray, hasFallenBack: fallBack !== null, waited }),
        isCall ? '' : holePunches(absent, receiver.address),
      ]
        .filter((sentence) => sentence !== '')
        .join(' '),
      nextStep:
        `Ask for UDP from ${sender.address} to ${receiver.address} port ${ports} to be permitted (the ports change with each ` +
        `session: use the firewall's ${helperOf(control)} helper or the port range of ${isCall ? `the phones)` : 'the player), or let the player use TCP'}.`,
      evidence: proof,
      quotes: fallBack?.quotes ?? [],
    }),
  };
}

function reason(facts: {
  hasSiblings: boolean;
  isSenderHere: boolean;
  isFiltered: boolean;
  isMisled: boolean;
  stray: FlowCase | null;
  hasFallenBack: boolean;
  waited: number;
}): string {
  if (facts.hasSiblings) return 'Other media of the same session arrive; this one may simply be silent.';
  if (facts.isSenderHere) {
    return "The capture was taken on the sender's own segment, where its media would be seen if it sent any: it may not have been sent at all.";
  }
  if (facts.isFiltered) {
    return 'This capture holds nothing but TCP, so it was probably filtered when it was taken: then the media would not show.';
  }
  if (facts.isMisled) {
    return 'The announcement names a private address across an address translation: the media was probably sent nowhere.';
  }
  if (facts.stray !== null) {
    const { initiator, responder } = facts.stray;
    return `Meanwhile ${initiator.address} and ${responder.address} exchange media that nothing in the capture announced (ports ${initiator.port} and ${responder.port}): it may be this media, under translated addresses.`;
  }
  return facts.hasFallenBack
    ? 'The client itself gave the announced ports up, which proves that nothing reached it. The media was dropped on its way to this point, or never sent.'
    : `In ${formatSeconds(facts.waited)} not one packet of the announced media came: it was dropped on its way to this point, or never sent.`;
}

/** Players open the path with packets of their own, which must not be taken for media. */
function holePunches(absent: readonly AnnouncedMediaCase[], receiver: string): string {
  const own = absent.reduce((sum, { flow }) => sum + packetsFrom(flow, receiver), 0);
  if (own === 0) return '';
  return own === 1
    ? "The receiver's own packet on these ports, sent to open the path, is no media."
    : `The receiver's own ${own} packets on these ports, sent to open the path, are no media.`;
}
