/**
 * Media that a control channel announced: whether it came, whether it went on, and whether it arrives beyond this point.
 *
 * The clock runs from the answer to PLAY (or its like) to PAUSE, the end of the session, the client's fall-back or the end
 * of the capture. Receiver reports and other silent companions are never judged alone: they share the fate of their media.
 */

import type { Draft } from './draft.ts';
import type { AnnouncedMediaCase, CaptureCase, FlowCase } from './flow-case.ts';
import { checkIcmp } from './icmp.ts';
import { checkMediaCut, isCut, isSentHere, isSparse } from './media-cut.ts';
import {
  endOf,
  isAbsent,
  isOutlived,
  isReported,
  isRtcpOf,
  isServedElsewhere,
  lastTimeFrom,
  packetsFrom,
  reportsBeside,
  senderOf,
  waysOf,
} from './media-flow.ts';
import { checkNeverArrived } from './media-never-arrived.ts';
import { checkOneWay } from './media-one-way.ts';
import { checkPassedOn, isPassedOn } from './media-passed-on.ts';
import { checkReportsPassedOn } from './reports-passed-on.ts';

const GRACE_NS = 1e9;
/** Reports that go on for so long without media are of a sender that has none to send. */
const MUTED_NS = 3e9;
/** Fewer may be under way when they are reported; a receiver's first report may be sent before the first packet. */
const FEWEST_SENT = 10;
const FEWEST_DENIALS = 2;

/** All media drafts of one control flow. */
export function checkMedia(control: FlowCase, capture: CaptureCase): Draft[] {
  const all = capture
    .announcedBy(control.id)
    .filter(({ announced }) => announced.media.announcement.transport === 'udp');
  const judged = all
    .filter(({ announced }) => !announced.media.announcement.mayBeSilent && announced.media.startedAt !== null)
    .flatMap(waysOf)
    .filter((media) => !isAbsent(media) || !isServedElsewhere(media, capture));
  const senders = new Set(judged.map((media) => senderOf(media).address));
  const drafts = [...senders].flatMap((sender) => {
    const own = judged.filter((media) => senderOf(media).address === sender);
    const others = judged.filter((media) => !own.includes(media));
    return checkSender(control, own, others, all, capture);
  });
  // Where nothing comes from the other end of a call, that says more than that it does not report; and a call of which one
  // way is lost may well end without a word.
  const lost = flowsOf(drafts.filter(({ code }) => code === 'media-never-arrived'));
  const blocked = flowsOf(drafts.filter(({ code, verdict }) => code !== 'media-cut' && verdict === 'blocked'));
  const told = drafts.filter(({ code, flows }) => {
    if (code === 'media-one-way') return !flows.some((flow) => lost.has(flow));
    // What a filter rejects has not stopped by itself.
    const isTold = (flow: FlowCase) => blocked.has(flow) || checkIcmp(flow, capture)?.verdict === 'blocked';
    return code !== 'media-cut' || !flows.filter(({ protocol }) => protocol !== 'rtcp').every(isTold);
  });
  return [...told, ...checkReportsPassedOn(control, all, capture)];
}

function flowsOf(drafts: readonly Draft[]): ReadonlySet<FlowCase> {
  return new Set(drafts.flatMap(({ flows }) => flows));
}

/** Of the media that one host was to send; `others` are those that the other end was to send. */
function checkSender(
  control: FlowCase,
  judged: readonly AnnouncedMediaCase[],
  others: readonly AnnouncedMediaCase[],
  all: readonly AnnouncedMediaCase[],
  capture: CaptureCase,
): Draft[] {
  const absent = judged.filter(isAbsent);
  const arrived = judged.filter((media) => !absent.includes(media));
  const unjudged = judged.slice(0, 1).flatMap((media) => listUnjudged(senderOf(media).address, all, capture));
  const silent = arrived.filter(
    (media) => isCut(media, capture) && !isMutedCall(media, all) && !isEndOfTalk(media, others, capture),
  );
  const cut = silent.length === arrived.length ? silent : silent.filter((media) => !isSparse(media));
  const flowing = arrived.filter((media) => !cut.includes(media));

  const ended = checkMediaCut(
    control,
    cut,
    {
      hasSiblings: flowing.length > 0 || cut.some((media) => isOutlived(media, unjudged, capture)),
      isUnreported: cut.some((media) => isUnreported(media, all)),
      hasPeerStopped: cut.some((media) => hasHungUp(media, others)),
    },
    capture,
  );
  const stopped = checkPassedOn(control, arrived, flowing, all, capture);
  const oneWay = stopped ?? checkOneWay(control, flowing, all, capture);
  const drafts = checkAbsent(control, absent, [...arrived, ...unjudged], all, capture);
  if (ended !== null)
    drafts.push(withCompanions(ended, cut, all, (companion, media) => sharesEnd(companion, media, capture)));
  if (oneWay !== null) {
    const shares: Shares = ({ flow }, media) => stopped === null || !isPassedOn(flow, senderOf(media).address);
    drafts.push(withCompanions(oneWay, arrived, all, shares));
  }
  return drafts;
}

/**
 * Media of a sender that comes and is not judged: nothing is seen to ask for it, as where the answer to PLAY is missing from
 * the capture, or it is in a flow that was there before, whose ports are used again.
 */
function listUnjudged(sender: string, all: readonly AnnouncedMediaCase[], capture: CaptureCase): AnnouncedMediaCase[] {
  return all
    .filter(({ announced }) => !announced.media.announcement.mayBeSilent)
    .flatMap(waysOf)
    .filter((media) => {
      if (senderOf(media).address !== sender) return false;
      const isAsked = media.announced.media.startedAt !== null;
      return isAbsent(media) ? isAsked && isServedElsewhere(media, capture) : !isAsked;
    });
}

