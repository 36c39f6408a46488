/** Rows of flows for people and reports, made for the few that are asked for. */

import { formatCount } from '../format/count.ts';
import { printable } from '../format/text.ts';
import { type FlowCase, firstFrameOf } from '../verdict/flow-case.ts';
import { mediaDirection } from '../verdict/media-flow.ts';
import { communityId } from './community-id.ts';
import { SlotCase } from './flow-cases.ts';
import { codesOf, type Judgement, verdictOf } from './judgement.ts';
import { describeLossPlace } from './loss-place.ts';
import type { MeasuredStreamRow, MediaRow } from './measured-media.ts';
import { mediaRow } from './media-rows.ts';
import { missingProof } from './missing-proof.ts';
import type { Pipeline } from './pipeline.ts';
import type { FlowRow, TcpOutcome } from './snapshot.ts';

export function flowRow(pipeline: Pipeline, judgement: Judgement, flow: FlowCase): FlowRow {
  const { flows, contents, decoder } = pipeline;
  const slot = flow instanceof SlotCase ? flow.slot : -1;
  const codes = codesOf(judgement, flow);
  const announced = flow.announced[0];
  const hasPackets = slot >= 0;
  const media = flow instanceof SlotCase ? mediaRow(pipeline, flow) : null;
  const tunnel = hasPackets ? flows.tunnel(slot) : 0;
  const verdict = verdictOf(judgement, flow);
  const facts = factsOf(flow, contents.controls.get(slot)?.record.variant ?? '', media);
  if (verdict === 'undetermined' && codes.length === 0) facts.missing = missingProof(flow);
  return {
    id: flow.id,
    transport: flow.transport,
    initiator: flow.initiator,
    responder: flow.responder,
    vlans: hasPackets ? flows.vlans(slot) : [],
    tunnel: tunnel === 0 ? null : decoder.tunnels.describe(tunnel),
    protocol: flow.protocol,
    protocolLabel: flow.label,
    confidence: flow.confidence,
    announcedBy: announced?.announcer ?? null,
    announcedHow: announced === undefined ? null : printable(announced.media.announcement.how, 80),
    announcedDirection: announcedDirection(flow),
    outcome: (flow.tcp?.outcome ?? 'none') as TcpOutcome,
    verdict,
    codes,
    rule: flow.row?.id ?? null,
    packets: { toResponder: flow.packets[0], toInitiator: flow.packets[1] },
    bytes: hasPackets
      ? { toResponder: flows.bytes(slot, 0), toInitiator: flows.bytes(slot, 1) }
      : { toResponder: 0, toInitiator: 0 },
    duplicates: hasPackets ? pipeline.copies.count(slot) : 0,
    firstTime: hasPackets ? flow.firstTime : null,
    lastTime: hasPackets ? flows.lastTime(slot) : null,
    firstFrame: firstFrameOf(flow) || null,
    capture: flow.capture,
    communityId: communityId(flow.transport, flow.initiator, flow.responder),
    facts,
    media,
  };
}

function announcedDirection(flow: FlowCase): FlowRow['announcedDirection'] {
  const [announced] = flow.announced;
  if (announced === undefined || announced.media.announcement.sends === 'both') return null;
  return mediaDirection({ flow, announced }) === 0 ? 'toResponder' : 'toInitiator';
}

function factsOf(flow: FlowCase, variant: string, media: MediaRow | null): Record<string, string> {
  const facts: Record<string, string> = {};
  if (variant !== '') facts.variant = printable(variant, 80);
  for (const [name, value] of flow.record?.facts ?? []) facts[name] = printable(value, 512);
  const codecs = flow.announced.flatMap(({ media }) => media.announcement.formats.map((format) => format.encoding));
  if (codecs.length > 0) facts.codec ??= printable([...new Set(codecs)].join(', '), 120);
  for (const stream of media?.streams ?? []) addTransportFacts(facts, stream);
  const losses = (media?.streams ?? []).map(describeLossPlace).filter((sentence) => sentence !== '');
  if (losses[0] !== undefined) facts.loss = losses[0];
  return facts;
}

function addTransportFacts(facts: Record<string, string>, { transport, codec }: MeasuredStreamRow): void {
  if (transport === null) return;
  if (codec !== null) facts.codec = codec;
  const names = transport.programmes.map(({ name }) => name).filter((name) => name !== null);
  if (names.length > 0) facts.programme ??= names.join(', ');
  const { continuityErrors, lostCells } = transport;
  if (continuityErrors === null || lostCells === null || continuityErrors === 0) return;
  facts.continuity ??= `broken ${formatCount(continuityErrors)} times: at least ${formatCount(lostCells)} cells are missing`;
}
