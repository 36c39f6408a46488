/** Captures of all sorts, sound and broken: each ends in a result or one line, and agrees with what tshark counted in it. */

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { CaptureError } from '../src/capture/frame-batch.ts';
import { type Report, type ReportedFlow, runReport } from './run-report.ts';
import { BYTE_DIFFERENCES, PACKET_DIFFERENCES, PROTOCOL_DIFFERENCES, TSHARK_NAMES } from './tshark-differences.ts';

const shared = fileURLToPath(new URL('../../shared/captures/', import.meta.url));
const FOLDERS = ['formats', 'protocols', 'broken', 'blocked'];
const isThere = existsSync(`${shared}expected`);

interface CountedFlow {
  readonly transport: string;
  readonly src: string;
  readonly sport: number | null;
  readonly dst: string;
  readonly dport: number | null;
  readonly packets_from_src: number;
  readonly packets_from_dst: number;
  /** Of both directions: lengths of the frames that tshark shows as this flow's. */
  readonly bytes: number;
  readonly protocol: string;
  readonly protocol_with_rtp_heuristic?: string;
}

interface Counted {
  readonly packets_tshark: number;
  readonly flows: readonly CountedFlow[];
}

/** Packets by sender, for both ends of a flow. */
type Tally = Record<string, number>;

const captures = isThere
  ? FOLDERS.flatMap((folder) => readdirSync(shared + folder).map((file) => ({ name: `${folder}/${file}` })))
  : [];

function expectedOf(name: string): Counted | null {
  const path = `${shared}expected/${name}.json`;
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : null;
}

async function reportOrReason(name: string): Promise<Report | CaptureError> {
  try {
    return await runReport(shared + name);
  } catch (error) {
    if (error instanceof CaptureError) return error;
    throw error;
  }
}

function keyOf(transport: string, ends: readonly string[]): string {
  return `${transport} ${ends.toSorted().join(' ')}`;
}

function isCounted({ transport }: { transport: string }): boolean {
  return transport === 'tcp' || transport === 'udp';
}

/** Connections that use the same ports one after the other are one flow to tshark's count. */
function tallyOurs(flows: readonly ReportedFlow[]): Map<string, Tally> {
  const tallies = new Map<string, Tally>();
  for (const { transport, initiator, responder, packets } of flows.filter(isCounted)) {
    if (packets.toResponder + packets.toInitiator === 0) continue;
    const [near, far] = [initiator, responder].map(({ address, port }) => `${address}:${port}`) as [string, string];
    add(tallies, keyOf(transport, [near, far]), near, packets.toResponder);
    add(tallies, keyOf(transport, [near, far]), far, packets.toInitiator);
  }
  return tallies;
}

function tallyTheirs(flows: readonly CountedFlow[]): Map<string, Tally> {
  const tallies = new Map<string, Tally>();
  for (const flow of flows.filter(isCounted)) {
    const [near, far] = [`${flow.src}:${flow.sport}`, `${flow.dst}:${flow.dport}`];
    add(tallies, keyOf(flow.transport, [near, far]), near, flow.packets_from_src);
    add(tallies, keyOf(flow.transport, [near, far]), far, flow.packets_from_dst);
  }
  return tallies;
}

/** Bytes of both directions by flow, as `tally...` counts its packets. */
function bytesByFlow(flows: readonly (readonly [string, number])[]): Map<string, number> {
  const bytes = new Map<string, number>();
  for (const [key, count] of flows) bytes.set(key, (bytes.get(key) ?? 0) + count);
  return bytes;
}

function bytesOurs(flows: readonly ReportedFlow[]): Map<string, number> {
  return bytesByFlow(
    flows.filter(isCounted).map(({ transport, initiator, responder, bytes }) => {
      const ends = [initiator, responder].map(({ address, port }) => `${address}:${port}`);
      return [keyOf(transport, ends), bytes.toResponder + bytes.toInitiator];
    }),
  );
}

