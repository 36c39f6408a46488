/** Writes a small capture with only the packets that prove findings, by reading the captures a second time. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { CaptureError, type FrameBatch, type FrameSource } from '../capture/frame-batch.ts';
import { openCaptures } from '../capture/open-captures.ts';
import { isStream } from '../capture/open-input.ts';
import { counted, formatCount } from '../format/count.ts';
import { printable } from '../format/text.ts';
import type { Disguise } from './anonymous/disguise.ts';
import { FrameDisguise } from './anonymous/frame-disguise.ts';
import { EvidenceFrames } from './evidence-frames.ts';
import { type FrameKey, frameKey, selectEvidence } from './evidence-selection.ts';
import { EvidenceWriter } from './evidence-writer.ts';
import { writeReport } from './formats.ts';
import type { ReportSource } from './report-source.ts';
import { TICKET_LENGTH } from './text-report.ts';

export interface EvidenceOptions {
  /** Frames before and after each in its flow. */
  readonly context: number;
  /** Leave out what the packets carry. */
  readonly isHeadersOnly: boolean;
  /** Null leaves names and addresses as they are; payloads go wherever it is not. */
  readonly disguise: Disguise | null;
}

export const DEFAULT_EVIDENCE: EvidenceOptions = { context: 5, isHeadersOnly: false, disguise: null };

export interface WrittenEvidence {
  readonly frames: number;
  /** Frames that findings name and that were not found again: the files have changed since, or they are not kept any more. */
  readonly missing: number;
}

const NOTHING_KEPT =
  'Nothing of this capture was kept to pick evidence out of: capture with --write, or let --keep hold the latest frames.';

const DISGUISED =
  'Addresses, MAC addresses and names are pseudonyms; addresses share as many first bits as the original ones do. ' +
  'Payloads and the headers of tunnels are left out, and checksums count what is left out as zeros.';

/** Milliseconds of work between two looks at the event loop, which may have a screen to draw. */
const TURN_MS = 20;

/** Throws a `CaptureError` for what can be read only once. */
export function requireReadableAgain(path: string): void {
  if (!isStream(path)) return;
  const name = path === '-' ? 'Standard input' : printable(path);
  throw new CaptureError(
    `${name} cannot be read a second time, which picking out frames needs: save it to a file first (for example with tee), and name that file.`,
  );
}

/**
 * Of all findings of the source, to `path`, which is replaced. Rejects with a `CaptureError` when the captures cannot be
 * read again.
 */
export async function writeEvidence(
  source: ReportSource,
  path: string,
  options: EvidenceOptions,
): Promise<WrittenEvidence> {
  const folder = mkdtempSync(join(tmpdir(), 'mediatap-'));
  try {
    return await pickOut(source, await filesOf(source, folder), path, options);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function pickOut(
  source: ReportSource,
  files: readonly ReadFile[],
  path: string,
  options: EvidenceOptions,
): Promise<WrittenEvidence> {
  const { disguise } = options;
  const told = disguise === null ? source : disguise.source(source);
  const selection = await selectEvidence(told);
  const chosen = new EvidenceFrames(selection, options.context);
  await readAgain(files, async (frames, keyOf) => {
    await forEachBatch(frames, (batch) => chosen.choose(batch, keyOf));
  });
  chosen.finish();
  const comments = [describe(told, chosen), await collect(writeReport(told, 'text', TICKET_LENGTH))];
  if (disguise !== null) comments.push(DISGUISED);
  const application = `${source.tool.name} ${source.tool.version}`;
  await readAgain(files, async (frames, keyOf) => {
    const writer = new EvidenceWriter(path, {
      comments,
      application,
      captures: disguise === null ? frames.captures : disguise.captures(frames.captures, source.snapshot),
      disguise: disguise === null ? null : new FrameDisguise(disguise.pseudonyms),
    });
    try {
      await forEachBatch(frames, (batch) => {
        for (let i = 0; i < batch.count; i++) {
          const key = keyOf(batch, i);
          const extent = chosen.extents.get(key);
          if (extent === undefined) continue;
          const isWhole = extent === 'whole' && !options.isHeadersOnly;
          writer.copy(batch, i, { isWhole, comments: selection.proofs.get(key) ?? [] });
        }
      });
    } finally {
      writer.close();
    }
  });
  const missing = [...selection.proofs.keys()].filter((key) => !chosen.extents.has(key)).length;
  return { frames: chosen.extents.size, missing };
}

/** A file to read again. */
interface ReadFile {
  readonly path: string;
  /** The index of its capture in the source's snapshot. */
  readonly capture: number;
  /** The number of its first frame in that capture. */
  readonly firstFrame: number;
}

/** Those of a live capture hold only what was kept of it. */
async function filesOf(source: ReportSource, folder: string): Promise<ReadFile[]> {
  const recalled = await source.recall(folder);
  if (recalled !== null) {
    if (recalled.files.length === 0) throw new CaptureError(recalled.failure ?? NOTHING_KEPT);
    return recalled.files.map((file) => ({ ...file, capture: 0 }));
  }
  const { captures } = source.snapshot;
  return captures.flatMap(({ file, frames }, capture) => {
    if (frames === 0) return [];
    requireReadableAgain(file);
    return [{ path: file, capture, firstFrame: 1 }];
  });
}

/** What a file's frames are called in the source's snapshot: each file begins to count anew. */
type KeyOfFrame = (batch: FrameBatch, i: number) => FrameKey;

async function readAgain(
  files: readonly ReadFile[],
  read: (frames: FrameSource, keyOf: KeyOfFrame) => Promise<void>,
): Promise<void> {
  const frames = await openCaptures(files.map(({ path }) => path));
  try {
    const opened = frames.captures.map((info) => files.find(({ path }) => path === info.file));
    await read(frames, (batch, i) => {
      const { capture = -1, firstFrame = 1 } = opened[batch.captures[i] as number] ?? {};
      return frameKey(capture, (firstFrame - 1 + (batch.numbers[i] as number)) >>> 0);
    });
  } finally {
    await frames.close();
  }
}

async function forEachBatch(frames: FrameSource, take: (batch: FrameBatch) => void): Promise<void> {
  let turnAt = performance.now();
  for (;;) {
    const next = frames.next();
    const batch = next instanceof Promise ? await next : next;
    if (batch === null) return;
    take(batch);
    if (performance.now() - turnAt < TURN_MS) continue;
    await nextTurn();
    turnAt = performance.now();
  }
}

function describe({ tool, snapshot }: ReportSource, { extents }: EvidenceFrames): string {
  const [first, ...others] = snapshot.captures.map(({ file }) => printable(file, 200));
  const from = others.length === 0 ? first : `${first} and ${counted(others.length, 'more capture')}`;
  return (
    `Picked out by ${tool.name} ${tool.version}: ${formatCount(extents.size)} of ${counted(snapshot.totals.frames, 'frame')} of ${from}. ` +
    'A frame with a comment proves a finding; the others are of the same flows, or show that their hosts were seen and that the capture went on. ' +
    'Frame numbers in the summary and in comments are those of the original.'
  );
}

async function collect(chunks: AsyncIterable<string>): Promise<string> {
  let text = '';
  for await (const chunk of chunks) text += chunk;
  return text;
}
