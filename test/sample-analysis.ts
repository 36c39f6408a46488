/** A small finished analysis, made by hand, for tests of what shows analyses. */

import type { FrameDetail } from '../src/analysis/frame-layers.ts';
import type { Analysis, CaptureRow, FlowDetail, FlowRow, LadderStep, Snapshot } from '../src/analysis/snapshot.ts';
import { compileQuery } from '../src/query/compile-query.ts';
import { type Finding, VERDICTS } from '../src/verdict/finding.ts';
import { EVEN_STREAM } from './even-stream.ts';

/** 2026-11-21T10:00:00Z */
export const ORIGIN_SECONDS = 1_795_255_200;

/** Text that would do harm in some medium, already without control characters as a finding's text is. */
export const HOSTILE = '<script>alert(1)</script> | `x` ]]> {html} [a](javascript:b) *c* "=1+1" \\x1b[31m';

export function sampleFlow(id: number, changes: Partial<FlowRow> = {}): FlowRow {
  return {
    id,
    transport: 'tcp',
    initiator: { address: '10.10.1.10', port: 38335 + id },
    responder: { address: '10.10.2.20', port: 554 },
    vlans: [],
    tunnel: null,
    protocol: 'rtsp',
    protocolLabel: 'RTSP',
    confidence: 'content',
    announcedBy: null,
    announcedHow: null,
    announcedDirection: null,
    outcome: 'closed',
    verdict: 'ok',
    codes: [],
    rule: 'wms9-rtsp',
    packets: { toResponder: 12, toInitiator: 8 },
    bytes: { toResponder: 1400, toInitiator: 2600 },
    duplicates: 0,
    firstTime: 1e9 * id,
    lastTime: 1e9 * id + 6_190_000_001,
    firstFrame: id,
    capture: 0,
    communityId: '1:0dxq9FsI4oz9BPG7UIOz+Fyq0oE=',
    facts: {},
    media: null,
    ...changes,
  };
}

const SAMPLE_FLOWS: readonly FlowRow[] = [
  sampleFlow(1, {
    verdict: 'blocked',
    codes: ['tcp-unanswered'],
    outcome: 'unanswered',
    confidence: 'port',
    packets: { toResponder: 8, toInitiator: 0 },
    bytes: { toResponder: 592, toInitiator: 0 },
    communityId: null,
  }),
  sampleFlow(2, {
    protocol: 'ssh',
    protocolLabel: 'SSH',
    responder: { address: 'fd00:2::20', port: 1935 },
    initiator: { address: 'fd00:1::10', port: 40000 },
    verdict: 'unexpected',
    codes: ['wrong-protocol'],
    rule: null,
    vlans: [110],
    tunnel: 'ERSPAN II session 100 from 10.0.0.1 to 10.0.0.2',
    facts: { banner: HOSTILE },
  }),
  sampleFlow(3),
  sampleFlow(4, { protocol: 'dns', protocolLabel: 'DNS', transport: 'udp', outcome: 'none', verdict: 'background' }),
  sampleFlow(5, {
    transport: 'udp',
    protocol: 'rtp',
    protocolLabel: 'RTP',
    confidence: 'announced',
    announcedBy: 3,
    announcedHow: 'RTSP SETUP',
    outcome: 'none',
    media: {
      connection: null,
      streams: [
        {
          direction: 'toInitiator',
          ssrc: 0x1234,
          payloadType: 96,
          codec: 'H264',
          clockRate: 90_000,
          packets: 97,
          bytes: 120_000,
          expected: 100,
          lost: 3,
          meanJitterMs: 1.5,
          maxJitterMs: 4,
          maxDeltaMs: 40,
          firstTime: 2e9,
          lastTime: 7e9,
          ...EVEN_STREAM,
        },
      ],
    },
  }),
  sampleFlow(6, {
    transport: 'udp',
    protocol: 'rtcp',
    protocolLabel: 'RTCP',
    confidence: 'announced',
    announcedBy: 3,
    announcedHow: 'RTSP SETUP',
    outcome: 'none',
    verdict: 'undetermined',
    packets: { toResponder: 0, toInitiator: 0 },
    bytes: { toResponder: 0, toInitiator: 0 },
    firstTime: null,
    lastTime: null,
    firstFrame: null,
  }),
];

