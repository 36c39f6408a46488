/** Media streams with their quality, one a row: of each flow that carries media, all its streams. */

import type { MeasuredStreamRow, MediaStreamRow } from '../../analysis/measured-media.ts';
import type { FlowRow } from '../../analysis/snapshot.ts';
import { formatSpan } from '../../format/time.ts';
import { sparkline } from '../chart.ts';
import type { Column } from '../columns.ts';
import { formatCompact } from '../compact.ts';
import { initiatorText, responderText, verdictSpan } from '../flow-text.ts';
import { formatMoment } from '../moment.ts';
import type { Marks } from '../theme.ts';
import { flowRemark } from './finding-words.ts';
import { seriesLines } from './series-lines.ts';
import { codecName, formatMilliseconds, formatSsrc, lossCell, streamRate } from './stream-text.ts';
import { arrayItems, type Items, tableView } from './table.ts';
import type { Scene } from './view.ts';

/** A stream and the flow that carries it; `stream` is null for announced media that never came. */
interface StreamItem {
  readonly flow: FlowRow;
  readonly stream: StreamRow | null;
}

type StreamRow = MediaStreamRow & Partial<Pick<MeasuredStreamRow, 'series'>>;

export const streamsView = tableView<StreamItem>({
  items: streamItems,
  columns: streamColumns,
  identify: ({ flow, stream }) => `${flow.id} ${stream?.direction} ${stream?.ssrc}`,
  emptyText({ data, state }) {
    if (data.streams === null) return 'Asking for streams';
    if (state.filter !== '' || state.isProblemsOnly) return 'No stream matches. Esc clears the filter.';
    return data.snapshot.phase === 'reading' ? 'No media stream so far.' : 'No media stream in what was read.';
  },
  open: ({ flow }) => ({ kind: 'flow', id: flow.id }),
  copy: ({ flow }) => ({ kind: 'flow', id: flow.id }),
  remark: ({ flow }, scene) => flowRemark(flow.id, scene),
  foot: ({ stream }, scene) => (stream === null ? [] : seriesLines(stream, scene)),
  footRows: 4,
  verdict: ({ flow }) => flow.verdict,
});

function streamItems({ data }: Scene): Items<StreamItem> {
  const items = (data.streams?.rows ?? []).flatMap((flow): StreamItem[] => {
    const streams = flow.media?.streams ?? [];
    return streams.length === 0 ? [{ flow, stream: flowAsStream(flow) }] : streams.map((stream) => ({ flow, stream }));
  });
  return arrayItems(items);
}

/** Media that tells nothing of itself has the figures of its flow, in the direction that carried most. */
function flowAsStream({ packets, bytes, firstTime, lastTime }: FlowRow): MediaStreamRow | null {
  if (firstTime === null || lastTime === null) return null;
  const direction = bytes.toInitiator >= bytes.toResponder ? 'toInitiator' : 'toResponder';
  return {
    direction,
    ssrc: null,
    payloadType: null,
    codec: null,
    clockRate: null,
    packets: packets[direction],
    bytes: bytes[direction],
    expected: null,
    lost: null,
    meanJitterMs: null,
    maxJitterMs: null,
    maxDeltaMs: null,
    firstTime,
    lastTime,
  };
}

/** Media flows from the side that sends to the side that receives. */
function sender({ flow, stream }: StreamItem): string {
  return stream?.direction === 'toResponder' ? initiatorText(flow) : responderText(flow);
}

function receiver({ flow, stream }: StreamItem): string {
  return stream?.direction === 'toResponder' ? responderText(flow) : initiatorText(flow);
}

/** The rate, in the cells of its column. */
function overTime({ series }: StreamRow, marks: Marks): string {
  return series == null ? '' : sparkline(series.bytes, 16, marks);
}

function streamColumns(scene: Scene): Column<StreamItem>[] {
  const { marks } = scene;
  const figure = (value: (stream: StreamRow) => string) => (item: StreamItem) =>
    item.stream === null ? '' : value(item.stream);
  return [
    { title: 'Verdict', width: 14, rank: 0, cell: ({ flow }) => [verdictSpan(flow.verdict, marks).text, flow.verdict] },
    { title: 'From', width: 16, most: 30, rank: 0, cell: sender },
    { title: 'To', width: 16, most: 30, rank: 0, cell: receiver },
    {
      title: 'Codec',
      width: 10,
      most: 14,
      rank: 1,
      cell: (item) => (item.stream === null ? ['never came', 'dim'] : codecName(item.stream)),
    },
    {
      title: 'Lost',
      width: 7,
      align: 'right',
      rank: 0,
      cell: (item) => (item.stream === null ? '' : lossCell(item.stream)),
    },
    { title: 'Jitter', width: 6, align: 'right', rank: 2, cell: figure((s) => formatMilliseconds(s.meanJitterMs)) },
    { title: 'Rate', width: 11, align: 'right', rank: 3, cell: figure(streamRate) },
    { title: 'Over time', width: 16, rank: 3, cell: figure((s) => overTime(s, marks)) },
    { title: 'Packets', width: 7, align: 'right', rank: 4, cell: figure((s) => formatCompact(s.packets)) },
    { title: 'Pause', width: 6, align: 'right', rank: 7, cell: figure((s) => formatMilliseconds(s.maxDeltaMs)) },
    { title: 'First', width: 12, rank: 5, cell: figure((s) => formatMoment(s.firstTime, scene)) },
    { title: 'Lasted', width: 8, rank: 6, cell: figure((s) => formatSpan((s.lastTime - s.firstTime) / 1e6)) },
    { title: 'SSRC', width: 10, rank: 8, cell: figure((s) => formatSsrc(s.ssrc)) },
    { title: 'Announced by', width: 12, most: 24, rank: 9, cell: ({ flow }) => [flow.announcedHow ?? 'nobody', 'dim'] },
  ];
}
