/** Which findings the filter leaves: the same expression that selects flows, read on what a finding says. */

import { parseAddress } from '../../format/address.ts';
import { compileQuery } from '../../query/compile-query.ts';
import type { QuerySubject } from '../../query/query-subject.ts';
import type { Finding } from '../../verdict/finding.ts';
import { isProblem } from '../flow-text.ts';
import type { Scene } from './view.ts';

interface Selection {
  readonly key: string;
  readonly findings: readonly Finding[];
}

/** The last selection from each list: a screen asks for it several times over. */
const selections = new WeakMap<readonly Finding[], Selection>();

/** The findings that the filter leaves, in their rank; a filter that cannot be understood leaves all. */
export function filteredFindings(scene: Scene): readonly Finding[] {
  const { data, state } = scene;
  const { findings } = data.snapshot;
  if (state.filter.trim() === '' && !state.isProblemsOnly) return findings;
  const key = `${state.isProblemsOnly} ${state.filter}`;
  const known = selections.get(findings);
  if (known?.key === key) return known.findings;
  const selected = select(scene);
  selections.set(findings, { key, findings: selected });
  return selected;
}

function select({ data, state }: Scene): readonly Finding[] {
  const { findings, originSeconds, totals } = data.snapshot;
  const seconds = (time: number | null) => originSeconds + (time ?? 0) / 1e9;
  const query = compileQuery(state.filter, { start: seconds(totals.firstTime), end: seconds(totals.lastTime) });
  return findings.filter((finding) => {
    if (state.isProblemsOnly && !isProblem(finding.verdict)) return false;
    return !query.ok || query.matches(subjectOf(finding, originSeconds));
  });
}

/** A finding as if it were a flow; what its words do not say is left empty. */
function subjectOf(finding: Finding, originSeconds: number): QuerySubject {
  const label = finding.title.split(' from ', 1)[0] ?? '';
  const endpoints = endpointsIn(finding.title);
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
    initiatorAddress: endpoints[0]?.address ?? '',
    responderAddress: endpoints.at(-1)?.address ?? '',
    initiatorPort: endpoints[0]?.port ?? 0,
    responderPort: endpoints.at(-1)?.port ?? 0,
    vlans: [],
    packets: 0,
    bytes: 0,
    loss: null,
    firstTime: seconds(finding.evidence[0]?.time),
    lastTime: seconds(finding.evidence.at(-1)?.time),
    text: searchableText(finding),
  };
}

const ENDPOINT = /^\[?([0-9a-f.:]+?)\]?(?::(\d{1,5}))?$/i;

/** The addresses that a sentence names, in its order: who asked stands first, who was asked last. */
function endpointsIn(title: string): { address: string; port: number }[] {
  return title.split(/[\s,()]+/).flatMap((word) => {
    const bare = word.replace(/:$/, '');
    if (parseAddress(bare) !== null) return [{ address: bare, port: 0 }];
    const [, address = '', port = '0'] = ENDPOINT.exec(bare) ?? [];
    return parseAddress(address) === null ? [] : [{ address, port: Number(port) }];
  });
}

function searchableText(finding: Finding): string {
  const { code, certainty, title, explanation, nextStep, groups, evidence, displayFilter } = finding;
  const facts = evidence.map(({ fact }) => fact);
  return [code, certainty, title, explanation, nextStep, displayFilter, ...groups, ...facts].join('\n');
}
