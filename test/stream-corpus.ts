/** Payload streams of all captures at hand, each with what the whole program takes it for. */

import { existsSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { RECORDINGS } from '../fixtures/scenarios/recordings.ts';
import { SCENARIOS } from '../fixtures/scenarios/scenarios.ts';
import { beginningOf, type PayloadStream, readPayloadStreams } from './payload-streams.ts';
import { nameFlow, type ReportedFlow, runReport } from './run-report.ts';

const FIXTURES = fileURLToPath(new URL('../fixtures/', import.meta.url));
const SHARED = fileURLToPath(new URL('../../shared/captures/', import.meta.url));
const SHARED_FOLDERS = ['lab', 'protocols'];

/** Streams that begin alike teach nothing new. */
const TELLING_BYTES = 160;

export interface KnownStream extends PayloadStream {
  /** File and flow, for messages. */
  readonly origin: string;
  /** Protocols that the flows on these endpoints carry by their bytes or by announcement. */
  readonly protocols: ReadonlySet<string>;
}

export function listCaptures(): string[] {
  const own = [...SCENARIOS, ...RECORDINGS].map(({ name, file }) => `${FIXTURES}${name}/${file}`);
  const shared = SHARED_FOLDERS.filter((folder) => existsSync(SHARED + folder)).flatMap((folder) =>
    readdirSync(SHARED + folder)
      .filter((file) => !/\.(md|json)$/.test(file) && file !== 'truth')
      .map((file) => `${SHARED}${folder}/${file}`),
  );
  return [...own, ...shared];
}

/** The first of those that are alike. */
export async function readCorpus(): Promise<KnownStream[]> {
  const seen = new Set<string>();
  const corpus: KnownStream[] = [];
  for (const path of listCaptures()) {
    const { flows } = await runReport(path);
    const protocols = protocolsByName(flows);
    for (const stream of await readPayloadStreams(path)) {
      const key = likenessOf(stream);
      if (seen.has(key)) continue;
      seen.add(key);
      const origin = `${path.split('/').slice(-2).join('/')} ${stream.name}`;
      corpus.push({ ...stream, origin, protocols: protocols.get(keyOf(stream.name)) ?? new Set() });
    }
  }
  return corpus;
}

function likenessOf(stream: PayloadStream): string {
  const beginnings = ([0, 1] as const).map((side) =>
    Buffer.from(beginningOf(stream, side, TELLING_BYTES)).toString('latin1'),
  );
  const length = stream.pieces.reduce((sum, { bytes }) => sum + bytes.length, 0);
  return [...beginnings, stream.transport === 'tcp' ? length : ''].join('|');
}

function protocolsByName(flows: readonly ReportedFlow[]): Map<string, Set<string>> {
  const protocols = new Map<string, Set<string>>();
  for (const flow of flows) {
    if (flow.protocol === null || flow.confidence === 'port' || flow.confidence === 'none') continue;
    const key = keyOf(nameFlow(flow).replaceAll(/[[\]]/g, ''));
    protocols.set(key, (protocols.get(key) ?? new Set()).add(flow.protocol));
  }
  return protocols;
}

/** The same for both directions. */
function keyOf(name: string): string {
  const [transport = '', ...ends] = name.split(' ').filter((word) => word !== '>');
  return `${transport} ${ends.toSorted().join(' ')}`;
}
