/** Ports are what is judged: with other numbers everywhere, every identity that rests on bytes holds. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { renumberCapture, renumberedPort } from './renumber-ports.ts';
import { type ReportedFlow, runReport } from './run-report.ts';
import { listCaptures } from './stream-corpus.ts';

const scratch = mkdtempSync(join(tmpdir(), 'mediatap-ports-'));
afterAll(() => rmSync(scratch, { recursive: true }));

/** One format on three ports: nothing but the port tells an answer of the one from that of the other. */
const NAME_SERVICES: ReadonlySet<string> = new Set(['dns', 'mdns', 'llmnr']);

/** Captures of what is encrypted from its first byte on, and known by its port and group. */
const WITHOUT_CONTENT: ReadonlySet<string> = new Set(['sap-encrypted/capture.pcap']);

/** By both ends in any order: without its usual port a server that speaks first may look like the one that began. */
function contentIdentities(flows: readonly ReportedFlow[], portOf: (port: number) => number): Map<string, Set<string>> {
  const identities = new Map<string, Set<string>>();
  for (const flow of flows) {
    if (flow.confidence !== 'content' || (flow.transport !== 'tcp' && flow.transport !== 'udp')) continue;
    const ends = [flow.initiator, flow.responder].map(({ address, port }) => `${address} ${portOf(port)}`).toSorted();
    const key = `${flow.transport} ${ends.join(' ')}`;
    identities.set(key, (identities.get(key) ?? new Set()).add(familyOf(flow.protocol)));
  }
  return identities;
}

function familyOf(protocol: string | null): string {
  return protocol !== null && NAME_SERVICES.has(protocol) ? 'dns' : (protocol ?? '');
}

const captures = listCaptures().map((path) => ({ path, name: path.split('/').slice(-2).join('/') }));

describe.each(captures.filter(({ name }) => !WITHOUT_CONTENT.has(name)))('$name', ({ path }) => {
  it('is the same by its bytes on other ports', async () => {
    const stored = join(scratch, 'renumbered.pcapng');
    writeFileSync(stored, await renumberCapture(path));
    const [before, after] = [await runReport(path), await runReport(stored)];
    const known = contentIdentities(before.flows, (port) => port);
    const found = contentIdentities(after.flows, renumberedPort);
    const lost = [...known].filter(([flow, protocols]) => [...protocols].some((id) => !found.get(flow)?.has(id)));
    expect(lost.map(([flow, protocols]) => [flow, [...protocols], [...(found.get(flow) ?? [])]])).toEqual([]);
  });
});
