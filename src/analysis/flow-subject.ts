/** One flow as a filter asks about it: answers come straight from the tables, so that a word finds its flow among many. */

import type { RtpStreamRow } from '../protocol/rtp/stream-row.ts';
import type { QuerySubject } from '../query/query-subject.ts';
import type { FlowCase } from '../verdict/flow-case.ts';
import { SlotCase } from './flow-cases.ts';
import type { FlowEnds } from './flow-ends.ts';
import { codesOf, type Judgement, verdictOf } from './judgement.ts';
import { rtpStreamsOf, transportsOf } from './media-rows.ts';
import type { Pipeline } from './pipeline.ts';
import { programmeNamesOf } from './transport-rows.ts';

const NS_PER_SECOND = 1e9;

export class FlowSubject implements QuerySubject {
  readonly #pipeline: Pipeline;
  readonly #judgement: Judgement;
  readonly #ends: FlowEnds;
  readonly #flow: FlowCase;

  constructor(pipeline: Pipeline, judgement: Judgement, ends: FlowEnds, flow: FlowCase) {
    this.#pipeline = pipeline;
    this.#judgement = judgement;
    this.#ends = ends;
    this.#flow = flow;
  }

  /** -1 for an announced flow that no packet reached. */
  get #slot(): number {
    return this.#flow instanceof SlotCase ? this.#flow.slot : -1;
  }

  get id(): number {
    return this.#flow.id;
  }
  get transport(): string {
    return this.#flow.transport;
  }
  get protocol(): string | null {
    return this.#flow.protocol;
  }
  get protocolLabel(): string {
    return this.#flow.label;
  }
  get confidence(): string {
    return this.#flow.confidence;
  }
  get verdict(): string {
    return verdictOf(this.#judgement, this.#flow);
  }
  get codes(): readonly string[] {
    return codesOf(this.#judgement, this.#flow);
  }
  get outcome(): string {
    return this.#flow.tcp?.outcome ?? 'none';
  }
  get rule(): string | null {
    return this.#flow.row?.id ?? null;
  }
  get initiatorAddress(): string {
    return this.#ends.address(this.#flow, 0);
  }
  get responderAddress(): string {
    return this.#ends.address(this.#flow, 1);
  }
  get initiatorIpv4(): number {
    return this.#ends.ipv4(this.#flow, 0);
  }
  get responderIpv4(): number {
    return this.#ends.ipv4(this.#flow, 1);
  }
  get initiatorPort(): number {
    return this.#ends.port(this.#flow, 0);
  }
  get responderPort(): number {
    return this.#ends.port(this.#flow, 1);
  }
  get vlans(): readonly number[] {
    const { flows } = this.#pipeline;
    const slot = this.#slot;
    return slot < 0 ? [] : flows.vlans(slot);
  }
  get packets(): number {
    return this.#flow.packets[0] + this.#flow.packets[1];
  }
  get bytes(): number {
    return this.#flow.bytes[0] + this.#flow.bytes[1];
  }
  get loss(): number | null {
    return this.#flow instanceof SlotCase ? worstLoss(rtpStreamsOf(this.#pipeline, this.#flow)) : null;
  }
  get firstTime(): number | null {
    return this.#slot < 0 ? null : this.#seconds(this.#flow.firstTime);
  }
  get lastTime(): number | null {
    return this.#slot < 0 ? null : this.#seconds(this.#pipeline.flows.lastTime(this.#slot));
  }
  get text(): string {
    const { flows, decoder } = this.#pipeline;
    const { record } = this.#flow;
    const tunnel = this.#slot < 0 ? 0 : flows.tunnel(this.#slot);
    if (record === null && tunnel === 0) return '';
    const facts = record === null ? [] : [record.variant, ...record.facts.values(), ...this.#programmes];
    return [...facts, tunnel === 0 ? '' : decoder.tunnels.describe(tunnel)].join(' ');
  }

  get #programmes(): readonly string[] {
    if (!(this.#flow instanceof SlotCase)) return [];
    const transports = transportsOf(this.#pipeline, this.#flow);
    return transports.map((transport) => programmeNamesOf(transport) ?? '');
  }

  #seconds(time: number): number {
    return this.#pipeline.originSeconds + time / NS_PER_SECOND;
  }
}

/** Percent, null without a stream. */
function worstLoss(streams: readonly RtpStreamRow[]): number | null {
  if (streams.length === 0) return null;
  return Math.max(...streams.map(({ lost, expected }) => (lost / expected) * 100));
}
