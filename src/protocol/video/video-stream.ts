/** Frames of one video stream as they come: how many, how often one at which a decoder can begin, and of what size. */

import { readH264Parameters } from './h264-parameters.ts';
import { readH265Parameters } from './h265-parameters.ts';
import { H264, H265, type NalCodec, type NalKind, visitNalUnits } from './nal-units.ts';
import type { VideoParameters } from './video-parameters.ts';

const NS_PER_MS = 1e6;
const LONGEST_PARAMETERS = 256;
/** Frames are sent in the order of their decoding, which is not that of their timestamps, and packets may come late. */
const TIMESTAMPS_REMEMBERED = 16;
const NO_BYTES = new Uint8Array(0);

/** `other`: frames are told by their timestamps alone. */
export type VideoCodec = 'H264' | 'H265' | 'other';

export class VideoStream {
  readonly codec: VideoCodec;
  frames = 0;
  keyFrames = 0;
  parameters: VideoParameters | null = null;
  /** Times that other parameters came than before. */
  parameterChanges = 0;
  maxKeyFrameIntervalMs = 0;
  /** Announced to be video, or proven: a set of parameters for pictures came right behind one for the sequence. */
  isKnown: boolean;
  readonly #nal: NalCodec | null;
  #parameterBytes = NO_BYTES;
  readonly #recent = new Float64Array(TIMESTAMPS_REMEMBERED).fill(Number.NaN);
  /** Of the packet at hand. */
  #timestamp = 0;
  #firstFrameTime = 0;
  #lastFrameTime = 0;
  #firstKeyTime = 0;
  #lastKeyTime = 0;
  #keyTimestamp = Number.NaN;
  #parametersTimestamp = Number.NaN;
  #time = 0;
  readonly #noteUnit = (kind: NalKind, bytes: Uint8Array, start: number, end: number): void => {
    if (kind === 'key') this.#noteKeyFrame();
    else if (kind === 'parameters') this.#readParameters(bytes, start, end);
    else if (kind === 'picture-parameters' && this.#parametersTimestamp === this.#timestamp)
      this.isKnown = this.parameters !== null;
  };

  constructor(codec: VideoCodec, isKnown: boolean) {
    this.codec = codec;
    this.isKnown = isKnown;
    this.#nal = codec === 'other' ? null : codec === 'H264' ? H264 : H265;
  }

  /** The payload [start, end) of a packet; packets of one frame share their timestamp. */
  packet(bytes: Uint8Array, start: number, end: number, timestamp: number, timeNs: number): void {
    this.#timestamp = timestamp;
    this.#time = timeNs;
    if (!this.#recent.includes(timestamp)) this.#noteFrame(timestamp, timeNs);
    if (this.#nal !== null) visitNalUnits(this.#nal, bytes, start, end, this.#noteUnit);
  }

  /** As they came; null for fewer than two. */
  get framesPerSecond(): number | null {
    const elapsedMs = (this.#lastFrameTime - this.#firstFrameTime) / NS_PER_MS;
    return elapsedMs > 0 ? ((this.frames - 1) * 1000) / elapsedMs : null;
  }

  /** Null where key frames are not told, or fewer than two came. */
  get meanKeyFrameIntervalMs(): number | null {
    if (this.keyFrames < 2) return null;
    return (this.#lastKeyTime - this.#firstKeyTime) / NS_PER_MS / (this.keyFrames - 1);
  }

  #noteFrame(timestamp: number, timeNs: number): void {
    this.#recent[this.frames % TIMESTAMPS_REMEMBERED] = timestamp;
    this.frames++;
    this.#lastFrameTime = timeNs;
    if (this.frames === 1) this.#firstFrameTime = timeNs;
  }

  #noteKeyFrame(): void {
    if (this.#keyTimestamp === this.#timestamp) return;
    this.#keyTimestamp = this.#timestamp;
    this.keyFrames++;
    if (this.keyFrames === 1) this.#firstKeyTime = this.#time;
    else
      this.maxKeyFrameIntervalMs = Math.max(this.maxKeyFrameIntervalMs, (this.#time - this.#lastKeyTime) / NS_PER_MS);
    this.#lastKeyTime = this.#time;
  }

  #readParameters(bytes: Uint8Array, start: number, end: number): void {
    this.#parametersTimestamp = this.#timestamp;
    if (end - start > LONGEST_PARAMETERS || isSame(this.#parameterBytes, bytes, start, end)) return;
    const read = this.codec === 'H264' ? readH264Parameters : readH265Parameters;
    const parameters = read(bytes, start, end);
    if (parameters === null) return;
    this.#parameterBytes = bytes.slice(start, end);
    if (this.parameters !== null) this.parameterChanges++;
    this.parameters = parameters;
  }
}

function isSame(known: Uint8Array, bytes: Uint8Array, start: number, end: number): boolean {
  if (known.length !== end - start) return false;
  for (let i = 0; i < known.length; i++) if (known[i] !== bytes[start + i]) return false;
  return true;
}
