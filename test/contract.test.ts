/** What every dissector owes: it survives any bytes, keeps to its own, to the bytes that it is given, and to its bounds. */

import { describe, expect, it } from 'vitest';
import { CandidateIndex } from '../src/protocol/candidate-index.ts';
import { ControlRecord } from '../src/protocol/control-record.ts';
import type { Direction, Dissector, Recognition } from '../src/protocol/dissector.ts';
import { DISSECTORS } from '../src/protocol/registry.ts';
import { contextOf, excessOf, feed, feedInto, type Placement, poisoned, resplit, splitAt, tellingOf } from './feed.ts';
import { beginningOf, type Piece } from './payload-streams.ts';
import { type KnownStream, readCorpus } from './stream-corpus.ts';

/** Protocols whose bytes another dissector may well call its own: it is their shape, and the registry asks them first. */
const VARIANTS: Readonly<Record<string, readonly string[]>> = {
  // Windows Media and RTSP travel in HTTP.
  http: ['mmsh', 'rtsp', 'rtmpt'],
  // Names for one link are asked for in the format of DNS.
  dns: ['mdns', 'llmnr', 'nbns'],
  // One flow carries all of a call's media and their keys (RFC 7983).
  stun: ['rtp', 'rtcp'],
  dtls: ['rtp', 'rtcp'],
};

/** Streams of a protocol that its dissector is fed with, and of others; the first in the order of captures. */
const MOST_OWN = 14;
const MOST_FOREIGN = 28;
/** Up to so many bytes every prefix and split is tried, beyond them some. */
const MOST_TRIED = 360;
const SAMPLED = 24;
const SHOWN_BYTES = 1400;

const corpus = await readCorpus();

function own(dissector: Dissector): KnownStream[] {
  return corpus
    .filter(({ protocols, transport }) => protocols.has(dissector.id) && dissector.transports.includes(transport))
    .slice(0, MOST_OWN);
}

/** Some of each other protocol, so that no two dissectors see the same. */
function foreign(dissector: Dissector): KnownStream[] {
  const others = corpus.filter(
    ({ protocols, transport }) => !protocols.has(dissector.id) && dissector.transports.includes(transport),
  );
  const step = Math.max(1, Math.floor(others.length / MOST_FOREIGN));
  return others.filter((_, i) => i % step === 0).slice(0, MOST_FOREIGN);
}

/** What recognizers see of a stream: the beginnings of both directions, or its first datagrams. */
function shownOf(stream: KnownStream, datagrams = 4): Piece[] {
  if (stream.transport === 'udp') return stream.pieces.slice(0, datagrams);
  return ([0, 1] as const).flatMap((direction) => {
    const bytes = beginningOf(stream, direction, SHOWN_BYTES);
    const first = stream.pieces.find((piece) => piece.direction === direction);
    return first === undefined ? [] : [{ ...first, bytes, wireLength: bytes.length }];
  });
}

/** Every number below `length`, or as many as are tried. */
function offsetsWithin(length: number): number[] {
  if (length <= MOST_TRIED) return Array.from({ length }, (_, i) => i);
  const sampled = Array.from(
    { length: SAMPLED },
    (_, i) => MOST_TRIED + Math.floor((i * (length - MOST_TRIED)) / SAMPLED),
  );
  return [...Array.from({ length: MOST_TRIED }, (_, i) => i), ...sampled];
}

/** The same numbers in every run (Park and Miller). */
function* randomNumbers(seed: number): Generator<number, never> {
  for (let state = seed * 7919 + 1; ; ) {
    state = (state * 48_271) % 0x7fffffff;
    yield state;
  }
}

function damaged(pieces: readonly Piece[], seed: number): Piece[] {
  const random = randomNumbers(seed);
  return pieces.map((piece) => {
    const bytes = Uint8Array.from(piece.bytes);
    for (let i = 0; i < 1 + bytes.length / 60; i++)
      bytes[random.next().value % bytes.length] = random.next().value & 0xff;
    return { ...piece, bytes };
  });
}