const SAMPLE_FINDINGS: readonly Finding[] = [
  {
    id: 'tcp-unanswered-5f2c',
    code: 'tcp-unanswered',
    verdict: 'blocked',
    certainty: 'confirmed',
    cause: 'silent-drop',
    where: 'toward-responder',
    title: 'RTSP from 10.10.1.10 to 10.10.2.20:554 is blocked: SYN sent 8 times, never answered',
    explanation:
      'The SYN was sent 8 times in 11.3 s. Frames toward 10.10.1.10 are in this capture, so an answer would have been seen.',
    nextStep: 'Ask for TCP 554 from 10.10.1.10 to 10.10.2.20 to be permitted on the firewall beyond this point.',
    rule: 'wms9-rtsp',
    flows: [1],
    related: [],
    groups: [],
    evidence: [
      { capture: 0, frame: 3, time: 1_000_000_001, fact: 'SYN, first time' },
      { capture: 0, frame: 9, time: 12_300_000_000, fact: 'SYN, 8th time, new IP ID' },
    ],
    displayFilter: 'ip.addr == 10.10.1.10 && ip.addr == 10.10.2.20 && tcp.port == 554',
    viewers: 1,
  },
  {
    id: 'wrong-protocol-77aa',
    code: 'wrong-protocol',
    verdict: 'unexpected',
    certainty: 'confirmed',
    cause: 'application',
    where: 'unknown',
    title: `SSH on TCP 1935, the port of RTMP: ${HOSTILE}`,
    explanation: `The first bytes are those of SSH: ${HOSTILE}`,
    nextStep: 'Find out who runs SSH on this port.',
    rule: 'ext-wowza-rtmp',
    flows: [2],
    related: [3],
    groups: [],
    evidence: [{ capture: 0, frame: 20, time: 2_000_000_000, fact: `banner ${HOSTILE}` }],
    displayFilter: 'ipv6.addr == fd00:2::20 && tcp.port == 1935',
    viewers: 1,
  },
];

const SAMPLE_CAPTURE: CaptureRow = {
  file: 'lab/rtsp & <co>.pcap',
  format: 'pcap',
  frames: 120,
  bytes: 98_765,
  warnings: [{ offset: 4096, text: 'cut at byte 4096: a frame of 90 bytes was expected, 12 are there' }],
  truncatedAt: 4096,
  comments: [],
  sha256: 'a'.repeat(64),
  firstTime: 1e9,
  lastTime: 61e9,
  linkTypes: ['Ethernet'],
  interfaces: [{ name: 'eth0\u001b[31m', linkType: 'Ethernet', filter: null, dropped: null }],
  dropped: 7,
};

export function sampleSnapshot(changes: Partial<Snapshot> = {}, flows: readonly FlowRow[] = SAMPLE_FLOWS): Snapshot {
  const countOf = (verdict: string) => flows.filter((flow) => flow.verdict === verdict).length;
  return {
    phase: 'done',
    failure: null,
    progress: { bytesRead: 4096, bytesTotal: 4096, elapsedMs: 12 },
    originSeconds: ORIGIN_SECONDS,
    captures: [SAMPLE_CAPTURE],
    totals: {
      frames: 120,
      bytes: 98_765,
      flows: flows.length,
      byVerdict: {
        blocked: countOf('blocked'),
        refused: countOf('refused'),
        unexpected: countOf('unexpected'),
        undetermined: countOf('undetermined'),
        ok: countOf('ok'),
        background: countOf('background'),
      },
      byProtocol: [{ protocol: 'RTSP', flows: 2, bytes: 4592, byVerdict: { ok: 2 } }],
      firstTime: 1e9,
      lastTime: 61e9,
    },
    activity: { firstTime: 0, bucketMs: 1000, packets: [60, 0, 60], bytes: [49_000, 0, 49_765] },
    underWay: [{ protocol: 'RTSP', flows: [1, 2, 2, 0, 1, 1] }],
    findings: SAMPLE_FINDINGS,
    multicast: [
      {
        group: '239.255.12.42',
        name: 'Lobby',
        sources: ['10.10.2.20'],
        ports: [5004],
        packets: 1000,
        bytes: 1_316_000,
        members: [{ address: '10.10.1.10', version: 'IGMPv3', lastReport: 3e9 }],
        left: [{ address: '10.10.1.12', version: 'IGMPv3', leftAt: 4e9 }],
        querier: null,
        verdict: 'ok',
        scope: 'administrative, local',
        bitsPerSecond: 263_200,
        joinToFirstPacketMs: 40,
        leaveToLastPacketMs: null,
        flows: [
          {
            flow: 5,
            source: '10.10.2.20',
            port: 5004,
            protocol: 'rtp',
            ttl: 16,
            packets: 1000,
            bitsPerSecond: 263_200,
          },
        ],
      },
    ],
    policy: [{ rule: 'wms9-rtsp', state: 'blocked', flowCount: 2, flows: [1, 3] }],
    quality: [{ code: 'dropped', text: 'The capture lost 7 frames.', count: 7 }],
    ...changes,
  };
}

