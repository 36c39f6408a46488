/** What the checks say of the media of one control flow. */

import type { CaptureCase, FlowCase } from '../src/verdict/flow-case.ts';
import { checkMedia } from '../src/verdict/media.ts';
import { captureCase } from './case-builder.ts';

export type Changes = Parameters<typeof captureCase>[1];

/** Verdicts by code, of a capture of half a minute. */
export function verdicts(control: FlowCase, flows: readonly FlowCase[], changes: Changes = {}): Record<string, string> {
  const capture: CaptureCase = captureCase([control, ...flows], { endSecond: 30, ...changes });
  return Object.fromEntries(checkMedia(control, capture).map(({ code, verdict }) => [code, verdict]));
}
