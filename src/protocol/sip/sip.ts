/** SIP, RFC 3261, over UDP and TCP on any port. */

import type { Dissector, PayloadContext, Recognition } from '../dissector.ts';
import { skipLineEnds } from '../text/message-head.ts';
import { firstBytesOfLines, matchStartLine } from '../text/start-line.ts';
import { SipDissection } from './sip-dissection.ts';
import { SIP } from './sip-message.ts';

const FIRST_BYTES = firstBytesOfLines(SIP);

function recognizeSip(bytes: Uint8Array, start: number, end: number, context: PayloadContext): Recognition {
  const match = matchStartLine(SIP, bytes, skipLineEnds(bytes, start, end), end);
  if (match === 'whole') return 'yes';
  return match === 'partial' && context.transport === 'tcp' ? 'maybe' : 'no';
}

export const sip: Dissector = {
  id: 'sip',
  label: 'SIP',
  transports: ['tcp', 'udp'],
  isStreaming: false,
  firstBytes: { tcp: FIRST_BYTES, udp: FIRST_BYTES },
  recognize: recognizeSip,
  open: (record) => new SipDissection(record),
};
