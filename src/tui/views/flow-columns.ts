/** The columns of the table of flows. */

import type { FlowRow, FlowSortKey } from '../../analysis/snapshot.ts';
import { formatBytes } from '../../format/count.ts';
import { formatSpan } from '../../format/time.ts';
import type { Column } from '../columns.ts';
import { formatCompact } from '../compact.ts';
import { initiatorText, responderText, verdictSpan } from '../flow-text.ts';
import { formatMoment } from '../moment.ts';
import type { Scene } from './view.ts';

/** The longest address of IPv4 with its port: who and where is the point of a row, and stays whole before all else. */
export const ENDPOINT_WIDTH = 21;

/** `sort` is the key that the column shows the order of. */
export interface FlowColumn extends Column<FlowRow> {
  readonly sort?: FlowSortKey;
}

export function flowColumns(scene: Scene): FlowColumn[] {
  const { marks } = scene;
  const moment = (time: number | null) => (time === null ? 'never' : formatMoment(time, scene));
  return [
    { title: 'Flow', sort: 'id', width: 6, align: 'right', rank: 6, cell: (row) => [String(row.id), 'dim'] },
    {
      title: 'Verdict',
      sort: 'verdict',
      width: 14,
      rank: 0,
      cell: (row) => [verdictSpan(row.verdict, marks).text, row.verdict],
    },
    { title: 'Protocol', sort: 'protocol', width: 9, most: 14, rank: 0, cell: (row) => row.protocolLabel },
    {
      title: 'Initiator',
      sort: 'initiator',
      width: ENDPOINT_WIDTH,
      cut: 'middle',
      most: 30,
      rank: 0,
      cell: initiatorText,
    },
    {
      title: 'Responder',
      sort: 'responder',
      width: ENDPOINT_WIDTH,
      cut: 'middle',
      most: 30,
      rank: 0,
      cell: responderText,
    },
    {
      title: 'Packets',
      sort: 'packets',
      width: 8,
      align: 'right',
      rank: 1,
      cell: ({ packets }) => formatCompact(packets.toResponder + packets.toInitiator),
    },
    { title: `${marks.to} ${marks.from}`, width: 11, rank: 8, cell: ({ packets }) => directions(packets) },
    {
      title: 'Bytes',
      sort: 'bytes',
      width: 8,
      align: 'right',
      rank: 3,
      cell: ({ bytes }) => formatBytes(bytes.toResponder + bytes.toInitiator),
    },
    { title: 'First', sort: 'firstTime', width: 12, rank: 2, cell: (row) => [moment(row.firstTime), 'dim'] },
    { title: 'Last', sort: 'lastTime', width: 12, rank: 9, cell: (row) => [moment(row.lastTime), 'dim'] },
    { title: 'Lasted', width: 10, align: 'right', rank: 7, cell: (row) => [lifetime(row), 'dim'] },
    { title: 'Why', width: 18, most: 40, rank: 4, cell: (row) => row.codes.join(' ') },
    { title: 'Rule', width: 14, most: 20, rank: 5, cell: (row) => [row.rule ?? '', 'dim'] },
    { title: 'Known by', width: 9, most: 24, rank: 10, cell: (row) => [row.announcedHow ?? row.confidence, 'dim'] },
  ];
}

function directions({ toResponder, toInitiator }: FlowRow['packets']): string {
  return `${formatCompact(toResponder)} ${formatCompact(toInitiator)}`;
}

function lifetime({ firstTime, lastTime }: FlowRow): string {
  return firstTime === null || lastTime === null ? '' : formatSpan((lastTime - firstTime) / 1e6);
}
