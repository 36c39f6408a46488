/** Findings one per line for spreadsheets. */

import type { Snapshot } from '../analysis/snapshot.ts';
import { formatTimestamp } from '../format/time.ts';
import { csvLine } from './escape-csv.ts';

const HEAD = [
  'id',
  'code',
  'verdict',
  'certainty',
  'cause',
  'where',
  'title',
  'explanation',
  'next_step',
  'rule',
  'viewers',
  'flows',
  'first_frame',
  'first_time',
  'display_filter',
];

export function findingsCsv({ findings, originSeconds }: Snapshot): string {
  const lines = findings.map((finding) => {
    const [first] = finding.evidence;
    return csvLine([
      finding.id,
      finding.code,
      finding.verdict,
      finding.certainty,
      finding.cause,
      finding.where,
      finding.title,
      finding.explanation,
      finding.nextStep,
      finding.rule,
      finding.viewers,
      finding.flows.join(' '),
      first?.frame ?? null,
      first === undefined ? null : formatTimestamp(first.time, originSeconds),
      finding.displayFilter,
    ]);
  });
  return [csvLine(HEAD), ...lines].join('');
}
