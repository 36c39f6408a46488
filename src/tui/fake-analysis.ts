/** An analysis without a capture, for tests: it answers from a list of flows that it makes up as they are asked for. */

import type {
  Analysis,
  FlowDetail,
  FlowRow,
  FlowWindow,
  FlowWindowRequest,
  LadderStep,
  MediaStreamRow,
  Snapshot,
} from '../analysis/snapshot.ts';
import { compileQuery } from '../query/compile-query.ts';
import { type Finding, VERDICTS, type Verdict } from '../verdict/finding.ts';

const SECOND = 1e9;
/** 2026-11-21 12:00:00 UTC. */
const ORIGIN_SECONDS = 1_795_262_400;

export class FakeAnalysis implements Analysis {
  snapshot: Snapshot;
  readonly finished: Promise<Snapshot>;
  isCancelled = false;
  readonly requests: FlowWindowRequest[] = [];
  readonly #flows: readonly FlowRow[];
  readonly #listeners = new Set<(snapshot: Snapshot) => void>();

  constructor(snapshot: Snapshot, flows: readonly FlowRow[]) {
    this.snapshot = snapshot;
    this.#flows = flows;
    this.finished = Promise.resolve(snapshot);
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
    const query = compileQuery(request.where);
    const matched = query.ok ? this.#flows.filter((row) => query.matches(subjectOf(row))) : this.#flows;
    const sorted = matched.toSorted((a, b) => compare(a, b, request.sort) * (request.descending ? -1 : 1));
    return {
      matched: sorted.length,
      offset: request.offset,
      rows: sorted.slice(request.offset, request.offset + request.count),
      error: query.ok ? null : query.error,
    };
  }

  async flow(id: number): Promise<FlowDetail | null> {
    const row = this.#flows.find((flow) => flow.id === id);
    if (row === undefined) return null;
    return {
      row,
      ladder: ladderOf(row),
      ladderDropped: 0,
      findings: this.snapshot.findings.filter(({ flows }) => flows.includes(id)),
      related: this.#flows.filter(({ announcedBy }) => announcedBy === id),
      ruleText: null,
      displayFilter: `tcp.port==${row.initiator.port} && tcp.port==${row.responder.port}`,
    };
  }

  cancel(): void {
    this.isCancelled = true;
    this.publish({ phase: 'cancelled' });
  }

  async close(): Promise<void> {
    this.#listeners.clear();
  }
}

/** One client whose RTSP connection is dropped in silence, beside another one that works. */
export function blockedRtsp(): FakeAnalysis {
  const flows = [
    makeFlow(1, {
      verdict: 'blocked',
      codes: ['tcp-unanswered'],
      outcome: 'unanswered',
      packets: { toResponder: 8, toInitiator: 0 },
      bytes: { toResponder: 592, toInitiator: 0 },
    }),
    makeFlow(2, { initiator: { address: '10.10.1.11', port: 40_112 }, confidence: 'content', outcome: 'closed' }),
    makeFlow(3, {
      transport: 'udp',
      protocol: 'rtp',
      protocolLabel: 'RTP',
      outcome: 'none',
      confidence: 'announced',
      announcedBy: 2,
      announcedHow: 'RTSP SETUP',
      initiator: { address: '10.10.1.11', port: 5004 },
      responder: { address: '10.10.2.20', port: 6970 },
      media: { streams: [makeStream()] },
    }),
  ];
  return new FakeAnalysis(makeSnapshot(flows, [unansweredFinding()]), flows);
}

/** Many flows of every verdict, some with long IPv6 addresses. */
export function manyFlows(count: number): FakeAnalysis {
  const flows = Array.from({ length: count }, (_, index) => {
    const verdict = VERDICTS[index % VERDICTS.length] ?? 'ok';
    const isLong = index % 7 === 3;
    return makeFlow(index + 1, {
      verdict,
      initiator: {
        address: isLong ? `2001:db8:1234:5678:9abc:def0:1234:${index.toString(16)}` : '10.10.1.10',
        port: 30_000 + (index % 30_000),
      },
      codes: verdict === 'blocked' ? ['tcp-unanswered'] : [],
    });
  });
  const findings = Array.from({ length: Math.min(40, count) }, (_, index) => ({
    ...unansweredFinding(),
    id: `tcp-unanswered-${index}`,
    title: `RTSP from 10.10.1.${index} to 10.10.2.20:554 is blocked: SYN sent 8 times, never answered`,
    verdict: VERDICTS[index % 4] ?? 'blocked',
    viewers: 40 - index,
  }));
  return new FakeAnalysis(makeSnapshot(flows, findings), flows);
}

