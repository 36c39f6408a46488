/** RTP: recognition, and what a stream without an announcement says of itself, RFC 3550 and RFC 3551. */

import { readUint8, readUint16, readUint32 } from '../../bytes/read.ts';
import type { ControlRecord } from '../control-record.ts';
import type { Dissection, Dissector, PayloadContext } from '../dissector.ts';
import { hasSrtpTag, isAncillaryData, isUncompressedVideo, pcmFrameBytes } from './media-shape.ts';
import { provePayload } from './payload-proof.ts';
import { formatOfStaticPayloadType, isDynamicPayloadType } from './payload-types.ts';
import {
  findRtpPayload,
  findRtpPayloadEnd,
  RTP_FIRST_BYTES,
  SEQUENCE_OFFSET,
  SSRC_OFFSET,
  TIMESTAMP_OFFSET,
} from './rtp-header.ts';
import { RtpConfirmation, recognizeRtp } from './rtp-recognition.ts';

/** Packets that are looked at; measured are all of them elsewhere. */
const PACKETS_READ = 48;
/** A shape that as many packets in a row have is not chance. */
const PACKETS_OF_ONE_SHAPE = 8;

type Shape = 'ST 2110-20' | 'ST 2110-40' | 'PCM' | 'SRTP' | 'none';

class RtpDissection implements Dissection {
  readonly #record: ControlRecord;
  #packets = 0;
  /** In the record, where the first word stands. */
  #hasType = false;
  #hasCodec = false;
  #shape: Shape = 'none';
  #sameShape = 0;
  #ssrc = -1;
  #sequence = 0;
  #timestamp = 0;

  constructor(record: ControlRecord) {
    this.#record = record;
  }

  get isDone(): boolean {
    return this.#packets >= PACKETS_READ;
  }

  data(bytes: Uint8Array, start: number, end: number, context: PayloadContext): void {
    this.#packets++;
    const payload = findRtpPayload(bytes, start, end);
    // A hole punch has a header and no payload; a cut packet hides where its payload ends.
    if (payload < 0 || payload === end || context.wireLength !== end - start) return;
    const payloadEnd = findRtpPayloadEnd(bytes, start, payload, end);
    if (payloadEnd <= payload) return;

    const payloadType = readUint8(bytes, start + 1) & 0x7f;
    const proven = provePayload(bytes, payloadType, payload, payloadEnd);
    if (!this.#hasType) this.#record.fact('payloadType', String(payloadType));
    this.#hasType = true;
    const codec = this.#hasCodec ? '' : proven || (formatOfStaticPayloadType(payloadType)?.encoding ?? '');
    if (codec !== '') this.#record.fact('codec', codec);
    this.#hasCodec ||= codec !== '';
    if (proven === '') this.#followShape(bytes, start, payload, payloadEnd, payloadType);
  }

  #followShape(bytes: Uint8Array, start: number, payload: number, payloadEnd: number, payloadType: number): void {
    const ssrc = readUint32(bytes, start + SSRC_OFFSET);
    const sequence = readUint16(bytes, start + SEQUENCE_OFFSET);
    const timestamp = readUint32(bytes, start + TIMESTAMP_OFFSET);
    const isNext = ssrc === this.#ssrc && sequence === ((this.#sequence + 1) & 0xffff);
    const step = (timestamp - this.#timestamp) | 0;
    this.#ssrc = ssrc;
    this.#sequence = sequence;
    this.#timestamp = timestamp;
    if (!isNext) return;

    const shape = findShape(bytes, payload, payloadEnd, payloadType, step);
    this.#sameShape = shape === this.#shape ? this.#sameShape + 1 : 1;
    this.#shape = shape;
    if (this.#sameShape === PACKETS_OF_ONE_SHAPE)
      this.#tellShape(pcmFrameBytes(payloadType, step, payloadEnd - payload));
  }

  #tellShape(frameBytes: number): void {
    if (this.#shape === 'SRTP') this.#record.variant = 'SRTP';
    else if (this.#shape === 'PCM') {
      this.#record.fact(
        'codec',
        `linear PCM, ${frameBytes} bytes a sample of all channels (ST 2110-30 or AES67 shape)`,
      );
    } else if (this.#shape === 'ST 2110-20') this.#record.fact('codec', 'uncompressed video (ST 2110-20 shape)');
    else if (this.#shape === 'ST 2110-40') this.#record.fact('codec', 'ancillary data (ST 2110-40 shape)');
  }
}

function findShape(bytes: Uint8Array, start: number, end: number, payloadType: number, step: number): Shape {
  if (hasSrtpTag(payloadType, step, end - start)) return 'SRTP';
  if (!isDynamicPayloadType(payloadType)) return 'none';
  // Ancillary data first: its header reads as one line of video too, where only some lines of video read as ancillary data.
  if (isAncillaryData(bytes, start, end)) return 'ST 2110-40';
  if (isUncompressedVideo(bytes, start, end)) return 'ST 2110-20';
  return pcmFrameBytes(payloadType, step, end - start) > 0 ? 'PCM' : 'none';
}

export const rtp: Dissector = {
  id: 'rtp',
  label: 'RTP',
  transports: ['udp'],
  isStreaming: true,
  firstBytes: { udp: RTP_FIRST_BYTES },
  recognize: recognizeRtp,
  confirm: () => new RtpConfirmation(),
  open: (record) => new RtpDissection(record),
};