/** Answers to all that is shown, and of a confirmation to the datagrams after it. */
function recognitionsOf(
  dissector: Dissector,
  stream: KnownStream,
  pieces: readonly Piece[],
  place: Placement,
): Recognition[] {
  const answers = pieces.map((piece) => {
    const { bytes, start } = place(piece.bytes);
    return dissector.recognize(bytes, start, start + piece.bytes.length, contextOf(stream, piece));
  });
  if (stream.transport !== 'udp') return answers;
  const confirmation = dissector.confirm?.();
  for (const piece of confirmation === undefined ? [] : pieces) {
    const { bytes, start } = place(piece.bytes);
    answers.push(confirmation?.accept(bytes, start, start + piece.bytes.length, contextOf(stream, piece)) ?? 'no');
  }
  return answers;
}

describe.each(DISSECTORS)('$id', (dissector) => {
  it('says yes to nothing that is another protocol', () => {
    const claimed = corpus
      .filter(({ transport, protocols }) => dissector.transports.includes(transport) && !protocols.has(dissector.id))
      .filter(({ protocols }) => !VARIANTS[dissector.id]?.some((variant) => protocols.has(variant)))
      .filter((stream) => shownOf(stream, 20).some((piece) => recognize(dissector, stream, piece) === 'yes'));
    expect(claimed.map(({ origin, protocols }) => `${origin}: ${[...protocols]}`)).toEqual([]);
  });

  it('answers the same whatever lies around the bytes', () => {
    for (const stream of [...own(dissector), ...foreign(dissector)]) {
      const shown = shownOf(stream, 12);
      for (const length of [1, 2, 3, 4, 7, 11, 12, 16, 33, 64, SHOWN_BYTES]) {
        const cut = shown.map((piece) => ({ ...piece, bytes: piece.bytes.subarray(0, length) }));
        const [zeros, ones, text] = [0, 0xff, 0x20].map((poison) =>
          recognitionsOf(dissector, stream, cut, poisoned(poison)),
        );
        expect([stream.origin, ones, text]).toEqual([stream.origin, zeros, zeros]);
      }
    }
  });

  it('looks at any prefix of a datagram', () => {
    const datagrams = own(dissector).filter(({ transport }) => transport === 'udp');
    for (const stream of datagrams) {
      for (const piece of shownOf(stream)) {
        const prefixes = offsetsWithin(piece.bytes.length).map((length) => piece.bytes.subarray(0, length));
        expect(() => prefixes.map((bytes) => recognize(dissector, stream, { ...piece, bytes }))).not.toThrow();
      }
    }
  });
});

const STREAMING = DISSECTORS.filter(({ isStreaming, transports }) => isStreaming && transports.includes('tcp'));

describe.each(STREAMING)('a stream of $id', (dissector) => {
  it('is held by somebody from its first byte on, until it is known, and then it stays known', () => {
    const openings = own(dissector)
      .filter(({ transport }) => transport === 'tcp')
      .flatMap((stream) => shownOf(stream).map((piece) => ({ stream, piece })))
      .filter(({ stream, piece }) => recognize(dissector, stream, piece) === 'yes');
    const lost = openings.flatMap(({ stream, piece }) => {
      const lengths = offsetsWithin(piece.bytes.length + 1).filter((length) => length > 0);
      const prefixes = lengths.map((length) => ({
        ...piece,
        bytes: piece.bytes.subarray(0, length),
        wireLength: length,
      }));
      const known = prefixes.findIndex((prefix) => recognize(dissector, stream, prefix) === 'yes');
      return prefixes
        .filter((prefix, i) => (i < known ? !isHeld(stream, prefix) : recognize(dissector, stream, prefix) !== 'yes'))
        .map(({ bytes }) => `${stream.origin}: ${bytes.length} bytes`);
    });
    expect(lost).toEqual([]);
  });
});

const PRESORTED = DISSECTORS.filter(
  ({ firstBytes, laterBytes }) => firstBytes !== undefined || laterBytes !== undefined,
);

describe.each(PRESORTED)('the declared bytes of $id', (dissector) => {
  it('are those of every payload that it answers with more than no', () => {
    const missed = corpus.flatMap((stream) => {
      if (!dissector.transports.includes(stream.transport)) return [];
      const alone = new CandidateIndex([dissector], stream.transport);
      const shown = shownOf(stream, 20).flatMap((piece) => [piece, { ...piece, bytes: piece.bytes.subarray(0, 3) }]);
      return shown
        .filter((piece) => piece.bytes.length > 0 && recognize(dissector, stream, piece) !== 'no')
        .filter(({ bytes }) => alone.find(bytes, 0, bytes.length) === 0)
        .map(() => stream.origin);
    });
    expect(missed).toEqual([]);
  });
});

