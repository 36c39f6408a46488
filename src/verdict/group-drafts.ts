/** Makes one finding of drafts that have one cause: forty clients that cannot reach one server are one finding. */

import { formatCount } from '../format/count.ts';
import { displayFilter } from './display-filter.ts';
import type { Draft, Story } from './draft.ts';
import { type Evidence, type Finding, VERDICTS, type Verdict } from './finding.ts';
import { type FlowCase, formatEndpoint } from './flow-case.ts';

const MOST_EVIDENCE = 40;
const MOST_FILTER_FLOWS = 8;
const MOST_NAMES = 3;

/** One finding for all drafts of one code, verdict and group key. */
export function toFindings(drafts: readonly Draft[]): Finding[] {
  // By group key first: of tens of thousands of drafts no longer key has to be written.
  const byKey = new Map<string, Draft[][]>();
  const groups: Draft[][] = [];
  for (const draft of drafts) {
    const alike = byKey.get(draft.groupKey);
    const known = alike?.find(([first]) => first?.verdict === draft.verdict && first.code === draft.code);
    if (known !== undefined) {
      known.push(draft);
      continue;
    }
    const group = [draft];
    groups.push(group);
    if (alike === undefined) byKey.set(draft.groupKey, [group]);
    else alike.push(group);
  }
  return groups.map((group) => {
    const { code, groupKey, verdict } = group[0] as Draft;
    const isOutdone = byKey.get(groupKey)?.some(([other]) => other?.code === code && isGraver(other.verdict, verdict));
    return toFinding(group, isOutdone !== true);
  });
}

function isGraver(one: Verdict, other: Verdict): boolean {
  return VERDICTS.indexOf(one) < VERDICTS.indexOf(other);
}

/**
 * `drafts` is not empty; the first one speaks for all. What is one cause keeps its id when its verdict changes, so that it
 * can be told to be worse than before; where one cause has several verdicts, the gravest has that id.
 */
function toFinding(drafts: readonly Draft[], isGravest: boolean): Finding {
  const first = drafts[0] as Draft;
  const stories = drafts.slice(0, MOST_EVIDENCE / 2).map((draft) => draft.tell());
  const story = stories[0] as Story;
  const { flows, initiators, senders, related, groups } = gather(drafts);
  const quotes = new Set(stories.flatMap((each) => each.quotes ?? []));
  return {
    id: `${first.code}-${hash(isGravest ? first.groupKey : `${first.verdict} ${first.groupKey}`)}`,
    code: first.code,
    verdict: first.verdict,
    certainty: drafts.every((draft) => draft.certainty === 'confirmed') ? 'confirmed' : 'inferred',
    cause: first.cause,
    where: first.where,
    title: titleOf(drafts, story, senders.size > 0 ? senders : initiators),
    explanation: story.why,
    nextStep: story.nextStep,
    rule: first.rule,
    flows: [...flows],
    related: [...related],
    groups: [...groups],
    evidence: mergeEvidence(stories),
    displayFilter: displayFilter(flowsToShow(drafts), groups),
    ...(quotes.size === 0 ? {} : { quotes: [...quotes] }),
    viewers: Math.max(1, initiators.size),
  };
}

function gather(drafts: readonly Draft[]) {
  const flows = new Set<number>();
  const initiators = new Set<string>();
  /** Of flows that are there: of one that was announced in vain nobody has begun to send. */
  const senders = new Set<string>();
  const related = new Set<number>();
  const groups = new Set<string>();
  for (const draft of drafts) {
    for (const flow of draft.flows) {
      flows.add(flow.id);
      initiators.add(flow.initiator.address);
      if (flow.packets[0] + flow.packets[1] > 0) senders.add(flow.initiator.address);
    }
    for (const id of draft.related) related.add(id);
    for (const group of draft.groups) groups.add(group);
  }
  for (const id of flows) related.delete(id);
  return { flows, initiators, senders, related, groups };
}

function titleOf(drafts: readonly Draft[], story: Story, initiators: ReadonlySet<string>): string {
  const first = drafts[0] as Draft;
  if (story.title !== undefined) return story.title;
  const subject = story.subject ?? subjectOf(first, initiators);
  const others = drafts.length > 1 && story.subject !== undefined ? ` (and ${drafts.length - 1} more like it)` : '';
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

function flowsToShow(drafts: readonly Draft[]): readonly FlowCase[] {
  const flows = drafts.slice(0, MOST_FILTER_FLOWS).flatMap((draft) => draft.flows);
  return flows.slice(0, MOST_FILTER_FLOWS);
}

/** FNV-1a, 32 bits: short and stable, nothing secret hangs on it. */
function hash(text: string): string {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  return (value >>> 0).toString(16).padStart(8, '0');
}
