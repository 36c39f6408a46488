import { describe, expect, it } from 'vitest';
import { blockedRtsp, type LiveAnalysis } from '../../test/live-analysis.ts';
import { answers, openScreen, READING } from '../../test/open-screen.ts';
import type { Snapshot } from '../analysis/snapshot.ts';

/** How often more is asked in this view when this is told. */
async function askedAgain(view: string, news: (analysis: LiveAnalysis) => Partial<Snapshot>): Promise<number> {
  const analysis = blockedRtsp();
  const { press } = openScreen(analysis);
  analysis.publish(READING);
  await press(view);
  await answers();
  const before = analysis.requests.length;
  expect(before).toBeGreaterThan(0);
  analysis.publish(news(analysis));
  await answers();
  return analysis.requests.length - before;
}

const progress = ({ snapshot }: LiveAnalysis) => ({ totals: { ...snapshot.totals, frames: 9999 } });
const judgement = ({ snapshot }: LiveAnalysis) => ({ findings: [...snapshot.findings] });

describe('what is on screen', () => {
  it('is asked for again as more is read', async () => {
    expect(await askedAgain('2', progress)).toBe(1);
    expect(await askedAgain('2', judgement)).toBe(1);
  });

  it.each(['3', '6'])('waits in the long list of view %s until flows are judged anew', async (view) => {
    expect(await askedAgain(view, progress)).toBe(0);
    expect(await askedAgain(view, judgement)).toBe(1);
  });
});
