/** Judges all flows of the pipeline as they stand: which are worth a check, what the checks say, and each flow's verdict. */

import type { CaptureInfo } from '../capture/frame-batch.ts';
import { isMulticastFlow } from '../flow/multicast-flow.ts';
import { IP_PROTOCOL, TCP_FLAG } from '../packet/decoded-packet.ts';
import { narrowRowsForPort } from '../policy/catalogue.ts';
import { rowNotForOutside } from '../policy/flow-rows.ts';
import { isPolicyServer } from '../policy/judge-policy.ts';
import type { SitePolicy } from '../policy/site-policy.ts';
import { DISSECTORS } from '../protocol/registry.ts';
import type { Finding, FindingCode, Verdict } from '../verdict/finding.ts';
import type { AnnouncedMediaCase, CaptureCase, FlowCase, GroupCase } from '../verdict/flow-case.ts';
import { judge } from '../verdict/judge.ts';
import { ListsByKey } from '../verdict/lists-by-key.ts';
import { carriesMedia, isServedElsewhere } from '../verdict/media-flow.ts';
import { FindingIndex } from './finding-index.ts';
import { caseOfAbsent, SlotCase } from './flow-cases.ts';
import { isForStreaming, isMediaProtocol } from './flow-identity.ts';
import { protocolOf } from './flow-mark.ts';
import { FlowsById } from './flows-by-id.ts';
import { groupCases } from './group-cases.ts';
import { KnownVerdicts } from './known-verdicts.ts';
import type { Pipeline } from './pipeline.ts';
import { lacksFrames } from './quality.ts';
import { streamLosses } from './stream-losses.ts';

/** Retransmissions without an acknowledgement after which a connection is looked at. */
const SUSPICIOUS_RUN = 3;

export interface Judgement {
  readonly capture: CaptureCase;
  readonly findings: readonly Finding[];
  readonly groups: readonly GroupCase[];
  /** Announced flows that no packet reached, with the ids that follow those of all other flows. */
  readonly absent: readonly FlowCase[];
  /** Any flow, whether a check looked at it or not; null when there is none with this id. */
  flowById(id: number): FlowCase | null;
  /** The flow of a used slot; what the checks have worked out of it is not worked out again. */
  flowInSlot(slot: number): FlowCase;
  /** What the findings say of each flow, gravest first; flows that none judges have their default verdict. */
  readonly byFlow: FindingIndex;
  /** What `verdictOf` has worked out so far. */
  readonly knownVerdicts: KnownVerdicts;
}

/** `captures`: what is known of the files or interfaces that the frames come from. */
export function judgePipeline(
  pipeline: Pipeline,
  policy: SitePolicy | null = null,
  captures: readonly CaptureInfo[] = [],
): Judgement {
  pipeline.contents.claimEarlierFlows();
  const absent = listAbsent(pipeline);
  const cases = listCases(pipeline, policy);
  const byId = new FlowsById([...cases, ...absent]);
  const all = byId.flows;
  const byAnnouncer = new ListsByKey<number, AnnouncedMediaCase>();
  for (const flow of all) {
    for (const announced of flow.announced) byAnnouncer.add(announced.announcer, { flow, announced });
  }
  const groups = groupCases(pipeline, all);
  const capture: CaptureCase = {
    hosts: pipeline.hosts,
    startTime: pipeline.firstTime,
    endTime: pipeline.lastTime,
    gaps: pipeline.gaps,
    isOnlyTcp: holdsOnly(pipeline, [IP_PROTOCOL.tcp]),
    isOnlyTcpOrUdp: holdsOnly(pipeline, [IP_PROTOCOL.tcp, IP_PROTOCOL.udp]),
    lacksFrames: lacksFrames(captures),
    losses: streamLosses(pipeline, cases),
    hasCopiesOfUdp: hasCopiesOfUdp(pipeline),
    hasWholeDatagrams: pipeline.decoder.fragments.counts.completed > 0,
    flow: (id) => byId.get(id),
    flows: all,
    announcedBy: (id) => byAnnouncer.get(id),
    groups,
    apart: pipeline.multicast.election.apart,
    lastQuery: (querier) => pipeline.multicast.election.lastOf(querier),
    lookups: pipeline.lookups.list(),
    policy,
    originSeconds: pipeline.originSeconds,
  };
  const findings = judge(capture);
  const flowById = (id: number): FlowCase | null => byId.get(id) ?? findSlot(pipeline, id);
  const flowInSlot = (slot: number): FlowCase => byId.get(pipeline.flows.id(slot)) ?? new SlotCase(pipeline, slot);
  const byFlow = new FindingIndex(findings);
  const knownVerdicts = new KnownVerdicts(pipeline.flows.slots);
  return { capture, findings, groups, absent, flowById, flowInSlot, byFlow, knownVerdicts };
}

function listAbsent(pipeline: Pipeline): FlowCase[] {
  let id = pipeline.flows.made;
  return pipeline.contents.announcements.absent().map((announced) => caseOfAbsent(announced, ++id));
}

function listCases(pipeline: Pipeline, policy: SitePolicy | null): SlotCase[] {
  const { flows } = pipeline;
  const cases: SlotCase[] = [];
  for (let slot = 0; slot < flows.slots; slot++) {
    if (!flows.isUsed(slot)) continue;
    const isAsked = isWorthChecking(pipeline, slot) || isForPolicy(pipeline, slot, policy);
    if (isAsked) cases.push(new SlotCase(pipeline, slot));
  }
  return cases;
}

/** Nothing of other transports, nor of the link such as ARP. */
function holdsOnly({ flows, otherFrames }: Pipeline, transports: readonly number[]): boolean {
  if (otherFrames > 0) return false;
  for (let slot = 0; slot < flows.slots; slot++) {
    if (flows.isUsed(slot) && !transports.includes(flows.transport(slot))) return false;
  }
  return true;
}

