/** Which findings the filter leaves, and how sure one is in words. */

import { compileQuery } from '../../query/compile-query.ts';
import type { QuerySubject } from '../../query/query-subject.ts';
import type { Finding, Verdict } from '../../verdict/finding.ts';
import { isProblem } from '../flow-text.ts';
import type { Scene } from './view.ts';

/** The findings that the filter leaves, in their rank; a filter that cannot be understood leaves all. */
export function filteredFindings({ data, state }: Scene): readonly Finding[] {
  const { findings, originSeconds, totals } = data.snapshot;
  if (state.filter.trim() === '' && !state.isProblemsOnly) return findings;
  const seconds = (time: number | null) => originSeconds + (time ?? 0) / 1e9;
  const query = compileQuery(state.filter, { start: seconds(totals.firstTime), end: seconds(totals.lastTime) });
  return findings.filter((finding) => {
    if (state.isProblemsOnly && !isProblem(finding.verdict)) return false;
    return !query.ok || query.matches(subjectOf(finding, originSeconds));
  });
}

/** `RTSP from 10.10.1.10 to [fd00::20]:554 ...`: what a title says of protocol and endpoints. */
const TITLE =
  /^(?<label>.*?) from \[?(?<from>[0-9a-f.:]+?)\]?(?::(?<fromPort>\d+))? to \[?(?<to>[0-9a-f.:]+?)\]?(?::(?<toPort>\d+))? /;

/** A finding as the filter sees it: what its own words say, as if it were a flow. */
function subjectOf(finding: Finding, originSeconds: number): QuerySubject {
  const { label = '', from = '', fromPort, to = '', toPort } = TITLE.exec(finding.title)?.groups ?? {};
  const seconds = (time: number | undefined) => (time === undefined ? null : originSeconds + time / 1e9);
  return {
    id: finding.flows[0] ?? 0,
    transport: finding.displayFilter.includes('udp') ? 'udp' : 'tcp',
    protocol: label.toLowerCase(),
    protocolLabel: label,
    confidence: '',
    verdict: finding.verdict,
    codes: [finding.code],
    outcome: '',
    rule: finding.rule,
    initiatorAddress: from,
    responderAddress: to,
    initiatorPort: Number(fromPort ?? 0),
    responderPort: Number(toPort ?? 0),
    vlans: [],
    packets: 0,
    bytes: 0,
    loss: null,
    firstTime: seconds(finding.evidence[0]?.time),
    lastTime: seconds(finding.evidence.at(-1)?.time),
    text: searchableText(finding),
  };
}

function searchableText(finding: Finding): string {
  const { code, certainty, title, explanation, nextStep, groups, evidence, displayFilter } = finding;
  const facts = evidence.map(({ fact }) => fact);
  return [code, certainty, title, explanation, nextStep, displayFilter, ...groups, ...facts].join('\n');
}

/** The title of the gravest finding that judges a flow; empty when none does. */
export function flowRemark(flow: number, { data }: Scene): string {
  return data.snapshot.findings.find(({ flows }) => flows.includes(flow))?.title ?? '';
}

const CAUSES: Readonly<Record<Finding['cause'], string>> = {
  'silent-drop': 'dropped in silence',
  host: 'by the host itself',
  'device-on-path': 'by a device on the path',
  icmp: 'told by ICMP',
  application: 'by the application',
  unknown: 'cause not known',
};

const PLACES: Readonly<Record<Finding['where'], string>> = {
  'toward-responder': 'on the way to the responder',
  'toward-initiator': 'on the way back to the initiator',
  'beyond-capture-point': 'beyond the capture point',
  unknown: 'place not known',
};

/** `confirmed; dropped in silence; on the way to the responder`. */
export function describeCertainty(finding: Finding): string {
  return [finding.certainty, CAUSES[finding.cause], PLACES[finding.where]].join('; ');
}

/** The heading of each verdict in plain words. */
export const VERDICT_WORDS: Readonly<Record<Verdict, string>> = {
  blocked: 'proven not to get through',
  refused: 'reached, and the other end said no',
  unexpected: 'should not be here, or not this way',
  undetermined: 'the capture does not prove it either way',
  ok: 'works',
  background: 'neither streaming nor on a streaming port',
};
