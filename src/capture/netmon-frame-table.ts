/** Where the frames of a Network Monitor capture lie: its frame table, which stands at the end of the file. */

import type { ByteWindow } from './byte-window.ts';
import { STOPPED } from './capture-format.ts';
import type { CaptureLog } from './capture-log.ts';

const ENTRY_BYTES = 4;
/** Entries in memory at a time. */
const PAGE_ENTRIES = 65_536;

/** Frames lie one behind the other but for few holes; a table that leads back and forth is made to cost time. */
const MAX_JUMPS = 10_000;

/**
 * Leads a window from frame to frame. Where the table cannot be reached (pipes, compressed files, files that are cut),
 * frames are taken as they follow each other.
 */
export class FrameTable {
  readonly #offset: number;
  readonly #count: number;
  readonly #log: CaptureLog;
  #isReachable: boolean | null = null;
  #page = new Uint32Array(0);
  #pageStart = 0;
  #index = 0;
  #jumps = 0;

  constructor(offset: number, bytes: number, log: CaptureLog) {
    this.#offset = offset;
    this.#count = Math.floor(bytes / ENTRY_BYTES);
    this.#log = log;
  }

  /** Moves the window to the next frame; 0 when it stands there, else what `readFrames` is to answer. */
  seekNext(window: ByteWindow): number {
    this.#isReachable ??= this.#canReach(window);
    if (!this.#isReachable) return window.offsetOf(window.start) >= this.#offset ? STOPPED : 0;
    if (this.#index >= this.#count) return STOPPED;
    if (this.#index >= this.#pageStart + this.#page.length) {
      const needed = this.#loadPage(window);
      if (needed > 0) return needed;
    }
    const offset = this.#page[this.#index - this.#pageStart] ?? 0;
    if (offset >= (window.seekableBytes ?? 0))
      return this.#stop(offset, 'The frame table leads beyond the end of the file');
    if (window.seek(offset) && ++this.#jumps > MAX_JUMPS)
      return this.#stop(offset, 'The frame table leads back and forth through the file');
    return 0;
  }

  advance(): void {
    this.#index++;
  }

  #stop(offset: number, text: string): typeof STOPPED {
    this.#log.stop(offset, text);
    return STOPPED;
  }

  #canReach(window: ByteWindow): boolean {
    const { seekableBytes } = window;
    if (seekableBytes === null) return false;
    if (this.#offset + this.#count * ENTRY_BYTES <= seekableBytes) return true;
    this.#log.warn(
      this.#offset,
      'The frame table lies beyond the end of the file, which is cut; frames were read in file order.',
    );
    return false;
  }

  #loadPage(window: ByteWindow): number {
    const entries = Math.min(PAGE_ENTRIES, this.#count - this.#index);
    window.seek(this.#offset + this.#index * ENTRY_BYTES);
    if (window.available < entries * ENTRY_BYTES) return entries * ENTRY_BYTES;
    this.#page = new Uint32Array(entries);
    for (let i = 0; i < entries; i++) this.#page[i] = window.view.getUint32(window.start + i * ENTRY_BYTES, true);
    this.#pageStart = this.#index;
    return 0;
  }
}
