/** Which findings the filter leaves: the same expression that selects flows, read on what a finding says. */

import { parseAddress } from '../../format/address.ts';
import type { QuerySubject } from '../../query/query-subject.ts';
import type { Finding } from '../../verdict/finding.ts';
import { NOTHING_SAID, rowFilter } from './row-filter.ts';
import type { Scene } from './view.ts';

const select = rowFilter<Finding>({
  verdict: ({ verdict }) => verdict,
  subjects: (finding, { data }) => [subjectOf(finding, data.snapshot.originSeconds)],
});

/** The findings that the filter leaves, in their rank. */
export function filteredFindings(scene: Scene): readonly Finding[] {
  return select(scene.data.snapshot.findings, scene);
}

/** A finding as if it were a flow; what its words do not say is left empty. */
function subjectOf(finding: Finding, originSeconds: number): QuerySubject {
  const label = finding.title.split(' from ', 1)[0] ?? '';
  const endpoints = endpointsIn(finding.title);
  const seconds = (time: number | undefined) => (time === undefined ? null : originSeconds + time / 1e9);
  return {
    ...NOTHING_SAID,
    id: finding.flows[0] ?? 0,
    transport: finding.displayFilter.includes('udp') ? 'udp' : 'tcp',
    protocol: label.toLowerCase(),
    protocolLabel: label,
    verdict: finding.verdict,
    codes: [finding.code],
    rule: finding.rule,
    initiatorAddress: endpoints[0]?.address ?? '',
    responderAddress: endpoints.at(-1)?.address ?? '',
    initiatorPort: endpoints[0]?.port ?? 0,
    responderPort: endpoints.at(-1)?.port ?? 0,
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
