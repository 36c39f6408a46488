/** Opens capture files as one source of frames. */

import { Readable } from 'node:stream';
import { constants, createGunzip } from 'node:zlib';
import { type ByteInput, ChunkInput, FileInput } from './byte-input.ts';
import { ByteWindow } from './byte-window.ts';
import type { CaptureFormat } from './capture-format.ts';
import { CaptureLog } from './capture-log.ts';
import { CaptureReader } from './capture-reader.ts';
import { CaptureError, type CaptureInfo, type FrameBatch, type FrameSource } from './frame-batch.ts';
import { pcap } from './pcap.ts';
import { pcapng } from './pcapng.ts';

const FORMATS: readonly CaptureFormat[] = [pcap, pcapng];
const SNIFF_BYTES = 64;

export async function openCaptures(paths: readonly string[]): Promise<FrameSource> {
  const readers: CaptureReader[] = [];
  for (const [index, path] of paths.entries()) readers.push(await openCapture(path, index));
  return new CaptureSequence(readers);
}

async function openCapture(path: string, index: number): Promise<CaptureReader> {
  let input: ByteInput = openFile(path);
  let window = new ByteWindow(input);
  await window.refill(SNIFF_BYTES);
  let suffix = '';
  if (window.available > 2 && window.view.getUint16(0) === 0x1f8b) {
    input = gunzip(path);
    window = new ByteWindow(input);
    await window.refill(SNIFF_BYTES);
    suffix = ' in gzip';
  }
  const format = FORMATS.find((one) => one.recognize(window.bytes, window.start, window.end));
  if (format === undefined) throw new CaptureError(`${path} is not a capture.`);
  const log = new CaptureLog(path, suffix);
  return new CaptureReader(input, window, format.open(log), log, index);
}

function openFile(path: string): FileInput {
  try {
    return new FileInput(path);
  } catch (error) {
    throw new CaptureError(`${path} cannot be read: ${error instanceof Error ? error.message : String(error)}.`);
  }
}

function gunzip(path: string): ByteInput {
  const file = openFile(path);
  const chunks = Readable.from(readChunks(file)).pipe(createGunzip({ finishFlush: constants.Z_SYNC_FLUSH }));
  return new ChunkInput(chunks, file);
}

async function* readChunks(input: ByteInput): AsyncGenerator<Uint8Array> {
  for (;;) {
    const chunk = new Uint8Array(65536);
    const count = await input.read(chunk, 0);
    if (count === 0) return;
    yield chunk.subarray(0, count);
  }
}

class CaptureSequence implements FrameSource {
  readonly captures: readonly CaptureInfo[];
  readonly #readers: readonly CaptureReader[];
  #current = 0;

  constructor(readers: readonly CaptureReader[]) {
    this.#readers = readers;
    this.captures = readers.map((reader) => reader.log.info);
  }

  next(): FrameBatch | null | Promise<FrameBatch | null> {
    for (; this.#current < this.#readers.length; this.#current++) {
      const batch = this.#readers[this.#current]?.next() ?? null;
      if (batch instanceof Promise) return batch.then((late) => late ?? this.#advance());
      if (batch !== null) return batch;
    }
    return null;
  }

  #advance(): FrameBatch | null | Promise<FrameBatch | null> {
    this.#current++;
    return this.next();
  }

  progress(): { bytesRead: number; bytesTotal: number | null } {
    let bytesRead = 0;
    let bytesTotal: number | null = 0;
    for (const { input } of this.#readers) {
      bytesRead += input.bytesRead;
      bytesTotal = bytesTotal === null || input.bytesTotal === null ? null : bytesTotal + input.bytesTotal;
    }
    return { bytesRead, bytesTotal };
  }

  async close(): Promise<void> {
    for (const { input } of this.#readers) await input.close();
  }
}
