/** Conversations of text protocols for tests: what is said, by which side, and what a dissection makes of it. */

import fc from 'fast-check';
import { ControlRecord } from '../src/protocol/control-record.ts';
import type { Direction, Dissection, PayloadContext, Transport } from '../src/protocol/dissector.ts';
import { TO_INITIATOR, TO_RESPONDER } from '../src/protocol/dissector.ts';

/** One side's bytes, or a loss of so many of them. */
export type Turn = readonly [side: 'client' | 'server', said: string | Uint8Array | number];

export interface Staging {
  readonly transport?: Transport;
  /** True when the server opened the connection, as a capture that starts late may have it. */
  readonly isServerInitiator?: boolean;
  /** Bytes of each piece in which a turn arrives; whole when absent. */
  readonly pieceBytes?: number;
  readonly record?: ControlRecord;
}

/** Frame numbers count from 1, one for each piece; times are 1e9 ns for each turn. */
export function converse(
  open: (record: ControlRecord, context: PayloadContext) => Dissection,
  turns: readonly Turn[],
  staging: Staging = {},
): ControlRecord {
  const record = staging.record ?? new ControlRecord();
  const toServer: Direction = staging.isServerInitiator ? TO_INITIATOR : TO_RESPONDER;
  let dissection: Dissection | null = null;
  let frame = 0;
  for (const [turn, [side, said]] of turns.entries()) {
    const direction: Direction = side === 'client' ? toServer : toServer === 0 ? 1 : 0;
    const at = { capture: 0, frame: 0, time: (turn + 1) * 1e9 };
    if (typeof said === 'number') {
      dissection?.gap?.(direction, said, { ...at, frame: ++frame });
      continue;
    }
    const bytes = typeof said === 'string' ? latin1(said) : said;
    const pieceBytes = staging.pieceBytes ?? Math.max(1, bytes.length);
    for (let start = 0; start < bytes.length; start += pieceBytes) {
      const piece = bytes.slice(start, start + pieceBytes);
      const context = contextOf(direction, staging.transport ?? 'tcp', piece.length, { ...at, frame: ++frame });
      dissection ??= open(record, context);
      dissection.data(piece, 0, piece.length, context);
      // The bytes were only borrowed.
      piece.fill(0);
    }
  }
  return record;
}

export function contextOf(
  direction: Direction,
  transport: Transport,
  wireLength: number,
  at = { capture: 0, frame: 1, time: 0 },
): PayloadContext {
  return { transport, direction, sourcePort: 40_000, destinationPort: 40_001, isMulticast: false, wireLength, at };
}

/** The same conversation with turns left out, bytes flipped, losses put in, and cut into pieces of any size. */
export function mangled(turns: readonly Turn[]): fc.Arbitrary<{ turns: Turn[]; pieceBytes: number }> {
  const flips = fc.array(fc.tuple(fc.nat(2000), fc.nat(255)), { maxLength: 6 });
  const damaged = turns.map((turn) =>
    fc.oneof(
      { weight: 4, arbitrary: fc.constant(turn) },
      { weight: 2, arbitrary: flips.map((some): Turn => [turn[0], flip(turn[1], some)]) },
      { weight: 1, arbitrary: fc.nat(3000).map((lost): Turn => [turn[0], lost]) },
    ),
  );
  return fc.record({
    turns: fc.tuple(...damaged).chain((all) => fc.subarray(all)),
    pieceBytes: fc.oneof(fc.integer({ min: 1, max: 40 }), fc.constant(65_536)),
  });
}

function flip(said: Turn[1], flips: readonly (readonly [number, number])[]): Turn[1] {
  if (typeof said === 'number') return said;
  const bytes = typeof said === 'string' ? latin1(said) : said.slice();
  for (const [at, mask] of flips) {
    const place = at % Math.max(1, bytes.length);
    bytes[place] = (bytes[place] ?? 0) ^ mask;
  }
  return bytes;
}

/** Lines end with CRLF, and an empty line ends the head; a body gets its Content-Length. */
export function message(lines: readonly string[], body = ''): string {
  const length = body === '' ? [] : [`Content-Length: ${Buffer.byteLength(body, 'latin1')}`];
  return `${[...lines, ...length].join('\r\n')}\r\n\r\n${body}`;
}

export function latin1(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, 'latin1'));
}
