/**
 * The latest frames of a live capture, held in memory within a bound, so that what proves a finding can still be saved. Of
 * long frames, which are mostly bulk media, only the beginning is held: it tells whose they are, and leaves room for others.
 */

import { viewOf } from '../../bytes/read.ts';
import type { CaptureInterface, FrameBatch } from '../frame-batch.ts';
import { PcapngWriter } from '../pcapng-writer.ts';

const CHUNK_BYTES = 1 << 20;
/** Longer ones are cut. */
const LONGEST_WHOLE_BYTES = 1000;
const BEGINNING_BYTES = 256;
/** Before the bytes of each frame: bytes held, bytes on the wire, interface, nanoseconds (4 bytes each), seconds (8). */
const RECORD_BYTES = 24;

interface Chunk {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  filled: number;
  /** Number of the first frame in it. */
  firstFrame: number;
}

export class LatestFrames {
  readonly #mostChunks: number;
  readonly #interfaces: CaptureInterface[] = [];
  /** The oldest first. */
  readonly #chunks: Chunk[] = [];

  constructor(mebibytes: number) {
    this.#mostChunks = Math.max(1, (mebibytes << 20) / CHUNK_BYTES);
  }

  /** Number of the first frame that is held; null when none is. */
  get firstFrame(): number | null {
    return this.#chunks[0]?.firstFrame ?? null;
  }

  /** In the order of the indices that frames carry. */
  addInterface(added: CaptureInterface): void {
    this.#interfaces.push(added);
  }

  add(batch: FrameBatch): void {
    let chunk = this.#chunks.at(-1);
    for (let i = 0; i < batch.count; i++) {
      const captured = batch.capturedLengths[i] as number;
      const held = captured > LONGEST_WHOLE_BYTES ? BEGINNING_BYTES : captured;
      if (chunk === undefined || chunk.filled + RECORD_BYTES + held > CHUNK_BYTES) {
        chunk = this.#nextChunk(batch.numbers[i] as number);
      }
      const { view, filled: at } = chunk;
      view.setUint32(at, held);
      view.setUint32(at + 4, batch.wireLengths[i] as number);
      view.setUint32(at + 8, batch.interfaces[i] as number);
      view.setUint32(at + 12, batch.nanoseconds[i] as number);
      view.setFloat64(at + 16, batch.seconds[i] as number);
      const start = batch.starts[i] as number;
      chunk.bytes.set(batch.bytes.subarray(start, start + held), at + RECORD_BYTES);
      chunk.filled = at + RECORD_BYTES + held;
    }
  }

  /** As a pcapng file, which is replaced if there is one. Throws when it cannot be written. */
  writeTo(path: string): void {
    const writer = new PcapngWriter(path, {});
    try {
      for (const each of this.#interfaces) writer.addInterface(each);
      for (const chunk of this.#chunks) writeChunk(writer, chunk);
    } finally {
      writer.close();
    }
  }

  #nextChunk(firstFrame: number): Chunk {
    const isFull = this.#chunks.length >= this.#mostChunks;
    const oldest = isFull ? this.#chunks.shift() : undefined;
    const bytes = oldest?.bytes ?? new Uint8Array(CHUNK_BYTES);
    const chunk: Chunk = { bytes, view: oldest?.view ?? viewOf(bytes), filled: 0, firstFrame };
    this.#chunks.push(chunk);
    return chunk;
  }
}

function writeChunk(writer: PcapngWriter, { bytes, view, filled }: Chunk): void {
  for (let at = 0; at < filled; ) {
    const start = at + RECORD_BYTES;
    const end = start + view.getUint32(at);
    writer.writeFrame({
      interfaceIndex: view.getUint32(at + 8),
      seconds: view.getFloat64(at + 16),
      nanoseconds: view.getUint32(at + 12),
      bytes: bytes.subarray(start, end),
      wireLength: view.getUint32(at + 4),
    });
    at = end;
  }
}