/** Answers like a real analysis that has finished. */
export function sampleAnalysis(
  snapshot: Snapshot = sampleSnapshot(),
  flows: readonly FlowRow[] = SAMPLE_FLOWS,
): Analysis {
  return {
    snapshot,
    subscribe: () => () => {},
    flows: async ({ where, sort, offset, count }) => {
      const query = compileQuery(where);
      if (!query.ok)
        return { matched: flows.length, offset, rows: flows.slice(offset, offset + count), error: query.error };
      const selected = flows.filter((flow) =>
        query.matches({
          ...flow,
          initiatorAddress: flow.initiator.address,
          responderAddress: flow.responder.address,
          initiatorPort: flow.initiator.port,
          responderPort: flow.responder.port,
          packets: flow.packets.toResponder + flow.packets.toInitiator,
          bytes: flow.bytes.toResponder + flow.bytes.toInitiator,
          loss: null,
          text: Object.values(flow.facts).join('\n'),
        }),
      );
      if (sort === 'verdict') selected.sort((a, b) => VERDICTS.indexOf(a.verdict) - VERDICTS.indexOf(b.verdict));
      return { matched: selected.length, offset, rows: selected.slice(offset, offset + count), error: null };
    },
    flow: async (id) => sampleDetail(snapshot, flows, id),
    recall: async () => null,
    frame: async ({ time }) => ({ kind: 'found', detail: sampleFrame(time) }),
    cancel: () => {},
    finished: Promise.resolve(snapshot),
    close: async () => {},
  };
}

/** A request with a line break and an escape sequence in it. */
function sampleFrame(time: number): FrameDetail {
  const headers = Uint8Array.from({ length: 54 }, (_, index) => index);
  const payload = new TextEncoder().encode('OPTIONS rtsp://10.10.2.20/\x1b[31m RTSP/1.0\r\nCSeq: 1\r\n\r\n');
  const bytes = new Uint8Array([...headers, ...payload]);
  return {
    time,
    wireLength: bytes.length,
    capturedLength: bytes.length,
    layers: [
      { kind: 'link', name: 'Ethernet', start: 0, end: 14, text: '02:00:00:00:00:01 to 02:00:00:00:00:02' },
      { kind: 'network', name: 'IPv4', start: 14, end: 34, text: '10.10.1.10 to 10.10.2.20, TTL 64' },
      { kind: 'transport', name: 'TCP', start: 34, end: 54, text: 'port 38336 to 554, PSH ACK' },
      { kind: 'payload', name: 'Payload', start: 54, end: bytes.length, text: `${payload.length} bytes` },
    ],
    stop: null,
    bytes,
  };
}

function sampleDetail(snapshot: Snapshot, flows: readonly FlowRow[], id: number): FlowDetail | null {
  const row = flows.find((flow) => flow.id === id);
  if (row === undefined) return null;
  return {
    row,
    ladder: [
      sampleStep(row, { frame: 3, time: 1_000_000_001, name: 'SYN' }),
      sampleStep(row, { frame: 4, time: 1_000_100_000, name: 'RST', detail: HOSTILE, direction: 'toInitiator' }),
      sampleStep(row, { frame: 5, time: 1_100_000_000, name: 'ICMP 3/13', direction: 'from-elsewhere' }),
    ],
    ladderDropped: 0,
    findings: snapshot.findings.filter((finding) => finding.flows.includes(id)),
    related: [],
    ruleText: null,
    displayFilter: 'tcp.port == 554',
  };
}

export function sampleStep({ id, initiator, responder }: FlowRow, changes: Partial<LadderStep>): LadderStep {
  const isForward = changes.direction === undefined || changes.direction === 'toResponder';
  const [from, to] = isForward ? [initiator, responder] : [responder, initiator];
  const usual = { capture: 0, frame: 1, time: 0, direction: 'toResponder', name: 'SYN', detail: '', flow: id } as const;
  return { ...usual, from: from.address, to: to.address, ...changes };
}