function bytesTheirs(flows: readonly CountedFlow[]): Map<string, number> {
  return bytesByFlow(
    flows
      .filter(isCounted)
      .map(({ transport, src, sport, dst, dport, bytes }) => [
        keyOf(transport, [`${src}:${sport}`, `${dst}:${dport}`]),
        bytes,
      ]),
  );
}

function add(tallies: Map<string, Tally>, key: string, sender: string, packets: number): void {
  const tally = tallies.get(key) ?? {};
  tally[sender] = (tally[sender] ?? 0) + packets;
  tallies.set(key, tally);
}

// A suite without any test is a failure of its own.
describe.skipIf(!isThere)('the captures', () => {
  it('are there, of all sorts', () => expect(captures.length).toBeGreaterThan(100));
});

describe.skipIf(!isThere).each(captures)('$name', ({ name }) => {
  const outcome = isThere ? reportOrReason(name) : Promise.reject();
  const expected = expectedOf(name);

  it('ends in a result or in one line', async () => {
    const result = await outcome;
    if (!(result instanceof CaptureError)) return;
    expect(result.message).toMatch(/^[^\n]{10,300}$/);
  });

  it('has the flows and packets that tshark counts', async () => {
    const result = await outcome;
    if (expected === null || result instanceof CaptureError) return;
    const [ours, theirs] = [tallyOurs(result.flows), tallyTheirs(expected.flows)];
    const keys = [...new Set([...ours.keys(), ...theirs.keys()])].toSorted();
    const different = keys.filter(
      (key) => JSON.stringify(sorted(ours.get(key))) !== JSON.stringify(sorted(theirs.get(key))),
    );
    if (name in PACKET_DIFFERENCES) expect(different).not.toEqual([]);
    else expect(different.map((key) => [key, ours.get(key), theirs.get(key)])).toEqual([]);
  });

  it('has the bytes of them that tshark counts', async () => {
    const result = await outcome;
    if (expected === null || result instanceof CaptureError || name in PACKET_DIFFERENCES) return;
    const ours = bytesOurs(result.flows);
    const different = [...bytesTheirs(expected.flows)].filter(([key, bytes]) => ours.get(key) !== bytes);
    if (name in BYTE_DIFFERENCES) expect(different).not.toEqual([]);
    else expect(different.map(([key, bytes]) => [key, ours.get(key), bytes])).toEqual([]);
  });

  it('has the protocols that tshark names', async () => {
    const result = await outcome;
    if (expected === null || result instanceof CaptureError) return;
    const different = protocolDifferences(result, expected);
    const excused = PROTOCOL_DIFFERENCES[name]?.differences ?? [];
    expect(different).toEqual(excused);
  });
});

function sorted(tally: Tally | undefined): [string, number][] {
  return Object.entries(tally ?? {}).toSorted();
}

/** `rtsp instead of http`, each once. */
function protocolDifferences(report: Report, expected: Counted): string[] {
  const ours = new Map<string, Set<string>>();
  for (const flow of report.flows.filter(isCounted)) {
    const ends = [flow.initiator, flow.responder].map(({ address, port }) => `${address}:${port}`);
    const key = keyOf(flow.transport, ends);
    const names = ours.get(key) ?? new Set();
    ours.set(key, names.add(flow.protocol ?? 'nothing'));
    // Where tshark names nothing, a name that rests on the port alone is none either.
    if (flow.confidence === 'port') names.add('nothing');
  }
  const different = new Set<string>();
  for (const flow of expected.flows.filter(isCounted)) {
    const named = flow.protocol_with_rtp_heuristic ?? flow.protocol;
    const accepted = TSHARK_NAMES[named] ?? [named];
    const told = ours.get(keyOf(flow.transport, [`${flow.src}:${flow.sport}`, `${flow.dst}:${flow.dport}`]));
    if (told === undefined || [...told].some((one) => accepted.includes(one))) continue;
    if (named === '' && told.has('nothing')) continue;
    different.add(`${[...told].join('/')} instead of ${named || 'nothing'}`);
  }
  return [...different].toSorted();
}
