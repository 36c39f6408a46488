/** Builds MMS messages and packets for tests. */

import type { Direction, PayloadContext } from '../src/protocol/dissector.ts';

export function bytesOf(hex: string): Uint8Array {
  return Uint8Array.from(Buffer.from(hex, 'hex'));
}

export function utf16(text: string): number[] {
  return [...Buffer.from(`${text}\0`, 'utf16le')];
}

export function le(value: number, size = 4): number[] {
  return Array.from({ length: size }, (_, i) => Math.floor(value / 256 ** i) % 256);
}

/** One unit that holds the given messages: each a MID and the bytes behind it. */
export function unit(...messages: readonly (readonly [mid: number, ...body: number[]])[]): Uint8Array {
  const body = messages.flatMap(([mid, ...rest]) => {
    const length = Math.ceil((8 + rest.length) / 8) * 8;
    const padding = new Array<number>(length - 8 - rest.length).fill(0);
    return [...le(length / 8), ...le(mid), ...rest, ...padding];
  });
  const length = body.length + 16;
  return Uint8Array.from([
    ...[1, 0, 0, 0, 0xce, 0xfa, 0x0b, 0xb0],
    ...le(length),
    ...Buffer.from('MMS '),
    ...le(length / 8),
    ...new Array<number>(12).fill(0),
    ...body,
  ]);
}

export function funnel(text: string): Uint8Array {
  return unit([0x00030002, ...le(0), ...le(0xffffffff), ...le(0), ...le(0x00989680), ...le(2), ...utf16(text)]);
}

export function mediaPacket(location: number, size: number, incarnation = 4): Uint8Array {
  const packet = new Uint8Array(size).fill(0xa5);
  packet.set([...le(location), incarnation, 0, ...le(size, 2), 0x82, 0, 0]);
  return packet;
}

export function context(
  direction: Direction,
  frame = 1,
  wireLength = 0,
  transport: 'tcp' | 'udp' = 'tcp',
): PayloadContext {
  const at = { capture: 0, frame, time: frame * 1000 };
  return { transport, direction, sourcePort: 0, destinationPort: 0, isMulticast: false, wireLength, at };
}
