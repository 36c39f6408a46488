import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type CollectedFrame, collectFrames } from '../../fixtures/encode/collect-frames.ts';
import { RECORDINGS } from '../../fixtures/scenarios/recordings.ts';
import { SCENARIOS } from '../../fixtures/scenarios/scenarios.ts';
import { askTshark, hasTshark } from '../../test/ask-tshark.ts';
import { startLocalAnalysis } from '../analysis/local-analysis.ts';
import type { Snapshot } from '../analysis/snapshot.ts';
import { openCaptures } from '../capture/open-captures.ts';
import { DEFAULT_EVIDENCE, type WrittenEvidence, writeEvidence } from './evidence-capture.ts';
import { reportOnCapture, reportOnFindings } from './report-source.ts';

const TOOL = { name: 'mediatap', version: '1.2.3' };

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'evidence-'));
  path = join(folder, 'evidence.pcapng');
});

afterEach(() => rmSync(folder, { recursive: true }));

function fixture(name: string): string {
  return fileURLToPath(new URL(`../../fixtures/${name}`, import.meta.url));
}

interface PickedOut extends WrittenEvidence {
  readonly snapshot: Snapshot;
}

async function pickOut(
  files: readonly string[],
  options = DEFAULT_EVIDENCE,
  ids: readonly string[] = [],
): Promise<PickedOut> {
  const analysis = await startLocalAnalysis({ paths: files });
  const snapshot = await analysis.finished;
  const source =
    ids.length === 0 ? reportOnCapture(analysis, snapshot, TOOL) : reportOnFindings(analysis, snapshot, TOOL, ids);
  const written = await writeEvidence(source, path, options);
  await analysis.close();
  return { ...written, snapshot };
}

async function analyse(file: string): Promise<Snapshot> {
  const analysis = await startLocalAnalysis({ paths: [file] });
  return analysis.finished;
}

async function framesOf(files: readonly string[]): Promise<CollectedFrame[]> {
  return collectFrames(await openCaptures(files));
}

function judgements({ findings }: Pick<Snapshot, 'findings'>): string[] {
  return findings.map(({ id, verdict, certainty, where, title }) => `${id} ${verdict} ${certainty} ${where} ${title}`);
}

/** All scenarios and recordings in which something is found without a policy. */
const CAPTURES = [...SCENARIOS, ...RECORDINGS]
  .filter((each) => Object.keys(each.findings).length > 0 && !('policy' in each))
  .map(({ name, file }) => [name, `${name}/${file}`] as const);

