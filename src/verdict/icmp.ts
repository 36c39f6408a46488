/** ICMP and ICMPv6 errors about a flow: a filter that says so itself, or an unreachable from the host or on its way. */

import type { TtlSighting } from '../flow/host-table.ts';
import { IP_PROTOCOL } from '../packet/decoded-packet.ts';
import { indexOf, MOST_ERRORS_OF_FLOW } from './capture-index.ts';
import type { Draft } from './draft.ts';
import {
  type AnnouncedMediaCase,
  type CaptureCase,
  type FlowCase,
  type IcmpCase,
  NS_PER_SECOND,
  type TcpCase,
} from './flow-case.ts';
import { isHostUnreachable, isPortUnreachable, isProhibited, isTimeExceeded, isUnreachable } from './icmp-codes.ts';
import {
  CLOSING_NS,
  isAboutOpening,
  isUnopened,
  listAnnounced,
  tellClosed,
  tellDown,
  tellProhibited,
  tellTranslated,
  tellUndelivered,
} from './icmp-words.ts';
import { carriesMedia, isRtcpOf, isServedElsewhere, lastTimeFrom, mediaDirection } from './media-flow.ts';
import { isSoughtInVain } from './neighbour.ts';
import { hopsOf } from './position.ts';
import { isFirstSight } from './sight.ts';

/** Senders of errors limit their rate to one in a second or so; media without one for longer arrives. */
const OVERCOME_NS = 5 * NS_PER_SECOND;
/** Of more errors than are kept of a flow the last one is not known. */
const MOST_OVERCOME = MOST_ERRORS_OF_FLOW;

/** Routers ask three times, a second apart, before they say that a host is not there (RFC 4861 section 10). */
const SHORTEST_SEARCH_NS = NS_PER_SECOND;

/** Repetitions that show that a connection is stopped for good. */
const FEWEST_REPETITIONS = 3;

/** Hosts behind a device that translates addresses are no farther away from it. */
const MOST_HOPS_BEHIND = 3;
/** A router that translates speaks IGMP and the like itself. */
const HOST_TRANSPORTS: ReadonlySet<number> = new Set([IP_PROTOCOL.tcp, IP_PROTOCOL.udp]);

/** Packets of media to one that the receiver sends, at most, where both ends send media. */
const MOST_TO_ONE = 10;

/** Fewer packets may be the first of a stream. */
const FEWEST_FLOWING = 10;

/** A SYN with a hop limit below this was sent to find the routers on the way: no system starts from so few. */
const SHORTEST_LIFE = 32;

export function checkIcmp(flow: FlowCase, capture: CaptureCase): Draft | null {
  if (!flow.isStreaming) return null;
  const errors = flow.icmp.filter((candidate) => isFailure(candidate, flow) && matters(candidate, flow, capture));
  // Of media, an error about its own packets says more than one about those with which the player opens the path.
  const error = errors.find((candidate) => !isAboutOpening(candidate, flow)) ?? errors[0];
  if (error === undefined || isUnwantedCompanion(error, flow, capture)) return null;
  if (isAboutOpening(error, flow) && listAnnounced(flow).some((media) => hasComeSince(media, error.time, capture)))
    return null;
  const target = error.direction === 0 ? flow.responder : flow.initiator;
  const shared = {
    certainty: 'confirmed',
    where: error.direction === 0 ? 'toward-responder' : 'toward-initiator',
    flows: [flow, ...companionsOf(flow, error, capture)],
    related: [],
    groups: [],
    rule: flow.row?.id ?? null,
  } as const;
  // The ports of one session's media are rejected by one rule, whichever end of each was the first to send.
  const session = flow.announced[0]?.announcer;
  const ports = session ?? `${target.port} ${error.direction}`;
  const ruleKey = `${error.reporter} ${target.address} ${ports}`;
  if (isProhibited(error)) {
    return {
      ...shared,
      code: 'icmp-prohibited',
      verdict: 'blocked',
      cause: 'icmp',
      groupKey: `prohibited ${ruleKey}`,
      tell: () => tellProhibited(flow, error, target, capture),
    };
  }
  const translator = error.reporter === target.address ? findTranslator(error, capture) : null;
  const isHost = error.reporter === target.address && translator === null;
  const isAbsent = !isHost && isHostUnreachable(error) && error.time - flow.firstTime >= SHORTEST_SEARCH_NS;
  const known = isAbsent ? capture.hosts.host(target.address) : null;
  const isDown = known !== null && isSoughtInVain(known);
  return {
    ...shared,
    ...(translator === null ? {} : { certainty: 'inferred' }),
    code: 'icmp-unreachable',
    verdict: isHost ? 'refused' : isDown ? 'undetermined' : 'blocked',
    cause: isHost || isAbsent ? 'host' : 'device-on-path',
    groupKey: `unreachable ${isAbsent} ${isDown} ${ruleKey}`,
    tell: () =>
      translator !== null
        ? tellTranslated(flow, error, translator, capture)
        : isHost
          ? tellClosed(flow, error, target)
          : isDown
            ? tellDown(flow, error, target)
            : tellUndelivered(flow, error, target, isAbsent, capture),
  };
}

