/** ICMP and ICMPv6 errors about a flow: a filter that says so itself, or an unreachable from the host or on its way. */

import { type Draft, evidence, type Story } from './draft.ts';
import {
  type CaptureCase,
  type FlowCase,
  formatEndpoint,
  formatSeconds,
  type IcmpCase,
  NS_PER_SECOND,
} from './flow-case.ts';
import { carriesMedia, isBeside, lastTimeFrom } from './media-flow.ts';

const ICMP_UNREACHABLE = 3;
const ICMPV6_UNREACHABLE = 1;

/** RFC 792, RFC 1122 section 3.2.2.1, RFC 1812 section 5.2.7.1. */
const ICMP_CODES: Readonly<Record<number, string>> = {
  0: 'network unreachable',
  1: 'host unreachable',
  2: 'protocol unreachable',
  3: 'port unreachable',
  5: 'source route failed',
  6: 'network unknown',
  7: 'host unknown',
  8: 'source host isolated',
  9: 'network administratively prohibited',
  10: 'host administratively prohibited',
  11: 'network unreachable for this type of service',
  12: 'host unreachable for this type of service',
  13: 'communication administratively prohibited',
  14: 'host precedence violation',
  15: 'precedence cutoff in effect',
};
const ICMP_PROHIBITED: readonly number[] = [9, 10, 13];

/** RFC 4443 section 3.1. */
const ICMPV6_CODES: Readonly<Record<number, string>> = {
  0: 'no route to destination',
  1: 'communication administratively prohibited',
  2: 'beyond scope of source address',
  3: 'address unreachable',
  4: 'port unreachable',
  5: 'source address failed policy',
  6: 'route rejected',
  7: 'error in source routing header',
};
const ICMPV6_PROHIBITED: readonly number[] = [1, 5, 6];

/** Senders of errors limit their rate to one in a second or so; media without one for longer arrives. */
const OVERCOME_NS = 5 * NS_PER_SECOND;
/** Errors kept of a flow: of more than this the last one is not known. */
const MOST_OVERCOME = 8;

/** Routers ask three times, a second apart, before they say that a host is not there (RFC 4861 section 10). */
const SHORTEST_SEARCH_NS = NS_PER_SECOND;

/** A player may close its ports a moment before the server stops sending. */
const CLOSING_NS = 2 * NS_PER_SECOND;

export function checkIcmp(flow: FlowCase, capture: CaptureCase): Draft | null {
  if (!flow.isStreaming) return null;
  const error = flow.icmp.find((candidate) => isUnreachable(candidate) && matters(candidate, flow));
  if (error === undefined || isUnwantedCompanion(error, flow, capture)) return null;
  const target = error.direction === 0 ? flow.responder : flow.initiator;
  const words = wordsOf(error);
  const name = `${error.version === 6 ? 'ICMPv6' : 'ICMP'} ${error.type}/${error.code} ${words}`;
  const stopped = flow.transport === 'tcp' ? 'connection attempt' : 'packet';
  const shared = {
    certainty: 'confirmed',
    where: error.direction === 0 ? 'toward-responder' : 'toward-initiator',
    flows: [flow, ...companionsOf(flow, error, capture)],
    related: [],
    groups: [],
    rule: flow.row?.id ?? null,
  } as const;
  // The ports of one session's media are rejected by one rule.
  const ruleKey = `${error.reporter} ${target.address} ${flow.announced[0]?.announcer ?? target.port} ${error.direction}`;
  const subject = subjectOf(flow, error);
  const proof = (): Story['evidence'] =>
    flow.icmp
      .filter(isUnreachable)
      .map((each) => evidence(each, `ICMP ${each.type}/${each.code} from ${each.reporter}: ${wordsOf(each)}`));
  if (isProhibited(error)) {
    return {
      ...shared,
      code: 'icmp-prohibited',
      verdict: 'blocked',
      cause: 'icmp',
      groupKey: `prohibited ${ruleKey}`,
      tell: () => ({
        ...subject,
        evidence: proof(),
        what: `${error.reporter} rejects it with ${name}`,
        why:
          error.reporter === target.address
            ? `The filter is on ${target.address} itself: it answered the ${stopped} with ${name}.`
            : `The filter at ${error.reporter} said so itself: it answered the ${stopped} to ${target.address} with ${name}.`,
        nextStep: `Ask whoever runs ${error.reporter} to permit ${flow.transport.toUpperCase()} to ${formatEndpoint(target)}.`,
      }),
    };
  }
  const isHost = error.reporter === target.address;
  const isAbsent = !isHost && isHostUnreachable(error) && error.time - flow.firstTime >= SHORTEST_SEARCH_NS;
  return {
    ...shared,
    code: 'icmp-unreachable',
    verdict: isHost ? 'refused' : 'blocked',
    cause: isHost || isAbsent ? 'host' : 'device-on-path',
    groupKey: `unreachable ${isAbsent} ${ruleKey}`,
    tell: () => ({
      ...subject,
      evidence: proof(),
      what: isHost ? `the host itself answers ${name}` : `${error.reporter} answers ${name}`,
      why: isHost
        ? `${target.address} was reached and answered itself: nothing takes ${flow.transport.toUpperCase()} on port ${target.port} there. The path is fine.`
        : `The answer came from ${error.reporter}, not from ${target.address}: a router or firewall on the path did not deliver the ${stopped}.` +
          (isAbsent
            ? ` It came ${formatSeconds(error.time - flow.firstTime)} after the first packet, as from a router that asks for the host on its link in vain; a filter answers at once.`
            : ''),
      nextStep: isHost
        ? `Look at ${target.address}: the program that should take port ${target.port} is not there (any more).`
        : isAbsent
          ? `Check that ${target.address} is switched on and has this address, then ask whoever runs ${error.reporter}.`
          : `Ask whoever runs ${error.reporter} why ${target.address} cannot be reached through it.`,
    }),
  };
}

