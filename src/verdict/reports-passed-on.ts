/**
 * RTCP that reaches a router and is not passed on while the RTP of its track is, where a span shows both sides of the router.
 * The media arrives all the same, until its server ends a session that it hears nothing of.
 */

import { counted } from '../format/count.ts';
import { type Draft, evidence, firstPacket, lastPacket } from './draft.ts';
import type { AnnouncedMediaCase, CaptureCase, Direction, FlowCase } from './flow-case.ts';
import { isRtcpOf, packetsFrom } from './media-flow.ts';
import { AMBER_NS } from './media-never-arrived.ts';
import { SHARE_OF_TWICE } from './media-passed-on.ts';
import { wasPartlyBlind } from './sight.ts';

/** Fewer may be lost by chance. */
const FEWEST_REPORTS = 3;
/** Of media that is here twice. */
const FEWEST_TWICE = 25;

/** The reports of one end, and the medium that they belong to. */
interface Stopped {
  readonly reports: FlowCase;
  readonly direction: Direction;
  readonly media: FlowCase;
}

export function checkReportsPassedOn(
  control: FlowCase,
  all: readonly AnnouncedMediaCase[],
  capture: CaptureCase,
): Draft[] {
  const flows = [...new Set(all.map(({ flow }) => flow))];
  const passed = flows.filter((flow) => flow.protocol === 'rtp' && !flow.isMulticast && isTwice(flow));
  const around = [control, ...flows];
  return passed.flatMap((media) =>
    flows
      .filter((reports) => isRtcpOf(reports, media))
      .flatMap((reports) => ([0, 1] as const).map((direction) => ({ reports, direction, media })))
      .filter((each) => isStopped(each, around, capture))
      .map((each) => draftOf(control, each)),
  );
}

/** In a direction in which it carries media. */
function isTwice(flow: FlowCase): boolean {
  return flow.copies.some(
    ({ count }, direction) => count >= FEWEST_TWICE && count >= (flow.packets[direction] ?? 0) * SHARE_OF_TWICE,
  );
}

/** None of them is here twice, while the media is, up to the last of them, and other packets of the same way are too. */
function isStopped({ reports, direction, media }: Stopped, around: readonly FlowCase[], capture: CaptureCase): boolean {
  const last = reports.lastTimes[direction];
  if (reports.packets[direction] < FEWEST_REPORTS || reports.copies[direction].count > 0 || reports.icmp.length > 0)
    return false;
  // As where they pass by a link that the span does not show.
  if (reports.answersReports[direction === 0 ? 1 : 0]) return false;
  if (Math.max(media.copies[0].lastTime, media.copies[1].lastTime) < last - AMBER_NS) return false;
  const [sender, receiver] = endsOf(reports, direction);
  // Of an end that is not seen at all, answers would not be either.
  const isReceiverSeen = around.some((flow) => packetsFrom(flow, receiver.address) > 0);
  const isWayShown = around.some((flow) => isShownTwice(flow, sender.address, receiver.address));
  return isReceiverSeen && isWayShown && !wasPartlyBlind(capture, reports.firstTime, last);
}

function isShownTwice(flow: FlowCase, sender: string, receiver: string): boolean {
  return ([0, 1] as const).some((direction) => {
    const [from, to] = endsOf(flow, direction);
    const { count } = flow.copies[direction];
    const isWay = from.address === sender && to.address === receiver;
    return isWay && count >= FEWEST_REPORTS && count >= flow.packets[direction] * SHARE_OF_TWICE;
  });
}

function endsOf({ initiator, responder }: FlowCase, direction: Direction) {
  return direction === 0 ? ([initiator, responder] as const) : ([responder, initiator] as const);
}

function draftOf(control: FlowCase, { reports, direction, media }: Stopped): Draft {
  const [sender, receiver] = endsOf(reports, direction);
  const isToServer = receiver.address === control.responder.address;
  const count = reports.packets[direction];
  return {
    code: 'reports-one-way',
    verdict: 'blocked',
    certainty: 'inferred',
    cause: 'silent-drop',
    where: 'beyond-capture-point',
    flows: [reports],
    related: [control.id, media.id],
    groups: [],
    rule: reports.row?.id ?? null,
    groupKey: `reports ${control.responder.address} ${isToServer}`,
    tell: () => ({
      subject: `RTCP from ${sender.address} to ${receiver.address} UDP ${receiver.port}`,
      what: 'it reaches the router here, which does not pass it on, while the RTP of the same track passes',
      why:
        `The RTP is here twice, before the router and behind it; the ${counted(count, 'RTCP packet')} of ${sender.address} are here once. ` +
        `The media gets through all the same, but ${receiver.address} does not learn how it ${isToServer ? 'arrives, and a server that hears nothing of its player may end the session' : 'is to be put together with other media'}.`,
      nextStep: `Ask whoever runs the router or firewall whose two sides this capture shows to permit UDP from ${sender.address} to ${receiver.address} port ${receiver.port} too: RTCP goes to the port above that of its RTP.`,
      evidence: [
        firstPacket(reports, direction, 'first RTCP packet, here once'),
        lastPacket(reports, direction, 'last RTCP packet, still here once'),
        evidence(
          { capture: media.capture, frame: lastCopyOf(media).lastFrame, time: lastCopyOf(media).lastTime },
          'last RTP packet that is here twice',
        ),
      ],
    }),
  };
}

function lastCopyOf({ copies: [one, other] }: FlowCase): FlowCase['copies'][0] {
  return one.lastTime > other.lastTime ? one : other;
}
