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

  it('is another one for another port, and for another verdict', () => {
    const lone = attempt([0], { responder: { address: SERVER, port: 554 } });
    expect(new Set([id, ...idsOf([from('10.10.1.10', 1755)]), ...idsOf([lone])]).size).toBe(3);
  });
});
