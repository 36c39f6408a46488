/** Which frames prove findings: those that they name, those that tell the story of their flows, and what both rest on. */

import type { FlowDetail, Snapshot } from '../analysis/snapshot.ts';
import { printable } from '../format/text.ts';
import type { Finding } from '../verdict/finding.ts';
import type { ReportSource } from './report-source.ts';

/** A capture's index and a frame's number in it, as one number. */
export type FrameKey = number;

export interface EvidenceSelection {
  /** By frame: which findings it proves, and how. */
  readonly proofs: ReadonlyMap<FrameKey, readonly string[]>;
  /** The proofs, and what begins and tells the story of their flows; frames around them are of interest too. */
  readonly story: ReadonlySet<FrameKey>;
  /** Frames of other flows, of interest for themselves: what is known of the hosts. */
  readonly witnesses: ReadonlySet<FrameKey>;
  /**
   * First frames of flows, and others, of which more than the beginning is needed, and how many frames from there on: what is
   * shown is what does not happen after them.
   */
  readonly longStories: ReadonlyMap<FrameKey, number>;
  /** Addresses of the groups that findings are about. */
  readonly groups: readonly string[];
}

const CAPTURE_UNIT = 0x1_0000_0000;
/** Flows of one finding that are shown: its best examples come first. */
const MOST_FLOWS = 20;
const MOST_FRAMES = 20_000;
/** Of media that a router does not pass on, both ways, enough to show that none of it comes twice; of a stream, that it was one. */
const LONG_STORY = 240;
/** Enough to show what share of a stream is missing, of most streams all. */
const LOSSY_STORY = 5000;

export function frameKey(capture: number, frame: number): FrameKey {
  return capture * CAPTURE_UNIT + frame;
}

/** Findings that rest on how media flows, not only on how it began. */
const LONG_CODES: ReadonlySet<string> = new Set(['media-one-way', 'media-cut', 'multicast-no-data', 'reports-one-way']);
/** Findings that rest on how it goes on after a moment that they name. */
const TURNING_CODES: ReadonlySet<string> = new Set(['media-one-way']);

/** Of all findings of the source. */
export async function selectEvidence({ snapshot, flow }: ReportSource): Promise<EvidenceSelection> {
  const proofs = new Map<FrameKey, string[]>();
  for (const [index, finding] of snapshot.findings.entries()) noteProofs(proofs, snapshot, finding, index + 1);
  const story = new Set(proofs.keys());
  const witnesses = new Set<FrameKey>();
  const longStories = new Map<FrameKey, number>();
  for (const { code, evidence } of snapshot.findings) {
    if (TURNING_CODES.has(code))
      for (const { capture, frame } of evidence) longStories.set(frameKey(capture, frame), LONG_STORY);
  }
  const long = flowsOf(snapshot.findings.filter(({ code }) => LONG_CODES.has(code)));
  const lossy = flowsOf(snapshot.findings.filter(({ code }) => code === 'media-lossy'));
  for (const id of flowsOf(snapshot.findings)) {
    const detail = await flow(id);
    if (detail === null) continue;
    const { capture, firstFrame } = detail.row;
    const needed = lossy.has(id) ? LOSSY_STORY : long.has(id) ? LONG_STORY : 0;
    if (needed > 0 && firstFrame !== null) longStories.set(frameKey(capture, firstFrame), needed);
    for (const key of storyOf(detail)) if (story.size < MOST_FRAMES) story.add(key);
    for (const { capture, frame } of detail.witnesses ?? []) witnesses.add(frameKey(capture, frame));
  }
  const groups = [...new Set(snapshot.findings.flatMap((finding) => finding.groups))];
  return { proofs, story, witnesses, longStories, groups };
}

/** Frames are numbered anew in the evidence, so that each says which one it was. */
function noteProofs(proofs: Map<FrameKey, string[]>, snapshot: Snapshot, finding: Finding, number: number): void {
  for (const { capture, frame, fact } of finding.evidence) {
    const file = printable(snapshot.captures[capture]?.file ?? '', 200);
    const comment = `Finding ${number} (${finding.id}): ${fact}. It is proof of this: ${finding.title}. Frame ${frame} of ${file}.`;
    const key = frameKey(capture, frame);
    const known = proofs.get(key);
    if (known === undefined) proofs.set(key, [comment]);
    else known.push(comment);
  }
}

function flowsOf(findings: readonly Finding[]): Set<number> {
  return new Set(
    findings.flatMap(({ flows, related }) => [...flows.slice(0, MOST_FLOWS), ...related.slice(0, MOST_FLOWS)]),
  );
}

/** The first frames too, by which a flow is recognized from its beginning. */
function storyOf({ row, ladder, related }: FlowDetail): FrameKey[] {
  const beginnings = [row, ...related].flatMap(({ capture, firstFrame }) =>
    firstFrame === null ? [] : [frameKey(capture, firstFrame)],
  );
  return [...beginnings, ...ladder.map(({ capture, frame }) => frameKey(capture, frame))];
}
