/** Media streams with their quality, one a row: of each flow that carries media, all its streams. */

import type { FlowRow } from '../../analysis/snapshot.ts';
import { formatCount } from '../../format/count.ts';
import { formatSpan } from '../../format/time.ts';
import { sparkline } from '../chart.ts';
import type { Cell, Column } from '../columns.ts';
import { formatCompact } from '../compact.ts';
import { MOST_STREAM_FLOWS } from '../flow-request.ts';
import { initiatorText, responderText, verdictSpan } from '../flow-text.ts';
import { formatMoment } from '../moment.ts';
import type { Marks } from '../theme.ts';
import { findingsOf, flowRemark } from './finding-words.ts';
import { ENDPOINT_WIDTH } from './flow-columns.ts';
import { findingLinks } from './flow-page.ts';
import { labelled, labelledLines } from './labelled.ts';
import { isFiltered } from './row-filter.ts';
import { streamLines, type ToldStream } from './stream-lines.ts';
import { codecName, formatMilliseconds, formatSsrc, lossCell, streamRate } from './stream-text.ts';
import { arrayItems, type Items, tableView } from './table.ts';
import type { Scene, TextLine } from './view.ts';

/** A stream and the flow that carries it; `stream` is null for announced media that never came. */
interface StreamItem {
  readonly flow: FlowRow;
  readonly stream: ToldStream | null;
}

export const streamsView = tableView<StreamItem>({
  items: streamItems,
  columns: streamColumns,
  identify: ({ flow, stream }) => `${flow.id} ${stream?.direction} ${stream?.ssrc}`,
  emptyText({ data, state }) {
    if (data.streams === null) return 'Asking for streams';
    if (isFiltered(state)) return 'No stream matches the filter. Esc clears it.';
    return data.snapshot.phase === 'reading' ? 'No media stream so far.' : 'No media stream in what was read.';
  },
  open: ({ flow }) => ({ kind: 'flow', id: flow.id }),
  copy: ({ flow }) => ({ kind: 'flow', id: flow.id }),
  remark: ({ flow }, scene) => flowRemark(flow.id, scene),
  foot: streamFoot,
  footRows: 6,
  footShare: 0.4,
  verdict: ({ flow }) => flow.verdict,
});

function streamFoot({ flow, stream }: StreamItem, scene: Scene): TextLine[] {
  const { matched = 0 } = scene.data.streams ?? {};
  const part = `Only the gravest ${formatCount(MOST_STREAM_FLOWS)} of ${formatCount(matched)} flows with media are listed.`;
  return [
    ...labelledLines('Findings', findingLinks(flow, findingsOf(flow.id, scene), scene)),
    ...(stream === null ? [] : streamLines(stream, scene)),
    ...(matched > MOST_STREAM_FLOWS ? labelled('Limits', part, scene.width) : []),
  ];
}

function streamItems({ data }: Scene): Items<StreamItem> {
  const items = (data.streams?.rows ?? []).flatMap((flow): StreamItem[] => {
    const streams = flow.media?.streams ?? [];
    return streams.length === 0 ? [{ flow, stream: flowAsStream(flow) }] : streams.map((stream) => ({ flow, stream }));
  });
  return arrayItems(items);
}

