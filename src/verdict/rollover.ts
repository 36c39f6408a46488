/** A player that gives one transport up for the next: one client and server, attempts within seconds: one story. */

import { printable } from '../format/text.ts';
import { type Draft, evidence } from './draft.ts';
import { type CaptureCase, type FlowCase, formatSeconds } from './flow-case.ts';
import { ListsByKey } from './lists-by-key.ts';
import { type Attempt, type Failures, followChain, isMedium, stepOf } from './rollover-chain.ts';

/** Of one client and server; a web server may send its readers on all the time. */
const MOST_REDIRECTS = 32;

/** `failuresOf` tells what speaks against these flows, and is asked once. */
export function checkRollover(capture: CaptureCase, failuresOf: (ids: ReadonlySet<number>) => Failures): Draft[] {
  const byClient = new ListsByKey<string, FlowCase>();
  for (const flow of capture.flows) {
    if (flow.transport !== 'tcp' || (stepOf(flow) < 0 && redirectOf(flow) === '')) continue;
    byClient.add(flow.initiator.address, flow);
  }
  const chains = [];
  for (const flows of byClient.lists()) if (mayRollOver(flows)) chains.push(...byServer(flows));
  const media = (flow: FlowCase): number[] => capture.announcedBy(flow.id).map((announced) => announced.flow.id);
  const failures = failuresOf(new Set(chains.flat().flatMap((flow) => [flow.id, ...media(flow)])));
  return chains.map((flows) => tellRollover(flows, failures, capture)).filter((draft) => draft !== null);
}

function byServer(flows: readonly FlowCase[]): (readonly FlowCase[])[] {
  const lists = new ListsByKey<string, FlowCase>();
  for (const flow of flows) lists.add(flow.responder.address, flow);
  return [...lists.lists()].filter(mayRollOver);
}

/** One connection that said nothing is one way; an outage makes tens of thousands of these. */
function mayRollOver(flows: readonly FlowCase[]): boolean {
  return flows.length > 1 || flows[0]?.record !== null;
}

function tellRollover(flows: readonly FlowCase[], failures: Failures, capture: CaptureCase): Draft | null {
  const movers = flows.filter((flow) => redirectOf(flow) !== '').slice(0, MOST_REDIRECTS);
  const passed = new Set(movers.filter((mover) => flows.some((other) => isSentTo(mover, other))));
  const tried = flows.filter((flow) => stepOf(flow) >= 0 && !passed.has(flow));
  const chain = followChain(tried, failures, capture);
  const [first] = chain;
  const last = chain.at(-1);
  const steps = new Set(chain.map(({ step }) => step)).size;
  if (first === undefined || last === undefined || steps < 2 || first.failure === null) return null;
  const moved = movers.find((flow) => flow.firstTime >= first.time && isRedirectTo(flow, last));
  const { initiator, responder } = first.flow;
  const related = [...chain.map(({ flow }) => flow.id), ...(moved === undefined ? [] : [moved.id])];
  return {
    code: 'rollover',
    verdict: 'background',
    certainty: 'confirmed',
    cause: 'application',
    where: 'toward-responder',
    flows: [],
    related: [...new Set(related)],
    groups: [],
    rule: first.flow.row?.id ?? null,
    groupKey: `rollover ${initiator.address} ${responder.address}`,
    tell: () => ({
      title: titleOf(chain),
      what: [...new Set(chain.map(stepWords))].join(', then '),
      why: explain(chain, steps, moved),
      nextStep: adviceOn(first),
      evidence: chain.map(firstPacket),
      quotes: moved === undefined ? [] : [redirectOf(moved)],
    }),
  };
}

function explain(chain: readonly Attempt[], steps: number, moved: FlowCase | undefined): string {
  const [first] = chain as [Attempt];
  const last = chain.at(-1) as Attempt;
  const mms = chain.some(({ flow }) => flow.protocol === 'mms') && first.flow.protocol === 'rtsp';
  const sentences = [
    `One client tried one server in ${steps} ways in ${formatSeconds(last.time - first.time)}: ${[...new Set(chain.map(stepWords))].join(', then ')}.`,
    last.failure === null ? '' : 'None of them served it.',
    moved === undefined ? '' : `Port ${moved.responder.port} redirected the player to ${redirectOf(moved)}.`,
    mms ? 'MMS is used only by players older than version 9; a player that speaks RTSP does not need port 1755.' : '',
  ];
  return sentences.filter((sentence) => sentence !== '').join(' ');
}

/** `The player on A gave up RTSP and MMS at B and was served over HTTP`. */
function titleOf(chain: readonly Attempt[]): string {
  const { flow } = chain[0] as Attempt;
  const last = chain.at(-1) as Attempt;
  const isServed = last.failure === null;
  const labels = [...new Set((isServed ? chain.slice(0, -1) : chain).map(({ label }) => label))];
  const tried = labels.length > 1 ? `${labels.slice(0, -1).join(', ')} and ${labels.at(-1)}` : labels.join('');
  const end = isServed ? `was served over ${last.label} on port ${last.flow.responder.port}` : 'was not served at all';
  return `The player on ${flow.initiator.address} gave up ${tried} at ${flow.responder.address} and ${end}`;
}

/** A server may send the player from port 80 to the port of its streaming server. */
function isRedirectTo(flow: FlowCase, last: Attempt): boolean {
  const url = redirectOf(flow);
  if (url === '' || flow.firstTime > last.time) return false;
  return (
    flow === last.flow ||
    flow.responder.port === last.flow.responder.port ||
    url.includes(`:${last.flow.responder.port}`)
  );
}

/** Whether a server sent the player on, and it went there: then it is no attempt of its own. */
function isSentTo(flow: FlowCase, other: FlowCase): boolean {
  return other.firstTime > flow.firstTime && redirectOf(flow).includes(`:${other.responder.port}`);
}

function redirectOf({ record }: FlowCase): string {
  return printable(record?.facts.get('redirect') ?? '', 120);
}

/** A protocol that the player did not try was not blocked, so that only the first one is spoken of. */
function adviceOn(first: Attempt): string {
  const { address, port } = first.flow.responder;
  if (isMedium(first)) {
    return `Permitting the media of ${first.label} over UDP from ${address} would have avoided it: by the firewall's ${first.flow.label} helper, or by the port range of the player.`;
  }
  if (first.failure?.verdict === 'refused') {
    return `The path to TCP ${port} is open: let ${address} serve ${first.label} there, and the player needs no other protocol.`;
  }
  return `Opening TCP ${port} to ${address} alone may avoid it.`;
}

function stepWords(attempt: Attempt): string {
  return `${attempt.label} on ${attempt.flow.responder.port} ${outcomeWords(attempt)}`;
}

function outcomeWords(attempt: Attempt): string {
  if (attempt.failure === null) return 'served it';
  if (isMedium(attempt)) return 'brought no media over UDP';
  switch (attempt.failure.code) {
    case 'tcp-unanswered':
      return 'was never answered';
    case 'tcp-reset-by-path':
      return 'was reset by something on the path';
    case 'tcp-refused':
      return 'was refused by the host';
    case 'icmp-prohibited':
      return 'was rejected with ICMP';
    case 'server-refused':
      return 'was refused by the server';
    default:
      return 'failed';
  }
}

function firstPacket({ flow, frame, time, label }: Attempt): ReturnType<typeof evidence> {
  return evidence({ capture: flow.capture, frame, time }, `${label} tried on port ${flow.responder.port}`);
}
