/** What a capture format must offer to be read. */

import type { ByteWindow } from './byte-window.ts';
import type { CaptureLog } from './capture-log.ts';
import type { FrameBatch } from './frame-batch.ts';

/** The answer of `readFrames` when the capture is damaged and its log says where. */
export const STOPPED = -1;

/** The state of reading one capture. */
export interface FormatReader {
  /**
   * Moves `window.start` over whole records and adds their frames to `batch`, until the batch is full (answer 0), the
   * capture is damaged (`STOPPED`), or the next record is not wholly there (answer: bytes it needs from `window.start`).
   */
  readFrames(window: ByteWindow, batch: FrameBatch): number;
}

export interface CaptureFormat {
  /** Tells the format by its first bytes, [start, end), which may be fewer than a header. */
  recognize(bytes: Uint8Array, start: number, end: number): boolean;
  open(log: CaptureLog): FormatReader;
}

/** Frames longer than this are damage, as libpcap and Wireshark see it (MAXIMUM_SNAPLEN). */
export const MAX_FRAME_BYTES = 262_144;
