/** Media that passes this point toward a receiver of which nothing is heard. */

import { counted } from '../format/count.ts';
import { type Draft, evidence, type Story } from './draft.ts';
import { type FallBack, findFallBack } from './fall-back.ts';
import { type AnnouncedMediaCase, type CaptureCase, type FlowCase, formatSeconds, NS_PER_SECOND } from './flow-case.ts';
import { checkIcmp } from './icmp.ts';
import {
  helperOf,
  isOfCall,
  lastTimeFrom,
  mediaDirection,
  mediaSubject,
  packetsFrom,
  receiverOf,
  senderOf,
} from './media-flow.ts';
import { AMBER_NS, RED_NS } from './media-never-arrived.ts';
import { isOnSegment } from './position.ts';

/** Packets that only open the path are sent before the media, or as it begins. */
const OPENING_NS = NS_PER_SECOND;
/** Most players report every five seconds; one (ffmpeg) each time that it has received 280 kB. */
const MOST_UNREPORTED_BYTES = 400_000;

/** Reports that make a habit, how many of them may be missing in a row, and for how long at least. */
const FEWEST_REPORTS = 3;
const MISSED_REPORTS = 3;
const LONG_SILENCE_NS = 15 * NS_PER_SECOND;

/** Of packets that are all here twice, half are copies; of those that are here once, none but what opened the path. */
const SHARE_OF_TWICE = 0.4;
const SHARE_OF_ONCE = 0.05;
const FEWEST_ONCE = 50;

