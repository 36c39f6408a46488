/** What one check says of one flow, before findings of one cause are grouped. */

import type { Cause, Certainty, Evidence, FindingCode, Verdict, Where } from './finding.ts';
import { type Direction, type FlowCase, firstFrameOf } from './flow-case.ts';

export interface Draft {
  readonly code: FindingCode;
  readonly verdict: Verdict;
  readonly certainty: Certainty;
  readonly cause: Cause;
  readonly where: Where;
  /** Flows that are judged; the first one is the subject. */
  readonly flows: readonly FlowCase[];
  readonly related: readonly number[];
  readonly groups: readonly string[];
  readonly rule: string | null;
  /** What failed and where, and nothing of who was first: drafts with the same key are one finding, which has its id by it. */
  readonly groupKey: string;
  /** The words and the proof: asked for only where they are shown, because thousands of drafts become one finding. */
  readonly tell: () => Story;
}

export interface Story {
  /** The whole title, where a verdict's words would not say it. */
  readonly title?: string;
  /** The subject of the title when it is not `PROTOCOL from A to B:port`. */
  readonly subject?: string;
  /** After `SUBJECT is blocked: `, without a full stop: `SYN sent 8 times, never answered`. */
  readonly what: string;
  /** Why it stands out and how sure that is: sentences. */
  readonly why: string;
  readonly nextStep: string;
  readonly evidence: readonly Evidence[];
  /** What these texts repeat of packets and of the site's policy, as it stands in them; absent where they repeat nothing. */
  readonly quotes?: readonly string[];
}

/** Evidence from something with a place in the capture. */
export function evidence(
  at: { readonly capture: number; readonly frame: number; readonly time: number },
  fact: string,
): Evidence {
  return { capture: at.capture, frame: at.frame, time: at.time, fact };
}

/** The first packet of a direction of a flow. */
export function firstPacket(flow: FlowCase, direction: Direction, fact: string): Evidence {
  return { capture: flow.capture, frame: flow.firstFrames[direction], time: flow.firstTimes[direction], fact };
}

export function lastPacket(flow: FlowCase, direction: Direction, fact: string): Evidence {
  return { capture: flow.capture, frame: flow.lastFrames[direction], time: flow.lastTimes[direction], fact };
}

/** The first packet of a flow, whichever end sent it. */
export function openingPacket(flow: FlowCase, fact: string): Evidence {
  return firstPacket(flow, firstFrameOf(flow) === flow.firstFrames[0] ? 0 : 1, fact);
}
