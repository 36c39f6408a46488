/** Writes down what a reader learns about its capture, within bounds that hold for any file. */

import type { CaptureInfo, CaptureInterface } from './frame-batch.ts';

const MAX_WARNINGS = 100;
const MAX_COMMENTS = 1000;
/** For readers, so that no more than this is decoded. */
export const MAX_COMMENT_BYTES = 4096;

/** Of what turned out to be no capture, or could not be opened. */
export const UNKNOWN_FORMAT = 'unknown';

export class CaptureLog {
  readonly info: CaptureInfo;
  /** What the capture is wrapped in; set before the format. */
  compression: string | null = null;
  readonly #onceTexts = new Set<string>();

  constructor(file: string) {
    this.info = {
      file,
      format: UNKNOWN_FORMAT,
      frames: 0,
      bytes: 0,
      interfaces: [],
      warnings: [],
      truncatedAt: null,
      comments: [],
    };
  }

  setFormat(name: string): void {
    this.info.format = this.compression === null ? name : `${name} in ${this.compression}`;
  }

  warn(offset: number | null, text: string): void {
    if (this.info.warnings.length < MAX_WARNINGS) this.info.warnings.push({ offset, text });
  }

  /** For what a file may repeat with each frame: only the first occurrence is kept. */
  warnOnce(offset: number | null, text: string): void {
    if (this.#onceTexts.has(text)) return;
    this.#onceTexts.add(text);
    this.warn(offset, text);
  }

  /** The file is damaged from `offset` on, and nothing behind it is read. `text` is a sentence without its full stop. */
  stop(offset: number, text: string): void {
    this.info.truncatedAt = offset;
    // A file full of warnings must still say where it ends.
    if (this.info.warnings.length >= MAX_WARNINGS) this.info.warnings.pop();
    this.warn(offset, `${text}; read up to there.`);
  }

  /** `frame` 0 is the section. The text is as the file has it, of at most MAX_COMMENT_BYTES, and not safe to print. */
  comment(frame: number, text: string): void {
    if (this.info.comments.length < MAX_COMMENTS) this.info.comments.push({ frame, text });
  }

  /** The new interface's index in the capture. */
  addInterface(added: CaptureInterface): number {
    return this.info.interfaces.push(added) - 1;
  }
}
