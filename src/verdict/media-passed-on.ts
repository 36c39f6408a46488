/**
 * Media that reaches a router and is not passed on, where a span shows both of its sides: what it passes on is here twice.
 * Either nothing of the media ever was, or nothing is any more.
 */

import { indexOf } from './capture-index.ts';
import type { Draft } from './draft.ts';
import { evidence } from './draft.ts';
import { type FallBack, findFallBack } from './fall-back.ts';
import { type AnnouncedMediaCase, type CaptureCase, type FlowCase, formatSeconds, NS_PER_SECOND } from './flow-case.ts';
import {
  arrivedAfter,
  helperOf,
  isOfCall,
  isReported,
  mediaDirection,
  mediaSubject,
  receiverOf,
  senderOf,
} from './media-flow.ts';
import { AMBER_NS } from './media-never-arrived.ts';
import {
  areReportsHidden,
  countPackets,
  isReporting,
  lastedFor,
  lastHeard,
  oneWay,
  proofOf,
  untoldOf,
} from './one-way-draft.ts';
import { wasPartlyBlind } from './sight.ts';

/** Of packets that are all here twice, half are copies; of those that are here once, hardly any. */
export const SHARE_OF_TWICE = 0.4;
const SHARE_OF_ONCE = 0.05;
/** Of datagrams whose first fragment alone is passed on, nearly all have it twice. */
const SHARE_IN_PART = 0.8;
const FEWEST_ONCE = 50;
const FEWEST_TWICE = 25;

/** `arrived`: all of which anything came; `flowing`: that which did not stop. */
export function checkPassedOn(
  control: FlowCase,
  arrived: readonly AnnouncedMediaCase[],
  flowing: readonly AnnouncedMediaCase[],
  all: readonly AnnouncedMediaCase[],
  capture: CaptureCase,
): Draft | null {
  const change = findFallBack(control, untoldOf(flowing, capture), capture);
  const never = listNever(control, untoldOf(arrived, capture), all, capture);
  if (never.length > 0 && (change !== null || lastedFor(never) >= AMBER_NS)) {
    // Of a side that was captured without UDP, reports of the receiver would tell that it gets its media.
    const receiver = receiverOf(never[0] as AnnouncedMediaCase).address;
    const isProven = change !== null || capture.hasCopiesOfUdp || !areReportsHidden(receiver, control, all);
    return isProven ? neverDraft(control, never, change) : onceDraft(control, never);
  }
  const noMore = untoldOf(flowing, capture).filter((media) => isPassedNoMore(control, media, all, capture));
  return noMore.length > 0 ? noMoreDraft(control, noMore, capture) : null;
}

/** Whether the router still passes on what a host sends in a flow, beside media of its own that it stops. */
export function isPassedOn({ initiator, packets, copies, lastTimes }: FlowCase, sender: string): boolean {
  const own = initiator.address === sender ? 0 : 1;
  // Where the host says nothing in it, what the other end says is all that can be passed on.
  const direction = packets[own] > 0 ? own : own === 0 ? 1 : 0;
  const { count, lastTime } = copies[direction];
  return count > 0 && lastTime >= lastTimes[direction] - AMBER_NS;
}

/** Media of which nothing is here twice, while the control connection is; none where that cannot be told. */
function listNever(
  control: FlowCase,
  arrived: readonly AnnouncedMediaCase[],
  all: readonly AnnouncedMediaCase[],
  capture: CaptureCase,
): readonly AnnouncedMediaCase[] {
  const copies = control.copies[0].count + control.copies[1].count;
  if (copies / Math.max(1, control.packets[0] + control.packets[1]) < SHARE_OF_TWICE) return [];
  const once = arrived.filter((media) => {
    const receiver = receiverOf(media).address;
    // Media for a third host may leave by a side that the span does not show.
    const isForPeer = receiver === control.initiator.address || receiver === control.responder.address;
    // What its receiver reports takes a way that this capture does not see, such as another link of a bundle.
    return isForPeer && isHereOnce(media, capture) && !isReported(media, all);
  });
  const receiver = once[0] === undefined ? '' : receiverOf(once[0]).address;
  // In a call the receiver sends media of its own, which says nothing of what it gets.
  const isHeard = once.some((media) => !isOfCall(media, control)) && isReporting(receiver, once, all);
  return countPackets(once) >= FEWEST_ONCE && !isHeard ? once : [];
}

/** The copies would have been seen too, had there been any: no part of the capture was blind. */
function isHereOnce(media: AnnouncedMediaCase, capture: CaptureCase): boolean {
  const { flow } = media;
  const direction = mediaDirection(media);
  const isOnce = flow.copies[direction].count + flow.again[direction] <= flow.packets[direction] * SHARE_OF_ONCE;
  return isOnce && !wasPartlyBlind(capture, flow.firstTime, flow.lastTimes[direction]);
}

function isFirstFragmentTwice(media: AnnouncedMediaCase): boolean {
  const fragments = media.flow.firstFragments[mediaDirection(media)];
  return fragments !== null && fragments.again >= fragments.begun * SHARE_IN_PART;
}

