/** Builds RTMP streams for tests: handshakes, AMF0 values and chunks. */

export type Value = string | number | boolean | null | { readonly [name: string]: Value };

export interface Message {
  readonly type: number;
  readonly body: readonly number[];
  readonly chunkStream?: number;
  readonly streamId?: number;
  readonly timestamp?: number;
}

function be(value: number, size: number): number[] {
  return Array.from({ length: size }, (_, i) => Math.floor(value / 256 ** (size - 1 - i)) % 256);
}

function text(value: string): number[] {
  const bytes = [...Buffer.from(value)];
  return [...be(bytes.length, 2), ...bytes];
}

export function amf0(...values: readonly Value[]): number[] {
  return values.flatMap((value) => {
    if (value === null) return [5];
    if (typeof value === 'string') return [2, ...text(value)];
    if (typeof value === 'boolean') return [1, value ? 1 : 0];
    if (typeof value === 'number') {
      const bytes = Buffer.alloc(8);
      bytes.writeDoubleBE(value);
      return [0, ...bytes];
    }
    const members = Object.entries(value).flatMap(([name, member]) => [...text(name), ...amf0(member)]);
    return [3, ...members, 0, 0, 9];
  });
}

export function command(...values: readonly Value[]): Message {
  return { type: 20, body: amf0(...values), chunkStream: 3 };
}

export function setChunkSize(size: number): Message {
  return { type: 1, body: be(size, 4), chunkStream: 2 };
}

/** Version byte, C1 or S1 with the given version number, and an echo. */
export function handshake(version = 3, number: readonly number[] = [0, 0, 0, 0]): Uint8Array {
  const bytes = Uint8Array.from({ length: 3073 }, (_, i) => (i * 73 + (i >> 5) * 11) & 0xff);
  bytes.set([version, 0, 0, 0x12, 0x34, ...number]);
  return bytes;
}

/** One message as chunks, its first header of format 0. */
export function chunks(message: Message, chunkSize = 128): number[] {
  const { type, body, chunkStream = 4, streamId = 0, timestamp = 0 } = message;
  const basic = (format: number): number[] => {
    if (chunkStream < 64) return [(format << 6) | chunkStream];
    if (chunkStream < 320) return [format << 6, chunkStream - 64];
    return [(format << 6) | 1, (chunkStream - 64) & 0xff, (chunkStream - 64) >> 8];
  };
  const isExtended = timestamp >= 0xffffff;
  const extension = isExtended ? be(timestamp, 4) : [];
  const id = be(streamId, 4).reverse();
  const header = [...basic(0), ...be(isExtended ? 0xffffff : timestamp, 3), ...be(body.length, 3), type, ...id];
  const out = [...header, ...extension, ...body.slice(0, chunkSize)];
  for (let at = chunkSize; at < body.length; at += chunkSize) {
    out.push(...basic(3), ...extension, ...body.slice(at, at + chunkSize));
  }
  return out;
}

export function stream(...messages: readonly Message[]): Uint8Array {
  let chunkSize = 128;
  const out: number[] = [];
  for (const message of messages) {
    out.push(...chunks(message, chunkSize));
    if (message.type === 1) chunkSize = message.body.reduce((value, byte) => value * 256 + byte, 0);
  }
  return Uint8Array.from(out);
}

export function join(...parts: readonly (Uint8Array | readonly number[])[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}
