/** STUN and TURN; the flow they open is often that of WebRTC's media, which follows on the same ports (RFC 7983). */

import { readUint8, readUint16, readUtf8 } from '../../bytes/read.ts';
import type { ControlRecord } from '../control-record.ts';
import type { Dissection, Dissector, PayloadContext, Recognition } from '../dissector.ts';
import { RtpConfirmation } from '../rtp/rtp-recognition.ts';
import { isDtlsDatagram } from './dtls.ts';
import { nameProtocol } from './neighbour.ts';
import {
  findStunAttribute,
  hasStunCookie,
  isStunMessage,
  LAST_STUN_FIRST_BYTE,
  readStunKind,
  STUN_ATTRIBUTE,
  STUN_HEADER_BYTES,
} from './stun-message.ts';

/** Over TCP (TURN, ICE-TCP) the first message must have the cookie; ICE-TCP puts a length before it (RFC 4571). */
function recognizeStun(bytes: Uint8Array, start: number, end: number, context: PayloadContext): Recognition {
  if (context.transport === 'udp') return isStunMessage(bytes, start, end, context.wireLength) ? 'yes' : 'no';
  return isFramedMessage(bytes, start, end) || isFramedMessage(bytes, start + 2, end) ? 'yes' : 'no';
}

/** A message of which the stream may hold only a part so far. */
function isFramedMessage(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start < STUN_HEADER_BYTES || !hasStunCookie(bytes, start)) return false;
  const wireLength = STUN_HEADER_BYTES + readUint16(bytes, start + 2);
  return (
    isStunMessage(bytes, start, Math.min(end, start + wireLength), wireLength) && readStunKind(bytes, start) !== null
  );
}

class StunDissection implements Dissection {
  becomes: string | null = null;
  readonly #record: ControlRecord;
  readonly #told = new Set<string>();
  #media: RtpConfirmation | null = new RtpConfirmation();

  constructor(record: ControlRecord) {
    this.#record = record;
  }

  get isDone(): boolean {
    return this.#media === null;
  }

  data(bytes: Uint8Array, start: number, end: number, context: PayloadContext): void {
    if (isStunMessage(bytes, start, end, context.wireLength)) this.#tell(bytes, start, end, context);
    else if (isDtlsDatagram(bytes, start, end, context.wireLength)) this.#record.variant = 'WebRTC (STUN and DTLS)';
    else this.#lookForMedia(bytes, start, end, context);
  }

  #lookForMedia(bytes: Uint8Array, start: number, end: number, context: PayloadContext): void {
    const recognition = this.#media?.accept(bytes, start, end, context);
    if (recognition === 'yes') this.becomes = 'rtp';
    if (recognition !== 'maybe') this.#media = null;
  }

  /** The first of each kind and direction; keep-alives repeat for ever. */
  #tell(bytes: Uint8Array, start: number, end: number, context: PayloadContext): void {
    const software = findStunAttribute(bytes, start, end, STUN_ATTRIBUTE.software);
    if (software !== null) this.#record.fact('agent', readUtf8(bytes, software.start, software.end));
    const kind = readStunKind(bytes, start);
    const name = kind === null ? '' : `${kind.method} ${kind.kind}`;
    const key = `${context.direction} ${name}`;
    if (name === '' || this.#told.has(key)) return;
    this.#told.add(key);
    this.#record.message(context.at, context.direction, name, readErrorText(bytes, start, end));
  }
}

/** RFC 8489 section 14.8: class, number, reason phrase. */
function readErrorText(bytes: Uint8Array, start: number, end: number): string {
  const error = findStunAttribute(bytes, start, end, STUN_ATTRIBUTE.errorCode);
  if (error === null || error.end - error.start < 4) return '';
  const code = (readUint8(bytes, error.start + 2) & 0x07) * 100 + readUint8(bytes, error.start + 3);
  return `${code} ${readUtf8(bytes, error.start + 4, error.end)}`.trimEnd();
}

export const stun: Dissector = nameProtocol('stun', 'STUN', ['udp', 'tcp'], recognizeStun, {
  firstBytes: { udp: [[0, LAST_STUN_FIRST_BYTE]] },
  open: (record, context) =>
    context.transport === 'udp' ? new StunDissection(record) : { data: () => {}, isDone: true },
});
