/** A report on the flows alone that an expression selects, and on the findings that concern them. */

import type { FlowRow, Snapshot, Totals } from '../analysis/snapshot.ts';
import { type Finding, VERDICTS, type Verdict } from '../verdict/finding.ts';
import type { ReportSource } from './report-source.ts';

/** `matching` gives the flows that are wanted; `scope` says in words which these are. */
export async function narrowReport(base: ReportSource, matching: ReportSource, scope: string): Promise<ReportSource> {
  const wanted = new Set<number>();
  for await (const page of matching.flows()) for (const { id } of page) wanted.add(id);
  async function* flows(): AsyncGenerator<readonly FlowRow[]> {
    for await (const page of base.flows()) {
      const rows = page.filter(({ id }) => wanted.has(id));
      if (rows.length > 0) yield rows;
    }
  }
  const addresses = new Set<string>();
  const tally = new FlowTally();
  for await (const page of flows()) {
    for (const row of page) {
      tally.note(row);
      addresses.add(row.responder.address);
    }
  }
  return {
    ...base,
    scope,
    snapshot: narrowSnapshot(base.snapshot, wanted, addresses, tally),
    flows,
    gravestFlows: (count) => collectGravest(flows(), count),
  };
}

/** The same with only its own flows in the totals. */
export async function withOwnTotals(source: ReportSource): Promise<ReportSource> {
  const tally = new FlowTally();
  for await (const page of source.flows()) for (const row of page) tally.note(row);
  return { ...source, snapshot: { ...source.snapshot, totals: tally.totals(source.snapshot.totals) } };
}

function narrowSnapshot(
  snapshot: Snapshot,
  wanted: ReadonlySet<number>,
  addresses: ReadonlySet<string>,
  tally: FlowTally,
): Snapshot {
  const concerns = ({ flows, related, groups }: Finding): boolean =>
    flows.some((id) => wanted.has(id)) ||
    (flows.length === 0 && (related.some((id) => wanted.has(id)) || groups.some((group) => addresses.has(group))));
  return {
    ...snapshot,
    findings: snapshot.findings.filter(concerns),
    multicast: snapshot.multicast.filter(({ group }) => addresses.has(group)),
    totals: tally.totals(snapshot.totals),
  };
}

/** Counts as the analysis counts all flows. */
class FlowTally {
  #flows = 0;
  readonly #byVerdict = emptyCounts();
  readonly #byProtocol = new Map<
    string,
    { flows: number; bytes: number; byVerdict: Partial<Record<Verdict, number>> }
  >();

  note({ verdict, protocolLabel, bytes }: FlowRow): void {
    this.#flows++;
    this.#byVerdict[verdict]++;
    const known = this.#byProtocol.get(protocolLabel) ?? { flows: 0, bytes: 0, byVerdict: {} };
    if (known.flows === 0) this.#byProtocol.set(protocolLabel, known);
    known.flows++;
    known.bytes += bytes.toResponder + bytes.toInitiator;
    known.byVerdict[verdict] = (known.byVerdict[verdict] ?? 0) + 1;
  }

  /** Frames and times stay those of the captures. */
  totals(whole: Totals): Totals {
    const byProtocol = [...this.#byProtocol]
      .map(([protocol, counts]) => ({ protocol, ...counts }))
      .sort((a, b) => b.bytes - a.bytes);
    return { ...whole, flows: this.#flows, byVerdict: this.#byVerdict, byProtocol };
  }
}

function emptyCounts(): Record<Verdict, number> {
  return { blocked: 0, refused: 0, unexpected: 0, undetermined: 0, ok: 0, background: 0 };
}

async function collectGravest(
  pages: AsyncGenerator<readonly FlowRow[]>,
  count: number,
): Promise<{ readonly rows: readonly FlowRow[]; readonly matched: number }> {
  const byVerdict = new Map<Verdict, FlowRow[]>(VERDICTS.map((verdict) => [verdict, []]));
  let matched = 0;
  for await (const page of pages) {
    for (const row of page) {
      if (row.verdict === 'background') continue;
      matched++;
      const rows = byVerdict.get(row.verdict) ?? [];
      if (rows.length < count) rows.push(row);
    }
  }
  return { rows: VERDICTS.flatMap((verdict) => byVerdict.get(verdict) ?? []).slice(0, count), matched };
}