/** Media that tells nothing of itself has the figures of its flow; what opens the path for it is no media. */
function flowAsStream({ packets, bytes, firstTime, lastTime, announcedDirection }: FlowRow): ToldStream | null {
  const direction = announcedDirection ?? (bytes.toInitiator >= bytes.toResponder ? 'toInitiator' : 'toResponder');
  if (firstTime === null || lastTime === null || packets[direction] === 0) return null;
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

/** From the side that sends to the side that receives, or was to. */
function endsOf({ flow, stream }: StreamItem): readonly [sender: string, receiver: string] {
  const direction = stream?.direction ?? flow.announcedDirection;
  const ends = [initiatorText(flow), responderText(flow)] as const;
  return direction === 'toResponder' ? ends : [ends[1], ends[0]];
}

/** The rate, in the cells of its column. */
function overTime({ series }: ToldStream, marks: Marks): string {
  return series == null ? '' : sparkline(series.bytes, 16, marks);
}

/** What a column tells of a stream, and by what it orders them; media that never came has neither. */
function told<V extends number | string | null>(
  text: (stream: ToldStream) => Cell,
  value: (stream: ToldStream) => V,
): Pick<Column<StreamItem>, 'cell' | 'order'> {
  return {
    cell: ({ stream }) => (stream === null ? '' : text(stream)),
    order: ({ stream }) => (stream === null ? null : value(stream)),
  };
}

function streamColumns(scene: Scene): Column<StreamItem>[] {
  const { marks } = scene;
  const [from, to] = ([0, 1] as const).map((end) => (item: StreamItem) => endsOf(item)[end]) as [Name, Name];
  const codec = ({ stream }: StreamItem) => (stream === null ? null : codecName(stream));
  return [
    { title: 'Verdict', width: 14, rank: 0, cell: ({ flow }) => [verdictSpan(flow.verdict, marks).text, flow.verdict] },
    { title: 'From', width: ENDPOINT_WIDTH, most: 30, cut: 'middle', rank: 0, cell: from, order: from },
    { title: 'To', width: ENDPOINT_WIDTH, most: 30, cut: 'middle', rank: 0, cell: to, order: to },
    {
      title: 'Codec',
      width: 10,
      most: 24,
      rank: 1,
      cell: (item) => codec(item) ?? [item.flow.verdict === 'undetermined' ? 'not seen' : 'never came', 'dim'],
      order: codec,
    },
    { title: 'Lost', width: 7, align: 'right', rank: 0, ...told(lossCell, lostShare) },
    {
      title: 'Jitter',
      width: 7,
      align: 'right',
      rank: 2,
      ...told(
        (s) => formatMilliseconds(s.meanJitterMs),
        (s) => s.meanJitterMs,
      ),
    },
    { title: 'Rate', width: 11, align: 'right', rank: 3, ...told(streamRate, bytesPerSecond) },
    {
      title: 'Over time',
      width: 16,
      rank: 3,
      cell: ({ stream }) => (stream === null ? '' : overTime(stream, marks)),
    },
    {
      title: 'Packets',
      width: 8,
      align: 'right',
      rank: 4,
      ...told(
        (s) => formatCompact(s.packets),
        (s) => s.packets,
      ),
    },
    {
      title: 'Pause',
      width: 7,
      align: 'right',
      rank: 7,
      ...told(
        (s) => formatMilliseconds(s.maxDeltaMs),
        (s) => s.maxDeltaMs,
      ),
    },
    {
      title: 'First',
      width: 12,
      rank: 5,
      ...told(
        (s) => formatMoment(s.firstTime, scene),
        (s) => s.firstTime,
      ),
    },
    { title: 'Lasted', width: 8, rank: 6, ...told((s) => formatSpan(lastedNs(s) / 1e6), lastedNs) },
    { title: 'SSRC', width: 10, rank: 8, cell: ({ stream }) => formatSsrc(stream?.ssrc ?? null) },
    { title: 'Announced by', width: 12, most: 24, rank: 9, cell: ({ flow }) => [flow.announcedHow ?? 'nobody', 'dim'] },
  ];
}

type Name = (item: StreamItem) => string;

function lostShare({ lost, expected }: ToldStream): number | null {
  return lost === null || expected === null ? null : lost / Math.max(1, expected);
}

function lastedNs({ firstTime, lastTime }: ToldStream): number {
  return lastTime - firstTime;
}

function bytesPerSecond(stream: ToldStream): number | null {
  const lasted = lastedNs(stream);
  return lasted > 0 ? (1e9 * stream.bytes) / lasted : null;
}
