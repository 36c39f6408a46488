/** The rows of a snapshot with pseudonyms: what is not known to be harmless is replaced or left out. */

import { communityId } from '../../analysis/community-id.ts';
import type { MeasuredStreamRow, ProgrammeRow } from '../../analysis/measured-media.ts';
import type {
  CaptureRow,
  EndpointRow,
  FlowDetail,
  FlowRow,
  GroupRow,
  LadderStep,
  PolicyRow,
  QualityNote,
  Snapshot,
} from '../../analysis/snapshot.ts';
import { describeGroup } from '../../format/multicast.ts';
import { findRow } from '../../policy/catalogue.ts';
import { FINDING_CODES, type Finding } from '../../verdict/finding.ts';
import type { Change } from '../baseline.ts';
import type { AnonymousText } from './anonymous-text.ts';
import type { Pseudonyms } from './pseudonyms.ts';

/** Facts of which the words of protocols may stay; all others are names of some kind, of which a pseudonym remains. */
const TECHNICAL_FACTS: ReadonlySet<string> = new Set([
  'audioCodec',
  'bitRate',
  'codec',
  'duration',
  'offered',
  'payloadType',
  'range',
  'streams',
  'transport',
  'videoCodec',
]);
/** Facts that are sentences of ours. */
const OWN_FACTS: ReadonlySet<string> = new Set(['continuity', 'loss', 'missing', 'variant']);

export class AnonymousRows {
  readonly #pseudonyms: Pseudonyms;
  readonly #text: AnonymousText;

  constructor(pseudonyms: Pseudonyms, text: AnonymousText) {
    this.#pseudonyms = pseudonyms;
    this.#text = text;
  }

