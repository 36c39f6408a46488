/** MMSU: MMS media over UDP, and the client's requests to send lost packets again (MS-MMSP sections 2.2.2 and 2.2.5). */

import { readUint8, readUint16Le, readUint32Le } from '../../bytes/read.ts';
import type { ControlRecord } from '../control-record.ts';
import type { Confirmation, Dissection, Dissector, PayloadContext, Recognition } from '../dissector.ts';
import { DATA_HEADER_BYTES, looksLikeAsf, readDataSize } from './mms-message.ts';

const RESEND_SIGNATURE = 0xbeeff00d;
const RESEND_HEADER_BYTES = 12;
const MOST_RESENT = 32;

/** Packets in a row, each with the next location, that leave no other explanation. */
const PACKETS_TO_CONFIRM = 5;
/** Jumps of the location (lost or skipped packets) that are borne before the flow is given up. */
const MOST_JUMPS = 4;

function isResendRequest(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start < RESEND_HEADER_BYTES || readUint32Le(bytes, start) !== RESEND_SIGNATURE) return false;
  const count = readUint16Le(bytes, start + 10);
  return count >= 1 && count <= MOST_RESENT && end - start === RESEND_HEADER_BYTES + 4 * count;
}

/** A datagram whose size field is its own length and that holds ASF; one alone proves nothing. */
function isData(bytes: Uint8Array, start: number, end: number, context: PayloadContext): boolean {
  if (context.isMulticast || end - start < DATA_HEADER_BYTES + 8 || readUint8(bytes, start + 4) === 0) return false;
  return readDataSize(bytes, start) === context.wireLength && looksLikeAsf(bytes, start + DATA_HEADER_BYTES);
}

function recognizeMmsu(bytes: Uint8Array, start: number, end: number, context: PayloadContext): Recognition {
  if (isResendRequest(bytes, start, end)) return 'yes';
  return isData(bytes, start, end, context) ? 'maybe' : 'no';
}

class MmsuConfirmation implements Confirmation {
  #location = -1;
  #incarnation = -1;
  #inRow = 0;
  #jumps = 0;

  accept(bytes: Uint8Array, start: number, end: number, context: PayloadContext): Recognition {
    if (isResendRequest(bytes, start, end)) return 'yes';
    if (!isData(bytes, start, end, context)) return 'no';
    const location = readUint32Le(bytes, start);
    const incarnation = readUint8(bytes, start + 4);
    if (location === this.#location + 1 && incarnation === this.#incarnation) this.#inRow++;
    else if (this.#location >= 0 && ++this.#jumps > MOST_JUMPS) return 'no';
    else this.#inRow = 1;
    this.#location = location;
    this.#incarnation = incarnation;
    return this.#inRow >= PACKETS_TO_CONFIRM ? 'yes' : 'maybe';
  }
}

class MmsuDissection implements Dissection {
  readonly #record: ControlRecord;

  constructor(record: ControlRecord) {
    this.#record = record;
  }

  data(bytes: Uint8Array, start: number, end: number, context: PayloadContext): void {
    if (!isResendRequest(bytes, start, end)) return;
    const count = readUint16Le(bytes, start + 10);
    const first = readUint32Le(bytes, start + RESEND_HEADER_BYTES);
    this.#record.clientDirection ??= context.direction;
    this.#record.message(context.at, context.direction, 'RequestPacketListResend', `${count} from ${first}`);
  }
}

export const mmsu: Dissector = {
  id: 'mmsu',
  label: 'MMSU',
  transports: ['udp'],
  isStreaming: true,
  recognize: recognizeMmsu,
  confirm: () => new MmsuConfirmation(),
  open: (record) => new MmsuDissection(record),
};
