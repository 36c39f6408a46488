/** Every RTP stream of real recordings as Wireshark measures it. */

import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { SlotCase } from '../src/analysis/flow-cases.ts';
import type { MeasuredStreamRow } from '../src/analysis/measured-media.ts';
import { mediaRow } from '../src/analysis/media-rows.ts';
import type { Pipeline } from '../src/analysis/pipeline.ts';
import { readWhole } from './read-whole.ts';

const CAPTURES = fileURLToPath(new URL('../../shared/captures', import.meta.url));
const hasCaptures = existsSync(CAPTURES);
const hasTshark = spawnSync('tshark', ['--version']).status === 0;

/** Streams that only one of both sees, by the capture, and why. */
const KNOWN_DIFFERENCES: Readonly<Record<string, string>> = {
  'protocols/2dParityFEC-Example.cap.gz': 'three packets of parity are too few for its heuristic',
  'protocols/IPv6_RTSP.cap': 'RTSP in Teredo on a port of its own is not followed into its interleaved media',
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

/** A packet that is a header and nothing more opens a firewall; only tshark counts it as a stream. */
function isHolePunch(key: string, { packets }: StreamFigures): boolean {
  return packets === 1 && key.endsWith(' 0');
}

const paths = ['lab', 'protocols', 'blocked'].flatMap((folder) =>
  hasCaptures ? readdirSync(join(CAPTURES, folder)).map((name) => `${folder}/${name}`) : [],
);
const captures = paths.filter((path) => /\.(cap|pcap|pcapng|trace)(\.gz)?$/.test(path));

describe.skipIf(!hasCaptures || !hasTshark)('RTP streams of real recordings', () => {
  it.each(captures)(
    'have the figures that Wireshark gives them: %s',
    async (path) => {
      const pipeline = await readWhole(join(CAPTURES, path));
      const { streams: expected, withoutClock } = streamsOfTshark(join(CAPTURES, path));
      // tshark counts the copies that a span makes.
      if (pipeline.quality.duplicates > 0) return;
      const measured = streamsOf(pipeline);
      const isKnown = KNOWN_DIFFERENCES[path] !== undefined;
      for (const [key, figures] of expected) {
        if (isHolePunch(key, figures)) continue;
        const own = measured.get(key);
        // Where tshark does not know the clock that RTSP has told, it measures no jitter.
        const { meanJitter, maxJitter } = (withoutClock.has(key) ? own : undefined) ?? figures;
        expect(own, key).toEqual({ ...figures, meanJitter, maxJitter });
      }
      if (!isKnown) expect([...measured.keys()].filter((key) => !expected.has(key))).toEqual([]);
    },
    30_000,
  );
});
