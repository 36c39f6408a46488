/** Makes one finding of drafts that have one cause: forty clients that cannot reach one server are one finding. */

import { formatCount } from '../format/count.ts';
import { displayFilter } from './display-filter.ts';
import type { Draft, Story } from './draft.ts';
import { type Evidence, type Finding, VERDICTS, type Verdict } from './finding.ts';
import { type FlowCase, formatEndpoint } from './flow-case.ts';

const MOST_EVIDENCE = 40;
const MOST_FILTER_FLOWS = 8;
const MOST_NAMES = 3;

/** Drafts whose words and proof are told; of the others of one cause only their flows are kept: an outage makes tens of thousands. */
const MOST_TOLD = MOST_EVIDENCE / 2;

/** Drafts of one code, verdict and group key: one finding. */
class DraftGroup {
  /** The first ones; the very first speaks for all. */
  readonly told: [Draft, ...Draft[]];
  readonly flows = new Set<FlowCase>();
  readonly related = new Set<number>();
  readonly groups = new Set<string>();
  count = 0;
  isConfirmed = true;

  constructor(first: Draft) {
    this.told = [first];
    this.#note(first);
  }

  add(draft: Draft): void {
    if (this.count < MOST_TOLD) this.told.push(draft);
    this.#note(draft);
  }

  #note({ certainty, flows, related, groups }: Draft): void {
    this.count++;
    if (certainty !== 'confirmed') this.isConfirmed = false;
    for (const flow of flows) this.flows.add(flow);
    for (const id of related) this.related.add(id);
    for (const group of groups) this.groups.add(group);
  }
}

/** What speaks against a flow. */
export type Failure = Pick<Draft, 'code' | 'verdict'>;

const FAILURES: ReadonlySet<Verdict> = new Set(['blocked', 'refused', 'undetermined']);

/** Takes the drafts of all checks, one after the other, and makes findings of them. */
export class DraftGroups {
  /** By group key first: of tens of thousands of drafts no longer key has to be written. */
  readonly #byKey = new Map<string, DraftGroup[]>();
  readonly #groups: DraftGroup[] = [];

  add(draft: Draft): void {
    const alike = this.#byKey.get(draft.groupKey);
    const known = alike?.find(({ told: [first] }) => first.verdict === draft.verdict && first.code === draft.code);
    if (known !== undefined) {
      known.add(draft);
      return;
    }
    const group = new DraftGroup(draft);
    this.#groups.push(group);
    if (alike === undefined) this.#byKey.set(draft.groupKey, [group]);
    else alike.push(group);
  }

  addAll(drafts: readonly Draft[]): void {
    for (const draft of drafts) this.add(draft);
  }

  /** The gravest of what speaks against each of these flows so far, by id. */
  failures(ids: ReadonlySet<number>): ReadonlyMap<number, Failure> {
    const failures = new Map<number, Failure>();
    for (const { told, flows } of this.#groups) {
      const [first] = told;
      if (!FAILURES.has(first.verdict)) continue;
      for (const { id } of flows) {
        if (!ids.has(id)) continue;
        const known = failures.get(id);
        if (known === undefined || isGraver(first.verdict, known.verdict)) failures.set(id, first);
      }
    }
    return failures;
  }

  toFindings(): Finding[] {
    return this.#groups.map((group) => {
      const [{ code, groupKey, verdict }] = group.told;
      const isOutdone = this.#byKey
        .get(groupKey)
        ?.some(({ told: [other] }) => other.code === code && isGraver(other.verdict, verdict));
      return toFinding(group, isOutdone !== true);
    });
  }
}

function isGraver(one: Verdict, other: Verdict): boolean {
  return VERDICTS.indexOf(one) < VERDICTS.indexOf(other);
}

/**
 * What is one cause keeps its id when its verdict changes, so that it can be told to be worse than before; where one cause
 * has several verdicts, the gravest has that id.
 */