/** Every packet had its copy, and then many came that have none, and no report of the receiver. */
function isPassedNoMore(
  control: FlowCase,
  media: AnnouncedMediaCase,
  all: readonly AnnouncedMediaCase[],
  capture: CaptureCase,
): boolean {
  const { flow } = media;
  const direction = mediaDirection(media);
  const { count, packets, lastTime } = flow.copies[direction];
  const wasTwice = count >= FEWEST_TWICE && count >= packets * SHARE_OF_TWICE;
  const once = flow.packets[direction] - packets;
  if (flow.again[direction] >= once * SHARE_OF_TWICE) return false;
  const isLong = once >= FEWEST_ONCE && flow.lastTimes[direction] - lastTime >= AMBER_NS;
  if (wasPartlyBlind(capture, lastTime, flow.lastTimes[direction])) return false;
  // In a call the receiver sends media of its own, which says nothing of what it gets.
  const isSilent = isOfCall(media, control) || lastHeard(receiverOf(media).address, all) < lastTime + AMBER_NS;
  return wasTwice && isLong && isSilent && arrivedAfter(media, all) <= lastTime + NS_PER_SECOND;
}

function neverDraft(control: FlowCase, stopped: readonly AnnouncedMediaCase[], fallBack: FallBack | null): Draft {
  const first = stopped[0] as AnnouncedMediaCase;
  const [sender, receiver] = [senderOf(first).address, receiverOf(first).address];
  const isInPart = stopped.every(isFirstFragmentTwice);
  const mayReport = !isOfCall(first, control) && first.announced.media.rtcp !== null;
  return {
    ...oneWay(control, stopped, true),
    certainty: 'inferred',
    groupKey: `one-way ${sender} stopped`,
    tell: () => ({
      subject: mediaSubject(stopped),
      what: `it reaches the router here, which does not pass it on${fallBack === null ? '' : '; the client then asked for another transport'}`,
      why:
        `The packets of the ${control.label} connection are here twice, before the router and behind it; the ${countPackets(stopped)} ${isInPart ? 'datagrams of the media are whole' : 'packets of the media are'} ` +
        `here once${mayReport ? `, and ${receiver} has sent no report since they began` : ''}.` +
        (isInPart
          ? ' They come in IP fragments, and the first of each, which alone has ports, is here twice: filters that decide by ports drop the others.'
          : ''),
      nextStep: isInPart
        ? `Ask whoever runs the router or firewall whose two sides this capture shows to permit IP fragments from ${sender} to ${receiver}, or let ${sender} send packets that fit into one frame.`
        : `${askFor(stopped)} (the ports change with each session: its ${helperOf(control)} helper or the port range of the ${isOfCall(first, control) ? 'phones' : 'player'}).`,
      evidence: proofOf(first, fallBack),
      quotes: fallBack?.quotes ?? [],
    }),
  };
}

/** Media that is here once where nothing shows that it would be here twice. */
function onceDraft(control: FlowCase, once: readonly AnnouncedMediaCase[]): Draft {
  const first = once[0] as AnnouncedMediaCase;
  const [sender, receiver] = [senderOf(first).address, receiverOf(first).address];
  return {
    ...oneWay(control, once, false),
    certainty: 'inferred',
    groupKey: `one-way ${sender} stopped`,
    tell: () => ({
      subject: mediaSubject(once),
      what: `it is here once, and the ${control.label} connection twice, before a router and behind it`,
      why:
        `A router that does not pass the ${countPackets(once)} packets of the media on looks like this. But nothing else over UDP is here twice, and no reports were agreed on that would tell: ` +
        'what lies behind the router may have been captured without UDP.',
      nextStep: `Capture on the segment of ${receiver} without a filter, and look whether the same packets arrive there.`,
      evidence: proofOf(first, null),
    }),
  };
}

/** Where nothing at all is here twice any more, the span itself may have lost the other side. */
function noMoreDraft(control: FlowCase, stopped: readonly AnnouncedMediaCase[], capture: CaptureCase): Draft {
  const first = stopped[0] as AnnouncedMediaCase;
  const direction = mediaDirection(first);
  const { flow } = first;
  const { lastTime, lastFrame, packets } = flow.copies[direction];
  const isSpanWhole = indexOf(capture).lastCopy > lastTime + AMBER_NS;
  const once = flow.packets[direction] - packets;
  return {
    ...oneWay(control, stopped, isSpanWhole),
    certainty: 'inferred',
    groupKey: `one-way ${senderOf(first).address} stopped later ${isSpanWhole}`,
    tell: () => ({
      subject: mediaSubject(stopped),
      what: `the router here passed it on for ${formatSeconds(lastTime - flow.firstTime)} and then no more`,
      why:
        `Its packets were here twice, before the router and behind it; the last ${once} of them, over ${formatSeconds(flow.lastTimes[direction] - lastTime)}, are here once. ` +
        (isSpanWhole
          ? 'Other packets are still here twice, so what lies behind the router is still seen.'
          : 'Nothing else is here twice any more either, so the capture may have lost the other side of the router.'),
      nextStep: `${askFor(stopped)}; look for a rule change or a time-out of the session at that time.`,
      evidence: [
        evidence(
          { capture: flow.capture, frame: lastFrame, time: lastTime },
          'last packet of the media that is here twice',
        ),
        ...proofOf(first, null).slice(1),
      ],
    }),
  };
}

function askFor(stopped: readonly AnnouncedMediaCase[]): string {
  const first = stopped[0] as AnnouncedMediaCase;
  const ports = [...new Set(stopped.map((media) => receiverOf(media).port))];
  return `Ask whoever runs the router or firewall whose two sides this capture shows to permit UDP from ${senderOf(first).address} to ${receiverOf(first).address} ${ports.length === 1 ? 'port' : 'ports'} ${ports.join(', ')}`;
}
