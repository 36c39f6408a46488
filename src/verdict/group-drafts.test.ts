import { describe, expect, it } from 'vitest';
import { attempt, captureCase, SERVER } from '../../test/case-builder.ts';
import type { FlowCase } from './flow-case.ts';
import { judge } from './judge.ts';

const SYNS = [0, 1, 3, 7];

function from(address: string, port = 554): FlowCase {
  return attempt(SYNS, { initiator: { address, port: 40_000 }, responder: { address: SERVER, port } });
}

function idsOf(flows: readonly FlowCase[]): string[] {
  return judge(captureCase(flows)).map(({ id }) => id);
}

describe("a finding's id", () => {
  const [id] = idsOf([from('10.10.1.10')]);

  it('begins with its code', () => {
    expect(id).toMatch(/^tcp-unanswered-[0-9a-f]{8}$/);
  });

  it('is the same whoever was first, and however many it hurts', () => {
    expect(idsOf([from('10.10.1.77'), from('10.10.1.10'), from('10.10.1.11')])).toEqual([id]);
  });

  it('is the same beside other trouble', () => {
    expect(idsOf([from('10.10.1.30', 1755), from('10.10.1.10')])).toContain(id);
  });

  it('is another one for another port', () => {
    expect(idsOf([from('10.10.1.10', 1755)])).not.toContain(id);
  });

  it('stays when the verdict changes, and is that of the gravest where there are several', () => {
    const lone = attempt([0], { responder: { address: SERVER, port: 554 } });
    expect(idsOf([lone])).toEqual([id]);
    const [first, second, ...others] = judge(captureCase([lone, from('10.10.1.10')]));
    expect([first?.id, first?.verdict, second?.verdict, others]).toEqual([id, 'blocked', 'undetermined', []]);
    expect(second?.id).not.toBe(id);
  });
});

it('counts many hosts as all other words of the program do', () => {
  const hosts = Array.from({ length: 1200 }, (_, host) => from(`10.20.${host >> 8}.${host & 255}`));
  expect(judge(captureCase(hosts))[0]?.title).toMatch(/ from 1,200 hosts \(/);
});
