/** What a site's policy says of one flow: permitted, closed, ended, the other way round, or nothing. Pure. */

import { type Network, networkContains, parseAddress } from '../format/address.ts';
import { narrowRowsForPort } from './catalogue.ts';
import { isSharedPort, streamingPortRow } from './flow-rows.ts';
import type { PortRange } from './port-row.ts';
import { protocolIdsOfRow } from './row-protocols.ts';
import type { PolicySide, SitePolicy, SiteRule } from './site-policy.ts';

/** What the policy needs to know of a flow. */
export interface PolicyFlowFacts {
  readonly transport: string;
  readonly initiator: { readonly address: string; readonly port: number };
  readonly responder: { readonly address: string; readonly port: number };
  readonly protocol: string | null;
  readonly isStreaming: boolean;
  /** True when a TCP handshake shows who began; else the first packet may have been an answer. */
  readonly isInitiatorProven: boolean;
  readonly responderSends: boolean;
  /** When it began, in seconds since 1970. */
  readonly seconds: number;
}

export type PolicyAnswer =
  /** Every rule that permits it. */
  | { readonly kind: 'permitted'; readonly rules: readonly SiteRule[] }
  /** The table keeps the port closed. */
  | { readonly kind: 'closed'; readonly rule: SiteRule }
  /** An exception would permit it, but has ended. */
  | { readonly kind: 'ended'; readonly rule: SiteRule }
  /** Permitted, had the other end begun. */
  | { readonly kind: 'reversed'; readonly rule: SiteRule }
  | { readonly kind: 'unlisted' };

/** A range of more ports than this permits only what is proven to be its protocol: a server's own clients fall into it. */
const MOST_PORTS_TRUSTED = 1000;

export function judgeByPolicy(policy: SitePolicy, flow: PolicyFlowFacts): PolicyAnswer {
  const { transport } = flow;
  const initiator = parseAddress(flow.initiator.address);
  const responder = parseAddress(flow.responder.address);
  if ((transport !== 'tcp' && transport !== 'udp') || initiator === null || responder === null) {
    return { kind: 'unlisted' };
  }
  const ends: Ends = { initiator, responder };
  const inReach = policy.rules.filter((rule) => rule.transports.includes(transport) && touchesPorts(rule, flow));
  const matching = inReach.filter((rule) => permitsWay(rule, flow, ends));
  const isCurrent = ({ endsAt }: SiteRule): boolean => endsAt === null || flow.seconds < endsAt;
  const rules = matching.filter((rule) => rule.permission === 'permit' && isCurrent(rule));
  if (rules.length > 0) return { kind: 'permitted', rules };
  const closed = matching.find((rule) => rule.permission === 'never');
  if (closed !== undefined) return { kind: 'closed', rule: closed };
  const ended = matching.find((rule) => !isCurrent(rule));
  if (ended !== undefined) return { kind: 'ended', rule: ended };
  const reversed = inReach.find((rule) => rule.permission === 'permit' && isReversed(rule, flow, ends));
  return reversed === undefined ? { kind: 'unlisted' } : { kind: 'reversed', rule: reversed };
}

interface Ends {
  readonly initiator: Uint8Array;
  readonly responder: Uint8Array;
}

function touchesPorts({ ports }: SiteRule, { initiator, responder }: PolicyFlowFacts): boolean {
  return holds(ports, initiator.port) || holds(ports, responder.port);
}

function permitsWay(rule: SiteRule, flow: PolicyFlowFacts, ends: Ends): boolean {
  if (!isTrusted(rule, flow)) return false;
  if (within(rule.opener, ends.initiator) && within(rule.acceptor, ends.responder) && hasPort(rule, flow, false)) {
    return true;
  }
  if (!within(rule.opener, ends.responder) || !within(rule.acceptor, ends.initiator)) return false;
  if (!hasPort(rule, flow, true)) return false;
  if (flow.transport === 'tcp') return !flow.isInitiatorProven;
  // What is let out only has not been used as long as its sender is silent: the other end's packets alone are a knock.
  return rule.isBothWays || flow.responderSends || rule.portEnd === 'acceptor';
}

/** Whether the rule's end has its port when the flow's responder is the opener (`isSwapped`), or its initiator. */
function hasPort({ ports, portEnd }: SiteRule, { initiator, responder }: PolicyFlowFacts, isSwapped: boolean): boolean {
  const opener = isSwapped ? responder.port : initiator.port;
  const acceptor = isSwapped ? initiator.port : responder.port;
  return (portEnd !== 'acceptor' && holds(ports, opener)) || (portEnd !== 'opener' && holds(ports, acceptor));
}

/** The acceptor began, and toward the very port that only it was to be asked on; or it knocks where it may only listen. */
function isReversed(rule: SiteRule, flow: PolicyFlowFacts, ends: Ends): boolean {
  if (!isTrusted(rule, flow) || !within(rule.opener, ends.responder) || !within(rule.acceptor, ends.initiator)) {
    return false;
  }
  return holds(rule.ports, flow.responder.port);
}

function isTrusted({ ports, row }: SiteRule, { protocol }: PolicyFlowFacts): boolean {
  if (ports.last - ports.first < MOST_PORTS_TRUSTED) return true;
  return protocol !== null && protocolIdsOfRow(row).includes(protocol);
}

function holds({ first, last }: PortRange, port: number): boolean {
  return first <= port && port <= last;
}

export function within({ networks }: { readonly networks: readonly Network[] }, address: Uint8Array): boolean {
  return networks.some((network) => networkContains(network, address));
}

/** True for the address of a server of the policy. */
export function isPolicyServer(policy: SitePolicy, address: Uint8Array): boolean {
  return policy.servers.some((server) => within(server, address));
}

/**
 * Whether the policy is asked about a flow at all: streaming, a port that is for streaming, or a server of the policy that
 * is called. What a server fetches for itself, and what other hosts do among themselves, is none of its business.
 */
export function concernsPolicy(policy: SitePolicy, flow: PolicyFlowFacts): boolean {
  const { transport, initiator, responder, protocol, isStreaming } = flow;
  if (transport !== 'tcp' && transport !== 'udp') return false;
  const responderAddress = parseAddress(responder.address);
  const initiatorAddress = parseAddress(initiator.address);
  if (responderAddress === null || initiatorAddress === null) return false;
  if (isPolicyServer(policy, responderAddress)) return true;
  if (streamingPortRow(transport, responder.port) !== null) return true;
  if (isPolicyServer(policy, initiatorAddress) && narrowRowsForPort(transport, responder.port).length > 0) {
    return within({ networks: policy.networks.flatMap((side: PolicySide) => side.networks) }, responderAddress);
  }
  return isStreaming && protocol !== null && !NEIGHBOURS.has(protocol) && !isSharedPort(responder.port);
}

/** Not streaming in themselves, though some are announced, go before media or tell of it. */
const NEIGHBOURS: ReadonlySet<string> = new Set(['http', 'tls', 'stun', 'dtls', 'sap', 'ftp', 'ftp-data']);
