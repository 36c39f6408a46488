/** Media that passes this point toward a receiver of which nothing is heard. */

import { counted } from '../format/count.ts';
import type { Draft } from './draft.ts';
import { findFallBack } from './fall-back.ts';
import { type AnnouncedMediaCase, type CaptureCase, type FlowCase, formatSeconds, NS_PER_SECOND } from './flow-case.ts';
import { isOfCall, mediaDirection, mediaSubject, packetsFrom, receiverOf, senderOf } from './media-flow.ts';
import { RED_NS } from './media-never-arrived.ts';
import {
  areReportsHidden,
  countEmptyReports,
  countPackets,
  isReporting,
  lastedFor,
  lastHeard,
  OPENING_NS,
  oneWay,
  proofOf,
  untoldOf,
} from './one-way-draft.ts';
import { isOnSegment } from './position.ts';

/** Most players report every five seconds; one (ffmpeg) each time that it has received 280 kB. */
const MOST_UNREPORTED_BYTES = 400_000;

/** A player that reports, or opens the path, has done so by then: the first report is due within 3.1 s (RFC 3550 section 6.3.1). */
const SHORTEST_UNHEARD_NS = 4.5 * NS_PER_SECOND;

/** Reports that make a habit, how many of them may be missing in a row, and for how long at least. */
const FEWEST_REPORTS = 3;
const MISSED_REPORTS = 3;
/** Of reports without a block the first may have been sent before the media. */
const FEWEST_EMPTY = 2;
const LONG_SILENCE_NS = 15 * NS_PER_SECOND;

/** `flowing`: of what has arrived, what did not stop; `all`: everything that the session announced, receiver reports included. */
export function checkOneWay(
  control: FlowCase,
  flowing: readonly AnnouncedMediaCase[],
  all: readonly AnnouncedMediaCase[],
  capture: CaptureCase,
): Draft | null {
  const untold = untoldOf(flowing, capture);
  const first = untold[0];
  if (first === undefined) return null;
  const change = findFallBack(control, untold, capture);
  const fallBack = change?.proof === 'soon' ? null : change;
  const receiver = receiverOf(first).address;
  const isHere = isOnSegment(receiver, capture) === true;
  // What comes back in a call is media of its own, which is judged for itself.
  const mayFallSilent = fallBack === null && !isHere && !isOfCall(first, control);
  const fallenSilent = mayFallSilent ? findFallenSilent(untold, all) : null;
  if (fallenSilent !== null) return fallenSilentDraft(control, untold, fallenSilent);
  const lasted = lastedFor([first]);
  const empty = countEmptyReports(receiver, all);
  const isDenied = empty >= FEWEST_EMPTY;
  if (fallBack?.proof !== 'said') {
    if (isHere || areReportsHidden(receiver, control, all)) return null;
    const isUnheard = !hasPunched(receiver, all);
    const isOverdue = lasted >= (isUnheard ? SHORTEST_UNHEARD_NS : RED_NS) && (isMuch(untold) || isUnheard || isDenied);
    if ((isReporting(receiver, untold, all) && !isDenied) || (!isOverdue && fallBack === null)) return null;
  }
  const isProven = fallBack !== null;
  return {
    ...oneWay(control, untold, isProven),
    certainty: fallBack?.proof === 'said' ? 'confirmed' : 'inferred',
    groupKey: `one-way ${senderOf(first).address} ${isProven}`,
    tell: () => ({
      subject: mediaSubject(untold),
      what: isProven
        ? 'it passes this point, yet the client gave it up and asked for another transport'
        : isDenied
          ? 'it passes this point, but its receiver reports that nothing arrives'
          : `it passes this point, but in ${formatSeconds(lasted)} nothing came back that shows its arrival`,
      why:
        `${countPackets(untold)} packets from ${senderOf(first).address} pass here. ` +
        (isProven
          ? 'The client fell back to another transport, so the media did not reach it: it was dropped behind this point.'
          : whyUntold(receiver, all, empty)),
      nextStep: `Capture on the segment of ${receiver} too, and look whether the same packets arrive there.`,
      evidence: proofOf(first, fallBack),
      quotes: fallBack?.quotes ?? [],
    }),
  };
}

/** The receiver of these media spoke as they came, and then no more. */
interface FallenSilent {
  readonly lastTime: number;
  readonly packets: number;
  readonly silence: number;
}

/** Null where the receiver never spoke or still does; what it sends comes at no even distance (RFC 3550 section 6.3.1). */
function findFallenSilent(
  untold: readonly AnnouncedMediaCase[],
  all: readonly AnnouncedMediaCase[],
): FallenSilent | null {
  const receiver = receiverOf(untold[0] as AnnouncedMediaCase).address;
  const own = all.filter(({ flow }) => packetsFrom(flow, receiver) > 0);
  const opened = Math.min(...untold.map(({ flow }) => flow.firstTime)) + OPENING_NS;
  const lastTime = lastHeard(receiver, own);
  const packets = own.reduce((sum, { flow }) => sum + packetsFrom(flow, receiver), 0);
  const silence = Math.max(...untold.map((media) => media.flow.lastTimes[mediaDirection(media)])) - lastTime;
  const interval = (lastTime - opened) / packets;
  const isOver =
    lastTime > opened && packets >= FEWEST_REPORTS && silence >= Math.max(LONG_SILENCE_NS, interval * MISSED_REPORTS);
  return isOver ? { lastTime, packets, silence } : null;
}

function fallenSilentDraft(
  control: FlowCase,
  untold: readonly AnnouncedMediaCase[],
  { packets, silence }: FallenSilent,
): Draft {
  const first = untold[0] as AnnouncedMediaCase;
  const [sender, receiver] = [senderOf(first).address, receiverOf(first).address];
  return {
    ...oneWay(control, untold, false),
    certainty: 'inferred',
    groupKey: `one-way ${sender} fallen silent`,
    tell: () => ({
      subject: mediaSubject(untold),
      what: `it goes on to pass this point, but nothing came back in the last ${formatSeconds(silence)} that shows its arrival`,
      why:
        `${receiver} sent ${counted(packets, 'report')} while the media came, and then no more, without a goodbye. ` +
        'A drop behind this point that began then looks like this; so do a filter that stops only the reports, and a player that hangs.',
      nextStep: `Capture on the segment of ${receiver} too, and look whether the same packets still arrive there; look for rule changes and time-outs at that time.`,
      evidence: proofOf(first, null),
    }),
  };
}

function whyUntold(receiver: string, all: readonly AnnouncedMediaCase[], empty: number): string {
  if (empty >= FEWEST_EMPTY)
    return (
      `${receiver} sent ${counted(empty, 'RTCP report')}, and none of them has a block on any medium, as RFC 3550 section 6.4 asks for where one is received. ` +
      'A drop of the media behind this point looks like this; so does a player that fills in no blocks.'
    );
  const silence = hasPunched(receiver, all)
    ? 'nothing came from them since the media began'
    : 'nothing ever came from them, nor from those of the media';
  return (
    `${receiver} announced ports for receiver reports, and ${silence}. ` +
    'A drop of the media behind this point looks like this; so do a filter that stops only the reports on their way here, and a player that sends none.'
  );
}

function isMuch(flowing: readonly AnnouncedMediaCase[]): boolean {
  return flowing.some((media) => media.flow.payload[mediaDirection(media)] >= MOST_UNREPORTED_BYTES);
}

/** Packets of the receiver on the ports of the media: reports, or those that open the path. */
function hasPunched(receiver: string, all: readonly AnnouncedMediaCase[]): boolean {
  return all.some((media) => packetsFrom(media.flow, receiver) > 0);
}