const FOLLOWED = DISSECTORS.filter((dissector) => dissector.open !== undefined);

describe.each(FOLLOWED)('the dissection of $id', (dissector) => {
  it('tells the same whatever lies around the bytes, which are only lent', () => {
    for (const stream of [...own(dissector), ...foreign(dissector)]) {
      const told = tellingOf(feed(dissector, stream, stream.pieces));
      for (const poison of [0, 0xff, 0x0a]) {
        const again = tellingOf(feed(dissector, stream, stream.pieces, poisoned(poison)));
        expect([stream.origin, again]).toEqual([stream.origin, told]);
      }
    }
  });

  it('tells the same of a TCP stream however it is cut into segments', () => {
    for (const stream of own(dissector).filter(({ transport }) => transport === 'tcp')) {
      const told = tellingOf(feed(dissector, stream, stream.pieces));
      for (const size of [1, 3, 17, 536]) {
        const again = tellingOf(feed(dissector, stream, resplit(stream.pieces, size)));
        expect([stream.origin, size, again]).toEqual([stream.origin, size, told]);
      }
      for (const direction of [0, 1] as const) {
        const length = beginningOf(stream, direction, 4000).length;
        for (const offset of offsetsWithin(length).filter((_, i) => length <= MOST_TRIED || i % 5 === 0)) {
          const again = tellingOf(feed(dissector, stream, splitAt(stream.pieces, direction, offset)));
          expect([stream.origin, direction, offset, again]).toEqual([stream.origin, direction, offset, told]);
        }
      }
    }
  });

  it('survives prefixes, one direction, a start in the middle, damage and strange bytes within its bounds', () => {
    for (const stream of [...own(dissector), ...foreign(dissector)]) {
      for (const pieces of mishapsOf(stream)) {
        expect([stream.origin, excessOf(feed(dissector, stream, pieces))]).toEqual([stream.origin, []]);
      }
    }
  });

  it('keeps its record bounded however long the stream goes on', () => {
    for (const stream of own(dissector).slice(0, 5)) {
      const record = new ControlRecord();
      const pieces = stream.pieces.slice(0, 60);
      const many = Array.from({ length: 120 }, (_, i) => (i % 3 === 0 ? damaged(pieces, i) : pieces)).flat();
      feedInto(record, dissector, stream, many);
      expect([stream.origin, excessOf(record)]).toEqual([stream.origin, []]);
    }
  });
});

function recognize(dissector: Dissector, stream: KnownStream, piece: Piece): Recognition {
  return dissector.recognize(piece.bytes, 0, piece.bytes.length, contextOf(stream, piece));
}

/** A `maybe` of any dissector keeps the bytes until more of them are there. */
function isHeld(stream: KnownStream, piece: Piece): boolean {
  return DISSECTORS.some((each) => each.transports.includes('tcp') && recognize(each, stream, piece) !== 'no');
}

/** What can happen to a stream on its way into a capture. */
function* mishapsOf(stream: KnownStream): Generator<Piece[]> {
  const { pieces } = stream;
  for (const direction of [0, 1] as Direction[]) yield pieces.filter((piece) => piece.direction === direction);
  for (const count of [1, 2, 3, 5, 9]) yield pieces.slice(0, count);
  for (const skipped of [1, 2, 4, 7]) yield pieces.slice(skipped);
  for (const offset of [1, 2, 5, 13, 40, 100]) yield beheaded(pieces, offset);
  for (let seed = 1; seed <= 6; seed++) yield damaged(pieces.slice(0, 80), seed);
  yield pieces.filter((_, i) => i % 3 !== 1);
  yield pieces.toReversed().slice(0, 80);
  yield pieces.slice(0, 80).map((piece) => ({ ...piece, wireLength: piece.wireLength + 900 }));
}

function beheaded(pieces: readonly Piece[], offset: number): Piece[] {
  return pieces.map((piece, i) => (i === 0 ? { ...piece, bytes: piece.bytes.subarray(offset) } : piece));
}
