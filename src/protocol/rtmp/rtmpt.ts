/** RTMPT: RTMP in HTTP, known by the paths that its client posts to and the content type that both sides name. */

import { indexOfAscii, startsWithAscii } from '../../bytes/read.ts';
import type { Dissector, Recognition } from '../dissector.ts';
import { firstBytesOf } from '../first-bytes.ts';
import { matchHttpLine } from '../http/http-grammar.ts';
import { findHeadEnd } from '../text/message-head.ts';
import { RtmptDissection } from './rtmpt-dissection.ts';

const CONTENT_TYPE = 'application/x-fcs';
const PATHS = ['/open/', '/send/', '/idle/', '/close/'];
/** Nothing else is called this: the path is enough. */
const IDENT = 'POST /fcs/ident';

function recognizeRtmpt(bytes: Uint8Array, start: number, end: number): Recognition {
  if (matchHttpLine(bytes, start, end) === 'no') return 'no';
  if (startsWithAscii(bytes, start, end, IDENT)) return 'yes';
  const headEnd = findHeadEnd(bytes, start, end);
  const limit = headEnd < 0 ? end : headEnd;
  const isAnswer = startsWithAscii(bytes, start, end, 'HTTP/1');
  const isRequest = PATHS.some((path) => startsWithAscii(bytes, start, end, `POST ${path}`));
  if (!isAnswer && !isRequest) return 'no';
  if (indexOfAscii(bytes, start, limit, CONTENT_TYPE) >= 0) return 'yes';
  return isRequest && headEnd < 0 ? 'maybe' : 'no';
}

export const rtmpt: Dissector = {
  id: 'rtmpt',
  label: 'RTMPT',
  transports: ['tcp'],
  isStreaming: true,
  firstBytes: { tcp: firstBytesOf(['POST', 'HTTP']) },
  recognize: recognizeRtmpt,
  open: (record, context) => new RtmptDissection(record, context),
};
