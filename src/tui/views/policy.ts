/** The rows of the port catalogue and the policy, and what the capture shows of each. */

import type { PolicyRow } from '../../analysis/snapshot.ts';
import { formatCount } from '../../format/count.ts';
import { describePorts, describeRow, describeSource, findRow } from '../../policy/catalogue.ts';
import type { QuerySubject } from '../../query/query-subject.ts';
import type { Verdict } from '../../verdict/finding.ts';
import type { Column } from '../columns.ts';
import type { Marks, Role } from '../theme.ts';
import { labelled } from './labelled.ts';
import { isFiltered, NOTHING_SAID, rowFilter } from './row-filter.ts';
import { arrayItems, tableView } from './table.ts';
import type { Scene, TextLine } from './view.ts';

type PolicyState = PolicyRow['state'];

/** What was seen stands before what was not, trouble first. */
const STATES: readonly PolicyState[] = ['blocked', 'refused', 'unexpected', 'undetermined', 'working', 'never-seen'];

const STATE_ROLES: Readonly<Record<PolicyState, Role>> = {
  blocked: 'blocked',
  refused: 'refused',
  unexpected: 'unexpected',
  undetermined: 'undetermined',
  working: 'ok',
  'never-seen': 'dim',
};

const filteredRules = rowFilter<PolicyRow>({ verdict: verdictOf, subjects: ruleSubjects });

export const policyView = tableView<PolicyRow>({
  items: (scene) => arrayItems(filteredRules(scene.data.snapshot.policy, scene).toSorted((a, b) => rank(a) - rank(b))),
  columns: ruleColumns,
  identify: ({ rule }) => rule,
  emptyText: ({ state }) => (isFiltered(state) ? 'No rule matches the filter. Esc clears it.' : 'No rules.'),
  foot: ruleLines,
  footRows: 4,
  open: ({ rule, site, flowCount, flows }) => {
    if (flowCount === 0) return null;
    // Flows know their catalogue row alone.
    return { kind: 'flows', where: site === undefined ? `rule:${rule}` : `id:${flows.join(',')}` };
  },
});

function verdictOf({ state }: PolicyRow): Verdict | null {
  if (state === 'never-seen') return null;
  return state === 'working' ? 'ok' : state;
}

/** A rule as flows to each port that the filter may mean: the ends of its ranges, and what the filter names within them. */
function ruleSubjects(row: PolicyRow, { state }: Scene): QuerySubject[] {
  const known = findRow(row.rule);
  const protocol = known?.protocol ?? row.site?.protocol ?? '';
  const named = Array.from(state.filter.matchAll(/\d+/g), ([digits]) => Number(digits));
  const ports = Array.from(portText(row).matchAll(/(\d+)(?:-(\d+))?/g), ([, first = '', last = first]) => {
    const [least, most] = [Number(first), Number(last)];
    return [least, most, ...named.filter((port) => least <= port && port <= most)];
  }).flat();
  const said: QuerySubject = {
    ...NOTHING_SAID,
    verdict: verdictOf(row) ?? '',
    protocol: protocol.toLowerCase(),
    protocolLabel: protocol,
    rule: row.rule,
    text: [row.rule, row.state, portText(row), known === null ? '' : describeRow(known), row.site?.text].join('\n'),
  };
  const transports = known?.transports ?? [];
  return (transports.length === 0 ? [''] : transports).flatMap((transport) =>
    (ports.length === 0 ? [0] : ports).map((responderPort) => ({ ...said, transport, responderPort })),
  );
}

function rank({ state }: PolicyRow): number {
  return STATES.indexOf(state);
}

function ruleColumns({ marks }: Scene): Column<PolicyRow>[] {
  const known = (rule: PolicyRow) => findRow(rule.rule);
  const protocolText = (rule: PolicyRow) => known(rule)?.protocol ?? rule.site?.protocol ?? '';
  return [
    { title: 'State', width: 12, rank: 0, cell: ({ state }) => [stateText(state, marks), STATE_ROLES[state]] },
    {
      title: 'Flows',
      width: 7,
      align: 'right',
      rank: 0,
      cell: ({ flowCount }) => (flowCount === 0 ? '' : formatCount(flowCount)),
      order: ({ flowCount }) => flowCount,
    },
    {
      title: 'Protocol',
      width: 12,
      most: 26,
      rank: 0,
      cell: protocolText,
      order: protocolText,
    },
    { title: 'Ports', width: 11, rank: 0, cell: portText, order: firstPort },
    { title: 'Rule', width: 16, most: 24, rank: 1, cell: ({ rule }) => [rule, 'dim'], order: ({ rule }) => rule },
    { title: 'Open', width: 12, rank: 3, cell: (rule) => known(rule)?.openOnFirewall ?? '' },
    {
      title: 'Scenario',
      width: 20,
      most: 60,
      rank: 2,
      cell: (rule) => [known(rule)?.scenario ?? rule.site?.text ?? '', 'dim'],
    },
  ];
}

function stateText(state: PolicyState, marks: Marks): string {
  if (state === 'never-seen') return `${marks.dot} never seen`;
  return `${marks.verdict[state === 'working' ? 'ok' : state]} ${state}`;
}

function portText({ rule, site }: PolicyRow): string {
  const row = findRow(rule);
  if (row === null) return site?.ports ?? '';
  return row.ports === null ? 'site setting' : describePorts(row.ports);
}

/** Ports in words begin with the lowest; those that a site sets come last. */
function firstPort(rule: PolicyRow): string | null {
  const [, port] = /^(\d+)/.exec(portText(rule)) ?? [];
  return port === undefined ? null : port.padStart(5, '0');
}

function ruleLines({ rule, site }: PolicyRow, { width }: Scene): TextLine[] {
  const known = findRow(rule);
  if (site !== undefined) return [...labelled('Rule', site.text, width), ...labelled('Source', site.source, width)];
  if (known === null) return [];
  return [...labelled('Rule', describeRow(known), width), ...labelled('Source', describeSource(known), width)];
}
