/** What of a report is behaviour: no texts, no counters of the inside, nothing that changes from run to run. */

import { nameFlow, type Report, type ReportedFinding, type ReportedFlow } from './run-report.ts';

export function goldenOf(report: Report): object {
  const names = new Map(report.flows.map((flow) => [flow.id, nameFlow(flow)]));
  const nameOf = (id: number): string => names.get(id) ?? `flow ${id}`;
  return {
    flows: sorted(report.flows.map((flow) => goldenFlow(flow, nameOf))),
    findings: sorted(report.findings.map((finding) => goldenFinding(finding, nameOf))),
    multicast: sorted(
      report.multicast.map(({ group, name, sources, members, querier, verdict }) => ({
        group,
        name,
        verdict,
        sources: sources.toSorted(),
        members: members.map(({ address, version }) => `${address} ${version}`).toSorted(),
        querier,
      })),
    ),
    quality: report.quality.map(({ code }) => code).toSorted(),
  };
}

function goldenFlow(flow: ReportedFlow, nameOf: (id: number) => string): object {
  return {
    flow: nameFlow(flow),
    ...(flow.vlans.length > 0 ? { vlans: flow.vlans } : {}),
    ...(flow.tunnel === null ? {} : { tunnel: flow.tunnel }),
    protocol: flow.protocol,
    confidence: flow.confidence,
    ...(flow.announcedBy === null ? {} : { announcedBy: nameOf(flow.announcedBy) }),
    ...(flow.outcome === 'none' ? {} : { outcome: flow.outcome }),
    verdict: flow.verdict,
    packets: [flow.packets.toResponder, flow.packets.toInitiator],
  };
}

function goldenFinding(finding: ReportedFinding, nameOf: (id: number) => string): object {
  const { code, verdict, certainty, cause, where, flows, related, groups, evidence } = finding;
  return {
    code,
    verdict,
    certainty,
    cause,
    where,
    flows: flows.map(nameOf).toSorted(),
    ...(related.length > 0 ? { related: related.map(nameOf).toSorted() } : {}),
    ...(groups.length > 0 ? { groups } : {}),
    frames: evidence.map(({ frame }) => frame),
  };
}

/** By what stands first in each. */
function sorted(items: readonly object[]): object[] {
  return items
    .map((item) => ({ item, key: JSON.stringify(item) }))
    .toSorted((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ item }) => item);
}

/** One item a line: as short as JSON is legible, and a changed flow is a changed line. */
export function printGolden(golden: object): string {
  const members = Object.entries(golden).map(([name, items]) => {
    const lines = (items as readonly unknown[]).map((item) => `    ${JSON.stringify(item)}`);
    return `  "${name}": [${lines.length === 0 ? '' : `\n${lines.join(',\n')}\n  `}]`;
  });
  return `{\n${members.join(',\n')}\n}\n`;
}
