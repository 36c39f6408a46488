import { expect, it } from 'vitest';
import { blockedRtsp } from '../../../test/live-analysis.ts';
import { openScreen } from '../../../test/open-screen.ts';
import { type Shape, START } from '../scroll.ts';
import { footerLine } from './footer.ts';

it('offers to open what a page leads to only where it leads to something', async () => {
  const { store, press } = openScreen(blockedRtsp(), 120);
  await press('\r');
  const hints = (links: readonly number[]) => {
    const shape: Shape = { kind: 'text', count: 30, links, room: 20 };
    return footerLine(store.scene, shape, START)
      .map(({ text }) => text)
      .join('');
  };
  expect(hints([4])).toContain('Enter open');
  expect(hints([])).not.toContain('Enter');
  expect(hints([])).toContain('Esc back');
});
