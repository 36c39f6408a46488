/** What the checks of media that passes this point and may not arrive have in common. */

import { type Draft, evidence, firstPacket, lastPacket, type Story } from './draft.ts';
import type { FallBack } from './fall-back.ts';
import { type AnnouncedMediaCase, type CaptureCase, type FlowCase, NS_PER_SECOND } from './flow-case.ts';
import { checkFragmentsLost } from './fragments-lost.ts';
import { checkIcmp } from './icmp.ts';
import { lastTimeFrom, mediaDirection, packetsFrom } from './media-flow.ts';

/** Packets that only open the path are sent before the media, or as it begins. */
export const OPENING_NS = NS_PER_SECOND;

type OneWay = Pick<Draft, 'code' | 'verdict' | 'cause' | 'where' | 'flows' | 'related' | 'groups' | 'rule'>;

export function oneWay(control: FlowCase, media: readonly AnnouncedMediaCase[], isProven: boolean): OneWay {
  return {
    code: 'media-one-way',
    verdict: isProven ? 'blocked' : 'undetermined',
    cause: isProven ? 'silent-drop' : 'unknown',
    where: 'beyond-capture-point',
    flows: media.map(({ flow }) => flow),
    related: [control.id],
    groups: [],
    rule: media[0]?.flow.row?.id ?? null,
  };
}

export function proofOf(media: AnnouncedMediaCase, fallBack: FallBack | null): Story['evidence'] {
  const { flow } = media;
  const direction = mediaDirection(media);
  return [
    firstPacket(flow, direction, 'first packet of the media'),
    lastPacket(flow, direction, 'last packet of the media'),
    ...(fallBack === null ? [] : [evidence(fallBack.at, `the client asked for another transport: ${fallBack.words}`)]),
  ];
}

/** Unicast of which neither an ICMP error nor its fragments speak: what they say of the media is said of it once. */
export function untoldOf(media: readonly AnnouncedMediaCase[], capture: CaptureCase): AnnouncedMediaCase[] {
  return media.filter(
    ({ flow }) => !flow.isMulticast && checkIcmp(flow, capture) === null && checkFragmentsLost(flow, capture) === null,
  );
}

export function countPackets(media: readonly AnnouncedMediaCase[]): number {
  return media.reduce((sum, each) => sum + each.flow.packets[mediaDirection(each)], 0);
}

/** Nanoseconds from the first packet of the media to the last. */
export function lastedFor(media: readonly AnnouncedMediaCase[]): number {
  const first = Math.min(...media.map((each) => each.flow.firstTimes[mediaDirection(each)]));
  return Math.max(...media.map((each) => each.flow.lastTimes[mediaDirection(each)])) - first;
}

/** Whether no reports were agreed on, or where not even the receiver's side of the control connection shows. */
export function areReportsHidden(receiver: string, control: FlowCase, all: readonly AnnouncedMediaCase[]): boolean {
  if (!all.some(({ announced }) => announced.media.announcement.protocol === 'rtcp')) return true;
  return packetsFrom(control, receiver) === 0 && control.packets.some((count) => count === 0);
}

/** Nanoseconds since the origin of the last packet of the receiver on the ports of the media; -Infinity where it sent none. */
export function lastHeard(receiver: string, all: readonly AnnouncedMediaCase[]): number {
  return Math.max(...all.map((media) => lastTimeFrom(media.flow, receiver)));
}

/** Reports of the receiver, all of which speak of no medium: 0 where one does, and where it sends none. */
export function countEmptyReports(receiver: string, all: readonly AnnouncedMediaCase[]): number {
  const own = all.map(({ flow }) => ({ flow, direction: flow.initiator.address === receiver ? 0 : 1 }) as const);
  if (own.some(({ flow, direction }) => flow.reportsMedia[direction])) return 0;
  return own.reduce((sum, { flow, direction }) => sum + flow.emptyReports[direction], 0);
}

/** Whether the receiver sent anything once the media had begun. */
export function isReporting(
  receiver: string,
  flowing: readonly AnnouncedMediaCase[],
  all: readonly AnnouncedMediaCase[],
): boolean {
  return lastHeard(receiver, all) > Math.min(...flowing.map(({ flow }) => flow.firstTime)) + OPENING_NS;
}
