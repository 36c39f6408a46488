/** One host that knocks at many streaming ports and never says a word: one finding instead of one for each port. */

import { type Draft, openingPacket } from './draft.ts';
import { type CaptureCase, type FlowCase, formatEndpoint, formatSeconds, NS_PER_SECOND } from './flow-case.ts';
import { ListsByKey } from './lists-by-key.ts';
import { seenUntil } from './sight.ts';

/** Doors that are tried by one host; a player that rolls over tries five at most. */
const FEWEST_TARGETS = 6;
/** Every system repeats a SYN within this time; a scanner does not. */
const REPEATED_BY_NS = 4 * NS_PER_SECOND;
const MOST_EXAMPLES = 12;

/** One draft for each scanner, with the flows that other checks then leave alone. */
export function checkPortScans(capture: CaptureCase): Draft[] {
  const byInitiator = new ListsByKey<string, FlowCase>();
  for (const flow of capture.flows) if (isKnock(flow)) byInitiator.add(flow.initiator.address, flow);
  const scans = [];
  for (const knocks of byInitiator.lists()) {
    const scan = scanOf(knocks, capture);
    if (scan.length > 0) scans.push(scanDraft(scan));
  }
  return scans;
}

/** A SYN and not a byte of data. */
function isKnock(flow: FlowCase): boolean {
  const { tcp } = flow;
  if (tcp === null || !flow.isStreaming || tcp.syns === 0 || flow.payload[0] > 0 || flow.payload[1] > 0) return false;
  return tcp.outcome !== 'established' && tcp.outcome !== 'closed' && tcp.outcome !== 'midstream';
}

/**
 * Many doors, and either one source port for all of them, as raw sockets have, or no repetition although there was time for
 * it. Many cameras that are off get repeated SYNs from a port each.
 */
function scanOf(knocks: readonly FlowCase[], capture: CaptureCase): readonly FlowCase[] {
  const rawPorts = listRawPorts(knocks);
  const scan = knocks.filter(({ tcp, initiator }) => tcp?.syns === 1 || rawPorts.has(initiator.port));
  const targets = new Map(scan.map((flow) => [formatEndpoint(flow.responder), flow]));
  if (targets.size < FEWEST_TARGETS) return [];
  if (rawPorts.size > 0) return scan;
  const unanswered = [...targets.values()].filter((flow) => flow.tcp?.outcome === 'unanswered');
  const silent = unanswered.filter(({ capture: index, firstTime: since }) => {
    const unseen = seenUntil(capture, { capture: index, since, heard: since, anyHeard: Number.POSITIVE_INFINITY });
    return unseen - since >= REPEATED_BY_NS;
  });
  return silent.length >= FEWEST_TARGETS ? scan : [];
}

/** Ports from which so many doors are tried as no system does that gives each connection a port of its own. */
function listRawPorts(knocks: readonly FlowCase[]): Set<number> {
  if (knocks.length < FEWEST_TARGETS) return new Set();
  const targets = new Map(
    knocks.map(({ initiator, responder }) => [`${initiator.port} ${formatEndpoint(responder)}`, initiator.port]),
  );
  const counts = new Map<number, number>();
  for (const port of targets.values()) counts.set(port, (counts.get(port) ?? 0) + 1);
  return new Set([...counts].filter(([, count]) => count >= FEWEST_TARGETS).map(([port]) => port));
}

function scanDraft(knocks: readonly FlowCase[]): Draft {
  const first = knocks[0] as FlowCase;
  const { address } = first.initiator;
  const hosts = new Set(knocks.map((flow) => flow.responder.address)).size;
  const ports = [...new Set(knocks.map((flow) => flow.responder.port))].sort((a, b) => a - b);
  return {
    code: 'port-scan',
    verdict: 'unexpected',
    certainty: 'inferred',
    cause: 'application',
    where: 'unknown',
    flows: knocks,
    related: [],
    groups: [],
    rule: first.row?.id ?? null,
    groupKey: `scan ${address}`,
    tell: () => {
      const isRepeated = knocks.some(({ tcp }) => tcp !== null && tcp.syns > 1);
      const last = Math.max(...knocks.map((flow) => flow.firstTime));
      const shown = `${ports.slice(0, 10).join(', ')}${ports.length > 10 ? ', …' : ''}`;
      return {
        subject: `A scan of streaming ports by ${address}`,
        what: `${knocks.length} attempts at ${hosts === 1 ? first.responder.address : `${hosts} hosts`}, port${ports.length === 1 ? '' : 's'} ${shown}, within ${formatSeconds(last - first.firstTime)}`,
        why:
          `${isRepeated ? 'The attempts come from one port, as raw sockets send them, and none is followed by data' : 'Each attempt is one SYN that is neither repeated nor followed by data, as a scanner sends it'}. ` +
          'Nothing was to be streamed, so that attempts without an answer say nothing of firewalls here.',
        nextStep: `Find out who runs ${address}, and whether the scan is one of your own.`,
        evidence: knocks
          .slice(0, MOST_EXAMPLES)
          .map((flow) => openingPacket(flow, `SYN to ${formatEndpoint(flow.responder)}`)),
      };
    },
  };
}
