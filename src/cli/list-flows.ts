/** Flows of a finished analysis, for commands that need them all at once. */

import type { Analysis, FlowRow } from '../analysis/snapshot.ts';

/** More of them say nothing new about a policy. */
const MOST_FLOWS = 20_000;

/** Those that the expression selects, in order of their first packet. */
export async function listFlows(analysis: Analysis, where: string): Promise<readonly FlowRow[]> {
  const window = await analysis.flows({ where, sort: 'id', descending: false, offset: 0, count: MOST_FLOWS });
  return window.rows;
}
