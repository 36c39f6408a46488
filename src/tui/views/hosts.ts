/** Who talks what with whom, failures first. */

import type { FlowRow } from '../../analysis/snapshot.ts';
import { formatBytes, formatCount } from '../../format/count.ts';
import { VERDICTS, type Verdict } from '../../verdict/finding.ts';
import type { Column } from '../columns.ts';
import { MOST_HOST_FLOWS } from '../flow-request.ts';
import { describeFlow, verdictSpan } from '../flow-text.ts';
import { span } from '../line.ts';
import { fitText } from '../text-width.ts';
import { labelled, labelledLines } from './labelled.ts';
import { isFiltered } from './row-filter.ts';
import { arrayItems, tableView } from './table.ts';
import { type Scene, type TextLine, text } from './view.ts';

/** All flows that one host opened to another. */
interface HostPair {
  readonly initiator: string;
  readonly responder: string;
  flows: number;
  problems: number;
  bytes: number;
  verdict: Verdict;
  /** Flows by protocol label. */
  readonly protocols: Map<string, number>;
  /** The first of them, gravest first. */
  readonly gravest: FlowRow[];
}

/** Flows of a pair that are told one by one. */
const MOST_TOLD = 40;
const VERDICT_WIDTH = 16;

export const hostsView = tableView<HostPair>({
  items: ({ data }) => arrayItems(pairHosts(data.hosts?.rows ?? [])),
  columns: hostColumns,
  identify: ({ initiator, responder }) => `${initiator} ${responder}`,
  emptyText({ data, state }) {
    if (data.hosts === null) return 'Asking for hosts';
    return isFiltered(state) ? 'No hosts match the filter. Esc clears it.' : 'No hosts in what was read.';
  },
  foot: pairLines,
  footRows: 4,
  footShare: 0.3,
  open: ({ initiator, responder }) => ({ kind: 'flows', where: `from:${initiator} to:${responder}` }),
  verdict: ({ verdict }) => verdict,
});

/** Pairs in the order of their gravest flows, for that is how the flows come; then those with most problems. */
function pairHosts(flows: readonly FlowRow[]): HostPair[] {
  const pairs = new Map<string, HostPair>();
  for (const flow of flows) {
    const key = `${flow.initiator.address} ${flow.responder.address}`;
    const pair = pairs.get(key) ?? startPair(flow);
    pairs.set(key, pair);
    addFlow(pair, flow);
  }
  return [...pairs.values()].sort((a, b) => rank(a) - rank(b) || b.problems - a.problems || b.bytes - a.bytes);
}

function startPair({ initiator, responder, verdict }: FlowRow): HostPair {
  const protocols = new Map<string, number>();
  return {
    initiator: initiator.address,
    responder: responder.address,
    flows: 0,
    problems: 0,
    bytes: 0,
    verdict,
    protocols,
    gravest: [],
  };
}

function addFlow(pair: HostPair, flow: FlowRow): void {
  const { verdict, bytes, protocolLabel } = flow;
  pair.flows++;
  if (pair.gravest.length < MOST_TOLD) pair.gravest.push(flow);
  pair.bytes += bytes.toResponder + bytes.toInitiator;
  pair.protocols.set(protocolLabel, (pair.protocols.get(protocolLabel) ?? 0) + 1);
  if (VERDICTS.indexOf(verdict) < rank(pair)) pair.verdict = verdict;
  if (verdict === 'blocked' || verdict === 'refused' || verdict === 'unexpected') pair.problems++;
}

function rank({ verdict }: HostPair): number {
  return VERDICTS.indexOf(verdict);
}

function hostColumns({ marks }: Scene): Column<HostPair>[] {
  return [
    { title: 'Worst', width: 14, rank: 0, cell: ({ verdict }) => [verdictSpan(verdict, marks).text, verdict] },
    {
      title: 'From',
      width: 15,
      cut: 'middle',
      most: 39,
      rank: 0,
      cell: ({ initiator }) => initiator,
      order: ({ initiator }) => initiator,
    },
    {
      title: 'To',
      width: 15,
      cut: 'middle',
      most: 39,
      rank: 0,
      cell: ({ responder }) => responder,
      order: ({ responder }) => responder,
    },
    {
      title: 'Flows',
      width: 7,
      align: 'right',
      rank: 1,
      cell: ({ flows }) => formatCount(flows),
      order: ({ flows }) => flows,
    },
    {
      title: 'Problems',
      width: 9,
      align: 'right',
      rank: 2,
      cell: ({ problems, verdict }) => (problems === 0 ? '' : [formatCount(problems), verdict]),
      order: ({ problems }) => problems,
    },
    {
      title: 'Bytes',
      width: 8,
      align: 'right',
      rank: 3,
      cell: ({ bytes }) => formatBytes(bytes),
      order: ({ bytes }) => bytes,
    },
    { title: 'Protocols', width: 16, most: 60, rank: 2, cell: protocolText },
  ];
}

function protocolText({ protocols }: HostPair): string {
  const sorted = [...protocols].sort(([, a], [, b]) => b - a);
  return sorted.map(([label, flows]) => `${label} ${formatCount(flows)}`).join(', ');
}

function pairLines(pair: HostPair, { data, width, marks }: Scene): TextLine[] {
  const { matched = 0 } = data.hosts ?? {};
  const part = `Only the gravest ${formatCount(MOST_HOST_FLOWS)} of ${formatCount(matched)} flows are counted here.`;
  const flows = pair.gravest.map((flow) =>
    text([
      span(fitText(verdictSpan(flow.verdict, marks).text, VERDICT_WIDTH), flow.verdict),
      span(`${describeFlow(flow, marks)}`),
      span(flow.codes.length === 0 ? '' : `  ${flow.codes.join(' ')}`, 'dim'),
    ]),
  );
  return [
    ...labelled('Protocols', `${protocolText(pair)} (flows of each). Enter shows the flows.`, width),
    ...(matched > MOST_HOST_FLOWS ? labelled('Limits', part, width) : []),
    ...labelledLines('Flows', flows),
  ];
}
