/** What part of a capture a report or its evidence speaks of: findings, flows, hosts, times, or any expression. */

import { InvalidArgumentError, Option } from 'commander';
import type { Analysis, Snapshot } from '../analysis/snapshot.ts';
import { sideNames } from '../policy/side-names.ts';
import { compileQuery } from '../query/compile-query.ts';
import { narrowReport, withOwnTotals } from '../report/narrow-report.ts';
import { type ReportSource, reportOnCapture, reportOnFindings, type Tool } from '../report/report-source.ts';
import type { CaptureOptions } from './capture-command.ts';
import { parseWhere } from './list-command.ts';

export interface ScopeOptions {
  readonly finding: readonly string[];
  readonly flow?: string;
  readonly host?: string;
  readonly since?: string;
  readonly until?: string;
  readonly where?: string;
}

/** All of them must hold; each is checked, so that a mistake is told with the option in which it is. */
export function scopeOptions(): Option[] {
  return [
    new Option('--finding <id>', 'only this finding; may be given several times; the beginning of its id is enough')
      .argParser((id: string, ids: readonly string[]) => [...ids, id])
      .default([], 'all findings'),
    new Option('--flow <id>', 'only this flow, and what concerns it').argParser(parseValueOf('id')),
    new Option('--host <address>', 'only flows of this host or network').argParser(parseValueOf('host')),
    new Option('--since <time>', 'only flows seen then or later (UTC): 10:02, +30s, -5m').argParser(
      parseValueOf('since'),
    ),
    new Option('--until <time>', 'only flows seen then or earlier').argParser(parseValueOf('until')),
    new Option('-w, --where <expression>', 'only flows that match; see mediatap flows --help').argParser(parseWhere),
  ];
}

/** For the value of one field: quotes keep it from being more than that. */
function parseValueOf(field: string): (text: string) => string {
  return (text) => {
    const expression = `${field}:"${text.replaceAll('"', '')}"`;
    const query = compileQuery(expression);
    if (!query.ok) throw new InvalidArgumentError(`${query.error}.`);
    return expression;
  };
}

/** Throws `UnknownFinding`. */
export async function reportOnScope(
  analysis: Analysis,
  snapshot: Snapshot,
  tool: Tool,
  { finding, flow, host, since, until, where, policy }: ScopeOptions & Pick<CaptureOptions, 'policy'>,
): Promise<ReportSource> {
  const chosen =
    finding.length === 0
      ? reportOnCapture(analysis, snapshot, tool)
      : await withOwnTotals(reportOnFindings(analysis, snapshot, tool, finding));
  const base = { ...chosen, sideOf: sideNames(policy) };
  const parts = [flow, host, since, until, where === undefined ? undefined : `(${where})`];
  const expression = parts.filter((part) => part !== undefined).join(' ');
  if (expression === '') return base;
  return narrowReport(base, reportOnCapture(analysis, snapshot, tool, expression), expression);
}
