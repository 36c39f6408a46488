/** Recordings of real players and servers through a real firewall: what is told of them against what was done to them. */

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { Verdict } from '../src/verdict/finding.ts';
import { type Report, type ReportedFlow, runReport } from './run-report.ts';

const lab = fileURLToPath(new URL('../../shared/captures/lab/', import.meta.url));
const isThere = existsSync(`${lab}truth`);

interface TrueFlow {
  readonly protocol: string;
  readonly l4: string;
  readonly src: string;
  readonly sport: number;
  readonly dst: string;
  readonly dport: number;
  readonly verdict: Verdict;
  /** Any one of them is right. */
  readonly codes?: readonly string[];
  readonly negotiated_by: string | null;
  readonly measured: { readonly packets_fwd: number; readonly packets_rev: number };
}

interface Truth {
  readonly capture: string;
  readonly title: string;
  readonly flows: readonly TrueFlow[];
  readonly multicast?: {
    readonly group: string;
    readonly joined: boolean;
    readonly data: boolean;
    readonly verdict?: Verdict;
    readonly codes?: readonly string[];
  };
}

/** Where the truth cannot be seen from where the capture was taken, `undetermined` is the right word, and this is why. */
const UNSEEN: Readonly<Record<string, string>> = {
  '03d-rtsp-udp-dropped-nofallback-serverside': 'the drop lies beyond: media leaves, and only reports are missing',
  '05-rtsp-554-reject-firewall-rst': 'nothing shows whose MAC the reset came from, nor the TTL of the host',
  '11-mcast-join-nodata-clientside': 'a source that is off looks the same from here',
  '21d-span-one-direction-client-to-server': 'the half that would show the media arriving is not in the capture',
};

/** Codes that judge no flow. */
const EXPLAINING: readonly string[] = ['rollover'];

const truths: Truth[] = isThere
  ? readdirSync(`${lab}truth`).map((file) => JSON.parse(readFileSync(`${lab}truth/${file}`, 'utf8')))
  : [];

function find(report: Report, { l4, src, sport, dst, dport }: TrueFlow): ReportedFlow | undefined {
  const isEnd = (end: ReportedFlow['initiator'], address: string, port: number) =>
    end.address === address && end.port === port;
  return report.flows.find(
    ({ transport, initiator, responder }) =>
      transport === l4 &&
      ((isEnd(initiator, src, sport) && isEnd(responder, dst, dport)) ||
        (isEnd(initiator, dst, dport) && isEnd(responder, src, sport))),
  );
}

// A suite without any test is a failure of its own.
describe.skipIf(!isThere)('the recordings', () => {
  it('are there, each with its truth', () => expect(truths.length).toBeGreaterThan(20));
});

describe.skipIf(!isThere).each(truths)('$title ($capture)', (truth) => {
  const name = truth.capture.replace(/\.pcap$/, '');
  const report = isThere ? runReport(lab + truth.capture) : Promise.reject();
  const accepted = (verdict: Verdict): string[] => (name in UNSEEN ? [verdict, 'undetermined'] : [verdict]);

  it('names each flow as it was', async () => {
    const told = await report;
    const seen = truth.flows.map((flow) => {
      const found = find(told, flow);
      return {
        protocol: found?.protocol,
        lacksAnnouncer: flow.negotiated_by !== null && found?.announcedBy == null,
        initiator: `${found?.initiator.address}:${found?.initiator.port}`,
        packets: [found?.packets.toResponder, found?.packets.toInitiator],
      };
    });
    const was = truth.flows.map((flow) => ({
      protocol: flow.protocol,
      lacksAnnouncer: false,
      initiator: `${flow.src}:${flow.sport}`,
      packets: [flow.measured.packets_fwd, flow.measured.packets_rev],
    }));
    expect(seen).toEqual(was);
  });

  it('judges each flow as it was', async () => {
    const told = await report;
    const wrong = truth.flows.filter(
      (flow) => !accepted(flow.verdict).includes(find(told, flow)?.verdict ?? 'missing'),
    );
    expect(wrong.map((flow) => ({ ...flow, told: find(told, flow)?.verdict }))).toEqual([]);
    const uncoded = truth.flows
      .filter(({ codes = [] }) => codes.length > 0)
      .filter((flow) => {
        const codes = find(told, flow)?.codes ?? [];
        return !flow.codes?.some((code) => codes.includes(code));
      });
    expect(uncoded).toEqual([]);
  });

  it('claims nothing else', async () => {
    const told = await report;
    const known = truth.flows.map((flow) => find(told, flow)?.id);
    const others = told.flows.filter(({ id }) => !known.includes(id));
    expect(others.filter(({ verdict }) => verdict !== 'background' && verdict !== 'ok')).toEqual([]);
    const right = [...truth.flows.flatMap(({ codes = [] }) => codes), ...(truth.multicast?.codes ?? [])];
    const codes = told.findings.map(({ code }) => code);
    expect(codes.filter((code) => !right.includes(code) && !EXPLAINING.includes(code))).toEqual([]);
  });

  it('judges the group as it was', async () => {
    const { multicast } = truth;
    if (multicast === undefined) return;
    const { multicast: groups, findings } = await report;
    const row = groups.find(({ group }) => group === multicast.group);
    expect((row?.sources.length ?? 0) > 0).toBe(multicast.data);
    const usual = multicast.joined ? 'ok' : 'unexpected';
    expect(accepted(multicast.verdict ?? usual)).toContain(row?.verdict);
    const codes = findings.filter(({ groups: named }) => named.includes(multicast.group)).map(({ code }) => code);
    expect(codes).toEqual(multicast.codes ?? (multicast.joined ? [] : ['multicast-no-member']));
  });
});
