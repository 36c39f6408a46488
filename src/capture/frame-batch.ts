/** Frames as they come from a capture: one slab of bytes and parallel arrays that say where each frame lies. */

/** Frames per batch at most; enough to hide the cost of a call, small enough to stay in the cache. */
export const BATCH_FRAMES = 4096;

/** A batch and all it holds are borrowed: valid until the source's next `next()`. */
export class FrameBatch {
  bytes: Uint8Array = new Uint8Array(0);
  view: DataView = new DataView(this.bytes.buffer);
  count = 0;
  /** Offset of the frame's first byte in `bytes`. */
  readonly starts = new Uint32Array(BATCH_FRAMES);
  /** Bytes stored. */
  readonly capturedLengths = new Uint32Array(BATCH_FRAMES);
  /** Bytes that were on the wire. */
  readonly wireLengths = new Uint32Array(BATCH_FRAMES);
  /** Whole seconds since 1970 (may be negative), and nanoseconds within the second. */
  readonly seconds = new Float64Array(BATCH_FRAMES);
  readonly nanoseconds = new Uint32Array(BATCH_FRAMES);
  /** LINKTYPE_ value, see `link-type.ts`. */
  readonly linkTypes = new Uint16Array(BATCH_FRAMES);
  /** Index into the source's `captures`. */
  readonly captures = new Uint16Array(BATCH_FRAMES);
  /** Number of the frame in its capture, from 1 as Wireshark counts. */
  readonly numbers = new Uint32Array(BATCH_FRAMES);
  /** Index of the interface within its capture. */
  readonly interfaces = new Uint16Array(BATCH_FRAMES);

  get isFull(): boolean {
    return this.count === BATCH_FRAMES;
  }
}

/** Something that limits what a capture can show, in one sentence for people. */
export interface CaptureWarning {
  /** Byte offset in the (decompressed) file, or null when it concerns the whole. */
  readonly offset: number | null;
  /** What was found, what was expected, and what was done about it. */
  readonly text: string;
}

export interface CaptureInterface {
  /** Name and filter are as the file has them: bounded, and not safe to print. */
  readonly name: string | null;
  readonly linkType: number;
  /** 0 means no limit. */
  readonly snapLength: number;
  readonly filter: string | null;
  /** Frames that the kernel or the interface dropped, by the last statistics; null when not told. */
  dropped: number | null;
}

/** From when until when nothing was seen. */
export interface BlindTime {
  readonly start: number;
  readonly end: number;
}

/** What is known of one file, pipe or interface; fields grow while it is read. */
export interface CaptureInfo {
  /** Path as given, `-` for standard input. */
  readonly file: string;
  /** Such as `pcap`, `pcapng`, `pcap (nanoseconds) in gzip`. */
  format: string;
  frames: number;
  /** Sum of wire lengths. */
  bytes: number;
  readonly interfaces: CaptureInterface[];
  readonly warnings: CaptureWarning[];
  /** Byte offset at which reading stopped because of damage; null when the end was clean. */
  truncatedAt: number | null;
  /** Comments on the section and on frames (frame 0: the section), bounded in number and length, not safe to print. */
  readonly comments: { readonly frame: number; readonly text: string }[];
  /** How often a live capture ended and was begun again; absent for what is not live. */
  interruptions?: number;
  /** When an interface of a live capture gave nothing, in seconds since 1970; the latest ones, the end Infinity while it lasts. */
  blindTimes?: readonly BlindTime[];
  /** What the source of a live capture cannot tell, in a sentence; absent or null when it tells all. */
  readonly limit?: string | null;
}

/** A file that holds frames of a live capture, numbered on from `firstFrame`. */
export interface KeptFile {
  readonly path: string;
  readonly firstFrame: number;
}

/** What can still be read again of a live capture. */
export interface Recall {
  readonly files: readonly KeptFile[];
  /** Why what is held in memory is not among them, in a sentence; null when it is. */
  readonly failure: string | null;
}

export interface FrameSource {
  readonly captures: readonly CaptureInfo[];
  /**
   * The next frames, or null at the end. Synchronous where the bytes are at hand, so that a plain file costs no promise.
   * Damage in a file is a warning and an early end, never an exception; a failure of the device (disk, pipe) rejects with
   * a `CaptureError`.
   */
  next(): FrameBatch | null | Promise<FrameBatch | null>;
  /** Bytes of the files (as stored, compressed) that have been read, and their sum where it is known. */
  progress(): { readonly bytesRead: number; readonly bytesTotal: number | null };
  /** Only of live captures: brings `captures` up to date, which change also when no frame comes. */
  refresh?(): void;
  /** Only of what has no end of its own, live or followed: what is on its way still comes, and then the end. */
  stop?(): void;
  /** Only of live captures: what can be read again of them. What is held in memory is written into `folder`. */
  recall?(folder: string): Recall;
  close(): Promise<void>;
}

/** Input that could not be read at all; the message is for people and names the file, what is wrong and what to do. */
export class CaptureError extends Error {
  override readonly name = 'CaptureError';
}