  snapshot(snapshot: Snapshot): Snapshot {
    return {
      ...snapshot,
      failure: snapshot.failure === null ? null : 'its reason is withheld, since it may name files and interfaces.',
      captures: snapshot.captures.map((capture, index) => this.capture(capture, index)),
      findings: snapshot.findings.map((finding) => this.#finding(finding)),
      multicast: snapshot.multicast.map((group) => this.#group(group)),
      policy: snapshot.policy.map((row) => this.#policyRow(row)),
      quality: snapshot.quality.map((note): QualityNote => ({ ...note, text: this.qualityText(note) })),
    };
  }

  flow(flow: FlowRow): FlowRow {
    const initiator = this.endpoint(flow.initiator);
    const responder = this.endpoint(flow.responder);
    const facts = Object.entries(flow.facts).map(([name, value]) => [name, this.#fact(name, value)] as const);
    return {
      ...flow,
      initiator,
      responder,
      tunnel: flow.tunnel === null ? null : this.#text.sentence(flow.tunnel),
      rule: this.#rule(flow.rule),
      communityId: communityId(flow.transport, initiator, responder),
      facts: Object.fromEntries(facts),
      media: flow.media && { ...flow.media, streams: flow.media.streams.map((stream) => this.#stream(stream)) },
    };
  }

  detail(detail: FlowDetail): FlowDetail {
    return {
      ...detail,
      row: this.flow(detail.row),
      ladder: detail.ladder.map((step) => this.#step(step)),
      findings: detail.findings.map((finding) => this.#finding(finding)),
      related: detail.related.map((flow) => this.flow(flow)),
      displayFilter: this.#text.sentence(detail.displayFilter),
    };
  }

  address(address: string): string {
    return this.#pseudonyms.addressText(address);
  }

  endpoint({ address, port }: EndpointRow): EndpointRow {
    return { address: this.address(address), port };
  }

  /** Without its SHA-256, which would name the file to whoever has it too. */
  capture(capture: CaptureRow, index: number): CaptureRow {
    return {
      ...capture,
      file: anonymousFileName(index),
      sha256: null,
      warnings: capture.warnings.map(({ offset }) => ({ offset, text: 'A warning about the capture is withheld.' })),
      comments: [],
      interfaces: capture.interfaces.map((each) => ({ ...each, name: null, filter: null })),
    };
  }

  qualityText({ code, text }: QualityNote): string {
    if (code === 'filtered')
      return 'Captured with a filter, which is withheld: what it leaves out is not here, which proves nothing.';
    return this.#text.sentence(text);
  }

  #finding(finding: Finding): Finding {
    const { quotes = [], ...rest } = finding;
    const say = (text: string): string => this.#text.sentence(text, quotes);
    return {
      ...rest,
      id: this.#findingId(finding.id),
      title: say(finding.title),
      explanation: say(finding.explanation),
      nextStep: say(finding.nextStep),
      rule: this.#rule(finding.rule),
      groups: finding.groups.map((group) => this.address(group)),
      evidence: finding.evidence.map((item) => ({ ...item, fact: say(item.fact) })),
      displayFilter: say(finding.displayFilter),
    };
  }

  /** Of what is gone only the kind remains, since nothing is known of what its title repeats. */
  change({ newIds, worse, gone, same, rules }: Change): Change {
    return {
      newIds: newIds.map((id) => this.#findingId(id)),
      worse: worse.map(({ id, before }) => ({ id: this.#findingId(id), before })),
      gone: gone.map(({ id, verdict }) => ({ id: this.#findingId(id), verdict, title: '[withheld]' })),
      same,
      rules: rules.map((each) => ({ ...each, rule: this.#rule(each.rule) ?? each.rule })),
    };
  }

  /** The original one ends with a hash of addresses without a key: whoever tries all addresses finds them. */
  #findingId(id: string): string {
    const code = FINDING_CODES.find((each) => id.startsWith(`${each}-`)) ?? 'finding';
    return `${code}-${this.#pseudonyms.hash('finding', id)}`;
  }

  #group(group: GroupRow): GroupRow {
    const isPublic = group.name === null || describeGroup(group.group).name === group.name;
    return {
      ...group,
      group: this.address(group.group),
      name: isPublic ? group.name : this.#pseudonyms.name('group', group.name ?? ''),
      sources: group.sources.map((source) => this.address(source)),
      members: group.members.map((member) => ({ ...member, address: this.address(member.address) })),
      left: group.left.map((member) => ({ ...member, address: this.address(member.address) })),
      flows: group.flows.map((flow) => ({ ...flow, source: this.address(flow.source) })),
      querier: group.querier === null ? null : this.address(group.querier),
    };
  }

  /** Rules of the site are named by its people. */
  #policyRow({ site, ...row }: PolicyRow): PolicyRow {
    const rule = this.#rule(row.rule) ?? row.rule;
    if (site === undefined) return { ...row, rule };
    return { ...row, rule, site: { ...site, text: rule, source: 'the policy of the site' } };
  }

  #rule(rule: string | null): string | null {
    return rule === null || findRow(rule) !== null ? rule : this.#pseudonyms.name('rule', rule);
  }

  #fact(name: string, value: string): string {
    if (OWN_FACTS.has(name)) return this.#text.sentence(value);
    return TECHNICAL_FACTS.has(name) ? this.#text.quote(value) : this.#pseudonyms.name(name.toLowerCase(), value);
  }

  #stream(stream: MeasuredStreamRow): MeasuredStreamRow {
    const { codec, transport } = stream;
    return {
      ...stream,
      codec: codec === null ? null : this.#text.quote(codec),
      name: this.#nameOfEnd(stream.name),
      receivers: stream.receivers.map((receiver) => ({ ...receiver, name: this.#nameOfEnd(receiver.name) })),
      transport: transport && { ...transport, programmes: transport.programmes.map((each) => this.#programme(each)) },
    };
  }

  #nameOfEnd(name: string | null): string | null {
    return name === null ? null : this.#pseudonyms.name('cname', name);
  }

  #programme(programme: ProgrammeRow): ProgrammeRow {
    const { name, provider } = programme;
    return {
      ...programme,
      name: name === null ? null : this.#pseudonyms.name('programme', name),
      provider: provider === null ? null : this.#pseudonyms.name('provider', provider),
    };
  }

  #step(step: LadderStep): LadderStep {
    const [from, to] = [step.from, step.to].map((address) => this.address(address)) as [string, string];
    return { ...step, from, to, name: this.#text.quote(step.name), detail: this.#text.quote(step.detail) };
  }
}

/** -1: of a file that holds frames of a live capture. */
export function anonymousFileName(index: number): string {
  return index < 0 ? 'a live capture' : `capture-${index + 1}`;
}
