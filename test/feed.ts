/** Feeds one dissection as the analysis does, and writes down what it tells in a form that can be compared. */

import { ControlRecord } from '../src/protocol/control-record.ts';
import type { Direction, Dissection, Dissector, PayloadContext } from '../src/protocol/dissector.ts';
import type { PayloadStream, Piece } from './payload-streams.ts';

export function contextOf(stream: PayloadStream, piece: Piece, ports = stream.ports): PayloadContext {
  const [own, other] = piece.direction === 0 ? ports : [ports[1], ports[0]];
  const { transport, isMulticast } = stream;
  const { direction, wireLength, at } = piece;
  return { transport, direction, sourcePort: own, destinationPort: other, isMulticast, wireLength, at };
}

/** Where each payload lies when it is given. */
export type Placement = (bytes: Uint8Array) => { readonly bytes: Uint8Array; readonly start: number };

const inPlace: Placement = (bytes) => ({ bytes, start: 0 });

/** In the middle of an array that is otherwise full of `poison`. */
export function poisoned(poison: number): Placement {
  return (bytes) => {
    const around = new Uint8Array(bytes.length + 64).fill(poison);
    around.set(bytes, 32);
    return { bytes: around, start: 32 };
  };
}

/** All pieces in turn; the record of what was told. */
export function feed(
  dissector: Dissector,
  stream: PayloadStream,
  pieces: readonly Piece[],
  place = inPlace,
): ControlRecord {
  const record = new ControlRecord();
  feedInto(record, dissector, stream, pieces, place);
  return record;
}

export function feedInto(
  record: ControlRecord,
  dissector: Dissector,
  stream: PayloadStream,
  pieces: readonly Piece[],
  place = inPlace,
): void {
  let dissection: Dissection | null = null;
  for (const piece of pieces) {
    const context = contextOf(stream, piece);
    dissection ??= dissector.open?.(record, context) ?? null;
    const { bytes, start } = place(piece.bytes);
    dissection?.data(bytes, start, start + piece.bytes.length, context);
    // The bytes were only borrowed.
    if (place !== inPlace) bytes.fill(0);
  }
  const last = pieces.at(-1);
  if (last !== undefined) dissection?.close?.(last.at);
}

/** The same bytes in pieces of other sizes; each keeps the moment of the piece that it comes from. */
export function resplit(pieces: readonly Piece[], size: number): Piece[] {
  return pieces.flatMap((piece) => {
    const parts: Piece[] = [];
    for (let at = 0; at < piece.bytes.length; at += size) {
      const bytes = piece.bytes.slice(at, at + size);
      parts.push({ ...piece, bytes, wireLength: bytes.length });
    }
    return parts;
  });
}

/** Cut once, so many bytes into one direction. */
export function splitAt(pieces: readonly Piece[], direction: Direction, offset: number): Piece[] {
  let before = 0;
  return pieces.flatMap((piece) => {
    if (piece.direction !== direction) return [piece];
    const at = offset - before;
    before += piece.bytes.length;
    if (at <= 0 || at >= piece.bytes.length) return [piece];
    return [piece.bytes.slice(0, at), piece.bytes.slice(at)].map((bytes) => ({
      ...piece,
      bytes,
      wireLength: bytes.length,
    }));
  });
}

/** All that was told, without where. */
export function tellingOf(record: ControlRecord): object {
  return {
    messages: record.messages.map(({ direction, name, detail }) => `${direction} ${name} ${detail}`),
    facts: Object.fromEntries([...record.facts].toSorted()),
    media: record.media.map(({ announcement: { at: _, ...told }, state }) => ({ ...told, state })),
    questions: record.questions.map(({ direction, request, answeredAt }) => [direction, request, answeredAt !== null]),
    refusals: record.refusals.map(({ request, code, words, overcomeAt }) => [
      request,
      code,
      words,
      overcomeAt !== null,
    ]),
    identity: record.identity,
    variant: record.variant,
    clientDirection: record.clientDirection,
    isClosed: record.closedAt !== null,
  };
}

/** What every record keeps to, whatever it was fed. */
export function excessOf(record: ControlRecord): string[] {
  const { messages, media, questions, refusals, facts } = record;
  const longest = Math.max(0, ...messages.map(({ detail, name }) => Math.max(detail.length, name.length)));
  const longestFact = Math.max(0, ...[...facts.values()].map((value) => value.length));
  const sizes = [
    ['messages', messages.length, 400],
    ['media', media.length, 4096],
    ['questions', questions.length, 64],
    ['refusals', refusals.length, 64],
    ['facts', facts.size, 64],
    ['length of a message', longest, 600],
    ['length of a fact', longestFact, 1024],
    ['repetitions kept', Math.max(0, ...questions.map(({ sentAt }) => sentAt.length)), 16],
  ] as const;
  return sizes.filter(([, size, most]) => size > most).map(([name, size]) => `${name}: ${size}`);
}
