/** Media that passes this point toward a receiver of which nothing is heard. */

import { type Draft, evidence } from './draft.ts';
import { findFallBack } from './fall-back.ts';
import { type AnnouncedMediaCase, type CaptureCase, type FlowCase, formatSeconds, NS_PER_SECOND } from './flow-case.ts';
import { lastTimeFrom, mediaDirection, mediaSubject, packetsFrom, receiverOf, senderOf } from './media-flow.ts';
import { RED_NS } from './media-never-arrived.ts';
import { isOnSegment } from './position.ts';

/** Packets that only open the path are sent before the media, or as it begins. */
const OPENING_NS = NS_PER_SECOND;
/** Most players report every five seconds; one (ffmpeg) each time that it has received 280 kB. */
const MOST_UNREPORTED_BYTES = 400_000;

/** Of packets that are all here twice, half are copies; of those that are here once, none but what opened the path. */
const SHARE_OF_TWICE = 0.4;
const SHARE_OF_ONCE = 0.05;
const FEWEST_ONCE = 50;

/** `all`: everything that the session announced, receiver reports included. */
export function checkOneWay(
  control: FlowCase,
  flowing: readonly AnnouncedMediaCase[],
  all: readonly AnnouncedMediaCase[],
  capture: CaptureCase,
): Draft | null {
  const first = flowing[0];
  if (first === undefined || first.flow.isMulticast) return null;
  const change = findFallBack(control, flowing, capture);
  const fallBack = change?.proof === 'soon' ? null : change;
  const direction = mediaDirection(first);
  const { flow } = first;
  const lasted = flow.lastTimes[direction] - flow.firstTime;
  const receiver = receiverOf(first).address;
  const isSaid = fallBack?.proof === 'said';
  const isStopped = fallBack === null && lasted >= RED_NS && isStoppedHere(receiver, control, flowing, all);
  if (!isSaid && !isStopped) {
    if (isOnSegment(receiver, capture) === true || areReportsHidden(receiver, control, all)) return null;
    const isOverdue = lasted >= RED_NS && (isMuch(flowing) || !hasPunched(receiver, all));
    if (isReporting(receiver, flowing, all) || (!isOverdue && fallBack === null)) return null;
  }
  return {
    code: 'media-one-way',
    verdict: fallBack === null && !isStopped ? 'undetermined' : 'blocked',
    certainty: isSaid ? 'confirmed' : 'inferred',
    cause: fallBack === null && !isStopped ? 'unknown' : 'silent-drop',
    where: 'beyond-capture-point',
    flows: flowing.map((media) => media.flow),
    related: [control.id],
    groups: [],
    rule: flow.row?.id ?? null,
    groupKey: `one-way ${senderOf(first).address} ${isStopped}`,
    tell: () => ({
      subject: mediaSubject(flowing),
      what: isStopped
        ? 'it reaches the router here, which does not pass it on'
        : fallBack === null
          ? `it passes this point, but in ${formatSeconds(lasted)} nothing came back that shows its arrival`
          : 'it passes this point, yet the client gave it up and asked for another transport',
      why:
        `${flow.packets[direction]} packets from ${senderOf(first).address} pass here. ` +
        (isStopped
          ? `The packets of the ${control.label} connection are here twice, before the router and behind it; those of the media are here once, and ${receiver} has sent no report since they began.`
          : fallBack === null
            ? `${receiver} announced ports for receiver reports and sent none${hasPunched(receiver, all) ? ' since the media began' : ', nor any other packet on these ports'}. That is what a drop behind this point looks like, and also a player that sends no reports.`
            : 'The client fell back to another transport, so the media did not reach it: it was dropped behind this point.'),
      nextStep: `Capture on the segment of ${receiver} too, and look whether the same packets arrive there.`,
      evidence: [
        {
          capture: flow.capture,
          frame: flow.firstFrames[direction],
          time: flow.firstTime,
          fact: 'first packet of the media',
        },
        {
          capture: flow.capture,
          frame: flow.lastFrames[direction],
          time: flow.lastTimes[direction],
          fact: 'last packet of the media',
        },
        ...(fallBack === null
          ? []
          : [evidence(fallBack.at, `the client asked for another transport: ${fallBack.words}`)]),
      ],
      quotes: fallBack?.quotes ?? [],
    }),
  };
}

/** A span of both legs of a router shows what it passes on twice: the control connection, and not the media. */
function isStoppedHere(
  receiver: string,
  control: FlowCase,
  flowing: readonly AnnouncedMediaCase[],
  all: readonly AnnouncedMediaCase[],
): boolean {
  if (shareOfCopies(control) < SHARE_OF_TWICE || areReportsHidden(receiver, control, all)) return false;
  const areAllOnce = flowing.every(
    ({ flow }) =>
      flow.icmp.length === 0 &&
      flow.packets[0] + flow.packets[1] >= FEWEST_ONCE &&
      shareOfCopies(flow) <= SHARE_OF_ONCE,
  );
  return areAllOnce && !isReporting(receiver, flowing, all);
}

function shareOfCopies({ copies, packets }: FlowCase): number {
  return copies / Math.max(1, packets[0] + packets[1]);
}

/** Whether no reports were agreed on, or where not even the receiver's side of the control connection shows. */
function areReportsHidden(receiver: string, control: FlowCase, all: readonly AnnouncedMediaCase[]): boolean {
  if (!all.some(({ announced }) => announced.media.announcement.protocol === 'rtcp')) return true;
  return packetsFrom(control, receiver) === 0 && control.packets.some((count) => count === 0);
}

/** Whether the receiver sent anything once the media had begun. */
function isReporting(
  receiver: string,
  flowing: readonly AnnouncedMediaCase[],
  all: readonly AnnouncedMediaCase[],
): boolean {
  const opened = Math.min(...flowing.map(({ flow }) => flow.firstTime)) + OPENING_NS;
  return all.some((media) => lastTimeFrom(media.flow, receiver) > opened);
}

function isMuch(flowing: readonly AnnouncedMediaCase[]): boolean {
  return flowing.some((media) => media.flow.payload[mediaDirection(media)] >= MOST_UNREPORTED_BYTES);
}

/** Packets of the receiver on the ports of the media: reports, or those that open the path. */
function hasPunched(receiver: string, all: readonly AnnouncedMediaCase[]): boolean {
  return all.some((media) => packetsFrom(media.flow, receiver) > 0);
}