/** What both ends report to be lost needs no other sign, and says nothing of what nobody speaks of. */
function checkAbsent(
  control: FlowCase,
  absent: readonly AnnouncedMediaCase[],
  arrived: readonly AnnouncedMediaCase[],
  all: readonly AnnouncedMediaCase[],
  capture: CaptureCase,
): Draft[] {
  const missed = absent.filter((media) => isMissed(media, all));
  const unheard = absent.filter((media) => !missed.includes(media));
  const drafts: Draft[] = [];
  for (const media of [missed, unheard]) {
    const signs = {
      isMissed: media === missed,
      hasSiblings: media === unheard && (arrived.length > 0 || media.some((each) => mayBeMuted(each, all))),
      isReported: media.some((each) => isReported(each, all)),
    };
    const draft = checkNeverArrived(control, media, signs, capture);
    if (draft !== null) drafts.push(withCompanions(draft, media, all, sharesAbsence));
  }
  return drafts;
}

/** Nanoseconds since the origin of the last report of the sender beside its media; -Infinity without one. */
function lastReport(media: AnnouncedMediaCase, all: readonly AnnouncedMediaCase[]): number {
  const sender = senderOf(media).address;
  return Math.max(...reportsBeside(media, all).map(({ flow }) => lastTimeFrom(flow, sender)));
}

/** Whether its sender says by RTCP that it sends a medium, and its receiver that nothing arrives. */
function isMissed(media: AnnouncedMediaCase, all: readonly AnnouncedMediaCase[]): boolean {
  const sender = senderOf(media).address;
  const own = all.filter(({ flow }) => flow === media.flow || isRtcpOf(flow, media.flow));
  return own.some(({ flow: { initiator, sentByReports, emptyReports } }) => {
    const [sent, denied] = initiator.address === sender ? ([0, 1] as const) : ([1, 0] as const);
    return sentByReports[sent] >= FEWEST_SENT && emptyReports[denied] >= FEWEST_DENIALS;
  });
}

/** In a call a microphone may be off; its reports go on all the same. */
function isMutedCall(media: AnnouncedMediaCase, all: readonly AnnouncedMediaCase[]): boolean {
  if (media.way === undefined) return false;
  return lastReport(media, all) > lastTimeFrom(media.flow, senderOf(media).address) + MUTED_NS;
}

/** In a call: reports that come without media, or none agreed on that could tell. */
function mayBeMuted(media: AnnouncedMediaCase, all: readonly AnnouncedMediaCase[]): boolean {
  if (media.way === undefined) return false;
  return reportsBeside(media, all).length === 0 || lastReport(media, all) > Number.NEGATIVE_INFINITY;
}

/** In a call whose reports never showed, silence may be a microphone that is off. */
function isUnreported(media: AnnouncedMediaCase, all: readonly AnnouncedMediaCase[]): boolean {
  return media.way !== undefined && lastReport(media, all) === Number.NEGATIVE_INFINITY;
}

/** In a call: its sender, or the other end at the same moment, is seen to stop where its packets leave it. */
function isEndOfTalk(media: AnnouncedMediaCase, others: readonly AnnouncedMediaCase[], capture: CaptureCase): boolean {
  if (media.way === undefined) return false;
  if (isSentHere(media, capture)) return true;
  return hasHungUp(media, others) && others.some((other) => isSentHere(other, capture));
}

/** In a call whose ways fall silent together both ends have stopped: the one on this side of a block would go on. */
function hasHungUp(media: AnnouncedMediaCase, others: readonly AnnouncedMediaCase[]): boolean {
  if (media.way === undefined) return false;
  const last = lastTimeFrom(media.flow, senderOf(media).address);
  return others.some((other) => Math.abs(lastTimeFrom(other.flow, senderOf(other).address) - last) <= GRACE_NS);
}

type Shares = (companion: AnnouncedMediaCase, media: AnnouncedMediaCase) => boolean;

/** Adds the RTCP of the judged media where it shares their fate. */
function withCompanions(
  draft: Draft,
  judged: readonly AnnouncedMediaCase[],
  all: readonly AnnouncedMediaCase[],
  shares: Shares,
): Draft {
  const companions = all.filter(
    (companion) =>
      !draft.flows.includes(companion.flow) &&
      judged.some(
        (media) => isOfSender(companion, media) && isRtcpOf(companion.flow, media.flow) && shares(companion, media),
      ),
  );
  return { ...draft, flows: [...draft.flows, ...companions.map(({ flow }) => flow)] };
}

/** What receivers report to a group is a flow of their own, and no part of what was to come. */
function isOfSender({ flow }: AnnouncedMediaCase, media: AnnouncedMediaCase): boolean {
  return !flow.isMulticast || flow.initiator.address === media.flow.initiator.address;
}

function sharesAbsence(companion: AnnouncedMediaCase, media: AnnouncedMediaCase): boolean {
  return packetsFrom(companion.flow, senderOf(media).address) === 0;
}

/** It fell silent with the media, and should have gone on. */
function sharesEnd(companion: AnnouncedMediaCase, media: AnnouncedMediaCase, capture: CaptureCase): boolean {
  const sender = senderOf(media).address;
  const last = lastTimeFrom(companion.flow, sender);
  return last <= lastTimeFrom(media.flow, sender) + GRACE_NS && endOf(companion, capture) > last;
}
