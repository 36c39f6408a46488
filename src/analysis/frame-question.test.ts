import { copyFileSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { FrameSource } from '../capture/frame-batch.ts';
import { answerFrame, type FrameAnswer } from './frame-question.ts';
import { startLocalAnalysis } from './local-analysis.ts';
import type { Analysis, LadderStep } from './snapshot.ts';

const folder = mkdtempSync(join(tmpdir(), 'mediatap-frame-'));
afterAll(() => rmSync(folder, { recursive: true }));

const fixtures = new URL('../../fixtures/', import.meta.url).pathname;
const CAPTURES = readdirSync(fixtures, { recursive: true, encoding: 'utf8' }).filter((name) =>
  /capture\.pcap/.test(name),
);
const DEMO = join(fixtures, 'demo/capture.pcapng');

async function read(path: string): Promise<Analysis> {
  const analysis = await startLocalAnalysis({ paths: [path] });
  await analysis.finished;
  return analysis;
}

async function steps(analysis: Analysis): Promise<LadderStep[]> {
  const { rows } = await analysis.flows({ where: '', sort: 'id', descending: false, offset: 0, count: 50 });
  const details = await Promise.all(rows.map(({ id }) => analysis.flow(id)));
  return details.flatMap((detail) => detail?.ladder ?? []);
}

async function ask(analysis: Analysis, step: LadderStep | undefined): Promise<FrameAnswer> {
  if (step === undefined) throw new Error('the ladder has no such step');
  return analysis.frame(step);
}

describe('a frame that was asked for', () => {
  it('has the layers and the bytes of the message that the ladder names', async () => {
    const analysis = await read(DEMO);
    const answer = await ask(
      analysis,
      (await steps(analysis)).find(({ name }) => name.startsWith('SETUP')),
    );
    if (answer.kind === 'lost') throw new Error(answer.reason);
    const { layers, bytes, stop } = answer.detail;
    expect(stop).toBeNull();
    expect(layers.map(({ kind }) => kind)).toEqual(['link', 'network', 'transport', 'payload']);
    const [link, network, transport, payload] = layers;
    expect([link?.start, link?.end, network?.end, transport?.end]).toEqual([
      0,
      network?.start,
      transport?.start,
      payload?.start,
    ]);
    expect(payload?.end).toBe(bytes.length);
    expect(new TextDecoder().decode(bytes.subarray(payload?.start)).startsWith('SETUP rtsp://')).toBe(true);
  });

  it('is found for every step of every ladder, and its layers lie in it one behind the other', async () => {
    for (const name of CAPTURES) {
      const analysis = await read(join(fixtures, name));
      for (const step of (await steps(analysis)).slice(0, 5)) {
        const answer = await ask(analysis, step);
        if (answer.kind === 'lost') throw new Error(`${name}, frame ${step.frame}: ${answer.reason}`);
        const { layers, capturedLength } = answer.detail;
        const places = layers.flatMap(({ start, end }) => [start, end]);
        expect(places).toEqual(places.toSorted((a, b) => a - b));
        expect(places.every((place) => place >= 0 && place <= capturedLength)).toBe(true);
      }
    }
  });

  it('is not shown when the file has become another one', async () => {
    const path = join(folder, 'moving.pcapng');
    copyFileSync(DEMO, path);
    const analysis = await read(path);
    const [step] = await steps(analysis);
    copyFileSync(join(fixtures, 'ssh-on-1935/capture.pcap'), path);
    expect(await ask(analysis, step)).toMatchObject({ kind: 'lost', reason: expect.stringContaining('has changed') });
    rmSync(path);
    expect(await ask(analysis, step)).toMatchObject({
      kind: 'lost',
      reason: expect.stringContaining('does not exist'),
    });
  });

  it('is looked for in what was kept of a live capture, which counts anew', async () => {
    const analysis = await read(DEMO);
    const [step] = await steps(analysis);
    if (step === undefined) throw new Error('there is no step');
    const { originSeconds } = analysis.snapshot;
    const live = (firstFrame: number): FrameSource => ({
      captures: [],
      next: () => null,
      progress: () => ({ bytesRead: 0, bytesTotal: null }),
      recall: () => ({ files: [{ path: DEMO, firstFrame }], failure: null }),
      close: async () => {},
    });
    const question = { ...step, frame: step.frame + 1000 };
    expect(await answerFrame(live(1001), originSeconds, question)).toMatchObject({ kind: 'found' });
    expect(await answerFrame(live(9000), originSeconds, question)).toMatchObject({
      kind: 'lost',
      reason: expect.stringContaining('no longer'),
    });
  });
});
