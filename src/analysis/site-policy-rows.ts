/** What the capture shows of each rule of the site's policy; alternatives are judged together. */

import { describePorts, describeSource } from '../policy/catalogue.ts';
import type { SitePolicy, SiteRule } from '../policy/site-policy.ts';
import { VERDICTS, type Verdict } from '../verdict/finding.ts';
import { answerOfPolicy } from '../verdict/policy-answer.ts';
import { type Judgement, verdictOf } from './judgement.ts';
import type { PolicyRow } from './snapshot.ts';

const MOST_RULE_FLOWS = 20;

/** What a rule's flows came to. */
export class RuleTally {
  count = 0;
  readonly flows: number[] = [];
  readonly verdicts = new Set<Verdict>();

  note(flow: number, verdict: Verdict): void {
    this.count++;
    this.verdicts.add(verdict);
    if (this.flows.length < MOST_RULE_FLOWS) this.flows.push(flow);
  }

  /** The worst decides: a rule that fails one viewer is not working. */
  get state(): PolicyRow['state'] {
    const worst = VERDICTS.find((verdict) => this.verdicts.has(verdict));
    if (worst === undefined) return 'never-seen';
    if (worst === 'blocked' || worst === 'refused' || worst === 'unexpected') return worst;
    return worst === 'undetermined' && !this.verdicts.has('ok') ? worst : 'working';
  }

  toRow(rule: string): PolicyRow {
    return { rule, state: this.state, flowCount: this.count, flows: this.flows };
  }
}

/** One row for each rule, in the policy's order, then one for each group of alternatives. */
export function sitePolicyRows(policy: SitePolicy, judgement: Judgement): PolicyRow[] {
  const tallies = new Map<SiteRule, RuleTally>(policy.rules.map((rule) => [rule, new RuleTally()]));
  for (const flow of judgement.capture.flows) {
    const answer = answerOfPolicy(flow, judgement.capture);
    if (answer === null || answer.kind === 'unlisted') continue;
    const verdict = verdictOf(judgement, flow);
    const rules = answer.kind === 'permitted' ? answer.rules : [answer.rule];
    for (const rule of rules) tallies.get(rule)?.note(flow.id, verdict);
  }
  const rows = [...tallies].map(([rule, tally]) => ({ ...tally.toRow(rule.id), site: siteText(rule) }));
  return [...rows, ...groupRows(tallies)];
}

function siteText(rule: SiteRule): NonNullable<PolicyRow['site']> {
  const { row, transports, ports, opener, acceptor } = rule;
  return {
    protocol: row.protocol,
    ports: `${transports.join('/').toUpperCase()} ${describePorts(ports)}`,
    text: `${opener.label} to ${acceptor.label}: ${row.note}`,
    source: describeSource(row),
  };
}

function groupRows(tallies: ReadonlyMap<SiteRule, RuleTally>): PolicyRow[] {
  const groups = new Map<string, SiteRule[]>();
  for (const rule of tallies.keys()) {
    if (rule.group !== null) groups.set(rule.group, [...(groups.get(rule.group) ?? []), rule]);
  }
  return [...groups].map(([group, rules]) => {
    const members = rules.map((rule) => tallies.get(rule) ?? new RuleTally());
    const states = members.map(({ state }) => state);
    const worst = members.map(({ state }) => state).find((state) => state !== 'never-seen') ?? 'never-seen';
    return {
      rule: group,
      state: states.includes('working') ? 'working' : worst,
      flowCount: members.reduce((sum, { count }) => sum + count, 0),
      flows: members.flatMap(({ flows }) => flows).slice(0, MOST_RULE_FLOWS),
      site: {
        protocol: 'one of',
        ports: rules.map(({ ports }) => describePorts(ports)).join(', '),
        text: `at least one must be open: ${rules.map(({ id }) => id).join(', ')}`,
        source: rules[0] === undefined ? '' : describeSource(rules[0].row),
      },
    };
  });
}