describe('an evidence capture', () => {
  it.each(CAPTURES)('of %s proves to mediatap itself what the whole capture does', async (_, file) => {
    const { snapshot, missing } = await pickOut([fixture(file)]);
    expect(missing).toBe(0);
    expect(judgements(await analyse(path))).toEqual(judgements(snapshot));
  });

  it.skipIf(!hasTshark)('has its comments where tshark looks for them', async () => {
    const { snapshot } = await pickOut([fixture('recorded-rollover/capture.pcap')]);
    const rows = askTshark(path, 'frame.comment', ['frame.comment']);
    const proofs = new Set(snapshot.findings.flatMap(({ evidence }) => evidence.map(({ frame }) => frame)));
    expect(rows).toHaveLength(proofs.size);
    for (const [comments = []] of rows) {
      for (const comment of comments) {
        expect(comment).toMatch(/^Finding \d \([a-z-]+-[0-9a-f]{8}\): .* Frame \d+ of .*capture\.pcap\.$/);
      }
    }
  });

  it('holds frames as they were: times, lengths, bytes, link types', async () => {
    const file = fixture('media-dropped-then-tcp/capture.pcap');
    const { frames } = await pickOut([file]);
    const originals = new Map((await framesOf([file])).map((frame) => [momentOf(frame), frame]));
    const copies = await framesOf([path]);
    expect(copies).toHaveLength(frames);
    for (const copy of copies) {
      const { bytes, wireLength, linkType } = originals.get(momentOf(copy)) as CollectedFrame;
      expect([copy.wireLength, copy.linkType]).toEqual([wireLength, linkType]);
      expect(bytes.subarray(0, copy.bytes.length)).toEqual(copy.bytes);
    }
  });

  it('says of each proof which finding it proves, and in the section what all of it is', async () => {
    const { snapshot } = await pickOut([fixture('rtsp-dropped/capture.pcap')]);
    const [finding] = snapshot.findings;
    const [{ comments = [] } = {}] = (await analyse(path)).captures;
    const [about, summary, ...proofs] = comments;
    expect(about?.text).toMatch(/^Picked out by mediatap 1\.2\.3: \d+ of \d+ frames of .*capture\.pcap\./);
    expect(summary?.text).toMatch(/^VERDICT: RTSP/);
    expect(proofs).toHaveLength(finding?.evidence.length ?? 0);
    const first = finding?.evidence[0];
    expect(proofs[0]?.text).toContain(`Finding 1 (${finding?.id}): ${first?.fact}. It is proof of this: RTSP`);
    expect(proofs[0]?.text).toContain(`Frame ${first?.frame} of `);
  });

  it('is of the chosen findings alone', async () => {
    const file = fixture('demo/capture.pcapng');
    const { snapshot, frames } = await pickOut([file]);
    const refused = snapshot.findings.filter(({ verdict }) => verdict === 'refused');
    const fewer = await pickOut(
      [file],
      DEFAULT_EVIDENCE,
      refused.map(({ id }) => id),
    );
    expect(fewer.frames).toBeLessThan(frames);
    const comments = (await analyse(path)).captures.flatMap((capture) => capture.comments.slice(2));
    expect(comments).not.toEqual([]);
    for (const { text } of comments) expect(text).toContain(`Finding 1 (${refused[0]?.id})`);
    expect(judgements(await analyse(path))).toEqual(expect.arrayContaining(judgements({ findings: refused })));
  });

  it('is of several captures in order of time, with an interface for each', async () => {
    const files = ['rtsp-dropped', 'rtsp-prohibited'].map((name) => fixture(`${name}/capture.pcap`));
    await pickOut(files);
    const copies = await framesOf([path]);
    const times = copies.map(({ seconds, nanoseconds }) => seconds * 1e9 + nanoseconds);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(new Set(copies.map((copy) => copy.interface))).toEqual(new Set([0, 1]));
  });

  it('has more or less around the proofs, as asked', async () => {
    const file = fixture('demo/capture.pcapng');
    const none = await pickOut([file], { ...DEFAULT_EVIDENCE, context: 0 });
    const much = await pickOut([file], { ...DEFAULT_EVIDENCE, context: 50 });
    expect(none.frames).toBeLessThan(much.frames);
  });

  it('without payloads holds no word that was said, and still every length', async () => {
    const file = fixture('media-dropped-then-tcp/capture.pcap');
    await pickOut([file], { ...DEFAULT_EVIDENCE, isHeadersOnly: true });
    const copies = await framesOf([path]);
    const said = Buffer.concat(copies.map(({ bytes }) => bytes)).toString('latin1');
    expect(said).not.toMatch(/RTSP|SETUP|Transport/);
    const originals = new Map((await framesOf([file])).map((frame) => [momentOf(frame), frame.wireLength]));
    for (const copy of copies) expect(copy.wireLength).toBe(originals.get(momentOf(copy)));
  });

  it('cannot be made of what is no file', async () => {
    const analysis = await startLocalAnalysis({ paths: [fixture('rtsp-dropped/capture.pcap')] });
    const snapshot = await analysis.finished;
    for (const [file, reason] of [
      ['-', 'Standard input cannot be read a second time'],
      ['gone.pcap', 'does not exist'],
    ] as const) {
      const captures = snapshot.captures.map((capture) => ({ ...capture, file }));
      const source = reportOnCapture(analysis, { ...snapshot, captures }, TOOL);
      await expect(writeEvidence(source, path, DEFAULT_EVIDENCE)).rejects.toThrow(reason);
    }
  });

  it('is made of what was kept of a live capture, by the numbers that frames had there', async () => {
    const file = fixture('rtsp-dropped/capture.pcap');
    const analysis = await startLocalAnalysis({ paths: [file] });
    const whole = reportOnCapture(analysis, await analysis.finished, TOOL);
    const live = whole.snapshot.captures.map((capture) => ({ ...capture, file: 'eth7 (live, tcpdump)' }));
    const source = { ...whole, snapshot: { ...whole.snapshot, captures: live } };
    const all = await writeEvidence(whole, path, DEFAULT_EVIDENCE);
    const kept = { files: [{ path: file, firstFrame: 1 }], failure: null };
    expect(await writeEvidence({ ...source, recall: async () => kept }, path, DEFAULT_EVIDENCE)).toEqual(all);
    // As if a million frames had gone before it: none of them is one that a finding names.
    const later = { files: [{ path: file, firstFrame: 1_000_001 }], failure: null };
    const { missing } = await writeEvidence({ ...source, recall: async () => later }, path, DEFAULT_EVIDENCE);
    expect(missing).toBeGreaterThan(0);
    for (const failure of [null, 'latest.pcapng cannot be written: no space is left.']) {
      const nothing = { files: [], failure };
      const writing = writeEvidence({ ...source, recall: async () => nothing }, path, DEFAULT_EVIDENCE);
      await expect(writing).rejects.toThrow(failure ?? 'Nothing of this capture was kept');
    }
  });
});

function momentOf({ seconds, nanoseconds }: CollectedFrame): string {
  return `${seconds} ${nanoseconds}`;
}
