/** Flows that the site's policy does not permit, and without a policy the ports that a content server keeps to itself. */

import { describeRowPorts, describeSource, narrowRowsForPort } from '../policy/catalogue.ts';
import { rowNotForOutside } from '../policy/flow-rows.ts';
import type { PolicyAnswer } from '../policy/judge-policy.ts';
import { type Draft, openingPacket } from './draft.ts';
import { type CaptureCase, type FlowCase, formatEndpoint } from './flow-case.ts';
import { answerOfPolicy } from './policy-answer.ts';

export function checkNotInPolicy(flow: FlowCase, capture: CaptureCase): Draft | null {
  if (capture.policy === null) return checkClosedPort(flow, capture);
  const answer = answerOfPolicy(flow, capture);
  if (answer === null || answer.kind === 'permitted' || answer.kind === 'reversed') return null;
  const { initiator, responder } = flow;
  // A scanner knocks everywhere; only ports that mean something are worth a word when nothing opens.
  if (answer.kind === 'unlisted' && isInVain(flow) && !isCatalogued(flow)) return null;
  const rule = answer.kind === 'unlisted' ? null : answer.rule.id;
  return draftOf(flow, rule, 'confirmed', {
    what: whatIsWrong(answer),
    why: `${reasonOf(answer, flow)} ${outcomeOf(flow)}`,
    nextStep: `If ${initiator.address} needs ${formatEndpoint(responder)}, add a row or a dated exception to the policy; else stop it at its source or close the port.`,
    quotes: answer.kind === 'ended' ? [answer.rule.id] : [],
    related: [],
  });
}

/** A row marked `no` speaks only for a host known to be a content server: 8008 is also a port of Chromecast. */
function checkClosedPort(flow: FlowCase, capture: CaptureCase): Draft | null {
  if (flow.tcp === null || flow.tcp.syns === 0 || isInVain(flow)) return null;
  const { initiator, responder } = flow;
  const row = rowNotForOutside('tcp', responder.port);
  if (row === null) return null;
  const servers = findContentServers(capture);
  const shown = servers.get(responder.address);
  if (shown === undefined || servers.has(initiator.address)) return null;
  return draftOf(flow, row.id, 'inferred', {
    related: shown,
    what: `port ${responder.port} of a content server (${row.note}) is not for other hosts`,
    why: `${responder.address} takes part in H.323 calls and serves streams, as a content server does. ${describeSource(row)} says that its port ${responder.port} is not to be opened on its firewall. ${outcomeOf(flow)}`,
    nextStep: `Close port ${responder.port} of ${responder.address} to everybody outside of its cluster, and ask what ${initiator.address} wants there.`,
    quotes: [],
  });
}

interface Words {
  readonly what: string;
  readonly why: string;
  readonly nextStep: string;
  readonly quotes: readonly string[];
  /** Flows that explain it. */
  readonly related: readonly number[];
}

function draftOf(
  flow: FlowCase,
  rule: string | null,
  certainty: Draft['certainty'],
  { related, ...words }: Words,
): Draft {
  const { responder } = flow;
  return {
    code: 'not-in-policy',
    verdict: 'unexpected',
    certainty,
    cause: 'application',
    where: 'unknown',
    flows: [flow],
    related,
    groups: flow.isMulticast ? [responder.address] : [],
    rule,
    groupKey: `policy ${flow.transport} ${responder.address} ${responder.port}`,
    tell: () => ({
      ...words,
      evidence: [openingPacket(flow, `first packet to ${formatEndpoint(responder)}`)],
    }),
  };
}

function whatIsWrong(answer: Exclude<PolicyAnswer, { kind: 'permitted' | 'reversed' }>): string {
  switch (answer.kind) {
    case 'closed':
      return `port ${answer.rule.ports.first} (${answer.rule.row.note}) is to stay closed`;
    case 'ended':
      return `the exception ${answer.rule.id} has ended`;
    case 'unlisted':
      return 'no rule of the policy permits it';
  }
}

function reasonOf(answer: PolicyAnswer, { transport, initiator, responder }: FlowCase): string {
  switch (answer.kind) {
    case 'closed':
      return `${describeRowPorts(answer.rule.row)} is marked 'no' for the firewall (${describeSource(answer.rule.row)}).`;
    case 'ended': {
      const lastDay = new Date(((answer.rule.endsAt ?? 0) - 1) * 1000).toISOString().slice(0, 10);
      return `The exception ${answer.rule.id} permitted it until ${lastDay}; the flow began later.`;
    }
    default:
      return `No rule permits ${transport.toUpperCase()} from ${initiator.address} to ${formatEndpoint(responder)}, nor did a permitted control channel announce it.`;
  }
}

function isInVain({ tcp, packets }: FlowCase): boolean {
  return tcp !== null && (packets[1] === 0 || tcp.outcome === 'refused');
}

function isCatalogued({ transport, responder }: FlowCase): boolean {
  return narrowRowsForPort(transport === 'tcp' ? 'tcp' : 'udp', responder.port).length > 0;
}

function outcomeOf({ tcp, packets, isMulticast }: FlowCase): string {
  if (packets[1] > 0 && tcp?.outcome !== 'refused') return 'It was answered, so nothing on the path stops it.';
  if (isMulticast) return 'It was seen at the capture point.';
  return 'No connection came of it in this capture.';
}

/** By capture, because many flows ask. */
const CONTENT_SERVERS = new WeakMap<CaptureCase, ReadonlyMap<string, readonly number[]>>();
const CALLS: ReadonlySet<string> = new Set(['h323-ras', 'h323-q931']);
const STREAMS: ReadonlySet<string> = new Set(['rtsp', 'mms', 'mmsh']);

/**
 * Hosts that take part in H.323 calls and serve streams too, both by what was said and not by ports, each with a flow that
 * shows the one and one that shows the other.
 */
function findContentServers(capture: CaptureCase): ReadonlyMap<string, readonly number[]> {
  const known = CONTENT_SERVERS.get(capture);
  if (known !== undefined) return known;
  const callers = new Map<string, number>();
  const streamers = new Map<string, number>();
  const note = (hosts: Map<string, number>, address: string, id: number): void => {
    if (!hosts.has(address)) hosts.set(address, id);
  };
  for (const { confidence, protocol, initiator, responder, id } of capture.flows) {
    if (confidence !== 'content' || protocol === null) continue;
    if (CALLS.has(protocol)) for (const { address } of [initiator, responder]) note(callers, address, id);
    if (STREAMS.has(protocol)) note(streamers, responder.address, id);
  }
  const servers = new Map<string, readonly number[]>();
  for (const [address, call] of callers) {
    const stream = streamers.get(address);
    if (stream !== undefined) servers.set(address, [call, stream]);
  }
  CONTENT_SERVERS.set(capture, servers);
  return servers;
}
