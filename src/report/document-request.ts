/** What is asked for: the permits that would cure what is blocked, what else to do, and how the reader can check it all. */

import { formatNetwork } from '../format/address.ts';
import { commentOf, type RuleSet } from '../policy/permit.ts';
import { permitSentence } from '../policy/rules-text.ts';
import type { SideNames } from '../policy/side-names.ts';
import type { Finding } from '../verdict/finding.ts';
import { isCurable } from './blocked-flow.ts';
import { clip, clipSentences } from './clip.ts';
import type { Block, Section } from './document.ts';
import { numbered } from './document-findings.ts';
import type { Extent, ReportData } from './report-data.ts';

/** Permits with their reasons; the firewalls' own languages are for `mediatap policy rules`. */
export function requestSection(
  { permits, details, sideOf }: ReportData,
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
      { kind: 'paragraph', text: `For whoever runs the firewall between ${betweenWhom(permits.permits, sideOf)}:` },
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

/** The two sides by their names, where the site has one name for all of each. */
function betweenWhom(permits: RuleSet['permits'], sideOf: SideNames): string {
  const [from, to] = (['from', 'to'] as const).map((end) => {
    const names = new Set(permits.flatMap((permit) => permit[end].map((network) => sideOf(formatNetwork(network)))));
    return names.size === 1 ? [...names][0] : null;
  });
  return from == null || to == null || from === to ? 'these hosts' : `${from} and ${to}`;
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
export function checkSection(data: ReportData, findings: readonly Finding[], extent: Extent): Section {
  const { snapshot } = data;
  const blocks = findings.flatMap((finding, index): Block[] => {
    const filter = filterWithin(finding, data, extent.text);
    if (filter === '') return [];
    const part = filter === finding.displayFilter ? '' : ' of its first flow';
    return [{ kind: 'code', label: `Finding ${index + 1}, display filter${part}`, text: filter }];
  });
  const [capture] = snapshot.captures;
  if (blocks.length === 0 || capture === undefined || capture.file === '-')
    return { heading: 'How to check it', blocks };
  const text =
    "Enter a filter in Wireshark, or run tshark -r FILE -Y 'FILTER'. mediatap evidence FILE picks these frames out, each with a comment.";
  return { heading: 'How to check it', blocks: [...blocks, { kind: 'paragraph', text }] };
}

/** A filter that is cut would select something else: that of the best example is shorter. */
function filterWithin({ displayFilter, flows }: Finding, { details }: ReportData, limit: number): string {
  if (displayFilter.length <= limit) return displayFilter;
  return details.get(flows[0] ?? 0)?.displayFilter ?? '';
}
