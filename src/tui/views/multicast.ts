/** The matrix of multicast: each group with who sends, who listens and who asks. */

import type { GroupRow } from '../../analysis/snapshot.ts';
import { formatBytes } from '../../format/count.ts';
import { type Column, composeRow, composeTitles, fitColumns } from '../columns.ts';
import { formatCompact } from '../compact.ts';
import { isProblem, verdictSpan } from '../flow-text.ts';
import { line, span } from '../line.ts';
import type { Marks } from '../theme.ts';
import { labelled } from './labelled.ts';
import { BLANK, type Row, row, type Scene, type View } from './view.ts';

const GUTTER = 2;
/** Rows below the table that tell the chosen group in full. */
const DETAIL_ROWS = 6;

export const multicastView: View = {
  shape: ({ data, height }) => ({
    kind: 'list',
    count: data.snapshot.multicast.length,
    itemRows: 1,
    room: roomFor(height),
    titleRows: 1,
  }),
  draw(scene, { cursor, top }) {
    const { data, height, marks, width } = scene;
    const groups = data.snapshot.multicast;
    if (groups.length === 0) return [row(line('  No multicast in what was read.', 'dim'))];
    const columns = fitColumns(groupColumns(marks), width - GUTTER - 1);
    const rows = groups.slice(top, top + roomFor(height)).map((group, index) => {
      const isSelected = top + index === cursor;
      const gutter = span(isSelected ? `${marks.cursor} ` : ' '.repeat(GUTTER), 'key');
      return row([gutter, ...composeRow(columns, group)], isSelected);
    });
    const chosen = groups[cursor];
    const titles = row([span(' '.repeat(GUTTER)), ...composeTitles(columns, '', '')]);
    return [titles, ...rows, BLANK, ...(chosen === undefined ? [] : detailRows(chosen, scene))].slice(0, height);
  },
  open({ data }, cursor) {
    const group = data.snapshot.multicast[cursor]?.group;
    const finding = data.snapshot.findings.find(({ groups }) => group !== undefined && groups.includes(group));
    return finding === undefined ? null : { kind: 'finding', id: finding.id };
  },
  findProblem({ data }, cursor, by) {
    const groups = data.snapshot.multicast;
    for (let at = cursor + by; at >= 0 && at < groups.length; at += by) {
      if (isProblem(groups[at]?.verdict ?? 'ok')) return at;
    }
    return null;
  },
};

function roomFor(height: number): number {
  return Math.max(1, height - 2 - DETAIL_ROWS);
}

function groupColumns(marks: Marks): Column<GroupRow>[] {
  return [
    { title: 'Verdict', width: 14, rank: 0, cell: ({ verdict }) => [verdictSpan(verdict, marks).text, verdict] },
    { title: 'Group', width: 15, most: 30, rank: 0, cell: ({ group }) => group },
    { title: 'Sources', width: 15, most: 34, rank: 0, cell: ({ sources }) => firstOf(sources, 'nobody sends') },
    {
      title: 'Members',
      width: 14,
      most: 34,
      rank: 1,
      cell: ({ members }) =>
        firstOf(
          members.map((m) => m.address),
          'nobody',
        ),
    },
    { title: 'Name', width: 12, most: 28, rank: 3, cell: ({ name }) => name ?? '' },
    { title: 'Ports', width: 8, most: 16, rank: 4, cell: ({ ports }) => firstOf(ports.map(String), '') },
    { title: 'Packets', width: 7, align: 'right', rank: 2, cell: ({ packets }) => formatCompact(packets) },
    { title: 'Bytes', width: 8, align: 'right', rank: 5, cell: ({ bytes }) => formatBytes(bytes) },
    { title: 'Querier', width: 12, most: 20, rank: 6, cell: ({ querier }) => querier ?? 'none seen' },
  ];
}

/** The first of several, and how many more there are. */
function firstOf(values: readonly string[], none: string): string {
  const [first] = values;
  if (first === undefined) return none;
  return values.length === 1 ? first : `${first} +${values.length - 1}`;
}

function detailRows(group: GroupRow, { width }: Scene): Row[] {
  const members = group.members.map(({ address, version }) => `${address} (${version})`);
  return [
    ...labelled('Group', [group.group, group.name ?? ''].filter(Boolean).join('  '), width),
    ...labelled('Sources', group.sources.join(', ') || 'nobody sends here', width),
    ...labelled('Members', members.join(', ') || 'nobody has joined here', width),
    ...labelled('Ports', group.ports.join(', ') || 'none', width),
    ...labelled('Querier', group.querier ?? 'none seen', width),
  ].map((part) => row(part.line));
}
