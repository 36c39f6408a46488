import { expect, it } from 'vitest';
import { type BatchOptions, batchOf } from '../../fixtures/frames/batch.ts';
import { ethernet } from '../../fixtures/frames/ethernet.ts';
import type { Header } from '../../fixtures/frames/header.ts';
import { ipv4 } from '../../fixtures/frames/ip.ts';
import { tcp } from '../../fixtures/frames/transport.ts';
import { Pipeline } from './pipeline.ts';
import { qualityNotes } from './quality-notes.ts';

function fragment(id: number, fragmentOffset: number, length: number, moreFragments = true): Header {
  const options = { source: '10.0.0.1', destination: '10.0.0.2', id, protocol: 17, fragmentOffset, moreFragments };
  return ethernet({}, ipv4(options, new Uint8Array(length).fill(1)));
}

function notesOf(frames: readonly Header[], options: BatchOptions = {}): string[] {
  const pipeline = new Pipeline();
  pipeline.process(batchOf(frames, options));
  return qualityNotes(pipeline, []).map(({ code, text }) => `${code}: ${text}`);
}

it('tells of fragments that overlapped, are missing, were cut, or found no room', () => {
  const overlapping = [fragment(9, 0, 32), fragment(9, 24, 16), fragment(9, 40, 5, false)];
  expect(notesOf(overlapping)).toEqual([expect.stringMatching(/^fragments: 1 fragment overlapped others in part/)]);
  expect(notesOf([fragment(1, 8, 16)])).toEqual([expect.stringMatching(/^fragments: 1 datagram stayed incomplete/)]);
  const cut = notesOf([fragment(1, 0, 800)], { snapLength: 100 });
  expect(cut).toContainEqual(expect.stringMatching(/^fragments: 1 datagram could not be put together/));
  const many = Array.from({ length: 300 }, (_, id) => fragment(id, 8, 16));
  expect(notesOf(many)).toEqual([
    expect.stringMatching(/^fragments: 256 datagrams stayed incomplete/),
    expect.stringMatching(/^evicted: 44 datagrams in fragments had to be given up/),
  ]);
  // Those that would not be waited for any more take nobody's place.
  expect(notesOf(many, { interval: 1 })).toEqual([
    expect.stringMatching(/^fragments: 300 datagrams stayed incomplete/),
  ]);
});

it('speaks of one frame as of one', () => {
  const whole = [fragment(1, 0, 16, false), fragment(2, 0, 16, false)];
  expect(notesOf(whole, { times: [5, 4] })).toEqual([
    'time-order: 1 frame has an earlier time than the frame before it.',
  ]);
});

it('writes large counts as all other words of the program do', () => {
  const many = Array.from({ length: 1201 }, (_, id) => fragment(id, 0, 16, false));
  const times = many.map((_, place) => many.length - place);
  expect(notesOf(many, { times })).toEqual([expect.stringMatching(/^time-order: 1,200 frames have an earlier time/)]);
});

it('tells of connections seen one way, beside others that are seen both ways', () => {
  const segment = (from: string, sourcePort: number, to: string, destinationPort: number) =>
    ethernet({}, ipv4({ source: from, destination: to }, tcp({ sourcePort, destinationPort })));
  const lone = segment('10.0.0.1', 40_000, '10.0.0.2', 554);
  const pair = [segment('10.0.0.1', 40_001, '10.0.0.2', 554), segment('10.0.0.2', 554, '10.0.0.1', 40_001)];
  expect(notesOf([lone])[0]).toMatch(/^one-sided: Only one direction of 1 TCP connection is/);
  expect(notesOf([lone, ...pair])[0]).toMatch(/^one-sided: Only one direction of 1 of 2 TCP connections is/);
  expect(notesOf(pair).filter((note) => note.startsWith('one-sided'))).toEqual([]);
});
