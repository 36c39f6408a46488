/**
 * A player that gives one transport up for the next: RTSP (UDP, then TCP), MMS (UDP, then TCP), HTTP, as Windows Media
 * players do. One client and server, attempts within seconds of each other: one story.
 */

import { printable } from '../format/text.ts';
import { type Draft, evidence } from './draft.ts';
import type { Evidence } from './finding.ts';
import { type CaptureCase, type FlowCase, firstFrameOf, formatSeconds, NS_PER_SECOND } from './flow-case.ts';

/** A player starts its next attempt within this time of the end of the one before. */
const LONGEST_PAUSE_NS = 30 * NS_PER_SECOND;
/** Control protocols in the order in which players try them. */
const CHAIN: readonly string[] = ['rtsp', 'mms', 'mmsh', 'http'];
const CHAIN_PORTS: ReadonlyMap<number, string> = new Map([
  [554, 'rtsp'],
  [1755, 'mms'],
  [80, 'http'],
  [8080, 'http'],
]);

export function checkRollover(drafts: readonly Draft[], capture: CaptureCase): Draft[] {
  const failures = new Map<number, Draft>();
  for (const draft of drafts) {
    if (draft.verdict !== 'blocked' && draft.verdict !== 'refused' && draft.verdict !== 'undetermined') continue;
    for (const flow of draft.flows) if (!failures.has(flow.id)) failures.set(flow.id, draft);
  }
  const byPair = new Map<string, FlowCase[]>();
  for (const flow of capture.flows) {
    if (flow.transport !== 'tcp' || stepOf(flow) < 0) continue;
    const key = `${flow.initiator.address} ${flow.responder.address}`;
    const known = byPair.get(key);
    if (known === undefined) byPair.set(key, [flow]);
    else known.push(flow);
  }
  return [...byPair.values()].map((flows) => tellRollover(flows, failures)).filter((draft) => draft !== null);
}

/** Place of the flow's protocol in the chain, by content or by the port that it was for; -1 when it has none. */
function stepOf(flow: FlowCase): number {
  const name =
    flow.confidence === 'content' || flow.confidence === 'announced'
      ? flow.protocol
      : CHAIN_PORTS.get(flow.responder.port);
  if (name === null || name === undefined) return -1;
  // A page is no stream; an attempt on a port of the web that came to nothing may have been for one.
  const isPage = name === 'http' && flow.payload[1] > 0 && flow.record?.carriesMedia !== true;
  return isPage ? -1 : CHAIN.indexOf(name);
}

function tellRollover(flows: FlowCase[], failures: ReadonlyMap<number, Draft>): Draft | null {
  const ordered = flows.sort((a, b) => a.firstTime - b.firstTime);
  const chain: FlowCase[] = [];
  for (const flow of ordered) {
    const previous = chain.at(-1);
    const isSoon = previous === undefined || flow.firstTime - Math.max(...previous.lastTimes) <= LONGEST_PAUSE_NS;
    const goesOn = previous === undefined || (failures.has(previous.id) && stepOf(flow) >= stepOf(previous));
    if (isSoon && goesOn) chain.push(flow);
  }
  const steps = new Set(chain.map((flow) => Math.min(stepOf(flow), CHAIN.indexOf('mmsh'))));
  const first = chain[0];
  const last = chain.at(-1);
  if (first === undefined || last === undefined || steps.size < 2 || !failures.has(first.id)) return null;
  const served = failures.has(last.id) ? null : last;
  const story = chain.map(
    (flow) =>
      `${flow.label} on ${flow.responder.port} ${failures.has(flow.id) ? outcomeWords(failures.get(flow.id)) : 'served it'}`,
  );
  const isMmsAvoidable = chain.some((flow) => flow.protocol === 'mms') && chain.some((flow) => stepOf(flow) === 0);
  return {
    code: 'rollover',
    verdict: 'background',
    certainty: 'confirmed',
    cause: 'application',
    where: 'toward-responder',
    flows: [],
    related: chain.map((flow) => flow.id),
    groups: [],
    rule: first.row?.id ?? null,
    groupKey: `rollover ${first.initiator.address} ${first.responder.address}`,
    tell: () => ({
      title: titleOf(chain, served),
      what: [...new Set(story)].join(', then '),
      why:
        `One client tried one server by ${steps.size} protocols in ${formatSeconds(last.firstTime - first.firstTime)}. ` +
        (served === null
          ? 'None of them served it. '
          : `In the end ${served.label} on port ${served.responder.port} served it, after that delay. `) +
        redirectWords(chain) +
        (isMmsAvoidable
          ? 'MMS is used only by players older than version 9; a player that speaks RTSP does not need port 1755.'
          : ''),
      nextStep: adviceOn(first, failures.get(first.id)),
      evidence: chain.map((flow) => firstPacket(flow)),
      quotes: chain.map(redirectOf).filter((url) => url !== ''),
    }),
  };
}

/** `The player on A gave up RTSP and MMS at B and was served over HTTP`. */
function titleOf(chain: readonly FlowCase[], served: FlowCase | null): string {
  const first = chain[0] as FlowCase;
  const labels = [...new Set(chain.filter((flow) => flow !== served).map((flow) => flow.label))];
  const tried = labels.length > 1 ? `${labels.slice(0, -1).join(', ')} and ${labels.at(-1)}` : labels.join('');
  const end =
    served === null ? 'was not served at all' : `was served over ${served.label} on port ${served.responder.port}`;
  return `The player on ${first.initiator.address} gave up ${tried} at ${first.responder.address} and ${end}`;
}

/** A server may send the player from port 80 to the port of its streaming server. */
function redirectWords(chain: readonly FlowCase[]): string {
  const moved = chain.find((flow) => redirectOf(flow) !== '');
  return moved === undefined ? '' : `Port ${moved.responder.port} redirected the player to ${redirectOf(moved)}. `;
}

function redirectOf({ record }: FlowCase): string {
  return printable(record?.facts.get('redirect') ?? '', 120);
}

/** A protocol that the player did not try was not blocked, so that only the first one is spoken of. */
function adviceOn(first: FlowCase, failure: Draft | undefined): string {
  const { address, port } = first.responder;
  if (failure?.verdict === 'refused') {
    return `The path to TCP ${port} is open: let ${address} serve ${first.label} there, and the player needs no other protocol.`;
  }
  return `Opening TCP ${port} to ${address} alone would have avoided it.`;
}

function outcomeWords(draft: Draft | undefined): string {
  switch (draft?.code) {
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

function firstPacket(flow: FlowCase): Evidence {
  const frame = firstFrameOf(flow);
  return evidence(
    { capture: flow.capture, frame, time: flow.firstTime },
    `${flow.label} tried on port ${flow.responder.port}`,
  );
}