/** Text from packets that wants to act on the terminal, or takes more cells than it has characters. */
export function hostileTexts(): FakeAnalysis {
  const nasty = '\x1b[2J\x1b]0;owned\x07\u202eevil\r\n日本語テレビ';
  const flows = ['RTSP', '日本語', nasty, 'e\u0301\u0301'].map((protocolLabel, index) =>
    makeFlow(index + 1, {
      protocolLabel,
      initiator: { address: index === 1 ? '2001:db8:1234:5678:9abc:def0:1234:5678' : '10.10.1.10', port: 40_000 },
      facts: { url: `rtsp://10.10.2.20/${nasty}`, agent: nasty },
      tunnel: nasty,
      codes: [nasty],
      announcedHow: nasty,
      media: { streams: [makeStream({ codec: nasty })] },
    }),
  );
  const finding = { ...unansweredFinding(), title: nasty, explanation: nasty, nextStep: nasty, displayFilter: nasty };
  const evidence = finding.evidence.map((fact) => ({ ...fact, fact: nasty }));
  const snapshot = makeSnapshot(flows, [{ ...finding, evidence }]);
  const captures = snapshot.captures.map((capture) => ({
    ...capture,
    file: `${nasty}.pcap`,
    warnings: [{ offset: null, text: nasty }],
    comments: [{ frame: 1, text: nasty }],
  }));
  const multicast = snapshot.multicast.map((group) => ({ ...group, name: nasty }));
  return new FakeAnalysis({ ...snapshot, captures, multicast, failure: nasty }, flows);
}

export function makeFlow(id: number, change: Partial<FlowRow> = {}): FlowRow {
  return {
    id,
    transport: 'tcp',
    initiator: { address: '10.10.1.10', port: 38_336 },
    responder: { address: '10.10.2.20', port: 554 },
    vlans: [],
    tunnel: null,
    protocol: 'rtsp',
    protocolLabel: 'RTSP',
    confidence: 'port',
    announcedBy: null,
    announcedHow: null,
    outcome: 'closed',
    verdict: 'ok',
    codes: [],
    rule: 'cs-rtsp',
    packets: { toResponder: 12, toInitiator: 10 },
    bytes: { toResponder: 1800, toInitiator: 2400 },
    duplicates: 0,
    firstTime: 0.039 * SECOND,
    lastTime: 11.427 * SECOND,
    firstFrame: 4,
    capture: 0,
    communityId: '1:LQU9qZlK+B5F3KDmev6m5PMibrg=',
    facts: { url: 'rtsp://10.10.2.20/stream' },
    media: null,
    ...change,
  };
}

export function makeStream(change: Partial<MediaStreamRow> = {}): MediaStreamRow {
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
    firstTime: 1.2 * SECOND,
    lastTime: 11.2 * SECOND,
    ...change,
  };
}

export function unansweredFinding(): Finding {
  const times = [0.039, 1.056, 2.08, 3.104, 4.128, 5.152, 7.168, 11.427];
  return {
    id: 'tcp-unanswered-5d41',
    code: 'tcp-unanswered',
    verdict: 'blocked',
    certainty: 'confirmed',
    cause: 'silent-drop',
    where: 'toward-responder',
    title: 'RTSP from 10.10.1.10 to 10.10.2.20:554 is blocked: SYN sent 8 times, never answered',
    explanation:
      'The client asked for a connection 8 times within 11.4 s and nothing came back, neither a SYN-ACK nor a reset nor an ICMP error. ' +
      'Other answers from 10.10.2.20 to this client pass this point, so an answer would have been seen.',
    nextStep:
      'Ask for TCP 554 from 10.10.1.10 to 10.10.2.20 to be permitted, and look for a drop rule on the way to the server.',
    rule: 'cs-rtsp',
    flows: [1],
    related: [2],
    groups: [],
    evidence: times.map((time, index) => ({
      capture: 0,
      frame: 4 + 3 * index,
      time: time * SECOND,
      fact: index === 0 ? 'SYN from 10.10.1.10:38336' : 'the same SYN again, with a new IP ID',
    })),
    displayFilter: 'tcp.port == 38336 && tcp.port == 554',
    viewers: 1,
  };
}

