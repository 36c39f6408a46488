/** Copies chosen frames into a pcapng file, with what the file says of itself and of the frames that prove something. */

import type { CaptureInfo, FrameBatch } from '../capture/frame-batch.ts';
import { PcapngWriter } from '../capture/pcapng-writer.ts';
import { printable } from '../format/text.ts';
import { PacketDecoder } from '../packet/decode-frame.ts';
import { DecodedPacket } from '../packet/decoded-packet.ts';
import type { FrameDisguise, RewrittenFrame } from './anonymous/frame-disguise.ts';
import { countHeaderBytes } from './evidence-headers.ts';

/** What the file says of itself. */
export interface EvidenceHead {
  readonly comments: readonly string[];
  readonly application: string;
  /** Those of the batches. */
  readonly captures: readonly CaptureInfo[];
  /** How frames are made anonymous; null leaves them as they are. */
  readonly disguise: FrameDisguise | null;
}

interface CopiedFrame {
  readonly isWhole: boolean;
  readonly comments: readonly string[];
}

export class EvidenceWriter {
  readonly #writer: PcapngWriter;
  readonly #captures: readonly CaptureInfo[];
  readonly #disguise: FrameDisguise | null;
  readonly #decoder = new PacketDecoder();
  readonly #packet = new DecodedPacket();
  /** By capture, interface and link type. */
  readonly #interfaces = new Map<string, number>();

  /** Replaces the file if there is one. */
  constructor(path: string, { comments, application, captures, disguise }: EvidenceHead) {
    this.#writer = new PcapngWriter(path, { application, comments });
    this.#captures = captures;
    this.#disguise = disguise;
  }

  copy(batch: FrameBatch, i: number, { isWhole, comments }: CopiedFrame): void {
    const { bytes, linkType, wireLength } = this.#disguise?.rewrite(batch, i) ?? this.#copyAsIs(batch, i, isWhole);
    this.#writer.writeFrame({
      interfaceIndex: this.#interfaceOf(batch, i, linkType),
      seconds: batch.seconds[i] as number,
      nanoseconds: batch.nanoseconds[i] as number,
      bytes,
      wireLength,
      comments,
    });
  }

  close(): void {
    this.#writer.close();
  }

  #copyAsIs(batch: FrameBatch, i: number, isWhole: boolean): RewrittenFrame {
    const start = batch.starts[i] as number;
    let length = batch.capturedLengths[i] as number;
    if (!isWhole) {
      this.#decoder.decode(batch, i, this.#packet);
      length = countHeaderBytes(this.#packet);
    }
    return {
      bytes: batch.bytes.subarray(start, start + length),
      linkType: batch.linkTypes[i] as number,
      wireLength: batch.wireLengths[i] as number,
    };
  }

  #interfaceOf(batch: FrameBatch, i: number, linkType: number): number {
    const capture = batch.captures[i] as number;
    const identity = `${capture} ${batch.interfaces[i]} ${linkType}`;
    const known = this.#interfaces.get(identity);
    if (known !== undefined) return known;
    const info = this.#captures[capture];
    const original = info?.interfaces[batch.interfaces[i] as number];
    const added = this.#writer.addInterface({
      name: original?.name ?? null,
      linkType,
      snapLength: original?.snapLength ?? 0,
      filter: original?.filter ?? null,
      description: `from ${printable(info?.file ?? '', 200)}`,
    });
    this.#interfaces.set(identity, added);
    return added;
  }
}
