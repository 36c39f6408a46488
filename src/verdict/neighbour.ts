/** Hosts that nobody on the captured link answers for: switched off, moved, or an address that was never given. */

import type { HostInfo } from '../flow/host-table.ts';
import { counted } from '../format/count.ts';
import { type Draft, evidence } from './draft.ts';
import type { CaptureCase } from './flow-case.ts';

/** Requests without an answer; a lost one is repeated and then answered. */
const FEWEST_REQUESTS = 3;
/** More of them are a scan of the link, or a router that serves one. */
const MOST_HOSTS = 32;
const MOST_NAMES = 6;
/** So many hosts without an answer, and most of all, are a matter of the capture and not of the hosts. */
const MANY_UNHEARD = 8;

/** Whether a host was looked for again and again on this link and never found. */
export function isSoughtInVain(host: HostInfo): boolean {
  return host.soughtAt !== null && host.sought >= FEWEST_REQUESTS && host.foundAt === null && host.sent === null;
}

/** On a port of a switch requests are heard from all, and answers, which go to one host, from nobody. */
function areAnswersHidden(sought: readonly HostInfo[]): boolean {
  const unheard = sought.filter((host) => host.foundAt === null && host.sent === null);
  return unheard.length >= MANY_UNHEARD && unheard.length > sought.length / 2;
}

export function checkNeighbours(capture: CaptureCase): Draft[] {
  const sought = capture.hosts.listSought();
  const lost = sought.filter(isSoughtInVain);
  if (lost.length === 0 || lost.length > MOST_HOSTS || areAnswersHidden(sought)) return [];
  const names = lost.slice(0, MOST_NAMES).map((host) => host.address);
  const list = `${names.join(', ')}${lost.length > MOST_NAMES ? ', …' : ''}`;
  const addresses = new Set(lost.map((host) => host.address));
  const related = capture.flows.filter((flow) => flow.isStreaming && addresses.has(flow.responder.address));
  return [
    {
      code: 'neighbour-unanswered',
      verdict: 'background',
      certainty: 'inferred',
      cause: 'host',
      where: 'unknown',
      flows: [],
      related: related.map((flow) => flow.id),
      groups: [],
      rule: null,
      groupKey: 'neighbours',
      tell: () => ({
        title: `${list} ${lost.length === 1 ? 'does' : 'do'} not answer on this link: switched off, moved, or the address is wrong`,
        what: 'nobody answers',
        why:
          `ARP or neighbour discovery asked for ${lost.length === 1 ? 'it' : 'them'} at least ${FEWEST_REQUESTS} times and got no answer, and nothing from there is in the capture. ` +
          'No firewall is involved: a packet to such an address never leaves its sender.',
        nextStep: `Check that ${list} ${lost.length === 1 ? 'is' : 'are'} switched on, in this VLAN, and that the address is right.`,
        evidence: lost
          .slice(0, MOST_NAMES)
          .flatMap((host) =>
            host.soughtAt === null
              ? []
              : [evidence(host.soughtAt, `asked for ${host.address}, ${counted(host.sought, 'time')} in all`)],
          ),
      }),
    },
  ];
}
