/** What ICMP errors about a flow mean, in words: who said it, of which packet, and whom to ask. */

import type { TtlSighting } from '../flow/host-table.ts';
import { evidence, type Story } from './draft.ts';
import {
  type AnnouncedMediaCase,
  type CaptureCase,
  type Endpoint,
  type FlowCase,
  formatEndpoint,
  formatSeconds,
  type IcmpCase,
  NS_PER_SECOND,
  type TcpCase,
} from './flow-case.ts';
import { isPortUnreachable, isTimeExceeded, isUndelivered, nameOf, numberOf, wordsOf } from './icmp-codes.ts';
import { mediaDirection } from './media-flow.ts';

/** A player may close its ports a moment before the server stops sending. */
export const CLOSING_NS = 2 * NS_PER_SECOND;

export function tellProhibited(flow: FlowCase, error: IcmpCase, target: Endpoint, capture: CaptureCase): Story {
  return {
    ...subjectOnPath(flow, error),
    evidence: proofOf(flow),
    what: `${error.reporter} rejects it with ${nameOf(error)}`,
    why:
      (error.reporter === target.address
        ? `The filter is on ${target.address} itself: it answered the ${stoppedOf(flow)} with ${nameOf(error)}.`
        : `The filter at ${error.reporter} said so itself: it answered the ${stoppedOf(flow)} to ${target.address} with ${nameOf(error)}.`) +
      openingNote(flow, error),
    nextStep: `Ask whoever runs ${error.reporter} to permit ${permitWords(flow, error, target, capture)}.`,
  };
}

export function tellClosed(flow: FlowCase, error: IcmpCase, target: Endpoint): Story {
  const before = error.time - flow.firstTime;
  const hasLeft = flow.tcp === null && before >= CLOSING_NS;
  return {
    ...subjectOf(flow, error),
    evidence: proofOf(flow),
    what: `the host itself answers ${nameOf(error)}`,
    why:
      `${target.address} was reached and answered itself: nothing takes ${flow.transport.toUpperCase()} on port ${target.port} there. The path is fine.` +
      (hasLeft
        ? ` For ${formatSeconds(before)} its packets raised no error: what took them has gone, as a player does that is closed.`
        : ''),
    nextStep: `Look at ${target.address}: the program that should take port ${target.port} is not there${hasLeft ? ' any more' : ''}.`,
  };
}

export function tellUndelivered(
  flow: FlowCase,
  error: IcmpCase,
  target: Endpoint,
  isAbsent: boolean,
  capture: CaptureCase,
): Story {
  const isRule = isPortUnreachable(error);
  return {
    ...subjectOnPath(flow, error),
    evidence: proofOf(flow),
    what: `${error.reporter} ${isRule ? 'rejects it with' : 'answers'} ${nameOf(error)}`,
    why:
      `The answer came from ${error.reporter}, not from ${target.address}: a router or firewall on the path did not deliver the ${stoppedOf(flow)}.` +
      (isRule
        ? ` Only ${target.address} knows which of its ports are open; from anyone else this is what a rule that rejects answers (the default of REJECT in iptables and nftables).`
        : '') +
      (isAbsent
        ? ` It came ${formatSeconds(error.time - flow.firstTime)} after the first packet, as from a router that asks for the host on its link in vain; a filter answers at once.`
        : '') +
      (isTimeExceeded(error) ? ' Routers that send packets round in a circle answer so.' : '') +
      openingNote(flow, error),
    nextStep: isRule
      ? `Ask whoever runs ${error.reporter} to permit ${permitWords(flow, error, target, capture)}.`
      : isAbsent
        ? `Check that ${target.address} is switched on and has this address, then ask whoever runs ${error.reporter}.`
        : `Ask whoever runs ${error.reporter} why ${target.address} cannot be reached through it.`,
  };
}

export function tellDown(flow: FlowCase, error: IcmpCase, target: Endpoint): Story {
  return {
    ...subjectOf(flow, error),
    evidence: proofOf(flow),
    what: `${error.reporter} answers ${nameOf(error)}, and ${target.address} does not answer on its own link either`,
    why: `ARP or neighbour discovery for ${target.address} is in this capture, again and again, and nobody answers it: the host is probably switched off, and no firewall has to do with it.`,
    nextStep: `Check that ${target.address} is switched on and has this address.`,
  };
}

