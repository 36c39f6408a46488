/** Media that passes this point toward a receiver of which nothing is heard. */

import { printable } from '../format/text.ts';
import { type Draft, evidence } from './draft.ts';
import { type AnnouncedMediaCase, type CaptureCase, type FlowCase, formatSeconds } from './flow-case.ts';
import { mediaDirection, mediaSubject, packetsFrom, receiverOf, senderOf } from './media-flow.ts';
import { RED_NS } from './media-never-arrived.ts';
import { isOnSegment } from './position.ts';

/** `all`: everything that the session announced, receiver reports included. */
export function checkOneWay(
  control: FlowCase,
  flowing: readonly AnnouncedMediaCase[],
  all: readonly AnnouncedMediaCase[],
  capture: CaptureCase,
): Draft | null {
  const first = flowing[0];
  if (first === undefined || first.flow.isMulticast) return null;
  const fallBack = flowing.map((media) => media.announced.media.fallBack).find((each) => each !== null) ?? null;
  const direction = mediaDirection(first);
  const { flow } = first;
  const lasted = flow.lastTimes[direction] - flow.firstTime;
  const receiver = receiverOf(first).address;
  if (fallBack === null) {
    const expectsReports = all.some(({ announced }) => announced.media.announcement.protocol === 'rtcp');
    const isHeard = all.some((media) => packetsFrom(media.flow, receiver) > 0);
    const isAtReceiver = isOnSegment(receiver, capture) === true;
    // Where not even its side of the control connection shows, its reports would not show either.
    const isVisible = packetsFrom(control, receiver) > 0 || control.packets.every((count) => count > 0);
    if (lasted < RED_NS || !expectsReports || isHeard || isAtReceiver || !isVisible) return null;
  }
  return {
    code: 'media-one-way',
    verdict: fallBack === null ? 'undetermined' : 'blocked',
    certainty: fallBack === null ? 'inferred' : 'confirmed',
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
          ? `${receiver} announced ports for receiver reports and sent none, nor any other packet on these ports. That is what a drop behind this point looks like, and also a player that sends no reports.`
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
          : [evidence(fallBack.at, `the client asked for another transport: ${printable(fallBack.words, 120)}`)]),
      ],
      quotes: fallBack === null ? [] : [printable(fallBack.words, 120)],
    }),
  };
}
