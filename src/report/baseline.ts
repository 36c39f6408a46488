/** What is new, worse or gone since an earlier report: findings are the same where their ids are, rules where their names are. */

import { POLICY_STATES, type PolicyState } from '../analysis/snapshot.ts';
import { printable } from '../format/text.ts';
import { type Finding, VERDICTS, type Verdict } from '../verdict/finding.ts';
import type { ReportSource } from './report-source.ts';

export interface BaselineFinding {
  readonly id: string;
  readonly verdict: Verdict;
  /** Safe to print. */
  readonly title: string;
}

/** What an earlier report says. */
export interface Baseline {
  readonly findings: readonly BaselineFinding[];
  /** What it showed of the rules of a policy. */
  readonly rules: ReadonlyMap<string, PolicyState>;
}

export interface Change {
  readonly newIds: readonly string[];
  readonly worse: readonly { readonly id: string; readonly before: Verdict }[];
  /** Found then and not now. */
  readonly gone: readonly BaselineFinding[];
  /** Found then and now, no graver than it was. */
  readonly same: number;
  /** Rules of the site's policy of which something else is seen now. */
  readonly rules: readonly RuleChange[];
}

export interface RuleChange {
  readonly rule: string;
  readonly before: PolicyState;
  readonly now: PolicyState;
}

export class BaselineError extends Error {
  override readonly name = 'BaselineError';
}

/** Of a JSON report of this program; throws `BaselineError` for anything else. */
export function readBaseline(text: string): Baseline {
  const report = parseObject(text);
  if (typeof report.schema !== 'string' || !report.schema.startsWith('mediatap.report/')) {
    throw new BaselineError('it is no report of mediatap in JSON');
  }
  if (!Array.isArray(report.findings)) throw new BaselineError('it holds no findings');
  const rules = Array.isArray(report.policy) ? report.policy.flatMap(readRule) : [];
  return { findings: report.findings.map(readFinding), rules: new Map(rules) };
}

function parseObject(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (isObject(value)) return value;
  } catch {
    throw new BaselineError('it is no JSON');
  }
  throw new BaselineError('it is no report of mediatap in JSON');
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function readFinding(value: unknown): BaselineFinding {
  const { id, verdict, title } = isObject(value) ? value : {};
  const known = VERDICTS.find((each) => each === verdict);
  if (typeof id !== 'string' || typeof title !== 'string' || known === undefined) {
    throw new BaselineError('one of its findings has no id, verdict or title');
  }
  return { id: printable(id), verdict: known, title: printable(title) };
}

function readRule(value: unknown): [string, PolicyState][] {
  const { rule, state } = isObject(value) ? value : {};
  const known = POLICY_STATES.find((each) => each === state);
  return typeof rule === 'string' && known !== undefined ? [[rule, known]] : [];
}

/** The same report with only the findings that are new or worse. */
export function sinceBaseline(source: ReportSource, baseline: Baseline): ReportSource {
  const { snapshot } = source;
  const before = new Map(baseline.findings.map((finding) => [finding.id, finding]));
  const isWorse = ({ id, verdict }: Finding): boolean => {
    const known = before.get(id);
    return known !== undefined && VERDICTS.indexOf(verdict) < VERDICTS.indexOf(known.verdict);
  };
  const findings = snapshot.findings.filter((finding) => !before.has(finding.id) || isWorse(finding));
  const present = new Set(snapshot.findings.map(({ id }) => id));
  const change: Change = {
    newIds: findings.filter(({ id }) => !before.has(id)).map(({ id }) => id),
    worse: findings.flatMap(({ id }) => {
      const known = before.get(id);
      return known === undefined ? [] : [{ id, before: known.verdict }];
    }),
    gone: baseline.findings.filter(({ id }) => !present.has(id)),
    same: snapshot.findings.length - findings.length,
    rules: snapshot.policy.flatMap(({ rule, state, site }) => {
      const known = baseline.rules.get(rule);
      return site === undefined || known === undefined || known === state ? [] : [{ rule, before: known, now: state }];
    }),
  };
  return { ...source, snapshot: { ...snapshot, findings }, change };
}