/** Nothing where the usual subject, from the initiator to the responder, is that of the packets that were stopped. */
function subjectOf({ label, initiator, responder }: FlowCase, { direction }: IcmpCase): Pick<Story, 'subject'> {
  return direction === 0 ? {} : { subject: `${label} from ${responder.address} to ${formatEndpoint(initiator)}` };
}

/** Senders of errors limit their rate: reports beside rejected media are rejected too, though no error says so. */
function companionsOf(flow: FlowCase, error: IcmpCase, capture: CaptureCase): FlowCase[] {
  const announced = flow.announced[0];
  if (announced === undefined || announced.media.announcement.mayBeSilent) return [];
  const target = error.direction === 0 ? flow.responder : flow.initiator;
  return capture
    .announcedBy(announced.announcer)
    .filter(({ announced: each, flow: beside }) => {
      const isCompanion = each.media.announcement.mayBeSilent && beside !== flow && isBeside(beside, flow);
      return isCompanion && beside.icmp.length === 0 && lastTimeFrom(beside, target.address) <= error.time;
    })
    .map(({ flow: beside }) => beside);
}

function isUnreachable(error: IcmpCase): boolean {
  if (error.version === 6) return error.type === ICMPV6_UNREACHABLE && error.code in ICMPV6_CODES;
  return error.type === ICMP_UNREACHABLE && error.code in ICMP_CODES;
}

function isProhibited(error: IcmpCase): boolean {
  return (error.version === 6 ? ICMPV6_PROHIBITED : ICMP_PROHIBITED).includes(error.code);
}

/** No answer on the host's own link, as far as the words of the error go. */
function isHostUnreachable({ version, code }: IcmpCase): boolean {
  return version === 6 ? code === 3 : code === 1;
}

function wordsOf(error: IcmpCase): string {
  return (error.version === 6 ? ICMPV6_CODES : ICMP_CODES)[error.code] ?? 'unreachable';
}

/** Few errors, and then packets that raise none for long: the port was opened, or the way. */
function isOvercome(flow: FlowCase, direction: 0 | 1): boolean {
  const last = flow.icmp.at(-1);
  if (last === undefined || flow.icmp.length >= MOST_OVERCOME) return false;
  return flow.lastTimes[direction] - last.time >= OVERCOME_NS;
}

/** Many players open no port for reports, and play all the same. */
function isUnwantedCompanion(error: IcmpCase, flow: FlowCase, capture: CaptureCase): boolean {
  const announced = flow.announced[0];
  if (announced?.media.announcement.mayBeSilent !== true || isProhibited(error)) return false;
  return capture
    .announcedBy(announced.announcer)
    .some(
      (sibling) =>
        !sibling.announced.media.announcement.mayBeSilent && carriesMedia(sibling) && sibling.flow.icmp.length === 0,
    );
}

/** An error is no verdict on a connection that went on, nor on media whose player has just left. */
function matters(error: IcmpCase, flow: FlowCase): boolean {
  if (flow.tcp !== null) return flow.tcp.outcome === 'unanswered' || flow.tcp.outcome === 'half-open';
  const media = flow.announced[0]?.media;
  if (media !== undefined && media.stoppedAt !== null && error.time >= media.stoppedAt.time - CLOSING_NS) return false;
  if (!isProhibited(error) && isOvercome(flow, error.direction)) return false;
  const answered = error.direction === 0 ? flow.packets[1] : flow.packets[0];
  const lastAnswer = error.direction === 0 ? flow.lastTimes[1] : flow.lastTimes[0];
  return answered === 0 || lastAnswer <= error.time || isProhibited(error);
}
