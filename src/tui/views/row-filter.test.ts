import { describe, expect, it } from 'vitest';
import { blockedRtsp } from '../../../test/live-analysis.ts';
import { openScreen, rowsOf } from '../../../test/open-screen.ts';
import type { PolicyRow } from '../../analysis/snapshot.ts';

function rule(name: string, state: PolicyRow['state'] = 'never-seen'): PolicyRow {
  return { rule: name, state, flowCount: 0, flows: [] };
}

describe('groups', () => {
  it.each([
    ['239.255.12.42', true],
    ['lobby', true],
    ['proto:rtp port:5004 from:10.10.2.20', true],
    ['to:239.255/16 packets>999', true],
    ['from:10.10.1.10 IGMPv3', true],
    ['verdict:ok', true],
    ['verdict:blocked', false],
    ['port:5005', false],
    ['proto:rtp from:10.10.1.10', false],
  ])('are filtered by %s', async (filter, isLeft) => {
    const { store, press } = openScreen(blockedRtsp());
    await press(`4/${filter}\r`);
    const screen = rowsOf(store).join('\n');
    expect(/ok +239\.255\.12\.42/.test(screen)).toBe(isLeft);
    expect(screen.includes('No group matches the filter. Esc clears it.')).toBe(!isLeft);
  });
});

describe('rules', () => {
  it.each([
    ['mmsu', ['wms9-mmsu']],
    ['port:1755', ['wms9-mms-tcp', 'wms9-mmsu']],
    ['port:1755 transport:tcp', ['wms9-mms-tcp']],
    ['port:554', ['wms9-rtsp']],
    ['rule:wms9', ['wms9-rtsp', 'wms9-mms-tcp', 'wms9-mmsu']],
    ['verdict:blocked', ['wms9-rtsp']],
    ['site setting', ['cs-h323-range']],
  ])('are filtered by %s', async (filter, left) => {
    const analysis = blockedRtsp();
    const policy = [rule('wms9-rtsp', 'blocked'), rule('wms9-mms-tcp'), rule('wms9-mmsu'), rule('cs-h323-range')];
    analysis.publish({ policy });
    const { store, press } = openScreen(analysis);
    await press(`5/${filter}\r`);
    const shown = rowsOf(store).flatMap((row) => /(?:blocked|never seen) .* (wms9\S+|cs-\S+)/.exec(row)?.[1] ?? []);
    expect(shown).toEqual(left);
  });

  it('are all there again when the filter has gone, and only the problems with !', async () => {
    const analysis = blockedRtsp();
    analysis.publish({ policy: [rule('wms9-rtsp', 'working'), rule('wms9-mmsu')] });
    const { store, press } = openScreen(analysis);
    await press('5/nothing\r');
    expect(rowsOf(store).join('\n')).toContain('No rule matches the filter. Esc clears it.');
    await press('\x1b');
    expect(rowsOf(store).join('\n')).toContain('wms9-mmsu');
    await press('!');
    expect(rowsOf(store).join('\n')).not.toContain('wms9-mmsu');
  });
});

it('the summary tells the findings that the filter leaves', async () => {
  const { store, press } = openScreen(blockedRtsp());
  await press('8/port:9\r');
  expect(rowsOf(store).join('\n')).toContain('No finding matches the filter. Esc clears it.');
  await press('\x1b');
  expect(rowsOf(store).join('\n')).toContain('✗ RTSP from');
});
