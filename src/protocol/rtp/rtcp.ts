/** RTCP: recognition and the facts that its source descriptions tell, RFC 3550 section 6. */

import { readUint8, readUtf8 } from '../../bytes/read.ts';
import type { ControlRecord } from '../control-record.ts';
import { keep } from '../control-record.ts';
import type { Confirmation, Dissection, Dissector, PayloadContext, Recognition } from '../dissector.ts';
import { RTCP_TYPE, readRtcpLength, readRtcpSender, recognizeRtcp } from './rtcp-packet.ts';
import { isRtcpSecondByte, RTP_FIRST_BYTES } from './rtp-header.ts';
import { RtpConfirmation } from './rtp-recognition.ts';

/** Two weak packets of one sender in one direction. */
class RtcpConfirmation implements Confirmation {
  readonly #senders: [number, number] = [-1, -1];
  #datagrams = 0;

  accept(bytes: Uint8Array, start: number, end: number, context: PayloadContext): Recognition {
    const recognition = recognizeRtcp(bytes, start, end, context.wireLength);
    if (recognition === 'yes') return 'yes';
    if (recognition === 'maybe') {
      const sender = readRtcpSender(bytes, start);
      if (this.#senders[context.direction] === sender) return 'yes';
      this.#senders[context.direction] = sender;
    }
    this.#datagrams++;
    return this.#datagrams < 16 ? 'maybe' : 'no';
  }
}

const SDES_FACTS: ReadonlyMap<number, string> = new Map([
  [1, 'cname'],
  [2, 'name'],
  [6, 'tool'],
]);

const PACKET_NAMES: ReadonlyMap<number, string> = new Map([
  [RTCP_TYPE.senderReport, 'sender report'],
  [RTCP_TYPE.receiverReport, 'receiver report'],
  [RTCP_TYPE.bye, 'BYE'],
]);

/** RTP may share the flow (RFC 5761): the flow then is that of its media. */
class RtcpDissection implements Dissection {
  becomes: string | null = null;
  readonly #record: ControlRecord;
  readonly #told: [Set<number>, Set<number>] = [new Set(), new Set()];
  #media: RtpConfirmation | null = new RtpConfirmation();

  constructor(record: ControlRecord) {
    this.#record = record;
  }

  data(bytes: Uint8Array, start: number, end: number, context: PayloadContext): void {
    if (end - start < 2) return;
    if (isRtcpSecondByte(readUint8(bytes, start + 1))) this.#readCompound(bytes, start, end, context);
    else this.#lookForMedia(bytes, start, end, context);
  }

  #lookForMedia(bytes: Uint8Array, start: number, end: number, context: PayloadContext): void {
    const recognition = this.#media?.accept(bytes, start, end, context);
    if (recognition === 'yes') this.becomes = 'rtp';
    if (recognition !== 'maybe') this.#media = null;
  }

  #readCompound(bytes: Uint8Array, start: number, end: number, context: PayloadContext): void {
    for (let at = start; at < end; ) {
      const length = readRtcpLength(bytes, at, end);
      if (length === 0) return;
      const type = readUint8(bytes, at + 1);
      if (type === RTCP_TYPE.sourceDescription) this.#readDescription(bytes, at, Math.min(end, at + length));
      if (type === RTCP_TYPE.bye) this.#record.closedAt ??= keep(context.at);
      this.#tell(type, context);
      at += length;
    }
  }

  /** The first of each kind and direction: reports repeat every few seconds. */
  #tell(type: number, context: PayloadContext): void {
    const name = PACKET_NAMES.get(type);
    const told = this.#told[context.direction];
    if (name === undefined || told.has(type)) return;
    told.add(type);
    this.#record.message(context.at, context.direction, `RTCP ${name}`);
  }

  /** RFC 3550 section 6.5: the first chunk's items. */
  #readDescription(bytes: Uint8Array, start: number, end: number): void {
    let at = start + 8;
    while (at + 2 <= end) {
      const type = readUint8(bytes, at);
      const length = readUint8(bytes, at + 1);
      if (type === 0 || at + 2 + length > end) return;
      const name = SDES_FACTS.get(type);
      if (name !== undefined) this.#record.fact(name, readUtf8(bytes, at + 2, at + 2 + length));
      at += 2 + length;
    }
  }
}

export const rtcp: Dissector = {
  id: 'rtcp',
  label: 'RTCP',
  transports: ['udp'],
  isStreaming: true,
  firstBytes: { udp: RTP_FIRST_BYTES },
  recognize: (bytes, start, end, context) => recognizeRtcp(bytes, start, end, context.wireLength),
  confirm: () => new RtcpConfirmation(),
  open: (record) => new RtcpDissection(record),
};
