/** HTTP/1, RFC 9112, on any port; kinds of streaming that it carries are variants of it. */

import type { Dissector, PayloadContext, Recognition } from '../dissector.ts';
import { skipLineEnds } from '../text/message-head.ts';
import { HttpDissection } from './http-dissection.ts';
import { HTTP_FIRST_BYTES, matchHttpLine } from './http-grammar.ts';

function recognizeHttp(bytes: Uint8Array, start: number, end: number): Recognition {
  const match = matchHttpLine(bytes, skipLineEnds(bytes, start, end), end);
  if (match === 'whole') return 'yes';
  return match === 'partial' ? 'maybe' : 'no';
}

export const http: Dissector = {
  id: 'http',
  label: 'HTTP',
  transports: ['tcp'],
  isStreaming: false,
  firstBytes: { tcp: HTTP_FIRST_BYTES },
  recognize: recognizeHttp,
  open: (record, context: PayloadContext) => new HttpDissection(record, context),
};
