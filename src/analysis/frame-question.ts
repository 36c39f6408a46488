/** What can be asked of a single frame, and the answer: layers and bytes, read from the capture again. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findFrame } from '../capture/find-frame.ts';
import { CaptureError, type FrameSource, type KeptFile } from '../capture/frame-batch.ts';
import { isStream } from '../capture/open-input.ts';
import { describeFrame, type FrameDetail } from './frame-layers.ts';
import type { RelativeTime } from './snapshot.ts';

/** Named as evidence and ladders name it; its time shows whether it is still the same one. */
export interface FrameQuestion {
  readonly capture: number;
  readonly frame: number;
  readonly time: RelativeTime;
}

/** `reason` is a sentence for people. */
export type FrameAnswer =
  | { readonly kind: 'found'; readonly detail: FrameDetail }
  | { readonly kind: 'lost'; readonly reason: string };

/** Of times that were seconds since 1970 once. */
const ROUNDING_NS = 1000;

const ONCE_ONLY = 'What came through a pipe cannot be read again: save it to a file to see its bytes.';
const NOT_KEPT =
  'Its bytes are kept no longer: --write saves what is captured, --keep sets how much is held in memory.';
const CHANGED = 'The file is not the one that was read: it has changed since.';

/** Of a live capture what was kept is looked through: the files that are saved, or the latest frames in memory. */
export async function answerFrame(source: FrameSource, origin: number, question: FrameQuestion): Promise<FrameAnswer> {
  if (source.recall === undefined) {
    const path = source.captures[question.capture]?.file ?? '';
    return isStream(path) ? lost(ONCE_ONLY) : readFrom({ path, firstFrame: 1 }, origin, question);
  }
  const folder = mkdtempSync(join(tmpdir(), 'mediatap-'));
  try {
    const { files, failure } = source.recall(folder);
    const file = files.findLast(({ firstFrame }) => firstFrame <= question.frame);
    return file === undefined ? lost(failure ?? NOT_KEPT) : await readFrom(file, origin, question);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function readFrom({ path, firstFrame }: KeptFile, origin: number, question: FrameQuestion): Promise<FrameAnswer> {
  try {
    const detail = await findFrame(path, question.frame - firstFrame + 1, (batch, index) =>
      describeFrame(batch, index, ((batch.seconds[index] ?? 0) - origin) * 1e9 + (batch.nanoseconds[index] ?? 0)),
    );
    const isSame = detail !== null && Math.abs(detail.time - question.time) < ROUNDING_NS;
    return isSame ? { kind: 'found', detail } : lost(CHANGED);
  } catch (error) {
    if (!(error instanceof CaptureError)) throw error;
    return lost(error.message);
  }
}

function lost(reason: string): FrameAnswer {
  return { kind: 'lost', reason };
}
