import { describe, expect, it } from 'vitest';
import { attempt, CLIENT, captureCase, flowCase } from '../../test/case-builder.ts';
import type { FlowCase } from './flow-case.ts';
import { checkPortScans } from './port-scan.ts';

const knocks = (count: number, syns: readonly number[], port: (i: number) => number): FlowCase[] =>
  Array.from({ length: count }, (_, i) =>
    attempt(syns, {
      initiator: { address: CLIENT, port: port(i) },
      responder: { address: `10.10.2.${i + 1}`, port: 554 },
    }),
  );

describe('a scan of streaming ports', () => {
  it('is told once for attempts from one port', () => {
    const drafts = checkPortScans(
      captureCase(
        knocks(12, [0], () => 50_000),
        { endSecond: 1 },
      ),
    );
    expect(drafts.map(({ code, flows }) => [code, flows.length])).toEqual([['port-scan', 12]]);
  });

  it('is told for attempts from one port that the scanner repeats, and for no others', () => {
    const others = knocks(3, [0, 1, 3], (i) => 40_000 + i);
    const [draft, ...more] = checkPortScans(captureCase([...knocks(12, [0, 1], () => 50_000), ...others]));
    expect([draft?.code, draft?.flows.length, more]).toEqual(['port-scan', 12, []]);
    expect(draft?.tell().why).toContain('from one port');
  });

  it('is told for attempts that nobody repeats although there is time', () => {
    expect(checkPortScans(captureCase(knocks(9, [0], (i) => 50_000 + i)))).toHaveLength(1);
  });

  it('is not seen in repeated attempts at many cameras, nor in ones that have just begun', () => {
    const ports = (i: number): number => 50_000 + i;
    expect(checkPortScans(captureCase(knocks(12, [0, 1, 3], ports)))).toEqual([]);
    expect(checkPortScans(captureCase(knocks(12, [0], ports), { endSecond: 2 }))).toEqual([]);
  });

  it('is not seen in connections that opened, nor in few attempts', () => {
    const open = Array.from({ length: 12 }, (_, i) => flowCase({ responder: { address: `10.10.2.${i}`, port: 554 } }));
    expect(checkPortScans(captureCase(open))).toEqual([]);
    expect(checkPortScans(captureCase(knocks(5, [0], () => 50_000)))).toEqual([]);
  });
});
