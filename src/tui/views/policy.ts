/** The rows of the port catalogue and the policy, and what the capture shows of each. */

import type { PolicyRow } from '../../analysis/snapshot.ts';
import { formatCount } from '../../format/count.ts';
import { describePorts, describeRow, describeSource, findRow } from '../../policy/catalogue.ts';
import { type Column, composeRow, composeTitles, fitColumns } from '../columns.ts';
import { line, span } from '../line.ts';
import type { Marks, Role } from '../theme.ts';
import { labelled } from './labelled.ts';
import { BLANK, type Row, row, type Scene, type View } from './view.ts';

const GUTTER = 2;
const DETAIL_ROWS = 4;

type PolicyState = PolicyRow['state'];

/** What was seen stands before what was not, trouble first. */
const STATES: readonly PolicyState[] = ['blocked', 'refused', 'unexpected', 'working', 'never-seen'];

const STATE_ROLES: Readonly<Record<PolicyState, Role>> = {
  blocked: 'blocked',
  refused: 'refused',
  unexpected: 'unexpected',
  working: 'ok',
  'never-seen': 'dim',
};

export const policyView: View = {
  shape: ({ data, height }) => ({
    kind: 'list',
    count: data.snapshot.policy.length,
    itemRows: 1,
    room: roomFor(height),
    titleRows: 1,
  }),
  draw(scene, { cursor, top }) {
    const { height, marks, width } = scene;
    const rules = ordered(scene);
    if (rules.length === 0) return [row(line('  No rules.', 'dim'))];
    const columns = fitColumns(ruleColumns(marks), width - GUTTER - 1);
    const rows = rules.slice(top, top + roomFor(height)).map((rule, index) => {
      const isSelected = top + index === cursor;
      const gutter = span(isSelected ? `${marks.cursor} ` : ' '.repeat(GUTTER), 'key');
      return row([gutter, ...composeRow(columns, rule)], isSelected);
    });
    const chosen = rules[cursor];
    const titles = row([span(' '.repeat(GUTTER)), ...composeTitles(columns, '', '')]);
    return [titles, ...rows, BLANK, ...(chosen === undefined ? [] : detailRows(chosen, width))].slice(0, height);
  },
  open(scene, cursor) {
    const flow = ordered(scene)[cursor]?.flows[0];
    return flow === undefined ? null : { kind: 'flow', id: flow };
  },
};

function ordered({ data }: Scene): readonly PolicyRow[] {
  return data.snapshot.policy.toSorted((a, b) => STATES.indexOf(a.state) - STATES.indexOf(b.state));
}

function roomFor(height: number): number {
  return Math.max(1, height - 2 - DETAIL_ROWS);
}

function ruleColumns(marks: Marks): Column<PolicyRow>[] {
  const known = (rule: PolicyRow) => findRow(rule.rule);
  return [
    { title: 'State', width: 12, rank: 0, cell: ({ state }) => [stateText(state, marks), STATE_ROLES[state]] },
    {
      title: 'Flows',
      width: 7,
      align: 'right',
      rank: 0,
      cell: ({ flowCount }) => (flowCount === 0 ? '' : formatCount(flowCount)),
    },
    { title: 'Protocol', width: 12, most: 26, rank: 0, cell: (rule) => known(rule)?.protocol ?? '' },
    { title: 'Ports', width: 11, rank: 0, cell: (rule) => portText(rule) },
    { title: 'Rule', width: 16, most: 24, rank: 1, cell: ({ rule }) => [rule, 'dim'] },
    { title: 'Open', width: 12, rank: 3, cell: (rule) => known(rule)?.openOnFirewall ?? '' },
    { title: 'Scenario', width: 20, most: 60, rank: 2, cell: (rule) => [known(rule)?.scenario ?? '', 'dim'] },
  ];
}

function stateText(state: PolicyState, marks: Marks): string {
  if (state === 'never-seen') return `${marks.dot} never seen`;
  return `${marks.verdict[state === 'working' ? 'ok' : state]} ${state}`;
}

function portText({ rule }: PolicyRow): string {
  const row = findRow(rule);
  if (row === null) return '';
  return row.ports === null ? 'site setting' : describePorts(row.ports);
}

function detailRows({ rule }: PolicyRow, width: number): Row[] {
  const row_ = findRow(rule);
  if (row_ === null) return [];
  return [...labelled('Rule', describeRow(row_), width), ...labelled('Source', describeSource(row_), width)].map(
    (part) => row(part.line),
  );
}
