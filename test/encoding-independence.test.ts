/** What is said of a capture does not hang on how it was written: format, byte order, compression, link, tags or tunnel. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { type CollectedFrame, collectFrames } from '../fixtures/encode/collect-frames.ts';
import {
  CAPTURE_COMPRESSIONS,
  CAPTURE_FORMATS,
  type CaptureCompression,
  type CaptureEncoding,
} from '../fixtures/encode/formats.ts';
import { ENCAPSULATIONS, type Encapsulation } from '../fixtures/frames/encapsulations.ts';
import { RECORDINGS } from '../fixtures/scenarios/recordings.ts';
import type { Expectation } from '../fixtures/scenarios/scenario.ts';
import { SCENARIOS } from '../fixtures/scenarios/scenarios.ts';
import { LINK_TYPE } from '../src/capture/link-type.ts';
import { openCaptures } from '../src/capture/open-captures.ts';
import { type Carried, carriedBy, isPlain, leave, namesReceivers, rewrapAll, whatIsSaid } from './rewrapped-capture.ts';
import { runReport } from './run-report.ts';

const FIXTURES = fileURLToPath(new URL('../fixtures/', import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), 'mediatap-encodings-'));
afterAll(() => rmSync(scratch, { recursive: true }));

/** Runs differ in what they try only when somebody changes this. */
const SEED = 4;
const RUNS = 300;

type Story = Expectation & { readonly file: string; readonly policy?: string };

const STORIES: readonly Story[] = [...SCENARIOS, ...RECORDINGS];
const DEMO = STORIES.filter(({ name }) => name === 'demo');
const [PCAP, NOTHING] = [CAPTURE_FORMATS[0], CAPTURE_COMPRESSIONS[0]] as [CaptureEncoding, CaptureCompression];

function readFrames({ name, file }: Story): Promise<CollectedFrame[]> {
  return openCaptures([`${FIXTURES}${name}/${file}`]).then(collectFrames);
}

async function sayOf(
  frames: readonly CollectedFrame[],
  { policy }: Story,
  format: CaptureEncoding,
  compression: CaptureCompression,
): Promise<unknown> {
  const path = join(scratch, 'capture');
  const ofOneInterface = frames.map((frame) => ({ ...frame, interface: 0 }));
  writeFileSync(path, compression.compress(format.encode(ofOneInterface)));
  return whatIsSaid(await runReport(path, policy));
}

/** A finding on the link addresses that frames go to. */
const RESTS_ON_RECEIVERS = 'multicast-mac';

const references = new Map<string, Promise<unknown>>();

/** What is said of the plain capture, less what is not carried. */
function referenceFor(story: Story, frames: readonly CollectedFrame[], carried: Carried): Promise<unknown> {
  const key = `${story.name} ${carried}`;
  const known = references.get(key) ?? sayOf(leave(frames, carried), story, PCAP, NOTHING);
  references.set(key, known);
  return known;
}

async function expectTheSame(
  story: Story,
  encapsulation: Encapsulation,
  format: CaptureEncoding,
  compression: CaptureCompression,
): Promise<void> {
  const frames = await readFrames(story);
  // Most formats hold frames of one link, and one of them nothing where there is none.
  if (new Set(frames.map(({ linkType }) => linkType)).size !== 1) return;
  const isWrapped = isPlain(frames) && (encapsulation.linkType === LINK_TYPE.ethernet || !format.isForEthernet);
  if (!isWrapped && format.isForEthernet && frames.some(({ linkType }) => linkType !== LINK_TYPE.ethernet)) return;
  const rests = RESTS_ON_RECEIVERS in story.findings;
  if (isWrapped && rests && !namesReceivers(encapsulation, frames)) return;
  const carried = isWrapped ? carriedBy(encapsulation, frames) : 'frames';
  const written = isWrapped ? rewrapAll(frames, encapsulation, carried) : frames;
  const reference = await referenceFor(story, frames, carried);
  expect(await sayOf(written, story, format, compression)).toEqual(reference);
}

describe.each(DEMO)('what is said of the $name', (story) => {
  it.each(ENCAPSULATIONS)('is the same in $name', (encapsulation) =>
    expectTheSame(story, encapsulation, PCAP, NOTHING),
  );

  it.each(CAPTURE_FORMATS)('is the same as $name', (format) =>
    expectTheSame(story, ENCAPSULATIONS[0] as Encapsulation, format, NOTHING),
  );

  it.each(CAPTURE_COMPRESSIONS)('is the same compressed with $name', (compression) =>
    expectTheSame(story, ENCAPSULATIONS[0] as Encapsulation, PCAP, compression),
  );
});

describe('what is said of any capture', () => {
  it('is the same in any encapsulation, format and compression', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...STORIES),
        fc.constantFrom(...ENCAPSULATIONS),
        fc.constantFrom(...CAPTURE_FORMATS),
        fc.constantFrom(...CAPTURE_COMPRESSIONS),
        expectTheSame,
      ),
      { numRuns: RUNS, seed: SEED },
    );
  });
});
