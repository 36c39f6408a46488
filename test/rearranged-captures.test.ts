/**
 * What a capture does to a story on its way: frames that change places within a millisecond, a frame that is lost, the two
 * legs of a box that translates in one file. None of it makes a failure of what works, or another failure of what does not.
 */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { CapturedFrame } from '../fixtures/encode/captured-frame.ts';
import { collectFrames } from '../fixtures/encode/collect-frames.ts';
import { encodePcap } from '../fixtures/encode/pcap.ts';
import { SCENARIOS } from '../fixtures/scenarios/scenarios.ts';
import { bothLegs } from '../fixtures/scene/both-legs.ts';
import { openCaptures } from '../src/capture/open-captures.ts';
import { INITIAL_TTLS } from '../src/verdict/position.ts';
import { type Report, type ReportedFlow, runReport } from './run-report.ts';

const folder = mkdtempSync(join(tmpdir(), 'rearranged-'));
afterAll(() => rmSync(folder, { recursive: true }));

const FAILURES: readonly string[] = ['blocked', 'refused'];
const MILLISECOND = 1e6;
/** Larger ones take long, and tell no more. */
const MOST_FRAMES = 75;
/** Frames of the control that are lost, one at a time. */
const LOST_PLACES = [5, 7];
const IPV4_SOURCE = 26;
const TTL = 22;
const IP_PROTOCOL = 23;
const [ICMP, UDP, TCP] = [1, 17, 6];
const [INSIDE, OUTSIDE] = ['10.10.1.10', '203.0.113.7'];

/** Copies of a span lie closer together than frames change places here. */
const STORIES = SCENARIOS.filter(
  ({ policy, file, quality }) =>
    policy === undefined && file === 'capture.pcap' && quality?.includes('duplicates') !== true,
);

/** What looks like a failure without one frame, and that frame alone shows that it is none. */
const LOST: Readonly<Record<string, string>> = {
  'rtsp-answered-by-proxy': 'the answer to the SYN shows the proxy',
  'rtsp-host-down-and-said': 'too few of the requests for the MAC of the host are left',
  'rtsp-player-asleep': 'the player wakes in one frame',
  'h323-media-dropped': 'it is the same medium, of which one end was told in that frame',
  'group-opened-by-two-players': 'that frame shows who asked for the group',
};

/** Not a story that a box lies in the middle of. */
const NOT_TRANSLATED: Readonly<Record<string, string>> = {
  'rtsp-answered-by-proxy': 'the proxy is the box',
};

type Frames = readonly CapturedFrame[];

function failuresOf({ flows, findings }: Report, mend: (address: string) => string = (address) => address): string[] {
  const endOf = ({ address, port }: ReportedFlow['initiator']): string => `${mend(address)}:${port}`;
  const byId = new Map(flows.map((flow) => [flow.id, flow]));
  const failures = findings
    .filter(({ verdict }) => FAILURES.includes(verdict))
    .flatMap(({ code, verdict, cause, flows: ids }) =>
      ids.map((id) => {
        const flow = byId.get(id) as ReportedFlow;
        return `${flow.transport} ${[endOf(flow.initiator), endOf(flow.responder)].sort().join(' ')} ${code} ${verdict} ${cause}`;
      }),
    );
  return [...new Set(failures)].toSorted();
}

async function judge(frames: Frames, mend?: (address: string) => string): Promise<string[]> {
  const path = join(folder, 'capture.pcap');
  writeFileSync(path, encodePcap(frames));
  return failuresOf(await runReport(path), mend);
}

function readStory({ name, file }: (typeof STORIES)[number]): Promise<CapturedFrame[]> {
  return openCaptures([`fixtures/${name}/${file}`]).then(collectFrames);
}

function timeOf({ seconds, nanoseconds }: CapturedFrame): number {
  return (seconds % 100_000) * 1e9 + nanoseconds;
}

/** Frames of the two ways change places within a millisecond, as queues of a card that are read in turn hand them over. */
function inTurn(frames: Frames): CapturedFrame[] {
  const delayOf = ({ bytes }: CapturedFrame) => ((bytes[IPV4_SOURCE + 2] ?? 0) % 2 === 0 ? 0 : MILLISECOND);
  return frames.toSorted((one, other) => timeOf(one) + delayOf(one) - timeOf(other) - delayOf(other));
}

function isControl({ bytes }: CapturedFrame): boolean {
  return bytes[IP_PROTOCOL] !== UDP && !(bytes[IP_PROTOCOL] === TCP && bytes.length <= 54);
}

const told = new Map<string, Promise<string[]>>();

function toldOf(name: string, frames: Frames): Promise<string[]> {
  const known = told.get(name) ?? judge(frames);
  told.set(name, known);
  return known;
}

/** What `change` adds to the failures of the stories and takes from them, by their names. */
async function differences(
  exceptions: Readonly<Record<string, string>>,
  change: (frames: Frames) => readonly Frames[],
  mend?: (address: string) => string,
): Promise<string[]> {
  const found: string[] = [];
  for (const story of STORIES.filter(({ name }) => !(name in exceptions))) {
    const frames = await readStory(story);
    if (frames.length > MOST_FRAMES) continue;
    const before = await toldOf(story.name, frames);
    for (const changed of change(frames)) {
      const now = await judge(changed, mend);
      found.push(...now.filter((each) => !before.includes(each)).map((each) => `${story.name}: + ${each}`));
      if (changed.length !== frames.length) continue;
      found.push(...before.filter((each) => !now.includes(each)).map((each) => `${story.name}: - ${each}`));
    }
  }
  return found;
}

/** One frame of the control less: what describes the media, and what agrees on its first track. */
function withLosses(frames: Frames): Frames[] {
  const control = frames.filter(isControl);
  return LOST_PLACES.map((place) => frames.filter((frame) => frame !== control.at(place)));
}

/** Inside and outside of a box that translates the client's address; what it sends itself is inside alone. */
function onBothLegs(frames: Frames): Frames[] {
  // What an error quotes is not translated here.
  if (!frames.every(({ bytes }) => bytes.length >= IPV4_SOURCE + 8 && bytes[IP_PROTOCOL] !== ICMP)) return [];
  const isOwn = ({ bytes }: CapturedFrame) => INITIAL_TTLS.includes(bytes[TTL] ?? 0);
  const { inside, outside } = bothLegs(frames, {
    translates: { inside: INSIDE, outside: OUTSIDE },
    fate: ({ isOutbound, index }) => (!isOutbound && isOwn(frames[index] as CapturedFrame) ? 'inside' : 'passes'),
  });
  return [[...inside, ...outside].toSorted((one, other) => timeOf(one) - timeOf(other))];
}

describe('a story', () => {
  it('is the same where frames change places within a millisecond', async () => {
    expect(await differences({}, (frames) => [inTurn(frames)])).toEqual([]);
  });

  it('has no other failure where a frame of its control is missing', async () => {
    expect(await differences(LOST, withLosses)).toEqual([]);
  });

  it('has no other failure where both legs of a box that translates are in the capture', async () => {
    const mend = (address: string) => (address === OUTSIDE ? INSIDE : address);
    expect(await differences(NOT_TRANSLATED, onBothLegs, mend)).toEqual([]);
  });
});
