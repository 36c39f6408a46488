/** What the payloads of RTP streams carry, where that is measured too: transport streams (RFC 2250). */

import type { MediaFormat } from '../control-record.ts';
import { TransportStream } from '../mpegts/transport-stream.ts';
import { countCapturedCells } from '../mpegts/ts-packet.ts';
import { findRtpPayload, findRtpPayloadEnd } from './rtp-header.ts';

/** What a stream carries: `unknown` is looked at for a while, `plain` is nothing that is measured. */
export const CONTENTS = { unknown: 0, plain: 1, namedCells: 2, cells: 3 } as const;

/** Packets of a stream that are looked at to find out. */
const PACKETS_TRIED = 8;
const MOST_TRANSPORT_STREAMS = 1024;
const TRANSPORT_STREAM_ENCODING = /^MP2T$/i;

/** `format`: as announced or fixed for the payload type, null where nobody says. */
export function contentsOf(format: MediaFormat | null): number {
  if (format === null) return CONTENTS.unknown;
  return TRANSPORT_STREAM_ENCODING.test(format.encoding) ? CONTENTS.namedCells : CONTENTS.plain;
}

export class RtpContents {
  /** By the offset of the stream's record. */
  readonly #transports = new Map<number, TransportStream>();

  /** A packet of a stream of `packets` so far that carries `contents`; returns what it is now known to carry. */
  packet(
    stream: number,
    contents: number,
    packets: number,
    bytes: Uint8Array,
    start: number,
    end: number,
    wireLength: number,
    timeNs: number,
  ): number {
    const payload = findRtpPayload(bytes, start, end);
    const isWhole = end - start === wireLength;
    const payloadEnd = isWhole && payload >= 0 ? findRtpPayloadEnd(bytes, start, payload, end) : end;
    if (payload < 0 || payloadEnd <= payload) return contents;
    const payloadWireLength = isWhole ? payloadEnd - payload : wireLength - (payload - start);
    if (contents !== CONTENTS.cells) {
      // Without a name, a lone cell begins with one telling byte only.
      const fewest = contents === CONTENTS.namedCells ? 1 : 2;
      const hasCells = countCapturedCells(bytes, payload, payloadEnd, payloadWireLength) >= fewest;
      if (!hasCells) return packets < PACKETS_TRIED ? contents : CONTENTS.plain;
      if (this.#transports.size >= MOST_TRANSPORT_STREAMS) return CONTENTS.plain;
      this.#transports.set(stream, new TransportStream());
    }
    this.#transports.get(stream)?.datagram(bytes, payload, payloadEnd, payloadWireLength, timeNs);
    return CONTENTS.cells;
  }

  /** Null for a stream that carries none. */
  transportOf(stream: number): TransportStream | null {
    return this.#transports.get(stream) ?? null;
  }

  forget(stream: number): void {
    this.#transports.delete(stream);
  }
}
