/** What is new, worse or gone since an earlier report: findings are the same where their ids are. */

import { printable } from '../format/text.ts';
import { type Finding, VERDICTS, type Verdict } from '../verdict/finding.ts';
import type { ReportSource } from './report-source.ts';

export interface BaselineFinding {
  readonly id: string;
  readonly verdict: Verdict;
  /** Safe to print. */
  readonly title: string;
}

export interface Change {
  readonly newIds: readonly string[];
  readonly worse: readonly { readonly id: string; readonly before: Verdict }[];
  /** Found then and not now. */
  readonly gone: readonly BaselineFinding[];
  /** Found then and now, no graver than it was. */
  readonly same: number;
}

export class BaselineError extends Error {
  override readonly name = 'BaselineError';
}

/** Of a JSON report of this program; throws `BaselineError` for anything else. */
export function readBaseline(text: string): BaselineFinding[] {
  const report = parseObject(text);
  if (typeof report.schema !== 'string' || !report.schema.startsWith('mediatap.report/')) {
    throw new BaselineError('it is no report of mediatap in JSON');
  }
  if (!Array.isArray(report.findings)) throw new BaselineError('it holds no findings');
  return report.findings.map(readFinding);
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

/** The same report with only the findings that are new or worse. */
export function sinceBaseline(source: ReportSource, baseline: readonly BaselineFinding[]): ReportSource {
  const { snapshot } = source;
  const before = new Map(baseline.map((finding) => [finding.id, finding]));
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
    gone: baseline.filter(({ id }) => !present.has(id)),
    same: snapshot.findings.length - findings.length,
  };
  return { ...source, snapshot: { ...snapshot, findings }, change };
}
