/** What a report is made from: an analysis, and the part of it that the report speaks of. */

import type { Analysis, FlowDetail, FlowRow, Snapshot } from '../analysis/snapshot.ts';
import type { Recall } from '../capture/frame-batch.ts';
import { NO_NAMES, type SideNames } from '../policy/side-names.ts';
import type { Finding } from '../verdict/finding.ts';
import type { Change } from './baseline.ts';

/** Who made the report. */
export interface Tool {
  readonly name: string;
  readonly version: string;
}

export interface ReportSource {
  readonly tool: Tool;
  /** Of a finished analysis, with only the findings and groups that the report speaks of. */
  readonly snapshot: Snapshot;
  /** All flows that the report speaks of, by id, never all in memory at once. */
  flows(): AsyncGenerator<readonly FlowRow[]>;
  /** The gravest flows that are not background, at most `count`, and how many there are. */
  gravestFlows(count: number): Promise<{ readonly rows: readonly FlowRow[]; readonly matched: number }>;
  flow(id: number): Promise<FlowDetail | null>;
  /** The expression that selects what the report speaks of; empty for all. */
  readonly scope: string;
  /** Since an earlier report; null where there is none. */
  readonly change: Change | null;
  /** What the policy of the site calls an address. */
  readonly sideOf: SideNames;
  /** As of the analysis. */
  recall(folder: string): Promise<Recall | null>;
}

/** Rows asked for at a time: large enough that the cost of asking does not show, small enough to hold. */
const WINDOW_ROWS = 2000;

export class UnknownFinding extends Error {
  override readonly name = 'UnknownFinding';
}

/** `where` is a filter expression that is known to be sound; empty for all flows. */
export function reportOnCapture(analysis: Analysis, snapshot: Snapshot, tool: Tool, where = ''): ReportSource {
  return {
    tool,
    snapshot,
    flows: () => readFlows(analysis, where),
    gravestFlows: async (count) => {
      const expression = where === '' ? '!background' : `(${where}) !background`;
      return analysis.flows({ where: expression, sort: 'verdict', descending: false, offset: 0, count });
    },
    flow: (id) => analysis.flow(id),
    scope: '',
    change: null,
    sideOf: NO_NAMES,
    recall: (folder) => analysis.recall(folder),
  };
}

/** The same about some findings, each named by its id or the beginning of it; throws `UnknownFinding`. */
export function reportOnFindings(
  analysis: Analysis,
  snapshot: Snapshot,
  tool: Tool,
  ids: readonly string[],
): ReportSource {
  const chosen = new Set(ids.map((id) => findFinding(snapshot, id)));
  const findings = snapshot.findings.filter((finding) => chosen.has(finding));
  const flows = [...new Set(findings.flatMap((finding) => [...finding.flows, ...finding.related]))];
  const groups = new Set(findings.flatMap((finding) => finding.groups));
  const part: Snapshot = {
    ...snapshot,
    findings,
    multicast: snapshot.multicast.filter((row) => groups.has(row.group)),
  };
  // No flow has the id 0: a finding about groups alone selects none.
  return reportOnCapture(analysis, part, tool, `id:${flows.length === 0 ? 0 : flows.join(',')}`);
}

function findFinding({ findings }: Snapshot, id: string): Finding {
  const exact = findings.find((finding) => finding.id === id);
  if (exact !== undefined) return exact;
  const [finding, ...others] = findings.filter((each) => each.id.startsWith(id));
  if (finding === undefined) throw new UnknownFinding(`no finding has the id '${id}'`);
  if (others.length > 0) throw new UnknownFinding(`${others.length + 1} findings have an id that begins with '${id}'`);
  return finding;
}

async function* readFlows(analysis: Analysis, where: string): AsyncGenerator<readonly FlowRow[]> {
  let offset = 0;
  for (;;) {
    const window = await analysis.flows({ where, sort: 'id', descending: false, offset, count: WINDOW_ROWS });
    if (window.rows.length > 0) yield window.rows;
    offset += window.rows.length;
    if (window.rows.length === 0 || offset >= window.matched) return;
  }
}
