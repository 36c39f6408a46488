/** Opens captures, however many and whatever they are, as one source of frames. */

import { CaptureLog } from './capture-log.ts';
import type { CaptureReader } from './capture-reader.ts';
import { CaptureSequence, type PendingCapture } from './capture-sequence.ts';
import { findCaptures } from './find-captures.ts';
import { readFirstMoment } from './first-moment.ts';
import { FollowedCaptures } from './follow-captures.ts';
import { CaptureError, type CaptureInfo, type FrameSource } from './frame-batch.ts';
import { isLater, type Moment, NEVER } from './frame-merger.ts';
import { openCapture } from './open-capture.ts';
import { isStream, openInput, statOrNull } from './open-input.ts';

/** Captures without frames come first, so that what they have to say is known early. */
const NO_FRAME: Moment = { seconds: Number.NEGATIVE_INFINITY, nanoseconds: 0 };

export interface OpenOptions {
  /** Go on when the last capture ends, as more is written to it, and to files that follow it in its rotation. */
  readonly follow?: boolean;
}

/**
 * Paths may be files, directories (the files in them), patterns, FIFOs, and `-` for standard input. Frames come in order of
 * time over all captures. Rejects with a `CaptureError` when a named file is no capture, or none was found; what is
 * none in a directory or among the matches of a pattern becomes a capture without frames, with a warning.
 */
export async function openCaptures(paths: readonly string[], options: OpenOptions = {}): Promise<FrameSource> {
  const found = findCaptures(paths);
  const captures: CaptureInfo[] = [];
  const open: CaptureReader[] = [];
  const pending: PendingCapture[] = [];
  for (const [index, { path, isNamed }] of found.entries()) {
    const log = new CaptureLog(path);
    captures.push(log.info);
    try {
      const isOnly = found.length === 1 && options.follow !== true;
      if (isOnly || isStream(path)) open.push(await openCapture(openInput(path), log, index));
      else pending.push(await preparePending(path, log, index, options.follow === true));
    } catch (error) {
      if (isNamed || !(error instanceof CaptureError)) {
        for (const reader of open) await reader.close();
        throw error;
      }
      log.warn(null, error.message);
    }
  }
  if (open.length + pending.length === 0) throw noneOf(captures);
  // What comes through a pipe needs no following.
  if (options.follow === true && open.length === 0) return new FollowedCaptures(inOrderOfTime(pending));
  return new CaptureSequence(captures, open, pending);
}

function inOrderOfTime(pending: readonly PendingCapture[]): string[] {
  return pending.toSorted((one, other) => (isLater(one.first, other.first) ? 1 : -1)).map(({ path }) => path);
}

/** Opened only to see where in time it begins, so that no more files are open at once than needed. */
async function preparePending(path: string, log: CaptureLog, index: number, follow: boolean): Promise<PendingCapture> {
  const bytesTotal = statOrNull(path)?.size ?? null;
  // Its writer has created it and not yet written.
  const isAwaited = follow && bytesTotal === 0;
  const first = isAwaited ? NEVER : ((await readFirstMoment(path)) ?? NO_FRAME);
  return { path, first, bytesTotal, open: () => reopen(path, log, index) };
}

async function reopen(path: string, log: CaptureLog, index: number): Promise<CaptureReader | null> {
  try {
    return await openCapture(openInput(path), log, index);
  } catch (error) {
    if (!(error instanceof CaptureError)) throw error;
    log.warn(null, error.message);
    return null;
  }
}

function noneOf(captures: readonly CaptureInfo[]): CaptureError {
  const [first] = captures;
  const reason = first?.warnings[0]?.text ?? 'No capture was named.';
  return new CaptureError(captures.length > 1 ? `None of ${captures.length} files is a capture. ${reason}` : reason);
}
