/** Flows of a finished analysis, for commands that need them all at once. */

import type { Analysis, FlowRow } from '../analysis/snapshot.ts';
import { counted, formatCount } from '../format/count.ts';
import type { CliHost } from './host.ts';

/** More of them say nothing new about a policy. */
const MOST_FLOWS = 20_000;

/** Those that the expression selects, in order of their first packet; complains where they are too many. */
export async function listFlows(
  host: Pick<CliHost, 'complain'>,
  analysis: Analysis,
  where: string,
): Promise<readonly FlowRow[]> {
  const { rows, matched } = await analysis.flows({
    ...{ where, sort: 'id', descending: false, offset: 0, count: MOST_FLOWS },
  });
  if (matched > rows.length)
    host.complain(`mediatap: only the first ${formatCount(rows.length)} of ${counted(matched, 'flow')} were looked at`);
  return rows;
}
