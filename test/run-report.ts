/** Runs a capture through the whole program, and gives the JSON report as others would read it. */

import { startLocalAnalysis } from '../src/analysis/local-analysis.ts';
import { readSitePolicy } from '../src/policy/read-site-policy.ts';
import { writeJsonReport } from '../src/report/json-report.ts';
import { reportOnCapture } from '../src/report/report-source.ts';
import type { FindingCode, Verdict } from '../src/verdict/finding.ts';

export interface ReportedEndpoint {
  readonly address: string;
  readonly port: number;
}

export interface ReportedFlow {
  readonly id: number;
  readonly transport: string;
  readonly initiator: ReportedEndpoint;
  readonly responder: ReportedEndpoint;
  readonly vlans: readonly number[];
  readonly tunnel: string | null;
  readonly protocol: string | null;
  readonly confidence: string;
  readonly announcedBy: number | null;
  readonly outcome: string;
  readonly verdict: Verdict;
  readonly codes: readonly string[];
  readonly packets: { readonly toResponder: number; readonly toInitiator: number };
  readonly bytes: { readonly toResponder: number; readonly toInitiator: number };
}

export interface ReportedFinding {
  readonly code: FindingCode;
  readonly verdict: Verdict;
  readonly certainty: string;
  readonly cause: string;
  readonly where: string;
  readonly title: string;
  readonly explanation: string;
  readonly nextStep: string;
  readonly flows: readonly number[];
  readonly related: readonly number[];
  readonly groups: readonly string[];
  readonly evidence: readonly { readonly frame: number; readonly time: string; readonly fact: string }[];
}

/** What the tests read of a report; the schema has all of it. */
export interface Report {
  readonly captures: readonly { readonly frames: number; readonly truncatedAt: number | null }[];
  readonly flows: readonly ReportedFlow[];
  readonly findings: readonly ReportedFinding[];
  readonly multicast: readonly {
    readonly group: string;
    readonly name: string | null;
    readonly sources: readonly string[];
    readonly members: readonly { readonly address: string; readonly version: string }[];
    readonly querier: string | null;
    readonly verdict: Verdict;
  }[];
  readonly quality: readonly { readonly code: string; readonly count: number }[];
}

const TOOL = { name: 'mediatap', version: '0' };

/** `policy` is a site's policy as YAML. Rejects with a `CaptureError` where nothing can be read. */
export async function runReport(path: string, policy?: string): Promise<Report> {
  const site = policy === undefined ? null : readSitePolicy(policy);
  const analysis = await startLocalAnalysis({ paths: [path], policy: site });
  const snapshot = await analysis.finished;
  const pieces: string[] = [];
  for await (const piece of writeJsonReport(reportOnCapture(analysis, snapshot, TOOL))) pieces.push(piece);
  await analysis.close();
  return JSON.parse(pieces.join('')) as Report;
}

/** `tcp 10.10.1.10:40000 > 10.10.2.20:554`. */
export function nameFlow({ transport, initiator, responder }: ReportedFlow): string {
  return `${transport} ${nameEndpoint(initiator)} > ${nameEndpoint(responder)}`;
}

function nameEndpoint({ address, port }: ReportedEndpoint): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}