function toFinding(group: DraftGroup, isGravest: boolean): Finding {
  const [first] = group.told;
  const stories = group.told.map((draft) => draft.tell());
  const story = stories[0] as Story;
  const { flows, initiators, senders, related } = gather(group);
  const quotes = new Set(stories.flatMap((each) => each.quotes ?? []));
  return {
    id: `${first.code}-${hash(isGravest ? first.groupKey : `${first.verdict} ${first.groupKey}`)}`,
    code: first.code,
    verdict: first.verdict,
    certainty: group.isConfirmed ? 'confirmed' : 'inferred',
    cause: first.cause,
    where: first.where,
    title: titleOf(group, story, senders.size > 0 ? senders : initiators),
    explanation: story.why,
    nextStep: story.nextStep,
    rule: first.rule,
    flows,
    related: [...related],
    groups: [...group.groups],
    evidence: mergeEvidence(stories),
    displayFilter: displayFilter(flowsToShow(group), group.groups),
    ...(quotes.size === 0 ? {} : { quotes: [...quotes] }),
    viewers: Math.max(1, initiators.size),
  };
}

function gather(group: DraftGroup) {
  const flows: number[] = [];
  const initiators = new Set<string>();
  /** Of flows that are there: of one that was announced in vain nobody has begun to send. */
  const senders = new Set<string>();
  const related = new Set(group.related);
  for (const flow of group.flows) {
    flows.push(flow.id);
    related.delete(flow.id);
    initiators.add(viewerOf(flow));
    if (flow.packets[0] + flow.packets[1] > 0) senders.add(flow.initiator.address);
  }
  return { flows, initiators, senders, related };
}

/** Of announced media it is who asked for it, whichever end sent first. */
function viewerOf({ announced: [first], initiator, responder, isMulticast }: FlowCase): string {
  return first === undefined || isMulticast || first.initiatorEnd === 0 ? initiator.address : responder.address;
}

function titleOf({ told: [first], count }: DraftGroup, story: Story, initiators: ReadonlySet<string>): string {
  if (story.title !== undefined) return story.title;
  const subject = story.subject ?? subjectOf(first, initiators);
  const others = count > 1 && story.subject !== undefined ? ` (and ${count - 1} more like it)` : '';
  return `${subject}${others} ${wordsOf(first.verdict)}: ${story.what}`;
}

function wordsOf(verdict: Verdict): string {
  switch (verdict) {
    case 'blocked':
    case 'refused':
    case 'unexpected':
      return `is ${verdict}`;
    case 'undetermined':
      return 'cannot be judged';
    case 'ok':
    case 'background':
      return 'is worth knowing';
  }
}

/** `RTSP from 10.10.1.10 to 10.10.2.20:554`, with the number of initiators where there are several. */
function subjectOf(draft: Draft, initiators: ReadonlySet<string>): string {
  const flow = draft.flows[0];
  if (flow === undefined) return 'Traffic';
  const names = [...initiators].slice(0, MOST_NAMES).join(', ');
  const from =
    initiators.size === 1
      ? flow.initiator.address
      : `${formatCount(initiators.size)} hosts (${names}${initiators.size > MOST_NAMES ? ', …' : ''})`;
  return `${flow.label} from ${from} to ${formatEndpoint(flow.responder)}`;
}

/** Of each story the first pieces, in order of time; what several stories rest on is said once. */
function mergeEvidence(stories: readonly Story[]): Evidence[] {
  const each = Math.max(2, Math.floor(MOST_EVIDENCE / stories.length));
  const all = stories.flatMap(({ evidence }) => evidence.slice(0, each));
  const unique = new Map(all.map((item) => [`${item.capture} ${item.frame} ${item.fact}`, item]));
  return [...unique.values()].slice(0, MOST_EVIDENCE).sort((a, b) => a.time - b.time || a.frame - b.frame);
}

function flowsToShow({ told }: DraftGroup): readonly FlowCase[] {
  const flows = told.slice(0, MOST_FILTER_FLOWS).flatMap((draft) => draft.flows);
  return flows.slice(0, MOST_FILTER_FLOWS);
}

/** FNV-1a, 32 bits: short and stable, nothing secret hangs on it. */
function hash(text: string): string {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  return (value >>> 0).toString(16).padStart(8, '0');
}