function hasCopiesOfUdp({ flows, copies }: Pipeline): boolean {
  for (let slot = 0; slot < flows.slots; slot++) {
    if (flows.isUsed(slot) && flows.transport(slot) === IP_PROTOCOL.udp && copies.count(slot) > 0) return true;
  }
  return false;
}

/** A cheap question that leaves out what no check would speak of. */
function isWorthChecking(pipeline: Pipeline, slot: number): boolean {
  const { flows, contents, icmpErrors } = pipeline;
  const transport = flows.transport(slot);
  const isTcp = transport === IP_PROTOCOL.tcp;
  if (!isTcp && transport !== IP_PROTOCOL.udp) return false;
  if (contents.announcements.of(slot).length > 0 || isMulticastFlow(flows, slot)) return true;
  const protocol = protocolOf(flows.mark(slot));
  const isCatalogued = isForStreaming(isTcp ? 'tcp' : 'udp', flows.port(slot, 1));
  const record = contents.controls.get(slot)?.record;
  const isMedia = isMediaProtocol(DISSECTORS[protocol]) || record?.identity != null || record?.carriesMedia === true;
  if (!isCatalogued && !isMedia) return false;
  return !isTcp || protocol >= 0 || isTroubled(pipeline, slot) || icmpErrors.of(slot).length > 0;
}

/** What worked without trouble is of interest where it should not have been, or where the policy wants it to work. */
function isForPolicy({ flows }: Pipeline, slot: number, policy: SitePolicy | null): boolean {
  const transport = flows.transport(slot);
  if (transport !== IP_PROTOCOL.tcp && transport !== IP_PROTOCOL.udp) return false;
  const name = transport === IP_PROTOCOL.tcp ? 'tcp' : 'udp';
  const port = flows.port(slot, 1);
  if (policy === null) return rowNotForOutside(name, port) !== null;
  return narrowRowsForPort(name, port).length > 0 || isPolicyServer(policy, flows.address(slot, 1));
}

/** A TCP connection that did not open, close or flow as it should. */
function isTroubled(pipeline: Pipeline, slot: number): boolean {
  const { flows, tcp } = pipeline;
  const flags = flows.flags(slot, 1);
  if ((flags & TCP_FLAG.syn) === 0 || ((flags | flows.flags(slot, 0)) & TCP_FLAG.rst) !== 0) return true;
  return ([0, 1] as const).some((side) => {
    const run = tcp.run(slot, side) ?? tcp.acknowledgedRun(slot, side);
    return run !== null && run.count >= SUSPICIOUS_RUN;
  });
}

function findSlot(pipeline: Pipeline, id: number): FlowCase | null {
  const { flows } = pipeline;
  for (let slot = 0; slot < flows.slots; slot++) {
    if (flows.isUsed(slot) && flows.id(slot) === id) return new SlotCase(pipeline, slot);
  }
  return null;
}

export function verdictOf(judgement: Judgement, flow: FlowCase): Verdict {
  const slot = flow instanceof SlotCase ? flow.slot : -1;
  const known = judgement.knownVerdicts.get(slot, flow.id);
  if (known !== null) return known;
  const verdict = judgement.byFlow.firstJudging(flow.id)?.verdict ?? defaultVerdict(flow, judgement.capture);
  judgement.knownVerdicts.set(slot, flow.id, verdict);
  return verdict;
}

/** Codes of the findings that judge a flow, gravest first. */
export function codesOf({ byFlow }: Judgement, { id }: FlowCase): readonly FindingCode[] {
  return [...new Set(byFlow.judging(id).map(({ code }) => code))];
}

/** The verdict of a flow that no finding judges. */
function defaultVerdict(flow: FlowCase, capture: CaptureCase): Verdict {
  if (flow.protocol === 'igmp' || flow.protocol === 'pim') return 'ok';
  // An attempt on a port of the web, of which nothing more is known, was most likely for a page.
  const isPage = flow.protocol === 'http' && flow.record?.carriesMedia !== true && flow.announced.length === 0;
  if (!flow.isStreaming || isPage) return 'background';
  if (flow.tcp !== null) return tcpDefault(flow.tcp, flow.packets);
  if (flow.announced.length === 0) return flow.packets[0] + flow.packets[1] > 0 ? 'ok' : 'undetermined';
  const media = flow.announced.map((announced) => ({ flow, announced }));
  if (media.some((each) => carriesMedia(each) || isServedElsewhere(each, capture))) return 'ok';
  if (!media.every(({ announced }) => announced.media.announcement.mayBeSilent)) return 'undetermined';
  const siblings = media.flatMap(({ announced }) => capture.announcedBy(announced.announcer));
  return siblings.some((sibling) => sibling.flow !== flow && carriesMedia(sibling)) ? 'ok' : 'undetermined';
}

function tcpDefault(tcp: NonNullable<FlowCase['tcp']>, packets: readonly [number, number]): Verdict {
  const isTwoWay = packets[0] > 0 && packets[1] > 0;
  switch (tcp.outcome) {
    case 'established':
    case 'closed':
    case 'reset':
      return 'ok';
    case 'midstream':
      // Acknowledged data shows that both directions work, also where the capture holds only one of them.
      return isTwoWay || tcp.acknowledgesData[0] || tcp.acknowledgesData[1] ? 'ok' : 'undetermined';
    case 'half-open':
      // The handshake's end is in the direction that the capture lacks.
      return tcp.acknowledgesData[0] || tcp.acknowledgesData[1] ? 'ok' : 'undetermined';
    default:
      return 'undetermined';
  }
}
