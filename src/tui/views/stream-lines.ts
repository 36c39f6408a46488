/** All that was measured of a stream, as pages and the rows below the list of streams tell it; what did not happen is left out. */

import { describeLossPlace } from '../../analysis/loss-place.ts';
import type {
  MeasuredStreamRow,
  MediaReceiverRow,
  MediaStreamRow,
  TransportStreamRow,
  VideoRow,
} from '../../analysis/measured-media.ts';
import { counted, formatBitRate, formatCount } from '../../format/count.ts';
import { formatSpan } from '../../format/time.ts';
import { labelled } from './labelled.ts';
import { seriesLines } from './series-lines.ts';
import { describeStream, formatMilliseconds, formatSsrc } from './stream-text.ts';
import type { Scene, TextLine } from './view.ts';

const MOST_RECEIVERS = 4;
const MOST_PROGRAMMES = 4;

/** A stream that tells nothing of itself has no more than its counts. */
export type ToldStream = MediaStreamRow & Partial<MeasuredStreamRow>;

export function streamLines(stream: ToldStream, scene: Scene): TextLine[] {
  const line = (label: string, words: string) => (words === '' ? [] : labelled(label, words, scene.width));
  return [
    ...line('Media', describeStream(stream)),
    ...line('Loss', describeLosses(stream)),
    ...line('Picture', stream.video == null ? '' : describeVideo(stream.video)),
    ...line(
      'Voice',
      stream.mos == null ? '' : `opinion score (MOS) ${stream.mos.toFixed(1)} of 4.5 for what arrives here`,
    ),
    ...line('Carries', stream.transport == null ? '' : describeTransport(stream.transport)),
    ...(stream.receivers ?? [])
      .slice(0, MOST_RECEIVERS)
      .flatMap((receiver) => line('Receiver', describeReceiver(receiver))),
    ...seriesLines(stream, scene),
  ];
}

/** How the packets were lost, and where. */
function describeLosses(stream: ToldStream): string {
  const { lossEvents = 0, longestLoss = 0, duplicates = 0, reordered = 0, receivers } = stream;
  const parts = [
    lossEvents === 0 ? '' : `in ${counted(lossEvents, 'place')}, at most ${counted(longestLoss, 'packet')} in a row`,
    duplicates === 0 ? '' : `${formatCount(duplicates)} came twice`,
    reordered === 0 ? '' : `${formatCount(reordered)} came out of order`,
    receivers === undefined ? '' : describeLossPlace(stream as MeasuredStreamRow),
  ];
  return parts.filter(Boolean).join('; ');
}

function describeVideo({ width, height, profile, framesPerSecond, frames, ...keys }: VideoRow): string {
  const { keyFrames, meanKeyFrameIntervalMs: mean, maxKeyFrameIntervalMs: most } = keys;
  const parts = [
    width === null || height === null ? '' : `${width} x ${height}`,
    profile ?? '',
    framesPerSecond === null ? counted(frames, 'frame') : `${framesPerSecond.toFixed(1)} frames a second`,
    keyFrames === 0 ? 'none of which can be decoded alone' : '',
    mean === null
      ? ''
      : `a key frame every ${formatSpan(mean)}${most === null ? '' : ` (at most ${formatSpan(most)})`}`,
  ];
  return parts.filter(Boolean).join(', ');
}

function describeTransport(transport: TransportStreamRow): string {
  const { programmes, bitsPerSecond, continuityErrors, lostCells, transportErrors, scrambledCells } = transport;
  const names = programmes.slice(0, MOST_PROGRAMMES).map(({ number, name }) => name ?? `programme ${number}`);
  const more = programmes.length > names.length ? ` and ${programmes.length - names.length} more` : '';
  const parts = [
    names.length === 0 ? '' : `${names.join(', ')}${more}`,
    bitsPerSecond === null ? '' : formatBitRate(bitsPerSecond / 8, 1),
    continuityErrors === null || continuityErrors === 0
      ? ''
      : `broken in ${counted(continuityErrors, 'place')}, at least ${counted(lostCells ?? 0, 'cell')} missing`,
    transportErrors === 0 ? '' : `${counted(transportErrors, 'cell')} marked as damaged on the way`,
    scrambledCells === 0 ? '' : `${counted(scrambledCells, 'cell')} scrambled`,
  ];
  return parts.filter(Boolean).join('; ');
}

/** By its own reports. */
function describeReceiver({
  ssrc,
  name,
  lost,
  worstLossPercent,
  jitterMs,
  roundTripMs,
  reports,
}: MediaReceiverRow): string {
  const parts = [
    `${counted(reports, 'report')}: ${formatCount(Math.max(0, lost))} lost`,
    worstLossPercent > 0 ? `at worst ${worstLossPercent.toFixed(1)}%` : '',
    jitterMs === null ? '' : `jitter ${formatMilliseconds(jitterMs)} ms`,
    roundTripMs === null ? '' : `${formatMilliseconds(roundTripMs)} ms from here and back`,
  ];
  return `${name ?? formatSsrc(ssrc)}, by ${parts.filter(Boolean).join(', ')}`;
}
