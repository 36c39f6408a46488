/** Media streams with their quality, one a row: of each flow that carries media, all its streams. */

import type { FlowRow, MediaStreamRow } from '../../analysis/snapshot.ts';
import { formatSpan } from '../../format/time.ts';
import { type Column, composeRow, composeTitles, fitColumns } from '../columns.ts';
import { formatCompact } from '../compact.ts';
import { initiatorText, isProblem, responderText, verdictSpan } from '../flow-text.ts';
import { line, span } from '../line.ts';
import { formatMoment } from '../moment.ts';
import type { Position, Shape } from '../scroll.ts';
import { flowRemark } from './finding-list.ts';
import { codecName, formatMilliseconds, formatSsrc, lossCell, streamRate } from './stream-text.ts';
import { type Row, row, type Scene, type View } from './view.ts';

const GUTTER = 2;

/** A stream and the flow that carries it; `stream` is null for announced media that never came. */
interface StreamItem {
  readonly flow: FlowRow;
  readonly stream: MediaStreamRow | null;
}

export const streamsView: View = {
  shape: (scene) => streamShape(scene, streamItems(scene)),
  draw(scene, position) {
    const items = streamItems(scene);
    const columns = fitColumns(streamColumns(scene), scene.width - GUTTER - 1);
    const titles = row([span(' '.repeat(GUTTER)), ...composeTitles(columns, '', '')]);
    if (items.length === 0) return [titles, row(line(emptyText(scene), 'dim'))];
    return [titles, ...bodyRows(scene, items, position, (item) => composeRow(columns, item))];
  },
  open(scene, cursor) {
    const item = streamItems(scene)[cursor];
    return item === undefined ? null : { kind: 'flow', id: item.flow.id };
  },
  copy(scene, cursor) {
    const item = streamItems(scene)[cursor];
    return item === undefined ? null : { kind: 'flow', id: item.flow.id };
  },
  remark(scene, cursor) {
    const item = streamItems(scene)[cursor];
    return item === undefined ? '' : flowRemark(item.flow.id, scene);
  },
  findProblem(scene, cursor, by) {
    const items = streamItems(scene);
    for (let at = cursor + by; at >= 0 && at < items.length; at += by) {
      if (isProblem(items[at]?.flow.verdict ?? 'ok')) return at;
    }
    return null;
  },
};

function streamItems({ data }: Scene): StreamItem[] {
  return (data.streams?.rows ?? []).flatMap((flow): StreamItem[] => {
    const streams = flow.media?.streams ?? [];
    return streams.length === 0 ? [{ flow, stream: null }] : streams.map((stream) => ({ flow, stream }));
  });
}

function streamShape({ height }: Scene, items: readonly StreamItem[]): Shape {
  return { kind: 'list', count: items.length, itemRows: 1, room: height - 1, titleRows: 1 };
}

function bodyRows(
  { height, marks }: Scene,
  items: readonly StreamItem[],
  { cursor, top }: Position,
  compose: (item: StreamItem) => Row['line'],
): Row[] {
  return items.slice(top, top + height - 1).map((item, index) => {
    const isSelected = top + index === cursor;
    const gutter = span(isSelected ? `${marks.cursor} ` : ' '.repeat(GUTTER), 'key');
    return row([gutter, ...compose(item)], isSelected);
  });
}

function emptyText({ data, state }: Scene): string {
  if (data.streams === null) return '  Asking for streams';
  if (state.filter !== '' || state.isProblemsOnly) return '  No stream matches. Esc clears the filter.';
  return data.snapshot.phase === 'reading' ? '  No media stream so far.' : '  No media stream in what was read.';
}

/** Media flows from the side that sends to the side that receives. */
function sender({ flow, stream }: StreamItem): string {
  return stream?.direction === 'toResponder' ? initiatorText(flow) : responderText(flow);
}

function receiver({ flow, stream }: StreamItem): string {
  return stream?.direction === 'toResponder' ? responderText(flow) : initiatorText(flow);
}

function streamColumns(scene: Scene): Column<StreamItem>[] {
  const { marks } = scene;
  const figure = (value: (stream: MediaStreamRow) => string) => (item: StreamItem) =>
    item.stream === null ? '' : value(item.stream);
  return [
    { title: 'Verdict', width: 14, rank: 0, cell: ({ flow }) => [verdictSpan(flow.verdict, marks).text, flow.verdict] },
    { title: 'From', width: 16, most: 30, rank: 0, cell: sender },
    { title: 'To', width: 16, most: 30, rank: 0, cell: receiver },
    { title: 'Codec', width: 6, most: 14, rank: 1, cell: figure(codecName) },
    {
      title: 'Lost',
      width: 7,
      align: 'right',
      rank: 0,
      cell: (item) => (item.stream === null ? '' : lossCell(item.stream)),
    },
    { title: 'Jitter', width: 6, align: 'right', rank: 2, cell: figure((s) => formatMilliseconds(s.meanJitterMs)) },
    { title: 'Rate', width: 11, align: 'right', rank: 3, cell: figure(streamRate) },
    { title: 'Packets', width: 7, align: 'right', rank: 4, cell: figure((s) => formatCompact(s.packets)) },
    { title: 'Pause', width: 6, align: 'right', rank: 7, cell: figure((s) => formatMilliseconds(s.maxDeltaMs)) },
    { title: 'First', width: 12, rank: 5, cell: figure((s) => formatMoment(s.firstTime, scene)) },
    { title: 'Lasted', width: 8, rank: 6, cell: figure((s) => formatSpan((s.lastTime - s.firstTime) / 1e6)) },
    { title: 'SSRC', width: 10, rank: 8, cell: figure((s) => formatSsrc(s.ssrc)) },
    { title: 'Announced by', width: 12, most: 24, rank: 9, cell: ({ flow }) => [flow.announcedHow ?? 'nobody', 'dim'] },
  ];
}
