/** What is asked for: the permits that would cure what is blocked, what else to do, and how the reader can check it all. */

import { commentOf, type RuleSet } from '../policy/permit.ts';
import { permitSentence } from '../policy/rules-text.ts';
import type { Finding } from '../verdict/finding.ts';
import { isCurable } from './blocked-flow.ts';
import type { Extent, ReportData } from './build-document.ts';
import { clip, clipSentences } from './clip.ts';
import type { Block, Section } from './document.ts';
import { numbered } from './document-findings.ts';

/** Permits with their reasons; the firewalls' own languages are for `mediatap policy rules`. */
export function requestSection(
  { permits, details }: ReportData,
  findings: readonly Finding[],
  extent: Extent,
): Section {
  const blocks: Block[] = [];
  if (permits !== null && permits.permits.length > 0) {
    const shown = permits.permits.slice(0, extent.permits);
    const left = permits.permits.length - shown.length;
    const items = shown.map((permit) => `${permitSentence(permit)} (${clip(commentOf(permit), extent.text)})`);
    if (left > 0) items.push(`${left} more, which mediatap policy rules --capture lists`);
    items.push(...permits.notes.slice(0, extent.permits).map((note) => clipSentences(note, extent.text)));
    blocks.push(
      { kind: 'paragraph', text: 'For whoever runs the firewall between these hosts:' },
      { kind: 'list', items },
    );
  }
  const steps = numbered(findings, (finding) =>
    finding.nextStep === '' || isCuredByOthers(finding, details, permits)
      ? null
      : clipSentences(finding.nextStep, extent.text),
  );
  if (steps.length > 0) blocks.push({ kind: 'list', items: steps });
  return { heading: 'What is asked for', blocks };
}

/** What a player tried only because something else was blocked needs no permit of its own, and is not asked for. */
function isCuredByOthers({ flows }: Finding, details: ReportData['details'], permits: RuleSet | null): boolean {
  const row = details.get(flows[0] ?? 0)?.row;
  if (permits === null || permits.permits.length === 0 || row === undefined) return false;
  const { port } = row.responder;
  const isAskedFor = permits.permits.some(
    ({ toPorts }) => toPorts === null || (toPorts.first <= port && port <= toPorts.last),
  );
  return row.transport === 'tcp' && isCurable(row) && !isAskedFor;
}

/** The filter works in Wireshark's field and for tshark alike. */
export function checkSection({ snapshot }: ReportData, findings: readonly Finding[], extent: Extent): Section {
  const blocks = findings.flatMap(({ displayFilter }, index): Block[] => {
    if (displayFilter === '') return [];
    const label = `Finding ${index + 1}, display filter`;
    // A filter that is cut would select something else.
    if (displayFilter.length > extent.text) return [{ kind: 'paragraph', text: `${label}: too long to show here.` }];
    return [{ kind: 'code', label, text: displayFilter }];
  });
  const [capture] = snapshot.captures;
  if (blocks.length === 0 || capture === undefined || capture.file === '-')
    return { heading: 'How to check it', blocks };
  const text =
    "Enter a filter in Wireshark, or run tshark -r FILE -Y 'FILTER'. mediatap evidence FILE picks these frames out, each with a comment.";
  return { heading: 'How to check it', blocks: [...blocks, { kind: 'paragraph', text }] };
}
