import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { readWhole } from '../../test/read-whole.ts';
import { parseAddress } from '../format/address.ts';
import { FlowEnds } from './flow-ends.ts';
import { FlowSelection } from './flow-selection.ts';
import { judgePipeline } from './judgement.ts';
import type { FlowRow, FlowWindowRequest } from './snapshot.ts';

const fixture = (name: string) => fileURLToPath(new URL(`../../fixtures/${name}`, import.meta.url));
/** The first holds announced flows that no packet reached; the second IPv6. */
const CAPTURES = ['demo/capture.pcapng', 'recorded-rtsp-media-dropped/capture.pcap', 'media-dropped-ipv6/capture.pcap'];
const ALL: FlowWindowRequest = { where: '', sort: 'id', descending: false, offset: 0, count: 1000 };
const REQUESTS: readonly FlowWindowRequest[] = [
  ALL,
  { ...ALL, sort: 'verdict' },
  { ...ALL, sort: 'initiator', descending: true },
  { ...ALL, where: 'rtsp' },
  { ...ALL, where: 'verdict:blocked host:10/8' },
];

describe.each(CAPTURES)('flows of %s', (name) => {
  it('are the same wherever a rehearsal has come to', async () => {
    const pipeline = await readWhole(fixture(name));
    const judgement = judgePipeline(pipeline);
    const selectionAfter = (rehearsals: number): FlowSelection => {
      const selection = new FlowSelection(pipeline, judgement);
      for (let done = 0; done < rehearsals && selection.rehearse(2); done++);
      return selection;
    };
    for (const request of REQUESTS) {
      const plain = selectionAfter(0).window(request);
      expect(plain.matched).toBeLessThanOrEqual(pipeline.flows.made + judgement.absent.length);
      for (const rehearsals of [1, 3, 1000]) expect(selectionAfter(rehearsals).window(request)).toEqual(plain);
    }
  });

  it('are found by what they begin from and lead to', async () => {
    const pipeline = await readWhole(fixture(name));
    const selection = new FlowSelection(pipeline, judgePipeline(pipeline));
    const idsOf = (rows: readonly FlowRow[]) => rows.map(({ id }) => id);
    const { rows } = selection.window(ALL);
    for (const { initiator, responder } of rows) {
      const from = selection.window({ ...ALL, where: `from:${initiator.address}` });
      expect(idsOf(from.rows)).toEqual(idsOf(rows.filter((row) => row.initiator.address === initiator.address)));
      const to = selection.window({ ...ALL, where: `to:${responder.address}` });
      expect(idsOf(to.rows)).toEqual(idsOf(rows.filter((row) => row.responder.address === responder.address)));
    }
  });

  it('have the addresses of their table, as text and as numbers', async () => {
    const pipeline = await readWhole(fixture(name));
    const judgement = judgePipeline(pipeline);
    const ends = new FlowEnds(pipeline.flows);
    const { rows } = new FlowSelection(pipeline, judgement).window(ALL);
    expect(rows.length).toBeGreaterThan(0);
    for (const { id, initiator, responder } of rows) {
      const flow = judgement.flowById(id) ?? judgement.absent.find((absent) => absent.id === id);
      if (flow === undefined) throw new Error(`no flow ${id}`);
      for (const [end, { address, port }] of [
        [0, initiator],
        [1, responder],
      ] as const) {
        expect([ends.address(flow, end), ends.port(flow, end)]).toEqual([address, port]);
        const octets = [...(parseAddress(address) ?? [])];
        const number = address.includes(':') ? -1 : octets.reduce((sum, octet) => sum * 256 + octet, 0);
        expect(ends.ipv4(flow, end)).toBe(number);
      }
    }
  });
});
