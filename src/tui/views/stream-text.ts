/** The quality of media streams in words and figures; what the capture does not show is left out. */

import type { MediaStreamRow } from '../../analysis/snapshot.ts';
import { formatCount, formatSpan } from '../amounts.ts';
import type { Cell } from '../columns.ts';

/** Loss in per cent, null when not known. */
export function lossPercent({ lost, expected }: MediaStreamRow): number | null {
  return lost === null || expected === null || expected === 0 ? null : (100 * Math.max(0, lost)) / expected;
}

/** Above the first people notice, above the second they complain (ITU-T G.1010: up to 1 % for video, 3 % for voice). */
const LOSS_NOTICED = 0.5;
const LOSS_SEVERE = 2;

export function lossCell(stream: MediaStreamRow): Cell {
  const loss = lossPercent(stream);
  if (loss === null) return ['', 'dim'];
  const role = loss >= LOSS_SEVERE ? 'blocked' : loss >= LOSS_NOTICED ? 'unexpected' : 'plain';
  return [formatPercent(loss), role];
}

export function formatPercent(value: number): string {
  return `${value.toFixed(value > 0 && value < 10 ? 2 : 0)} %`;
}

export function formatMilliseconds(value: number | null): string {
  return value === null ? '' : value.toFixed(value < 100 ? 1 : 0);
}

export function codecName(stream: MediaStreamRow): string {
  if (stream.codec !== null) return stream.codec;
  return stream.payloadType === null ? 'unknown codec' : `payload type ${stream.payloadType}`;
}

export function formatSsrc(ssrc: number | null): string {
  return ssrc === null ? '' : `0x${(ssrc >>> 0).toString(16).padStart(8, '0')}`;
}

/** Bits per second over the life of the stream, null for one too short to tell. */
export function bitRate({ bytes, firstTime, lastTime }: MediaStreamRow): number | null {
  const seconds = (lastTime - firstTime) / 1e9;
  return seconds < 0.1 ? null : (8 * bytes) / seconds;
}

export function formatBitRate(rate: number | null): string {
  if (rate === null) return '';
  return rate >= 999_500 ? `${(rate / 1e6).toFixed(1)} Mb/s` : `${Math.round(rate / 1000)} kb/s`;
}

/** `H264 to the initiator, 0x1234abcd: 1,204 packets in 10.0 s at 512 kb/s, 0.25 % lost, jitter 2.1 ms (at most 9.0)`. */
export function describeStream(stream: MediaStreamRow): string {
  const party = stream.direction === 'toInitiator' ? 'initiator' : 'responder';
  const ssrc = stream.ssrc === null ? '' : `, ${formatSsrc(stream.ssrc)}`;
  const rate = bitRate(stream);
  const loss = lossPercent(stream);
  const lasted = formatSpan((stream.lastTime - stream.firstTime) / 1e6);
  const parts = [
    `${formatCount(stream.packets)} packets in ${lasted}${rate === null ? '' : ` at ${formatBitRate(rate)}`}`,
  ];
  if (loss !== null) parts.push(`${formatPercent(loss)} lost`);
  if (stream.meanJitterMs !== null) {
    const most = stream.maxJitterMs === null ? '' : ` (at most ${formatMilliseconds(stream.maxJitterMs)})`;
    parts.push(`jitter ${formatMilliseconds(stream.meanJitterMs)} ms${most}`);
  }
  if (stream.maxDeltaMs !== null) parts.push(`longest pause ${formatMilliseconds(stream.maxDeltaMs)} ms`);
  return `${codecName(stream)} to the ${party}${ssrc}: ${parts.join(', ')}`;
}