function isFailure(error: IcmpCase, { tcp }: FlowCase): boolean {
  if (isUnreachable(error)) return true;
  const syn = tcp?.events.find(({ kind }) => kind === 'syn');
  return isTimeExceeded(error) && syn !== undefined && syn.ttl >= SHORTEST_LIFE;
}

/** Whether media came though nothing opened the path for it: no packet of the receiver was needed. */
function hasComeSince(media: AnnouncedMediaCase, time: number, capture: CaptureCase): boolean {
  return media.flow.lastTimes[mediaDirection(media)] > time || isServedElsewhere(media, capture);
}

/**
 * An error that has passed no router, from an address whose other packets have: they come from hosts behind a device on this
 * segment that bears that address for them. Null where that is not so; far away, two ways of different length look the same.
 */
function findTranslator(error: IcmpCase, capture: CaptureCase): TtlSighting | null {
  if (hopsOf(error.ttl) > 0) return null;
  const own = (capture.hosts.host(error.reporter)?.ttls ?? []).filter(({ transport }) =>
    HOST_TRANSPORTS.has(transport),
  );
  const isBehind = own.every(({ ttl }) => hopsOf(ttl) > 0 && hopsOf(ttl) <= MOST_HOPS_BEHIND);
  return isBehind ? (own[0] ?? null) : null;
}

/** Senders of errors limit their rate: reports beside rejected media are rejected too, though no error says so. */
function companionsOf(flow: FlowCase, error: IcmpCase, capture: CaptureCase): FlowCase[] {
  const announced = flow.announced[0];
  if (announced === undefined || announced.media.announcement.mayBeSilent) return [];
  const [sender, target] = error.direction === 0 ? [flow.initiator, flow.responder] : [flow.responder, flow.initiator];
  const isOfSender = (beside: FlowCase, { direction }: IcmpCase): boolean =>
    (direction === 0 ? beside.initiator : beside.responder).address === sender.address;
  return capture
    .announcedBy(announced.announcer)
    .filter(({ flow: beside }) => {
      if (!isRtcpOf(beside, flow) || beside.icmp.some((other) => isOfSender(beside, other))) return false;
      return lastTimeFrom(beside, target.address) <= error.time;
    })
    .map(({ flow: beside }) => beside);
}

/** The receiver's own word that its program has gone, after media without errors, about what was on its way to it then. */
function isOfEnd(error: IcmpCase, flow: FlowCase, capture: CaptureCase): boolean {
  const target = error.direction === 0 ? flow.responder : flow.initiator;
  const first = flow.icmp.find(({ direction }) => direction === error.direction);
  if (error.reporter !== target.address || first === undefined || findTranslator(error, capture) !== null) return false;
  const isLate = hasFlowed(flow, error, capture) || first.time - flow.firstTime >= CLOSING_NS;
  return isLate && flow.lastTimes[error.direction] - first.time <= CLOSING_NS;
}

/** Whether media that nothing in the capture announced was flowing when the capture began. */
function hasFlowed(flow: FlowCase, { direction }: IcmpCase, capture: CaptureCase): boolean {
  if (flow.announced.length > 0 || flow.packets[direction] < FEWEST_FLOWING) return false;
  return isFirstSight(capture, flow.capture, flow.firstTime, CLOSING_NS);
}

