import { describe, expect, it } from 'vitest';
import { attempt, captureCase, flowCase, mediaCase, SERVER } from '../../test/case-builder.ts';
import type { Draft } from './draft.ts';
import type { FlowCase } from './flow-case.ts';
import { DraftGroups } from './group-drafts.ts';
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

it('counts as viewers those who asked for media, whichever end sent first', () => {
  const viewer = { address: '10.10.1.10', port: 40_100 };
  const server = { address: SERVER, port: 50_200 };
  const viewersOf = (flow: FlowCase): number | undefined => {
    const drafts = new DraftGroups();
    for (const each of [mediaCase(flowCase({ initiator: viewer })), flow]) drafts.add(draftOn(each));
    return drafts.toFindings()[0]?.viewers;
  };
  const [control, announced] = [flowCase(), mediaCase(flowCase()).announced[0]];
  if (announced === undefined) throw new Error('no announcement');
  const fromServer = { initiator: server, responder: viewer };
  expect(viewersOf(mediaCase(control, { ...fromServer, announced: [{ ...announced, initiatorEnd: 1 }] }))).toBe(1);
  expect(viewersOf(mediaCase(control, fromServer))).toBe(2);
});

describe('drafts of one cause', () => {
  const findingOf = (...drafts: readonly Draft[]) => {
    const groups = new DraftGroups();
    groups.addAll(drafts);
    const [finding, ...others] = groups.toFindings();
    expect(others).toEqual([]);
    return finding;
  };

  it('are as sure as the least sure of them', () => {
    const sure = () => draftOn(flowCase());
    expect(findingOf(sure(), sure())?.certainty).toBe('confirmed');
    expect(findingOf(sure(), { ...sure(), certainty: 'inferred' })?.certainty).toBe('inferred');
    expect(findingOf({ ...sure(), certainty: 'inferred' }, sure())?.certainty).toBe('inferred');
  });

  it('explain no flow that one of them judges', () => {
    const [one, other] = [flowCase({ id: 1 }), flowCase({ id: 2 })];
    const finding = findingOf({ ...draftOn(one), related: [2, 3] }, { ...draftOn(other), related: [1, 3] });
    expect([finding?.flows, finding?.related]).toEqual([[1, 2], [3]]);
  });

  it('are told of a few, however many there are', () => {
    let told = 0;
    const tell = () => {
      told++;
      return { what: '', why: '', nextStep: '', evidence: [] };
    };
    const finding = findingOf(...Array.from({ length: 500 }, (_, id) => ({ ...draftOn(flowCase({ id })), tell })));
    expect(finding?.flows).toHaveLength(500);
    expect(told).toBeLessThan(50);
  });

  it('speak against their flows, the gravest first', () => {
    const groups = new DraftGroups();
    const flow = flowCase({ id: 1 });
    for (const verdict of ['undetermined', 'blocked', 'refused'] as const) groups.add({ ...draftOn(flow), verdict });
    groups.add({ ...draftOn(flowCase({ id: 2 })), verdict: 'unexpected' });
    groups.add(draftOn(flowCase({ id: 3 })));
    const failures = groups.failures(new Set([1, 2]));
    expect([...failures].map(([id, { verdict }]) => [id, verdict])).toEqual([[1, 'blocked']]);
  });
});

function draftOn(flow: FlowCase): Draft {
  return {
    code: 'media-never-arrived',
    verdict: 'blocked',
    certainty: 'confirmed',
    cause: 'silent-drop',
    where: 'unknown',
    flows: [flow],
    related: [],
    groups: [],
    rule: null,
    groupKey: 'one',
    tell: () => ({ what: '', why: '', nextStep: '', evidence: [] }),
  };
}
