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
  if (!isSaid) {
    if (isOnSegment(receiver, capture) === true || areReportsHidden(receiver, control, all)) return null;
    const isOverdue = lasted >= RED_NS && (isMuch(flowing) || !hasPunched(receiver, all));
    if (isReporting(receiver, flowing, all) || (!isOverdue && fallBack === null)) return null;
  }
  return {
    code: 'media-one-way',
    verdict: fallBack === null ? 'undetermined' : 'blocked',
    certainty: isSaid ? 'confirmed' : 'inferred',
    cause: fallBack === null ? 'unknown' : 'silent-drop',
    where: 'beyond-capture-point',
    flows: flowing.map((media) => media.flow),
    related: [control.id],
    groups: [],
    rule: flow.row?.id ?? null,
    groupKey: `one-way ${senderOf(first).address}`,
    tell: () => ({
      subject: mediaSubject(flowing),
      what:
        fallBack === null
          ? `it passes this point, but in ${formatSeconds(lasted)} nothing came back that shows its arrival`
          : 'it passes this point, yet the client gave it up and asked for another transport',
      why:
        `${flow.packets[direction]} packets from ${senderOf(first).address} pass here. ` +
        (fallBack === null
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
