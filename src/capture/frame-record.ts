/** One frame on its way from a reader into a batch. */

import type { CaptureLog } from './capture-log.ts';
import type { FrameBatch } from './frame-batch.ts';

/** A reader fills the same record for every frame; fields mean what they mean in `FrameBatch`. */
export class FrameRecord {
  start = 0;
  capturedLength = 0;
  wireLength = 0;
  seconds = 0;
  nanoseconds = 0;
  linkType = 0;
  interfaceIndex = 0;
  number = 0;
}

/** The batch must not be full. */
export function appendFrame(batch: FrameBatch, frame: FrameRecord, log: CaptureLog): void {
  const i = batch.count++;
  batch.starts[i] = frame.start;
  batch.capturedLengths[i] = frame.capturedLength;
  batch.wireLengths[i] = frame.wireLength;
  batch.seconds[i] = frame.seconds;
  batch.nanoseconds[i] = frame.nanoseconds;
  batch.linkTypes[i] = frame.linkType;
  batch.interfaces[i] = frame.interfaceIndex;
  batch.numbers[i] = frame.number;
  log.info.frames++;
  log.info.bytes += frame.wireLength;
}