/** `flowing`: of what has arrived, what did not stop; `all`: everything that the session announced, receiver reports included. */
export function checkOneWay(
  control: FlowCase,
  arrived: readonly AnnouncedMediaCase[],
  flowing: readonly AnnouncedMediaCase[],
  all: readonly AnnouncedMediaCase[],
  capture: CaptureCase,
): Draft | null {
  // What an ICMP error says of the media is said of it once.
  const isUntold = ({ flow }: AnnouncedMediaCase) => !flow.isMulticast && checkIcmp(flow, capture) === null;
  const untold = flowing.filter(isUntold);
  const change = findFallBack(control, untold, capture);
  const stopped = listStopped(control, arrived.filter(isUntold), all);
  if (stopped.length > 0 && (change !== null || lastedFor(stopped) >= AMBER_NS)) {
    return stoppedDraft(control, stopped, change);
  }
  const first = untold[0];
  if (first === undefined) return null;
  const fallBack = change?.proof === 'soon' ? null : change;
  // What comes back in a call is media of its own, which is judged for itself.
  const fallenSilent = fallBack === null && !isOfCall(first, control) ? findFallenSilent(untold, all) : null;
  if (fallenSilent !== null) return fallenSilentDraft(control, untold, fallenSilent);
  const receiver = receiverOf(first).address;
  const lasted = lastedFor([first]);
  if (fallBack?.proof !== 'said') {
    if (isOnSegment(receiver, capture) === true || areReportsHidden(receiver, control, all)) return null;
    const isOverdue = lasted >= RED_NS && (isMuch(untold) || !hasPunched(receiver, all));
    if (isReporting(receiver, untold, all) || (!isOverdue && fallBack === null)) return null;
  }
  const isProven = fallBack !== null;
  return {
    ...common(control, untold, isProven),
    certainty: fallBack?.proof === 'said' ? 'confirmed' : 'inferred',
    groupKey: `one-way ${senderOf(first).address} ${isProven}`,
    tell: () => ({
      subject: mediaSubject(untold),
      what: isProven
        ? 'it passes this point, yet the client gave it up and asked for another transport'
        : `it passes this point, but in ${formatSeconds(lasted)} nothing came back that shows its arrival`,
      why:
        `${countPackets(untold)} packets from ${senderOf(first).address} pass here. ` +
        (isProven
          ? 'The client fell back to another transport, so the media did not reach it: it was dropped behind this point.'
          : `${receiver} announced ports for receiver reports, and ${hasPunched(receiver, all) ? 'nothing came from them since the media began' : 'nothing ever came from them, nor from those of the media'}. ` +
            'A drop of the media behind this point looks like this; so do a filter that stops only the reports on their way here, and a player that sends none.'),
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
  const lastTime = Math.max(...own.map(({ flow }) => lastTimeFrom(flow, receiver)));
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
    ...common(control, untold, false),
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

/** A span of both legs of a router: what it passes on is here twice. */
function stoppedDraft(control: FlowCase, stopped: readonly AnnouncedMediaCase[], fallBack: FallBack | null): Draft {
  const first = stopped[0] as AnnouncedMediaCase;
  const [sender, receiver] = [senderOf(first).address, receiverOf(first).address];
  const ports = [...new Set(stopped.map((media) => receiverOf(media).port))].join(', ');
  const isCall = isOfCall(first, control);
  return {
    ...common(control, stopped, true),
    certainty: 'inferred',
    groupKey: `one-way ${sender} stopped`,
    tell: () => ({
      subject: mediaSubject(stopped),
      what: `it reaches the router here, which does not pass it on${fallBack === null ? '' : '; the client then asked for another transport'}`,
      why:
        `The packets of the ${control.label} connection are here twice, before the router and behind it; the ${countPackets(stopped)} packets of the media ` +
        `are here once${isCall ? '' : `, and ${receiver} has sent no report since they began`}.`,
      nextStep:
        `Ask whoever runs the router or firewall whose two sides this capture shows to permit UDP from ${sender} to ${receiver} port ${ports} ` +
        `(the ports change with each session: its ${helperOf(control)} helper or the port range of the ${isCall ? 'phones' : 'player'}).`,
      evidence: proofOf(first, fallBack),
      quotes: fallBack?.quotes ?? [],
    }),
  };
}

function common(control: FlowCase, media: readonly AnnouncedMediaCase[], isProven: boolean) {
  return {
    code: 'media-one-way',
    verdict: isProven ? 'blocked' : 'undetermined',
    cause: isProven ? 'silent-drop' : 'unknown',
    where: 'beyond-capture-point',
    flows: media.map(({ flow }) => flow),
    related: [control.id],
    groups: [],
    rule: media[0]?.flow.row?.id ?? null,
  } as const;
}

function proofOf(media: AnnouncedMediaCase, fallBack: FallBack | null): Story['evidence'] {
  const { flow } = media;
  const direction = mediaDirection(media);
  const packet = (frame: number, time: number, fact: string) => evidence({ capture: flow.capture, frame, time }, fact);
  return [
    packet(flow.firstFrames[direction], flow.firstTime, 'first packet of the media'),
    packet(flow.lastFrames[direction], flow.lastTimes[direction], 'last packet of the media'),
    ...(fallBack === null ? [] : [evidence(fallBack.at, `the client asked for another transport: ${fallBack.words}`)]),
  ];
}

/** Media of which a span of both legs shows nothing twice, while it does of the control connection; none where that cannot be told. */
function listStopped(
  control: FlowCase,
  arrived: readonly AnnouncedMediaCase[],
  all: readonly AnnouncedMediaCase[],
): readonly AnnouncedMediaCase[] {
  const total = control.packets[0] + control.packets[1];
  if (control.copies / Math.max(1, total) < SHARE_OF_TWICE) return [];
  const once = arrived.filter((media) => {
    const receiver = receiverOf(media).address;
    // Media for a third host may leave by a side that the span does not show.
    const isForPeer = receiver === control.initiator.address || receiver === control.responder.address;
    return isForPeer && isHereOnce(media) && !areReportsHidden(receiver, control, all);
  });
  const receiver = once[0] === undefined ? '' : receiverOf(once[0]).address;
  // In a call the receiver sends media of its own, which says nothing of what it gets.
  const isHeard = once.some((media) => !isOfCall(media, control)) && isReporting(receiver, once, all);
  return countPackets(once) >= FEWEST_ONCE && !isHeard ? once : [];
}

/** As many copies as could be of the receiver's own packets, which open the path, are taken for theirs. */
function isHereOnce({ flow, ...media }: AnnouncedMediaCase): boolean {
  const direction = mediaDirection({ flow, ...media });
  const ofReceiver = Math.floor(flow.packets[direction === 0 ? 1 : 0] / 2);
  return flow.copies - ofReceiver <= flow.packets[direction] * SHARE_OF_ONCE;
}

function countPackets(media: readonly AnnouncedMediaCase[]): number {
  return media.reduce((sum, each) => sum + each.flow.packets[mediaDirection(each)], 0);
}

/** Nanoseconds from the first packet of the media to the last. */
function lastedFor(media: readonly AnnouncedMediaCase[]): number {
  const first = Math.min(...media.map(({ flow }) => flow.firstTime));
  return Math.max(...media.map((each) => each.flow.lastTimes[mediaDirection(each)])) - first;
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
