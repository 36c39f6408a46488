import { describe, expect, it } from 'vitest';
import { attempt, captureCase, flowCase, SERVER } from '../../test/case-builder.ts';
import type { FlowCase } from './flow-case.ts';
import { judge } from './judge.ts';

const client = (i: number, port = 554): FlowCase =>
  attempt([0, 1, 3], { initiator: { address: `10.10.1.${i}`, port: 40_000 }, responder: { address: SERVER, port } });

describe('findings', () => {
  it('are one for one cause, whatever the number of clients', () => {
    const flows = Array.from({ length: 40 }, (_, i) => client(i + 1));
    const findings = judge(captureCase(flows));
    expect(findings.map(({ code, viewers }) => [code, viewers])).toEqual([['tcp-unanswered', 40]]);
  });

  it('hold the same flows however these came, those that hurt most viewers first, and the same twice', () => {
    const flows = [client(1, 554), client(1, 1935), client(2, 1935), client(3, 1755), flowCase()];
    const judged = (order: readonly FlowCase[]) =>
      judge(captureCase(order)).map((finding) => [finding.viewers, finding.flows.toSorted((a, b) => a - b)]);
    expect(judged(flows)[0]?.[0]).toBe(2);
    expect(new Set(judged(flows.toReversed()).map(String))).toEqual(new Set(judged(flows).map(String)));
    expect(judge(captureCase(flows))).toEqual(judge(captureCase(flows)));
  });

  it('of a scan stand for all its attempts', () => {
    const knocks = Array.from({ length: 12 }, (_, i) =>
      attempt([0], {
        initiator: { address: '10.10.1.9', port: 50_000 },
        responder: { address: `10.10.2.${i}`, port: 554 },
      }),
    );
    expect(judge(captureCase(knocks)).map(({ code }) => code)).toEqual(['port-scan']);
  });

  it('are none where everything works', () => {
    expect(judge(captureCase([flowCase(), flowCase()]))).toEqual([]);
  });
});
