/** RTSP, RFC 2326 and RFC 7826: control of streams, on any port and over either transport. */

import { type Dissector, LEAST_BULK_BYTES, type PayloadContext, type Recognition } from '../dissector.ts';
import { skipLineEnds } from '../text/message-head.ts';
import { firstBytesOfLines, matchStartLine } from '../text/start-line.ts';
import { FRAME_MARK, matchFrame } from './interleaved.ts';
import { RtspDissection } from './rtsp-dissection.ts';
import { RTSP } from './rtsp-grammar.ts';

const LINE_BYTES = firstBytesOfLines(RTSP);
/** Packets of media are of a network's size, so that a mark is within the first bytes or nowhere. */
const MOST_SEARCHED_BYTES = 4096;

function recognizeRtsp(bytes: Uint8Array, start: number, end: number, context: PayloadContext): Recognition {
  const first = skipLineEnds(bytes, start, end);
  const match = matchStartLine(RTSP, bytes, first, end);
  if (match === 'whole') return 'yes';
  if (context.transport === 'udp') return 'no';
  return match === 'partial' && first < end ? 'maybe' : recognizeFrames(bytes, first, end);
}

/**
 * A capture that starts in the middle of interleaved media: two frame headers, the second where the first one's length
 * says. Chance gives that to one in many millions of binary streams.
 */
function recognizeFrames(bytes: Uint8Array, start: number, end: number): Recognition {
  const searched = end - start < LEAST_BULK_BYTES ? 1 : MOST_SEARCHED_BYTES;
  const searchEnd = Math.min(end, start + searched);
  let recognition: Recognition = 'no';
  for (let at = start; at < searchEnd; at++) {
    if (bytes[at] !== FRAME_MARK) continue;
    const match = matchFrame(bytes, at, end);
    if (match === 'whole') return 'yes';
    if (match === 'partial') recognition = 'maybe';
  }
  return recognition;
}

export const rtsp: Dissector = {
  id: 'rtsp',
  label: 'RTSP',
  transports: ['tcp', 'udp'],
  isStreaming: true,
  firstBytes: { tcp: [...LINE_BYTES, [FRAME_MARK, FRAME_MARK]], udp: LINE_BYTES },
  searchesBulk: true,
  recognize: recognizeRtsp,
  open: (record) => new RtspDissection(record),
};
