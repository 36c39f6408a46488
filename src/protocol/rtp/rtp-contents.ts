/** What the payloads of RTP streams carry, where that is measured too: transport streams (RFC 2250) and video. */

import { readUint8, readUint32 } from '../../bytes/read.ts';
import type { MediaFormat } from '../control-record.ts';
import { TransportStream } from '../mpegts/transport-stream.ts';
import { countCapturedCells } from '../mpegts/ts-packet.ts';
import { H264, H265 } from '../video/nal-units.ts';
import { VideoStream } from '../video/video-stream.ts';
import { findRtpPayload, findRtpPayloadEnd, TIMESTAMP_OFFSET } from './rtp-header.ts';

/**
 * What a stream carries: `unknown` is looked at for a while, `perhapsVideo` is unknown too and began as video would, `plain` is
 * nothing that is measured.
 */
export const CONTENTS = {
  unknown: 0,
  plain: 1,
  namedCells: 2,
  cells: 3,
  perhapsVideo: 4,
  h264: 5,
  h265: 6,
  otherVideo: 7,
} as const;

/** Packets of a stream that are looked at for cells, and for the parameters of video, which come with key frames. */
const PACKETS_TRIED_FOR_CELLS = 8;
const PACKETS_TRIED_FOR_VIDEO = 4096;
const MOST_TRANSPORT_STREAMS = 1024;
const MOST_VIDEO_STREAMS = 8192;
const ENCODINGS: readonly (readonly [RegExp, number])[] = [
  [/^MP2T$/i, CONTENTS.namedCells],
  [/^H264$/i, CONTENTS.h264],
  [/^(H265|HEVC)$/i, CONTENTS.h265],
  [/^(VP8|VP9|AV1|H261|H263(-\d+)?|H266|MPV|MP4V-ES|JPEG|jpeg2000|jxsv|theora|raw|vc1)$/i, CONTENTS.otherVideo],
];

/** `format`: as announced or fixed for the payload type, null where nobody says. */
export function contentsOf(format: MediaFormat | null): number {
  if (format === null) return CONTENTS.unknown;
  return ENCODINGS.find(([name]) => name.test(format.encoding))?.[1] ?? CONTENTS.plain;
}

export class RtpContents {
  /** By the offset of the stream's record. */
  readonly #transports = new Map<number, TransportStream>();
  readonly #videos = new Map<number, VideoStream>();

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
    const timestamp = readUint32(bytes, start + TIMESTAMP_OFFSET);
    if (contents >= CONTENTS.h264) {
      this.#begunVideo(stream, contents, true)?.packet(bytes, payload, payloadEnd, timestamp, timeNs);
      return contents;
    }
    const payloadWireLength = isWhole ? payloadEnd - payload : wireLength - (payload - start);
    const now = this.#lookForCells(stream, contents, packets, bytes, payload, payloadEnd, payloadWireLength);
    if (now === CONTENTS.cells) {
      this.#transports.get(stream)?.datagram(bytes, payload, payloadEnd, payloadWireLength, timeNs);
      return now;
    }
    const isOpen = contents === CONTENTS.unknown || contents === CONTENTS.perhapsVideo;
    if (!isOpen || packets > PACKETS_TRIED_FOR_VIDEO) return now;
    const suspect = contents === CONTENTS.perhapsVideo ? this.#videos.get(stream) : undefined;
    const kind = suspect === undefined ? videoBeginningAt(bytes, payload) : contentsOfVideo(suspect);
    if (kind === CONTENTS.unknown) return kind;
    return this.#lookForVideo(stream, kind, bytes, payload, payloadEnd, timestamp, timeNs);
  }

  /** Null for a stream that carries none. */
  transportOf(stream: number): TransportStream | null {
    return this.#transports.get(stream) ?? null;
  }

  /** Null for a stream that is not known to be video. */
  videoOf(stream: number): VideoStream | null {
    const video = this.#videos.get(stream);
    return video?.isKnown === true ? video : null;
  }

  forget(stream: number): void {
    this.#transports.delete(stream);
    this.#videos.delete(stream);
  }

  #lookForCells(
    stream: number,
    contents: number,
    packets: number,
    bytes: Uint8Array,
    start: number,
    end: number,
    wireLength: number,
  ): number {
    if (contents === CONTENTS.cells) return contents;
    if (packets > PACKETS_TRIED_FOR_CELLS) return CONTENTS.plain;
    // Without a name, a lone cell begins with one telling byte only.
    const fewest = contents === CONTENTS.namedCells ? 1 : 2;
    if (countCapturedCells(bytes, start, end, wireLength) < fewest) return contents;
    if (this.#transports.size >= MOST_TRANSPORT_STREAMS) return CONTENTS.plain;
    this.#transports.set(stream, new TransportStream());
    return CONTENTS.cells;
  }

  /** Video of this kind that nobody named begins with its parameter sets, each alone or together in one packet. */
  #lookForVideo(
    stream: number,
    kind: number,
    bytes: Uint8Array,
    start: number,
    end: number,
    timestamp: number,
    timeNs: number,
  ): number {
    const video = this.#begunVideo(stream, kind, false);
    if (video === null) return CONTENTS.unknown;
    video.packet(bytes, start, end, timestamp, timeNs);
    if (video.isKnown) return kind;
    if (video.parameters !== null) return CONTENTS.perhapsVideo;
    this.#videos.delete(stream);
    return CONTENTS.unknown;
  }

  #begunVideo(stream: number, contents: number, isNamed: boolean): VideoStream | null {
    const known = this.#videos.get(stream);
    if (known !== undefined || this.#videos.size >= MOST_VIDEO_STREAMS) return known ?? null;
    const codec = contents === CONTENTS.h264 ? 'H264' : contents === CONTENTS.h265 ? 'H265' : 'other';
    const video = new VideoStream(codec, isNamed);
    this.#videos.set(stream, video);
    return video;
  }
}

function contentsOfVideo({ codec }: VideoStream): number {
  return codec === 'H264' ? CONTENTS.h264 : CONTENTS.h265;
}

/** Whether a sequence parameter set may begin here, or an aggregate of units that holds one; see `NalCodec`. */
function videoBeginningAt(bytes: Uint8Array, start: number): number {
  const firstByte = readUint8(bytes, start);
  const isH265 = (firstByte === 33 << 1 || firstByte === H265.aggregate << 1) && readUint8(bytes, start + 1) === 1;
  if (isH265) return CONTENTS.h265;
  const isForbidden = (firstByte & 0x80) !== 0;
  const isReferred = (firstByte & 0x60) !== 0;
  const type = firstByte & 0x1f;
  // Aggregates should say that they are referred to; some senders forget it.
  const isH264 = !isForbidden && (type === H264.aggregate || (type === 7 && isReferred));
  return isH264 ? CONTENTS.h264 : CONTENTS.unknown;
}
