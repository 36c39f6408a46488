/** Runs every check, groups what has one cause, and ranks what is left. */

import { checkAcknowledgementsLost } from './acknowledgements-lost.ts';
import { checkAnswerLost } from './answer-lost.ts';
import { checkRequestUnanswered, checkServerRefused } from './application.ts';
import { checkDataLost } from './data-lost.ts';
import type { Draft } from './draft.ts';
import { type Finding, VERDICTS } from './finding.ts';
import type { CaptureCase, FlowCase } from './flow-case.ts';
import { checkFragmentsLost } from './fragments-lost.ts';
import { DraftGroups } from './group-drafts.ts';
import { checkIcmp } from './icmp.ts';
import { checkMedia } from './media.ts';
import { checkMediaLossy } from './media-lossy.ts';
import { checkGroup } from './multicast.ts';
import { checkNames } from './name-unresolved.ts';
import { checkNeighbours } from './neighbour.ts';
import { checkNotInPolicy } from './not-in-policy.ts';
import { checkPathMtu } from './path-mtu.ts';
import { checkPortScans } from './port-scan.ts';
import { checkNonstandardPort, checkWrongProtocol } from './ports.ts';
import { checkPrivateAddress } from './private-address.ts';
import { checkRollover } from './rollover.ts';
import { checkStreamStopped } from './stream-stopped.ts';
import { checkTcpCutMidstream, checkTcpResetMidstream } from './tcp-midstream.ts';
import { checkTcpReset } from './tcp-reset.ts';
import { checkTcpUnanswered } from './tcp-unanswered.ts';
import { checkUnannounced } from './unannounced-media.ts';
import { checkWrongDirection } from './wrong-direction.ts';

type FlowCheck = (flow: FlowCase, capture: CaptureCase) => Draft | null;

/** Each looks at one TCP or UDP flow. A new check is a file and a line here, in each list that it belongs to. */
const ATTEMPT_CHECKS: readonly FlowCheck[] = [checkTcpUnanswered, checkIcmp, checkNotInPolicy, checkWrongDirection];
const TCP_CHECKS: readonly FlowCheck[] = [
  checkTcpUnanswered,
  checkTcpReset,
  checkIcmp,
  checkTcpResetMidstream,
  checkPathMtu,
  checkTcpCutMidstream,
  checkAcknowledgementsLost,
  checkDataLost,
  checkStreamStopped,
  checkServerRefused,
  checkRequestUnanswered,
  checkWrongProtocol,
  checkNonstandardPort,
  checkNotInPolicy,
  checkWrongDirection,
];
const UDP_CHECKS: readonly FlowCheck[] = [
  checkIcmp,
  checkFragmentsLost,
  checkAnswerLost,
  checkServerRefused,
  checkRequestUnanswered,
  checkWrongProtocol,
  checkNonstandardPort,
  checkUnannounced,
  checkNotInPolicy,
  checkWrongDirection,
];

/** Findings kept; beyond it the least grave are dropped. */
const MOST_FINDINGS = 5000;

/** All findings, gravest first, then those that hurt most viewers, then the surest; the order is the same in each run. */
export function judge(capture: CaptureCase): Finding[] {
  const drafts = new DraftGroups();
  const scans = checkPortScans(capture);
  const scanned = new Set(scans.flatMap((draft) => draft.flows));
  drafts.addAll(scans);
  for (const flow of capture.flows) {
    if (scanned.has(flow)) continue;
    for (const check of checksFor(flow)) {
      const draft = check(flow, capture);
      if (draft !== null) drafts.add(draft);
    }
    const { record } = flow;
    if (record === null) continue;
    if (record.media.length > 0) drafts.addAll(checkMedia(flow, capture));
    const untranslated = checkPrivateAddress(flow, capture);
    if (untranslated !== null) drafts.add(untranslated);
  }
  for (const group of capture.groups) drafts.addAll(checkGroup(group, capture));
  drafts.addAll(checkMediaLossy(capture));
  drafts.addAll(checkNeighbours(capture));
  drafts.addAll(checkNames(capture));
  drafts.addAll(checkRollover(capture, (ids) => drafts.failures(ids)));

  return drafts.toFindings().sort(compareFindings).slice(0, MOST_FINDINGS);
}

/** A connection that nobody answered is asked only what concerns it: an outage makes tens of thousands of them. */
function checksFor(flow: FlowCase): readonly FlowCheck[] {
  const { tcp } = flow;
  if (tcp === null) return UDP_CHECKS;
  const isAttempt = tcp.outcome === 'unanswered' && flow.record === null && flow.confidence !== 'content';
  return isAttempt ? ATTEMPT_CHECKS : TCP_CHECKS;
}

function compareFindings(a: Finding, b: Finding): number {
  return (
    VERDICTS.indexOf(a.verdict) - VERDICTS.indexOf(b.verdict) ||
    b.viewers - a.viewers ||
    Number(a.certainty === 'inferred') - Number(b.certainty === 'inferred') ||
    (a.evidence[0]?.time ?? 0) - (b.evidence[0]?.time ?? 0) ||
    (a.id < b.id ? -1 : 1)
  );
}
