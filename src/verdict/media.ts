/**
 * Media that a control channel announced: whether it came, whether it went on, and whether it arrives beyond this point.
 *
 * The clock runs from the answer to PLAY (or its like) to PAUSE, the end of the session, the client's fall-back or the end
 * of the capture. Receiver reports and other silent companions are never judged alone: they share the fate of their media.
 */

import type { Draft } from './draft.ts';
import type { AnnouncedMediaCase, CaptureCase, FlowCase } from './flow-case.ts';
import { checkMediaCut, isCut } from './media-cut.ts';
import { endOf, isAbsent, isBeside, lastTimeFrom, packetsFrom, senderOf } from './media-flow.ts';
import { checkNeverArrived } from './media-never-arrived.ts';
import { checkOneWay } from './media-one-way.ts';

const GRACE_NS = 1e9;

/** All media drafts of one control flow. */
export function checkMedia(control: FlowCase, capture: CaptureCase): Draft[] {
  const all = capture
    .announcedBy(control.id)
    .filter(({ announced }) => announced.media.announcement.transport === 'udp');
  const judged = all.filter(
    ({ announced }) => !announced.media.announcement.mayBeSilent && announced.media.startedAt !== null,
  );
  const absent = judged.filter(isAbsent);
  const arrived = judged.filter((media) => !absent.includes(media));
  const cut = arrived.filter((media) => isCut(media, capture));
  const flowing = arrived.filter((media) => !cut.includes(media));

  const never = checkNeverArrived(control, absent, arrived.length > 0, capture);
  const ended = checkMediaCut(control, cut, flowing.length > 0, capture);
  const oneWay = checkOneWay(control, flowing, all, capture);
  const drafts: Draft[] = [];
  if (never !== null) drafts.push(withCompanions(never, absent, all, sharesAbsence));
  if (ended !== null)
    drafts.push(withCompanions(ended, cut, all, (companion, media) => sharesEnd(companion, media, capture)));
  if (oneWay !== null) drafts.push(withCompanions(oneWay, flowing, all, () => true));
  return drafts;
}

type Shares = (companion: AnnouncedMediaCase, media: AnnouncedMediaCase) => boolean;

/** Adds the silent companions that share the fate of the judged media. */
function withCompanions(
  draft: Draft,
  judged: readonly AnnouncedMediaCase[],
  all: readonly AnnouncedMediaCase[],
  shares: Shares,
): Draft {
  const companions = all.filter(
    (companion) =>
      companion.announced.media.announcement.mayBeSilent &&
      !draft.flows.includes(companion.flow) &&
      judged.some((media) => isBeside(companion.flow, media.flow) && shares(companion, media)),
  );
  return { ...draft, flows: [...draft.flows, ...companions.map(({ flow }) => flow)] };
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
