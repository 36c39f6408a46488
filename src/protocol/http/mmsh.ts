/** Windows Media over HTTP (MMSH), MS-WMSP and MS-WMHTTP: known by its client's request, its server's answer or its packets. */

import { indexOfAscii } from '../../bytes/read.ts';
import { type Dissector, LEAST_BULK_BYTES, type Recognition } from '../dissector.ts';
import { findHeadEnd } from '../text/message-head.ts';
import { HttpDissection } from './http-dissection.ts';
import { HTTP_FIRST_BYTES, matchHttpLine } from './http-grammar.ts';
import { DATA_HEADER_BYTES, findMmshData, MMSH_FIRST_BYTES } from './mmsh-frames.ts';

const MARKERS = [
  'User-Agent: NSPlayer/',
  'User-Agent: NSServer/',
  'User-Agent: WMCacheProxy/',
  'xClientGUID=',
  'xPlayStrm=',
  'application/x-wms-push',
  'application/x-mms-framed',
  'application/vnd.ms.wms-hdr.asfv1',
  'Server: Cougar',
];

/** Packets are rarely longer. */
const MOST_SEARCHED_BYTES = 4096;

/** A marker must stand within the head; before its end, a head without one may still get one. */
function recognizeMmsh(bytes: Uint8Array, start: number, end: number): Recognition {
  const match = matchHttpLine(bytes, start, end);
  if (match === 'no') return recognizeData(bytes, start, end);
  const headEnd = findHeadEnd(bytes, start, end);
  const limit = headEnd < 0 ? end : headEnd;
  if (MARKERS.some((marker) => indexOfAscii(bytes, start, limit, marker) >= 0)) return 'yes';
  return headEnd < 0 ? 'maybe' : 'no';
}

/** A capture that starts in the middle of a body. */
function recognizeData(bytes: Uint8Array, start: number, end: number): Recognition {
  const searched = end - start < LEAST_BULK_BYTES ? DATA_HEADER_BYTES : MOST_SEARCHED_BYTES;
  return findMmshData(bytes, start, Math.min(end, start + searched)) >= 0 ? 'yes' : 'no';
}

export const mmsh: Dissector = {
  id: 'mmsh',
  label: 'MMSH',
  transports: ['tcp'],
  isStreaming: true,
  firstBytes: { tcp: [...HTTP_FIRST_BYTES, ...MMSH_FIRST_BYTES] },
  searchesBulk: true,
  recognize: recognizeMmsh,
  open: (record, context) => new HttpDissection(record, context),
};
