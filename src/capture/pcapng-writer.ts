/** Writes a pcapng file: one section, interfaces as they turn up, frames with comments. */

import { closeSync, openSync, writeSync } from 'node:fs';
import { whyNotWritten } from '../format/system-error.ts';
import { printable } from '../format/text.ts';
import {
  encodeFrame,
  encodeInterfaceDescription,
  encodeSectionHeader,
  encodeStatistics,
  type InterfaceDescription,
  type SectionHeader,
  type WrittenFrame,
} from './pcapng-block.ts';

/** A file could not be written; the message is a whole sentence that names it. */
export class WriteError extends Error {
  override readonly name = 'WriteError';
}

const BUFFER_BYTES = 256 << 10;

/** Blocks are gathered, so what was written is in the file only after `flush` or `close`. Failures throw `WriteError`. */
export class PcapngWriter {
  readonly #path: string;
  readonly #descriptor: number;
  readonly #buffer = new Uint8Array(BUFFER_BYTES);
  /** Bytes of the file so far, those included that wait to be written. */
  bytes = 0;
  #filled = 0;
  #interfaces = 0;

  /** Replaces the file if there is one. */
  constructor(path: string, section: SectionHeader) {
    this.#path = path;
    this.#descriptor = this.#attempt(() => openSync(path, 'w'));
    this.#append(encodeSectionHeader(section));
  }

  /** Gives the index that frames of this interface carry. */
  addInterface(added: InterfaceDescription): number {
    this.#append(encodeInterfaceDescription(added));
    return this.#interfaces++;
  }

  writeFrame(frame: WrittenFrame): void {
    this.#append(encodeFrame(frame));
  }

  writeStatistics(interfaceIndex: number, dropped: number, seconds: number, nanoseconds: number): void {
    this.#append(encodeStatistics(interfaceIndex, dropped, seconds, nanoseconds));
  }

  flush(): void {
    this.#write(this.#buffer.subarray(0, this.#filled));
    this.#filled = 0;
  }

  close(): void {
    try {
      this.flush();
    } finally {
      closeSync(this.#descriptor);
    }
  }

  #append(block: Uint8Array): void {
    this.bytes += block.length;
    if (this.#filled + block.length > BUFFER_BYTES) this.flush();
    if (block.length > BUFFER_BYTES) {
      this.#write(block);
      return;
    }
    this.#buffer.set(block, this.#filled);
    this.#filled += block.length;
  }

  #write(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; ) {
      at += this.#attempt(() => writeSync(this.#descriptor, bytes, at, bytes.length - at));
    }
  }

  #attempt<T>(action: () => T): T {
    try {
      return action();
    } catch (error) {
      throw new WriteError(`${printable(this.#path)} cannot be written: ${whyNotWritten(error)}.`, { cause: error });
    }
  }
}
