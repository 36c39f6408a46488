import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { CapturedFrame } from '../../fixtures/encode/captured-frame.ts';
import { collectFrames } from '../../fixtures/encode/collect-frames.ts';
import { encodePcap } from '../../fixtures/encode/pcap.ts';
import { encodePcapng } from '../../fixtures/encode/pcapng.ts';
import type { CaptureInfo, FrameBatch } from '../capture/frame-batch.ts';
import { openCaptures } from '../capture/open-captures.ts';
import type { CaptureGap } from '../verdict/flow-case.ts';
import { BlindTimes } from './blind-times.ts';
import { startLocalAnalysis } from './local-analysis.ts';

const folder = mkdtempSync(join(tmpdir(), 'blind-'));
/** A session of 8 s whose media still flows when the capture ends, and one that is cut 12 s before its end. */
const FLOWING = 'fixtures/media-capture-ends/capture.pcap';
const CUT = 'fixtures/media-cut/capture.pcap';

afterAll(() => rmSync(folder, { recursive: true }));

async function framesOf(path: string): Promise<CapturedFrame[]> {
  return [...(await collectFrames(await openCaptures([path])))];
}

/** Spanning tree's hellos. */
function chatter(begin: number, seconds: number, every = 2): CapturedFrame[] {
  const bytes = new Uint8Array(60).fill(1, 0, 12);
  return Array.from({ length: seconds / every }, (_, i) => ({ bytes, seconds: begin + i * every, nanoseconds: 0 }));
}

function save(name: string, bytes: Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}

async function verdicts(...paths: string[]): Promise<string[]> {
  const analysis = await startLocalAnalysis({ paths });
  const { findings } = await analysis.finished;
  return findings.map(({ code, verdict }) => `${code} ${verdict}`);
}

describe('a capture of which one part ends before the others', () => {
  it('takes the end of a file for no end of the media in it', async () => {
    const begin = (await framesOf(FLOWING))[0]?.seconds ?? 0;
    const other = save('other.pcap', encodePcap(chatter(begin, 90)));
    expect(await verdicts(FLOWING, other)).toEqual([]);
    expect(await verdicts(CUT, other)).toEqual(await verdicts(CUT));
  });

  it('takes the end of what an interface saw for no end of the media on it', async () => {
    const session = await framesOf(FLOWING);
    const other = chatter(session[0]?.seconds ?? 0, 90).map((frame) => ({ ...frame, interface: 1 }));
    const frames = [...session, ...other].sort((a, b) => a.seconds - b.seconds || a.nanoseconds - b.nanoseconds);
    const merged = save('merged.pcapng', encodePcapng(frames, { interfaces: [{ linkType: 1 }, { linkType: 1 }] }));
    expect(await verdicts(merged)).toEqual([]);
  });

  it.each([18, 60])('takes a clock that was set back by %i s for no end of the media', async (step) => {
    const frames = await framesOf(FLOWING);
    const second = (frames[0]?.seconds ?? 0) + 4;
    const setBack = frames.map((frame) =>
      frame.seconds < second ? frame : { ...frame, seconds: frame.seconds - step },
    );
    expect(await verdicts(save(`back-${step}.pcap`, encodePcap(setBack)))).toEqual([]);
  });

  it('takes the end of an earlier capture that was joined behind a later one for no end of its media', async () => {
    const session = await framesOf(FLOWING);
    const later = chatter((session[0]?.seconds ?? 0) + 86_400, 4);
    expect(await verdicts(save('joined.pcap', encodePcap([...later, ...session])))).toEqual([]);
    // What was silent in the order of the frames is none where another one lies in it.
    const between = session.map((frame) => ({ ...frame, seconds: frame.seconds + 43_200 }));
    expect(await verdicts(save('joined.pcap', encodePcap([...session, ...later, ...between])))).toEqual([]);
  });

  it('takes media that flows when its file begins for media that may have been announced before', async () => {
    const session = await framesOf(FLOWING);
    const begin = session[0]?.seconds ?? 0;
    const media = session.filter(({ bytes }) => bytes[23] === 17);
    const late = save('late.pcap', encodePcap(media));
    const other = save('other.pcap', encodePcap(chatter(begin - 60, 90)));
    expect(await verdicts(other, late)).toEqual(['unannounced-media undetermined']);
  });

  it('sees media end where the files of a rotation go on', async () => {
    const frames = [...(await framesOf(CUT))];
    const last = frames.findIndex(({ seconds }) => seconds >= (frames[0]?.seconds ?? 0) + 3);
    const first = save('ring_00001.pcap', encodePcap(frames.slice(0, last)));
    const second = save('ring_00002.pcap', encodePcap(frames.slice(last)));
    expect(await verdicts(first, second)).toEqual(await verdicts(CUT));
  });
});

describe('BlindTimes', () => {
  /** Times in seconds: what each file or interface saw. */
  function gapsOf(captures: readonly Partial<CaptureInfo>[], seen: readonly [capture: number, at: number][]) {
    const blind = new BlindTimes(captures as CaptureInfo[]);
    for (const [capture, at] of seen) blind.note(oneFrame(capture, at), 0);
    const gaps: CaptureGap[] = [{ start: 5e9, end: 6e9 }];
    const end = Math.max(0, ...seen.map(([, at]) => at)) * 1e9;
    blind.putAmong(gaps, 0, end);
    blind.putAmong(gaps, 0, end);
    return gaps.map(({ start, end, part }) => [start / 1e9, end / 1e9, part && [...(part.captures ?? ['all'])]]);
  }

  function oneFrame(capture: number, at: number): FrameBatch {
    return { count: 1, captures: [capture], interfaces: [0], seconds: [at], nanoseconds: [0] } as unknown as FrameBatch;
  }

  const file = (name: string): Partial<CaptureInfo> => ({ file: name, interfaces: [] });

  it('adds nothing to what one file tells of itself', () => {
    expect(
      gapsOf(
        [file('one')],
        [
          [0, 1],
          [0, 99],
        ],
      ),
    ).toEqual([[5, 6, undefined]]);
  });

  it('knows when each file began, was silent for long and ended', () => {
    expect(
      gapsOf(
        [file('one'), file('other')],
        [
          [0, 0],
          [1, 2],
          [0, 30],
          [1, 10],
          [1, 50],
        ],
      ),
    ).toEqual([
      [-Infinity, 0, [0]],
      [-Infinity, 2, [1]],
      [0, 30, [0]],
      [5, 6, undefined],
      [10, 50, [1]],
      [30, Infinity, [0]],
    ]);
  });

  it('takes files of one rotation for one, and two that run side by side for two', () => {
    const names = ['tap/a1.pcap', 'tap/a2.pcap', 'span/a1.pcap'].map(file);
    expect(
      gapsOf(names, [
        [0, 0],
        [2, 0],
        [0, 9],
        [2, 3],
        [1, 10],
        [1, 12],
      ]),
    ).toEqual([
      [-Infinity, 0, [0, 1]],
      [-Infinity, 0, [2]],
      [3, Infinity, [2]],
      [5, 6, undefined],
    ]);
  });

  it('takes over when an interface of a live capture was down, and that it still is', () => {
    const blindTimes = [
      { start: 20, end: 21 },
      { start: 30, end: Number.POSITIVE_INFINITY },
    ];
    expect(gapsOf([{ file: 'eth1', interfaces: [], blindTimes }], [[0, 1]])).toEqual([
      [5, 6, undefined],
      [20, 21, ['all']],
      [30, Infinity, ['all']],
    ]);
  });
});
