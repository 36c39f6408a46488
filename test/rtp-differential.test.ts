/** Every RTP stream of real recordings and of the fixtures as Wireshark measures it. */

import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { RECORDINGS } from '../fixtures/scenarios/recordings.ts';
import { SCENARIOS } from '../fixtures/scenarios/scenarios.ts';
import { SlotCase } from '../src/analysis/flow-cases.ts';
import type { MeasuredStreamRow } from '../src/analysis/measured-media.ts';
import { mediaRow } from '../src/analysis/media-rows.ts';
import type { Pipeline } from '../src/analysis/pipeline.ts';
import { readWhole } from './read-whole.ts';

const CAPTURES = fileURLToPath(new URL('../../shared/captures/', import.meta.url));
const FIXTURES = fileURLToPath(new URL('../fixtures/', import.meta.url));
const hasTshark = spawnSync('tshark', ['--version']).status === 0;

const COPIES = 'tshark counts the copies that a span makes';
const AGAIN =
  'the story sends its sequence numbers again: tshark counts them anew, here they are copies, or a stream that began again';
const TUNNELLED = 'tshark does not follow RTSP into HTTP, nor to a port of its own, nor from its middle';

/** Where the figures differ, or only one of both sees a stream, and why. */
const KNOWN_DIFFERENCES: Readonly<Record<string, string>> = {
  'lab/21a-span-each-packet-twice-rtsp-udp-ok.pcap': COPIES,
  'protocols/2dParityFEC-Example.cap.gz': 'three packets of parity are too few for its heuristic',
  'protocols/IPv6_RTSP.cap': 'RTSP in Teredo on a port of its own is not followed into its interleaved media',
  'formats/ipv6_in_gtp.pcap': 'one datagram that begins like RTP proves nothing here',
  'capture-all-twice': COPIES,
  'group-by-another-link-later': COPIES,
  'group-passed-on': COPIES,
  'group-passed-on-between-queriers': COPIES,
  'group-passed-on-no-more': COPIES,
  'media-seen-on-both-legs-reports-dropped': COPIES,
  'media-seen-on-one-leg-later': COPIES,
  'rtcp-by-another-way': COPIES,
  'rtcp-of-server-by-another-link': COPIES,
  'rtcp-of-server-on-one-leg': COPIES,
  'rtcp-on-both-legs': COPIES,
  'rtcp-on-one-leg': COPIES,
  'sip-call-audio-by-another-link': COPIES,
  'sip-call-audio-by-another-link-later': COPIES,
  'sip-call-audio-of-callee-on-one-leg': COPIES,
  'sip-call-audio-on-one-leg-later': COPIES,
  'sip-call-audio-reported-no-more': COPIES,
  'sip-call-on-both-legs': COPIES,
  'games-and-names': 'single datagrams of games begin like RTP, which proves nothing here',
  'group-member-known-by-query': AGAIN,
  'rtsp-acknowledgements-late': AGAIN,
  'rtsp-burst-of-loss': AGAIN,
  'rtsp-mtu-learnt': AGAIN,
  'rtsp-player-paused': 'the packet behind a byte that was only a probe is lost here',
  'policy-seen-from-the-middle': TUNNELLED,
  'rtsp-mtu-silent': TUNNELLED,
  'rtsp-on-1935': TUNNELLED,
  'rtsp-over-http': TUNNELLED,
  'rtsp-over-http-on-554': TUNNELLED,
  'rtsp-seen-from-its-middle': TUNNELLED,
  strangers: 'a datagram of a stranger begins like RTP, which proves nothing here',
};

/** By sender, receiver and SSRC, the columns that both have. */
type Streams = Map<string, StreamFigures>;

interface StreamFigures {
  readonly packets: number;
  readonly lost: number;
  readonly maxDelta: string;
  readonly meanJitter: string;
  readonly maxJitter: string;
}

/** As many as GStreamer sends. */
const MOST_PUNCHES = 5;

/** Start, end, source, port, destination, port, SSRC, payload, packets, lost; least, mean and most of delta and jitter. */
const STREAM_LINE =
  /^\s*[\d.]+\s+[\d.]+\s+(\S+)\s+(\d+)\s+(\S+)\s+(\d+)\s+(0x[0-9A-F]+)\s+(\S.*?)\s+(\d+)\s+(-?\d+) \(\S+\)\s+\S+\s+\S+\s+([\d.]+)\s+\S+\s+([\d.]+)\s+([\d.]+)/;