export function tellTranslated(flow: FlowCase, error: IcmpCase, own: TtlSighting, capture: CaptureCase): Story {
  return {
    ...subjectOf(flow, error),
    evidence: [...proofOf(flow), evidence(own, `${error.reporter} otherwise sends with TTL ${own.ttl}`)],
    what: `the device that translates for ${error.reporter} answers ${nameOf(error)}`,
    why:
      `The error has TTL ${error.ttl}; other packets of ${error.reporter} arrive with TTL ${own.ttl} (frame ${own.frame}), so they have come a longer way: ` +
      `${error.reporter} is the address of a device that translates for hosts behind it, and it has no entry for this port. The ${stoppedOf(flow)} was not passed on.`,
    nextStep: `Turn on the helper for ${announcerOf(flow, capture)} on ${error.reporter}, or let the host behind it open the path first; media within TCP needs neither.`,
  };
}

/** What the packet was that raised the error. */
function stoppedOf({ tcp }: FlowCase): string {
  if (tcp === null) return 'packet';
  return isUnopened(tcp) ? 'connection attempt' : 'packets of the connection';
}

export function isUnopened({ outcome }: TcpCase): boolean {
  return outcome === 'unanswered' || outcome === 'half-open';
}

function proofOf(flow: FlowCase): Story['evidence'] {
  return flow.icmp
    .filter(isUndelivered)
    .map((each) => evidence(each, `${numberOf(each)} from ${each.reporter}: ${wordsOf(each)}`));
}

/** Announced media is permitted by what announced it: its ports are others in each session, and its packets go the other way. */
function permitWords(flow: FlowCase, error: IcmpCase, target: Endpoint, capture: CaptureCase): string {
  if (flow.tcp !== null && error.direction === 1)
    return `TCP from ${formatEndpoint(flow.responder)} to ${target.address} in answer to connections from there`;
  if (listAnnounced(flow).length === 0) return `${flow.transport.toUpperCase()} to ${formatEndpoint(target)}`;
  const source = error.direction === 0 ? flow.initiator : flow.responder;
  const ways = isAboutOpening(error, flow) ? ', and the media that comes the other way' : '';
  return (
    `UDP from ${formatEndpoint(source)} to ${formatEndpoint(target)}${ways} ` +
    `(the ports change with each session: use its helper for ${announcerOf(flow, capture)}, or a range of ports)`
  );
}

/** The protocol whose helper knows the ports of announced media. */
function announcerOf(flow: FlowCase, capture: CaptureCase): string {
  const id = flow.announced[0]?.announcer;
  return (id === undefined ? null : capture.flow(id))?.label ?? 'this protocol';
}

function openingNote(flow: FlowCase, error: IcmpCase): string {
  if (!isAboutOpening(error, flow)) return '';
  return ' It is about a packet of the receiver, with which it opens the path for the media.';
}

/** Unicast media that a control channel announced, and that goes one way. */
export function listAnnounced(flow: FlowCase): readonly AnnouncedMediaCase[] {
  if (flow.isMulticast || flow.tcp !== null) return [];
  return flow.announced
    .filter(({ media }) => media.announcement.sends !== 'both')
    .map((announced) => ({ flow, announced }));
}

/** Whether an error is about packets of the end that is to receive the media. */
export function isAboutOpening(error: IcmpCase, flow: FlowCase): boolean {
  const media = listAnnounced(flow).filter(({ announced }) => announced.media.announcement.protocol !== 'rtcp');
  return media.length > 0 && media.every((each) => mediaDirection(each) !== error.direction);
}

/** Nothing where the usual subject, from the initiator to the responder, is that of the packets that were stopped. */
function subjectOf({ label, initiator, responder }: FlowCase, { direction }: IcmpCase): Pick<Story, 'subject'> {
  return direction === 0 ? {} : { subject: `${label} from ${responder.address} to ${formatEndpoint(initiator)}` };
}

/** Of what one rule stops on the path: the ports of one session may have been opened from either end. */
function subjectOnPath(flow: FlowCase, error: IcmpCase): Pick<Story, 'subject'> {
  const { label, initiator, responder, announced } = flow;
  if (announced.length === 0 || error.direction === 1) return subjectOf(flow, error);
  return { subject: `${label} from ${initiator.address} to ${formatEndpoint(responder)}` };
}
