/** Names that did not become addresses: a player that is told no address never sends a SYN, and no firewall stops it. */

import { counted } from '../format/count.ts';
import { printable } from '../format/text.ts';
import { type Draft, evidence } from './draft.ts';
import { type CaptureCase, formatSeconds, type LookupCase, NS_PER_SECOND } from './flow-case.ts';
import { seenUntil } from './sight.ts';

/** Resolvers repeat a question after a second or more; the answer to the last one may still be on its way. */
const FEWEST_QUESTIONS = 2;
const SHORTEST_WAIT_NS = 2 * NS_PER_SECOND;
/** A client that streams within this time has found its server all the same. */
const PATIENCE_NS = 30 * NS_PER_SECOND;
const MOST_NAMES = 6;

type Outcome = LookupCase['outcome'];

export function checkNames(capture: CaptureCase): Draft[] {
  const lookups = capture.lookups.filter((lookup) => isFinal(lookup, capture) && isMeant(lookup));
  if (lookups.length === 0) return [];
  const streaming = firstStreams(capture);
  const failed = lookups.filter((lookup) => !goesOn(lookup, streaming));
  return (['no-such-name', 'server-failure', 'unanswered'] as const)
    .map((outcome) => draftOf(outcome, failed))
    .filter((draft) => draft !== null);
}

function isFinal(lookup: LookupCase, capture: CaptureCase): boolean {
  if (lookup.outcome !== 'unanswered') return true;
  const { capture: index, time: since } = lookup.lastAsked;
  const until = seenUntil(capture, { capture: index, since, heard: since, anyHeard: Number.POSITIVE_INFINITY });
  const isRepeated = lookup.asked >= FEWEST_QUESTIONS && until - lookup.firstAsked.time >= SHORTEST_WAIT_NS;
  const hasWaited = until - since >= SHORTEST_WAIT_NS;
  // Where nothing is seen on its way to the client, answers are not seen either.
  return isRepeated && hasWaited && capture.hosts.host(lookup.client)?.reached != null;
}

/** Systems ask for names of their own that need not exist, and for short names with each suffix in turn. */
function isMeant({ name }: LookupCase): boolean {
  const [first = ''] = name.split('.');
  if (first === name || first.startsWith('_') || first === 'wpad' || first === 'isatap') return false;
  return !/\.(arpa|local|localdomain|home|lan|invalid|test)$/.test(name);
}

/** When each client began to stream, in order. */
function firstStreams({ flows }: CaptureCase): Map<string, number[]> {
  const times = new Map<string, number[]>();
  for (const { isStreaming, initiator, firstTime } of flows) {
    if (!isStreaming) continue;
    const known = times.get(initiator.address);
    if (known === undefined) times.set(initiator.address, [firstTime]);
    else known.push(firstTime);
  }
  return times;
}

function goesOn({ client, firstAsked, lastAsked }: LookupCase, streaming: ReadonlyMap<string, number[]>): boolean {
  const times = streaming.get(client) ?? [];
  return times.some((time) => time >= firstAsked.time && time <= lastAsked.time + PATIENCE_NS);
}

const WORDS: Readonly<Record<Outcome, { readonly title: string; readonly why: string; readonly nextStep: string }>> = {
  'no-such-name': {
    title: 'does not exist, says the name server',
    why: 'The name server answered that there is no such name.',
    nextStep: 'Check how the name is written where the stream is linked, and that this name server knows it.',
  },
  'server-failure': {
    title: 'could not be looked up: the name server failed or refused',
    why: 'The name server answered, and not with an address: it could not, or does not serve this client.',
    nextStep: 'Look at the log of the name server for this name and client.',
  },
  unanswered: {
    title: 'could not be looked up: the name server does not answer',
    why: 'The question was repeated and no answer came, while other packets toward the client are seen here.',
    nextStep: 'Check that the name server is up, and that UDP 53 to it is permitted from these clients.',
  },
};

function draftOf(outcome: Outcome, failed: readonly LookupCase[]): Draft | null {
  const lookups = failed.filter((lookup) => lookup.outcome === outcome);
  const [first] = lookups;
  if (first === undefined) return null;
  const names = [...new Set(lookups.map(({ name }) => printable(name, 120)))];
  const list = `${names.slice(0, MOST_NAMES).join(', ')}${names.length > MOST_NAMES ? ', …' : ''}`;
  const words = WORDS[outcome];
  return {
    code: 'name-unresolved',
    verdict: 'background',
    certainty: outcome === 'unanswered' ? 'inferred' : 'confirmed',
    cause: outcome === 'unanswered' ? 'unknown' : 'application',
    where: 'unknown',
    flows: [],
    related: [],
    groups: [],
    rule: null,
    groupKey: outcome,
    tell: () => ({
      title: `${list} ${words.title}`,
      what: words.title,
      why:
        `${words.why} The clients that asked (${listClients(lookups)}) opened no stream within ` +
        `${formatSeconds(PATIENCE_NS)} after it: without an address there is nothing to connect to, and no firewall is involved beyond the name server.`,
      nextStep: words.nextStep,
      evidence: lookups
        .slice(0, MOST_NAMES)
        .flatMap((lookup) => [
          evidence(
            lookup.firstAsked,
            `${lookup.client} asks ${lookup.server} for ${printable(lookup.name, 120)}, ${counted(lookup.asked, 'time')} in all`,
          ),
          ...(lookup.answered === null ? [] : [evidence(lookup.answered, 'the answer holds no address')]),
        ]),
      quotes: names.slice(0, MOST_NAMES),
    }),
  };
}

function listClients(lookups: readonly LookupCase[]): string {
  const clients = [...new Set(lookups.map(({ client }) => client))];
  return `${clients.slice(0, MOST_NAMES).join(', ')}${clients.length > MOST_NAMES ? ', …' : ''}`;
}
