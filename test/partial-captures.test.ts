/**
 * What works is never called blocked or refused for want of a part of the capture: each scenario without a failure is judged
 * again from its middle on, and without what one of its hosts sends.
 */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { CapturedFrame } from '../fixtures/encode/captured-frame.ts';
import { collectFrames } from '../fixtures/encode/collect-frames.ts';
import { encodePcap } from '../fixtures/encode/pcap.ts';
import { SCENARIOS } from '../fixtures/scenarios/scenarios.ts';
import { openCaptures } from '../src/capture/open-captures.ts';
import { runReport } from './run-report.ts';

const folder = mkdtempSync(join(tmpdir(), 'partial-'));
afterAll(() => rmSync(folder, { recursive: true }));

const FAILURES: readonly string[] = ['blocked', 'refused'];
const BEGINNINGS = [0.4, 0.7];
/** Larger ones take long, and tell no more. */
const MOST_FRAMES = 4000;
const IPV4_SOURCE = 26;

/** What looks like a failure is in the part, and nothing of what shows that it is none, with the reason. */
const EXCEPTIONS: Readonly<Record<string, string>> = {
  'srt-answered-late without 10.10.2.20: request-unanswered': 'the caller is not seen to go on',
  'media-of-translated-server without 10.10.2.20: icmp-unreachable': 'all of the media is missing',
  'media-of-translated-server without 10.10.2.20: media-never-arrived': 'all of the media is missing',
  'media-comes-without-opening without 10.10.2.20: icmp-prohibited': 'all of the media is missing',
  'rtsp-host-down-and-said from 0.4: icmp-unreachable': 'too few of the requests for the MAC of the host are left',
  'rtsp-host-down-and-said from 0.7: icmp-unreachable': 'too few of the requests for the MAC of the host are left',
};

const WORKING = SCENARIOS.filter(
  ({ findings, policy, file }) =>
    policy === undefined &&
    file === 'capture.pcap' &&
    !Object.values(findings).some((verdict) => FAILURES.includes(verdict)),
);

function senderOf({ bytes }: CapturedFrame): string {
  return bytes[12] === 8 && bytes[13] === 0 ? bytes.subarray(IPV4_SOURCE, IPV4_SOURCE + 4).join('.') : '';
}

function partsOf(frames: readonly CapturedFrame[]): Map<string, readonly CapturedFrame[]> {
  const hosts = [...new Set(frames.map(senderOf))].filter((host) => host !== '').slice(0, 3);
  return new Map([
    ...BEGINNINGS.map((share) => [`from ${share}`, frames.slice(Math.floor(frames.length * share))] as const),
    ...hosts.map((host) => [`without ${host}`, frames.filter((frame) => senderOf(frame) !== host)] as const),
  ]);
}

describe.each(WORKING)('a part of $name', ({ name, file }) => {
  it('has no failure but what it must take for one', async () => {
    const frames = await collectFrames(await openCaptures([`fixtures/${name}/${file}`]));
    if (frames.length > MOST_FRAMES) return;
    const failures = new Set<string>();
    for (const [part, kept] of partsOf(frames)) {
      const path = join(folder, 'part.pcap');
      writeFileSync(path, encodePcap(kept));
      const { findings } = await runReport(path);
      for (const { code, verdict } of findings) {
        if (FAILURES.includes(verdict)) failures.add(`${name} ${part}: ${code}`);
      }
    }
    const expected = Object.keys(EXCEPTIONS).filter((what) => what.startsWith(`${name} `));
    expect([...failures].toSorted()).toEqual(expected.toSorted());
  });
});
