/** The verdict on a whole capture in one sentence. */

import type { Snapshot, Totals } from '../analysis/snapshot.ts';
import { counted, formatCount } from '../format/count.ts';
import { VERDICTS, type Verdict } from '../verdict/finding.ts';
import type { Change } from './baseline.ts';

const PROBLEMS: readonly Verdict[] = ['blocked', 'refused', 'unexpected', 'undetermined'];

/** The gravest verdict of any flow or finding; `background` for a capture without flows. */
export function gravestVerdict({ totals, findings }: Snapshot): Verdict {
  const isGiven = (verdict: Verdict) =>
    totals.byVerdict[verdict] > 0 || findings.some((finding) => finding.verdict === verdict);
  return VERDICTS.find(isGiven) ?? 'background';
}

/** `scope`: what selects the part that the report speaks of, empty for all. */
export function summarize(snapshot: Snapshot, scope = ''): string {
  const { totals, findings } = snapshot;
  if (totals.frames === 0) return 'Undetermined: there are no frames to judge.';
  if (totals.flows === 0 && findings.length === 0 && scope !== '') {
    return 'Undetermined: no flow of the capture matches what is asked for.';
  }
  const [first] = findings.filter((finding) => PROBLEMS.includes(finding.verdict));
  if (first === undefined) return summarizeQuiet(snapshot);
  if (findings.length === 1) return asSentence(first.title);
  return `${countVerdicts(totals, PROBLEMS)} of ${counted(totals.flows, 'flow')}; gravest: ${asSentence(first.title)}`;
}

/** `snapshot` holds the findings that are new or worse. */
export function summarizeChange({ findings }: Snapshot, { newIds, worse, gone, same }: Change): string {
  const rest = `${counted(same, 'finding')} as before, ${formatCount(gone.length)} gone`;
  const [first] = findings;
  if (first === undefined) return `Nothing is new or worse since the baseline: ${rest}.`;
  return `Since the baseline ${formatCount(newIds.length)} new and ${formatCount(worse.length)} worse, ${rest}; gravest: ${asSentence(first.title)}`;
}

const TROUBLE: readonly Verdict[] = ['blocked', 'refused', 'unexpected'];

/** Of what no finding here calls a problem; flows may have one that this report does not speak of. */
function summarizeQuiet({ totals, findings }: Snapshot): string {
  const [note] = findings;
  if (TROUBLE.some((verdict) => totals.byVerdict[verdict] > 0)) {
    return note === undefined
      ? `${countVerdicts(totals, PROBLEMS)} of ${counted(totals.flows, 'flow')}.`
      : asSentence(note.title);
  }
  if (totals.flows === 0) return 'Undetermined: there are frames but no flow to judge.';
  const others = countVerdicts(totals, ['ok', 'undetermined', 'background']);
  // Streams that work badly are none that a verdict speaks of, and what the reader came for.
  const lossy = findings.find(({ code }) => code === 'media-lossy');
  const yet = lossy === undefined ? '' : ` Yet ${asSentence(lossy.title)}`;
  return `No flow is seen blocked, refused or unexpected, of ${counted(totals.flows, 'flow')}: ${others}.${yet}`;
}

function countVerdicts({ byVerdict }: Totals, verdicts: readonly Verdict[]): string {
  const counts = verdicts.filter((verdict) => byVerdict[verdict] > 0);
  if (counts.length === 0) return 'Nothing judged';
  return counts.map((verdict) => `${formatCount(byVerdict[verdict])} ${verdict}`).join(', ');
}

function asSentence(text: string): string {
  return /[.!?…]$/.test(text) ? text : `${text}.`;
}