export function makeSnapshot(flows: readonly FlowRow[], findings: readonly Finding[]): Snapshot {
  const byVerdict = Object.fromEntries(
    VERDICTS.map((verdict) => [verdict, flows.filter((row) => row.verdict === verdict).length]),
  ) as Record<Verdict, number>;
  return {
    phase: 'done',
    failure: null,
    progress: { bytesRead: 4096, bytesTotal: 4096, elapsedMs: 12 },
    originSeconds: ORIGIN_SECONDS,
    captures: [
      {
        file: 'captures/04-rtsp-554-dropped-clientside.pcap',
        format: 'pcap',
        frames: 24,
        bytes: 4792,
        interfaces: [{ name: 'span0', linkType: 'Ethernet', dropped: 0 }],
        warnings: [],
        truncatedAt: null,
        comments: [],
        sha256: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
        firstTime: 0,
        lastTime: 11.427 * SECOND,
        linkTypes: ['Ethernet'],
        dropped: 0,
      },
    ],
    totals: {
      frames: 24,
      bytes: 4792,
      flows: flows.length,
      byVerdict,
      byProtocol: [
        { protocol: 'RTSP', flows: flows.length, bytes: 4792 },
        { protocol: 'RTP', flows: 1, bytes: 1_204_000 },
      ],
      firstTime: 0,
      lastTime: 11.427 * SECOND,
    },
    findings,
    multicast: [
      {
        group: '239.1.2.3',
        name: 'Lobby camera',
        sources: ['10.10.2.20'],
        ports: [5004, 5005],
        packets: 2410,
        bytes: 2_900_000,
        members: [{ address: '10.10.1.10', version: 'IGMPv3', lastReport: 2 * SECOND }],
        querier: '10.10.1.1',
        verdict: 'ok',
      },
    ],
    policy: [
      { rule: 'cs-http', state: 'never-seen', flowCount: 0, flows: [] },
      { rule: 'cs-rtsp', state: 'blocked', flowCount: 1, flows: [1] },
    ],
    quality: [{ code: 'midstream', text: '2 flows were under way before the capture began.', count: 2 }],
  };
}

function ladderOf(row: FlowRow): LadderStep[] {
  const step = (second: number, frame: number, direction: LadderStep['direction'], name: string, detail = '') => ({
    capture: 0,
    frame,
    time: second * SECOND,
    direction,
    name,
    detail,
    flow: row.id,
  });
  if (row.verdict === 'blocked') return [0.039, 1.056, 2.08].map((at, i) => step(at, 4 + 3 * i, 'toResponder', 'SYN'));
  return [
    step(0.039, 4, 'toResponder', 'SYN'),
    step(0.04, 5, 'toInitiator', 'SYN-ACK'),
    step(0.052, 7, 'toResponder', 'SETUP', 'rtsp://10.10.2.20/stream/track1'),
    step(0.061, 8, 'toInitiator', '200 OK', 'RTP/AVP;unicast;client_port=5004-5005'),
    step(0.07, 9, 'from-elsewhere', 'ICMP 3/13 from 10.10.1.1'),
  ];
}

function compare(a: FlowRow, b: FlowRow, key: FlowWindowRequest['sort']): number {
  const value = (row: FlowRow): number | string => {
    switch (key) {
      case 'verdict':
        return VERDICTS.indexOf(row.verdict);
      case 'protocol':
        return row.protocolLabel;
      case 'initiator':
      case 'responder':
        return row[key].address;
      case 'packets':
      case 'bytes':
        return row[key].toResponder + row[key].toInitiator;
      case 'id':
        return row.id;
      case 'firstTime':
      case 'lastTime':
        return row[key] ?? 0;
    }
  };
  const [left, right] = [value(a), value(b)];
  return left < right ? -1 : left > right ? 1 : a.id - b.id;
}

function subjectOf(row: FlowRow) {
  return {
    ...row,
    initiatorAddress: row.initiator.address,
    responderAddress: row.responder.address,
    initiatorPort: row.initiator.port,
    responderPort: row.responder.port,
    packets: row.packets.toResponder + row.packets.toInitiator,
    bytes: row.bytes.toResponder + row.bytes.toInitiator,
    loss: row.media === null ? null : 0,
    firstTime: row.firstTime,
    lastTime: row.lastTime,
    text: Object.values(row.facts).join(' '),
  };
}
