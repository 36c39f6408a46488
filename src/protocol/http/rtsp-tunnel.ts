/**
 * RTSP tunnelled in HTTP (Apple's QuickTime tunnelling): a GET whose answer carries what the server says, and on another
 * connection a POST whose body carries what the client says, in base64. Both name the tunnel in `x-sessioncookie`.
 */

import type { ControlRecord } from '../control-record.ts';
import type { Dissection, PayloadContext } from '../dissector.ts';
import { RtspDissection } from '../rtsp/rtsp-dissection.ts';
import type { MessageHead } from '../text/message-head.ts';
import { type BodyListener, type BodyPlan, UNTIL_CLOSE } from './http-reader.ts';
import { mediaTypeOf } from './streaming-kind.ts';

const TUNNEL_TYPE = 'application/x-rtsp-tunnelled';
const SKIPPED = 0xff;
const PADDING = 0xfe;
const SEXTETS = buildSextets();

/** Heads of either direction and either connection. */
export function isTunnelHead(head: MessageHead): boolean {
  return mediaTypeOf(head) === TUNNEL_TYPE || head.get('accept').toLowerCase().includes(TUNNEL_TYPE);
}

/** What is left of a flow once it is a tunnel. The Content-Length of the POST is meaningless, so bodies last until the end. */
export class RtspTunnel {
  readonly #inner: Dissection;
  /** Context of the bytes at hand. */
  readonly #context: () => PayloadContext;

  constructor(record: ControlRecord, context: () => PayloadContext) {
    record.identity = 'rtsp';
    record.variant = 'RTSP over HTTP';
    // Requests travel on one connection and answers on another, so none of them is a question here.
    this.#inner = new RtspDissection(record, { hasQuestions: false });
    this.#context = context;
  }

  planServerBody(): BodyPlan {
    return this.#plan({
      take: (bytes, start, end) => this.#give(bytes, start, end),
      miss: (length) => length,
    });
  }

  planClientBody(): BodyPlan {
    const decoder = new Base64Decoder();
    return this.#plan({
      take: (bytes, start, end) => {
        const decoded = decoder.decode(bytes, start, end);
        this.#give(decoded, 0, decoded.length);
      },
      miss: (length) => decoder.skip(length),
    });
  }

  close(): void {
    this.#inner.close?.(this.#context().at);
  }

  /** `miss` tells how many bytes of RTSP are gone with so many of the body. */
  #plan(body: {
    take: (bytes: Uint8Array, start: number, end: number) => void;
    miss: (length: number) => number;
  }): BodyPlan {
    const listener: BodyListener = {
      data: (bytes, start, end) => {
        body.take(bytes, start, end);
        return true;
      },
      gap: (length) => this.#inner.gap?.(this.#context().direction, body.miss(length), this.#context().at),
    };
    return { length: UNTIL_CLOSE, listener };
  }

  #give(bytes: Uint8Array, start: number, end: number): void {
    if (end > start) this.#inner.data(bytes, start, end, this.#context());
  }
}

/** Base64 that may be cut anywhere, padded in the midst and broken into lines. */
export class Base64Decoder {
  #bits = 0;
  #count = 0;

  /** Passes over characters that are missing, and returns how many bytes they stood for. */
  skip(count: number): number {
    const bits = this.#count + 6 * count;
    this.#count = bits % 8;
    return Math.floor(bits / 8);
  }

  decode(bytes: Uint8Array, start: number, end: number): Uint8Array {
    const decoded = new Uint8Array(Math.ceil(((end - start) * 3) / 4) + 1);
    let length = 0;
    for (let at = start; at < end; at++) {
      const sextet = SEXTETS[bytes[at] ?? 0] ?? SKIPPED;
      if (sextet === SKIPPED) continue;
      if (sextet === PADDING) {
        this.#count = 0;
        continue;
      }
      this.#bits = ((this.#bits << 6) | sextet) & 0xffff;
      this.#count += 6;
      if (this.#count < 8) continue;
      this.#count -= 8;
      decoded[length++] = this.#bits >> this.#count;
    }
    return decoded.subarray(0, length);
  }
}

function buildSextets(): Uint8Array {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
  const sextets = new Uint8Array(256).fill(SKIPPED);
  for (let i = 0; i < alphabet.length; i++) sextets[alphabet.charCodeAt(i)] = i;
  sextets['='.charCodeAt(0)] = PADDING;
  return sextets;
}