/**
 * Few errors, and then packets that raise none for long: the port was opened, or the way. Not so where a device on the path
 * goes on to answer the same sender about other packets: it limits how many errors it sends, and those take them all.
 */
function isOvercome(error: IcmpCase, flow: FlowCase, capture: CaptureCase): boolean {
  const last = flow.icmp.at(-1);
  if (last === undefined || flow.icmp.length >= MOST_OVERCOME) return false;
  if (flow.lastTimes[error.direction] - last.time < OVERCOME_NS) return false;
  const [sender, target] = error.direction === 0 ? [flow.initiator, flow.responder] : [flow.responder, flow.initiator];
  const isHost = error.reporter === target.address && findTranslator(error, capture) === null;
  return isHost || indexOf(capture).lastErrorTo(sender.address, error.reporter) <= last.time;
}

/** Many players open no port for reports, and play all the same. */
function isUnwantedCompanion(error: IcmpCase, flow: FlowCase, capture: CaptureCase): boolean {
  const announced = flow.announced[0];
  if (announced === undefined && flow.protocol === 'rtcp' && !isProhibited(error)) return isBesideMedia(flow, capture);
  if (announced?.media.announcement.mayBeSilent !== true || isProhibited(error)) return false;
  return capture.announcedBy(announced.announcer).some((sibling) => {
    if (sibling.announced.media.announcement.protocol === 'rtcp') return false;
    return (carriesMedia(sibling) && sibling.flow.icmp.length === 0) || isServedElsewhere(sibling, capture);
  });
}

/** The same where no announcement is in the capture: RTP that reaches a port beside, whoever sends it, raises no error. */
function isBesideMedia(report: FlowCase, capture: CaptureCase): boolean {
  const beside = [report.initiator, report.responder].flatMap(({ address, port }) =>
    [port - 1, port, port + 1].flatMap((near) => indexOf(capture).mediaTo({ address, port: near })),
  );
  return beside.some(
    ({ protocol, icmp, packets }) => protocol === 'rtp' && icmp.length === 0 && packets[0] + packets[1] > 1,
  );
}

/** A filter that stops a connection in its midst: what it answers is what is said again from then on, to no avail. */
function isCutBy(error: IcmpCase, flow: FlowCase, tcp: TcpCase): boolean {
  if (!isProhibited(error) && !isRejected(error, flow)) return false;
  // What is rejected may be acknowledgements alone, until their sender closes: then the other end repeats its data.
  const repeated = [tcp.runs[error.direction], tcp.acknowledgedRuns[error.direction === 0 ? 1 : 0]];
  return repeated.some((run) => {
    if (run === null || run.count < FEWEST_REPETITIONS) return false;
    // An older one is of a time that the connection has survived.
    return error.time >= run.firstTime - CLOSING_NS && error.time <= run.lastTime;
  });
}

/** A closed port, said by one that is not the host that has it: a rule that rejects. */
function isRejected(error: IcmpCase, flow: FlowCase): boolean {
  const target = error.direction === 0 ? flow.responder : flow.initiator;
  return isPortUnreachable(error) && error.reporter !== target.address;
}

/** An error is no verdict on a connection that went on, nor on media whose player has just left. */
function matters(error: IcmpCase, flow: FlowCase, capture: CaptureCase): boolean {
  if (flow.tcp !== null) return isUnopened(flow.tcp) || isCutBy(error, flow, flow.tcp);
  const media = flow.announced[0]?.media;
  if (media !== undefined && media.stoppedAt !== null && error.time >= media.stoppedAt.time - CLOSING_NS) return false;
  if (!isProhibited(error) && (isOvercome(error, flow, capture) || isOfEnd(error, flow, capture))) return false;
  const [stopped, answered] = error.direction === 0 ? flow.packets : [flow.packets[1], flow.packets[0]];
  const lastAnswer = error.direction === 0 ? flow.lastTimes[1] : flow.lastTimes[0];
  if (answered === 0 || lastAnswer <= error.time) return true;
  // Of media whose announcement the capture lacks, few packets against many open the path or report.
  return isProhibited(error) && (media !== undefined || answered < stopped * MOST_TO_ONE);
}
