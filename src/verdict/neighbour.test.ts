import { describe, expect, it } from 'vitest';
import { at, attempt, captureCase, hostInfo, SERVER } from '../../test/case-builder.ts';
import { checkNeighbours } from './neighbour.ts';

const lost = (address: string) => hostInfo(address, { soughtAt: at(0), sought: 3 });

describe('a host that nobody answers for', () => {
  it('is told with the attempts to reach it', () => {
    const flow = attempt([0, 1]);
    const [draft] = checkNeighbours(captureCase([flow], { hosts: [lost(SERVER)] }));
    expect(draft).toMatchObject({ code: 'neighbour-unanswered', verdict: 'background', related: [flow.id], flows: [] });
    expect(draft?.tell().title).toContain(`${SERVER} does not answer`);
  });

  it('is told together with others', () => {
    const drafts = checkNeighbours(captureCase([], { hosts: [lost('10.0.0.1'), lost('10.0.0.2')] }));
    expect(drafts.map((draft) => draft.tell().title)).toEqual([expect.stringContaining('10.0.0.1, 10.0.0.2 do not')]);
  });

  it('is not told when it was found, has sent, or was asked for twice', () => {
    const hosts = [
      { ...lost('10.0.0.1'), foundAt: at(2) },
      { ...lost('10.0.0.2'), sent: at(1) },
      { ...lost('10.0.0.3'), sought: 2 },
    ];
    expect(checkNeighbours(captureCase([], { hosts }))).toEqual([]);
  });

  it('is not told where the answers to most requests are hidden', () => {
    const asked = Array.from({ length: 9 }, (_, i) => ({ ...lost(`10.0.0.${i}`), sought: i < 2 ? 4 : 1 }));
    expect(checkNeighbours(captureCase([], { hosts: asked }))).toEqual([]);
    const others = Array.from({ length: 20 }, (_, i) => ({ ...lost(`10.0.1.${i}`), foundAt: at(1) }));
    expect(checkNeighbours(captureCase([], { hosts: [...asked, ...others] }))).toHaveLength(1);
  });

  it('is not told of a whole link that was searched', () => {
    const hosts = Array.from({ length: 60 }, (_, i) => lost(`10.0.0.${i}`));
    expect(checkNeighbours(captureCase([], { hosts }))).toEqual([]);
  });
});
