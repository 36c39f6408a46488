/** The quality of media streams in words and figures; what the capture does not show is left out. */

import type { MediaStreamRow } from '../../analysis/measured-media.ts';
import { counted, formatBitRate, formatPercent } from '../../format/count.ts';
import { formatSpan } from '../../format/time.ts';
import type { Cell } from '../columns.ts';

/** Per cent of packets lost that people notice, and of which they complain (ITU-T G.1010: 1 % of video, 3 % of voice). */
const LOSS_NOTICED = 0.5;
const LOSS_SEVERE = 2;

export function lossCell(stream: MediaStreamRow): Cell {
  const { lost, expected } = stream;
  if (lost === null || expected === null) return '';
  const percent = (100 * lost) / Math.max(1, expected);
  const role = percent >= LOSS_SEVERE ? 'blocked' : percent >= LOSS_NOTICED ? 'unexpected' : 'plain';
  return [formatPercent(Math.max(0, lost), expected), role];
}

export function formatMilliseconds(value: number | null): string {
  return value === null ? '' : value.toFixed(value < 100 ? 1 : 0);
}

export function codecName(stream: MediaStreamRow): string {
  if (stream.codec !== null) return stream.codec;
  return stream.payloadType === null ? 'unknown' : `type ${stream.payloadType}`;
}

export function formatSsrc(ssrc: number | null): string {
  return ssrc === null ? '' : `0x${(ssrc >>> 0).toString(16).padStart(8, '0')}`;
}

/** Over the life of the stream. */
export function streamRate({ bytes, firstTime, lastTime }: MediaStreamRow): string {
  return formatBitRate(bytes, (lastTime - firstTime) / 1e9);
}

/** `H264 to the initiator, 0x1234abcd: 1,204 packets in 10.0 s at 512 kbit/s, 0.3% lost, jitter 2.1 ms (at most 9.0)`. */
export function describeStream(stream: MediaStreamRow): string {
  const party = stream.direction === 'toInitiator' ? 'initiator' : 'responder';
  const ssrc = stream.ssrc === null ? '' : `, ${formatSsrc(stream.ssrc)}`;
  const lasted = formatSpan((stream.lastTime - stream.firstTime) / 1e6);
  const parts = [`${counted(stream.packets, 'packet')} in ${lasted} at ${streamRate(stream)}`];
  if (stream.lost !== null && stream.expected !== null) {
    parts.push(`${formatPercent(Math.max(0, stream.lost), stream.expected)} lost`);
  }
  if (stream.meanJitterMs !== null) {
    const most = stream.maxJitterMs === null ? '' : ` (at most ${formatMilliseconds(stream.maxJitterMs)})`;
    parts.push(`jitter ${formatMilliseconds(stream.meanJitterMs)} ms${most}`);
  }
  if (stream.maxDeltaMs !== null) parts.push(`longest pause ${formatMilliseconds(stream.maxDeltaMs)} ms`);
  return `${codecName(stream)} to the ${party}${ssrc}: ${parts.join(', ')}`;
}
