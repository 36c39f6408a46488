/** RTMP over TCP (Adobe RTMP 1.0), also where its handshake says that it is encrypted (RTMPE). */

import type { Dissector, PayloadContext, Recognition } from '../dissector.ts';
import { recognizeChunks } from './chunk-search.ts';
import { recognizeHandshake } from './handshake.ts';
import { RtmpDissection } from './rtmp-dissection.ts';

/** A version, or the basic header of a chunk of format 0 or 1 with an id of one byte. */
const FIRST_BYTES = [
  [0x02, 0x3f],
  [0x42, 0x7f],
] as const;

function recognizeRtmp(bytes: Uint8Array, start: number, end: number, { wireLength }: PayloadContext): Recognition {
  // A capture that starts in the middle shows chunks, and csid 3 begins with the byte that a handshake begins with.
  const chunks = recognizeChunks(bytes, start, end);
  return chunks === 'yes' ? 'yes' : maybeOr(recognizeHandshake(bytes, start, end, wireLength), chunks);
}

function maybeOr(one: Recognition, other: Recognition): Recognition {
  return one === 'no' ? other : one;
}

export const rtmp: Dissector = {
  id: 'rtmp',
  label: 'RTMP',
  transports: ['tcp'],
  isStreaming: true,
  firstBytes: { tcp: FIRST_BYTES },
  recognize: recognizeRtmp,
  open: (record) => new RtmpDissection(record),
};
