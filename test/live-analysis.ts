/** Sample analyses that still go on: they publish what a test tells them to and remember what they were asked. */

import type { FrameAnswer, FrameQuestion } from '../src/analysis/frame-question.ts';
import type { MeasuredStreamRow } from '../src/analysis/measured-media.ts';
import type {
  Analysis,
  FlowDetail,
  FlowRow,
  FlowWindow,
  FlowWindowRequest,
  Snapshot,
} from '../src/analysis/snapshot.ts';
import { type Finding, VERDICTS } from '../src/verdict/finding.ts';
import { EVEN_STREAM } from './even-stream.ts';
import { sampleAnalysis, sampleFlow, sampleSnapshot } from './sample-analysis.ts';

const SECOND = 1e9;

export class LiveAnalysis implements Analysis {
  snapshot: Snapshot;
  readonly finished: Promise<Snapshot>;
  readonly requests: FlowWindowRequest[] = [];
  isCancelled = false;
  readonly #flows: readonly FlowRow[];
  readonly #listeners = new Set<(snapshot: Snapshot) => void>();

  constructor(snapshot: Snapshot, flows: readonly FlowRow[]) {
    this.snapshot = snapshot;
    this.finished = Promise.resolve(snapshot);
    this.#flows = flows;
  }

  subscribe(listener: (snapshot: Snapshot) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  publish(change: Partial<Snapshot>): void {
    this.snapshot = { ...this.snapshot, ...change };
    for (const listener of this.#listeners) listener(this.snapshot);
  }

  async flows(request: FlowWindowRequest): Promise<FlowWindow> {
    this.requests.push(request);
    return sampleAnalysis(this.snapshot, this.#flows).flows(request);
  }

  async flow(id: number): Promise<FlowDetail | null> {
    const detail = await sampleAnalysis(this.snapshot, this.#flows).flow(id);
    return detail === null ? null : { ...detail, related: this.#flows.filter((row) => row.announcedBy === id) };
  }

  async recall(): Promise<null> {
    return null;
  }

  frame(question: FrameQuestion): Promise<FrameAnswer> {
    return sampleAnalysis(this.snapshot, this.#flows).frame(question);
  }

  cancel(): void {
    this.isCancelled = true;
    this.publish({ phase: 'cancelled' });
  }

  async close(): Promise<void> {
    this.#listeners.clear();
  }
}

/** One client whose RTSP connection is dropped in silence, beside another one that works and gets its media. */
export function blockedRtsp(): LiveAnalysis {
  const flows = [
    sampleFlow(1, { verdict: 'blocked', codes: ['tcp-unanswered'], outcome: 'unanswered', confidence: 'port' }),
    sampleFlow(2, { initiator: { address: '10.10.1.11', port: 40_112 }, facts: { url: 'rtsp://10.10.2.20/stream' } }),
    sampleFlow(3, {
      transport: 'udp',
      protocol: 'rtp',
      protocolLabel: 'RTP',
      outcome: 'none',
      confidence: 'announced',
      announcedBy: 2,
      announcedHow: 'RTSP SETUP',
      initiator: { address: '10.10.1.11', port: 5004 },
      responder: { address: '10.10.2.20', port: 6970 },
      media: { streams: [sampleStream()], connection: null },
    }),
  ];
  return new LiveAnalysis(quietSnapshot(flows, [unansweredFinding()]), flows);
}

/** Flows of every verdict, some with long IPv6 addresses, and up to 40 findings. */
export function manyFlows(count: number): LiveAnalysis {
  const flows = Array.from({ length: count }, (_, index) => {
    const verdict = VERDICTS[index % VERDICTS.length] ?? 'ok';
    const address = index % 7 === 3 ? `2001:db8:1234:5678:9abc:def0:1234:${index.toString(16)}` : '10.10.1.10';
    return sampleFlow(index + 1, { verdict, initiator: { address, port: 30_000 + (index % 30_000) } });
  });
  const findings = Array.from({ length: Math.min(40, count) }, (_, index) => ({
    ...unansweredFinding(),
    id: `tcp-unanswered-${index}`,
    title: `RTSP from 10.10.1.${index} to 10.10.2.20:554 is blocked: SYN sent 8 times, never answered`,
    verdict: VERDICTS[index % 4] ?? 'blocked',
    viewers: 40 - index,
  }));
  return new LiveAnalysis(quietSnapshot(flows, findings), flows);
}

/** Text from packets that wants to act on the terminal, or takes more cells than it has characters. */
export function hostileTexts(): LiveAnalysis {
  const nasty = '\x1b[2J\x1b]0;owned\x07\u202eevil\r\n日本語テレビ';
  const flows = ['RTSP', '日本語', nasty, 'e\u0301\u0301'].map((protocolLabel, index) =>
    sampleFlow(index + 1, {
      protocolLabel,
      initiator: { address: index === 1 ? '2001:db8:1234:5678:9abc:def0:1234:5678' : '10.10.1.10', port: 40_000 },
      facts: { url: `rtsp://10.10.2.20/${nasty}`, agent: nasty },
      tunnel: nasty,
      codes: [nasty],
      announcedHow: nasty,
      media: { streams: [sampleStream({ codec: nasty })], connection: null },
    }),
  );
  const said = { title: nasty, explanation: nasty, nextStep: nasty, displayFilter: nasty };
  const finding = { ...unansweredFinding(), ...said };
  const evidence = finding.evidence.map((fact) => ({ ...fact, fact: nasty }));
  const snapshot = quietSnapshot(flows, [{ ...finding, evidence }]);
  const captures = snapshot.captures.map((capture) => ({
    ...capture,
    file: `${nasty}.pcap`,
    warnings: [{ offset: null, text: nasty }],
    comments: [{ frame: 1, text: nasty }],
  }));
  const multicast = snapshot.multicast.map((group) => ({ ...group, name: nasty }));
  return new LiveAnalysis({ ...snapshot, captures, multicast, failure: nasty }, flows);
}

/** A capture in which nothing was found, not even a flow. */
export function emptyCapture(): LiveAnalysis {
  return new LiveAnalysis(quietSnapshot([], [], { multicast: [], policy: [], quality: [] }), []);
}

export function unansweredFinding(): Finding {
  const seconds = [1, 2, 3, 4, 5, 6, 8, 12.3];
  return {
    id: 'tcp-unanswered-5d41',
    code: 'tcp-unanswered',
    verdict: 'blocked',
    certainty: 'confirmed',
    cause: 'silent-drop',
    where: 'toward-responder',
    title: 'RTSP from 10.10.1.10 to 10.10.2.20:554 is blocked: SYN sent 8 times, never answered',
    explanation:
      'The client asked for a connection 8 times within 11.3 s and nothing came back, neither a SYN-ACK nor a reset nor an ICMP error. ' +
      'Other answers from 10.10.2.20 to this client pass this point, so an answer would have been seen.',
    nextStep:
      'Ask for TCP 554 from 10.10.1.10 to 10.10.2.20 to be permitted, and look for a drop rule on the way to the server.',
    rule: 'wms9-rtsp',
    flows: [1],
    related: [2],
    groups: [],
    evidence: seconds.map((second, index) => ({
      capture: 0,
      frame: 4 + 3 * index,
      time: second * SECOND,
      fact: index === 0 ? 'SYN from 10.10.1.10:38336' : 'the same SYN again, with a new IP ID',
    })),
    displayFilter: 'tcp.port == 38336 && tcp.port == 554',
    viewers: 1,
  };
}

export function sampleStream(changes: Partial<MeasuredStreamRow> = {}): MeasuredStreamRow {
  return {
    direction: 'toInitiator',
    ssrc: 0x1234abcd,
    payloadType: 96,
    codec: 'H264',
    clockRate: 90_000,
    packets: 1204,
    bytes: 1_204_000,
    expected: 1210,
    lost: 6,
    meanJitterMs: 2.14,
    maxJitterMs: 9.02,
    maxDeltaMs: 41.3,
    ...EVEN_STREAM,
    firstTime: 4.2 * SECOND,
    lastTime: 14.2 * SECOND,
    ...changes,
  };
}

/** Without what the sample capture has on purpose: damage, and text that would do harm. */
function quietSnapshot(
  flows: readonly FlowRow[],
  findings: readonly Finding[],
  changes: Partial<Snapshot> = {},
): Snapshot {
  const sample = sampleSnapshot({ findings, ...changes }, flows);
  const captures = sample.captures.map((capture) => ({
    ...capture,
    file: 'captures/04-rtsp-554-dropped-clientside.pcap',
    warnings: [],
    truncatedAt: null,
    interfaces: [{ name: 'span0', linkType: 'Ethernet', filter: null, dropped: 0 }],
  }));
  return { ...sample, captures };
}
