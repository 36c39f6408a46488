/** MSBD, by which Windows Media servers and encoders pass streams on, over TCP and multicast UDP (MS-MSBD section 2.1). */

import { startsWithAscii } from '../../bytes/read.ts';
import type { Dissector, PayloadContext, Recognition } from '../dissector.ts';
import { firstBytesOf } from '../first-bytes.ts';
import { MsbdDissection } from './msbd-dissection.ts';
import { HEADER_BYTES, readMessageLength, SIGNATURE } from './msbd-message.ts';

function recognizeMsbd(bytes: Uint8Array, start: number, end: number, context: PayloadContext): Recognition {
  const isUdp = context.transport === 'udp';
  if (end - start < HEADER_BYTES) {
    const shown = SIGNATURE.slice(0, end - start);
    return !isUdp && shown !== '' && startsWithAscii(bytes, start, end, shown) ? 'maybe' : 'no';
  }
  const length = readMessageLength(bytes, start);
  if (length === 0) return 'no';
  // A datagram holds exactly one message.
  return isUdp && length !== context.wireLength ? 'no' : 'yes';
}

export const msbd: Dissector = {
  id: 'msbd',
  label: 'MSBD',
  transports: ['tcp', 'udp'],
  isStreaming: true,
  firstBytes: { tcp: firstBytesOf([SIGNATURE]), udp: firstBytesOf([SIGNATURE]) },
  recognize: recognizeMsbd,
  open: (record) => new MsbdDissection(record),
};