function streamsOfTshark(path: string): { streams: Streams; withoutClock: ReadonlySet<string> } {
  const options = ['--enable-heuristic', 'rtp_udp', '-q', '-z', 'rtp,streams', '-r', path];
  const { stdout } = spawnSync('tshark', options, { encoding: 'utf8' });
  const streams: Streams = new Map();
  const withoutClock = new Set<string>();
  for (const line of stdout.split('\n')) {
    const match = STREAM_LINE.exec(line);
    if (match === null) continue;
    const [source, sourcePort, destination, destinationPort, ssrc, payload, packets, lost, maxDelta, ...jitters] =
      match.slice(1) as [string, string, string, string, string, string, string, string, string, string, string];
    const [meanJitter, maxJitter] = jitters;
    const key = `${source} ${sourcePort} > ${destination} ${destinationPort} ${Number(ssrc)}`;
    streams.set(key, { packets: Number(packets), lost: Number(lost), maxDelta, meanJitter, maxJitter });
    if (payload.startsWith('RTPType-')) withoutClock.add(key);
  }
  return { streams, withoutClock };
}

/** tshark takes copies off the loss, and prints three digits. */
function figuresOf(stream: MeasuredStreamRow): StreamFigures {
  const print = (value: number | null) => (value ?? 0).toFixed(3);
  return {
    packets: stream.packets,
    lost: (stream.lost ?? 0) - stream.duplicates,
    maxDelta: print(stream.maxDeltaMs),
    meanJitter: print(stream.meanJitterMs),
    maxJitter: print(stream.maxJitterMs),
  };
}

function streamsOf(pipeline: Pipeline): Streams {
  const streams: Streams = new Map();
  for (let slot = 0; slot < pipeline.flows.slots; slot++) {
    if (!pipeline.flows.isUsed(slot)) continue;
    const flow = new SlotCase(pipeline, slot);
    const ends = [flow.initiator, flow.responder].map(({ address, port }) => `${address} ${port}`);
    for (const stream of mediaRow(pipeline, flow)?.streams ?? []) {
      if (stream.ssrc === null) continue;
      const way = stream.direction === 'toResponder' ? ends.join(' > ') : ends.toReversed().join(' > ');
      streams.set(`${way} ${stream.ssrc}`, figuresOf(stream));
    }
  }
  return streams;
}

/** Packets that are a header and nothing more open a firewall; only tshark counts them as a stream. */
function isHolePunch(key: string, { packets }: StreamFigures): boolean {
  return packets <= MOST_PUNCHES && key.endsWith(' 0');
}

async function differencesOf(path: string): Promise<unknown[]> {
  const pipeline = await readWhole(path);
  const measured = streamsOf(pipeline);
  const { streams: expected, withoutClock } = streamsOfTshark(path);
  const keys = [...new Set([...measured.keys(), ...expected.keys()])];
  return keys.flatMap((key) => {
    const [own, theirs] = [measured.get(key), expected.get(key)];
    if (own === undefined && theirs !== undefined && isHolePunch(key, theirs)) return [];
    // Where tshark does not know the clock that RTSP has told, it measures no jitter.
    const { meanJitter, maxJitter } = (withoutClock.has(key) ? own : theirs) ?? { meanJitter: '', maxJitter: '' };
    const wanted = theirs === undefined ? undefined : { ...theirs, meanJitter, maxJitter };
    return JSON.stringify(own) === JSON.stringify(wanted) ? [] : [{ key, own, wanted }];
  });
}

const recordings = ['lab', 'protocols', 'blocked', 'formats'].flatMap((folder) =>
  existsSync(CAPTURES) ? readdirSync(join(CAPTURES, folder)).map((name) => `${folder}/${name}`) : [],
);
const captures = recordings
  .filter((name) => /\.(cap|pcap|pcapng|trace)(\.gz)?$/.test(name))
  .map((name) => ({ name, path: join(CAPTURES, name) }));
const fixtures = [...SCENARIOS, ...RECORDINGS]
  .filter(({ name }) => /"protocol":"(rtp|rtsp)"/.test(readFileSync(`${FIXTURES}${name}/golden.json`, 'utf8')))
  .map(({ name, file }) => ({ name, path: `${FIXTURES}${name}/${file}` }));

describe.skipIf(!hasTshark)('RTP streams', () => {
  it.each([...captures, ...fixtures])(
    'have the figures that Wireshark gives them: $name',
    async ({ name, path }) => {
      const differences = await differencesOf(path);
      if (name in KNOWN_DIFFERENCES) expect(differences).not.toEqual([]);
      else expect(differences).toEqual([]);
    },
    30_000,
  );
});
