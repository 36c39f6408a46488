import { describe, expect, it } from 'vitest';
import { blockedRtsp } from '../../test/live-analysis.ts';
import { openScreen, rowsOf, statusOf } from '../../test/open-screen.ts';
import { initialState, memoryOf, tableChoice } from './state.ts';

describe('the filter prompt', () => {
  it('tells what could follow, and Tab takes it', async () => {
    const { store, press } = openScreen(blockedRtsp());
    await press('/verdict:un');
    expect(statusOf(store)).toContain('Tab  verdict:unexpected  verdict:undetermined');
    await press('\t');
    expect(store.scene.state.overlay).toMatchObject({ text: 'verdict:unexpected' });
  });

  it('knows the protocols of the capture', async () => {
    const { store, press } = openScreen(blockedRtsp());
    await press('/proto:r\t');
    expect(store.scene.state.overlay).toMatchObject({ text: 'proto:rtsp' });
  });

  it('puts a named filter in place of the first letters of its name', async () => {
    const { store, press } = openScreen(blockedRtsp());
    await press('/verdict:blocked\rFbad ones\r/\x15ba');
    expect(statusOf(store)).toContain('Tab  verdict:blocked');
    await press('\t');
    expect(store.scene.state.filter).toBe('verdict:blocked');
  });

  it('says what is wrong beside the whole of what was typed', async () => {
    const { store, press } = openScreen(blockedRtsp());
    const typed = 'proto:rtsp host:10.10.1.10 verdct:blocked';
    await press(`/${typed}`);
    expect(statusOf(store)).toContain("no field 'verdct'; fields are proto");
    expect(rowsOf(store).at(-1)).toContain(typed);
    await press('\r');
    expect(store.scene.state.overlay.kind).toBe('filter');
  });
});

describe('the palette', () => {
  it('offers what other views have, and goes there', async () => {
    const { store, press } = openScreen(blockedRtsp());
    await press(':newest\r');
    expect(store.scene.state).toMatchObject({ view: 'flows', sort: { key: 'firstTime', isDescending: true } });
  });

  it('runs the command that was found by its name', async () => {
    const { store, press } = openScreen(blockedRtsp());
    await press(':multic\r');
    expect(store.scene.state.view).toBe('multicast');
  });
});

describe('on a narrow screen', () => {
  it('the view on screen has its name, the others their numbers, and each can be clicked', async () => {
    const { store, press } = openScreen(blockedRtsp(), 40, 12);
    await press('7');
    const tabs = rowsOf(store)[1];
    expect(tabs).toBe(' 1 2 3 4 5 6 7 Capture 8');
    await press('\x1b[<0;24;2M');
    expect(store.scene.state.view).toBe('summary');
  });

  it('a view that is not filtered says which are', async () => {
    const { store, press } = openScreen(blockedRtsp());
    await press('7/');
    expect(store.scene.state).toMatchObject({ notice: expect.stringContaining('/ filters findings,'), filter: '' });
  });
});

describe('tables', () => {
  /** What stands in the first column of names, row by row. */
  const column = (rows: readonly string[], name: RegExp): string[] =>
    rows.flatMap((row) => name.exec(row)?.slice(1, 2) ?? []);

  it('are ordered by each of their columns, the largest amounts first, and turned round', async () => {
    const { store, press } = openScreen(blockedRtsp());
    await press('6');
    const from = /(?:blocked|ok) +(10\.10\.1\.1\d) +10\.10\.2\.20/;
    expect(column(rowsOf(store), from)).toEqual(['10.10.1.10', '10.10.1.11']);
    await press('sss');
    expect(rowsOf(store)[3]).toContain('Flows▼');
    expect(column(rowsOf(store), from)).toEqual(['10.10.1.11', '10.10.1.10']);
    await press('S');
    expect(column(rowsOf(store), from)).toEqual(['10.10.1.10', '10.10.1.11']);
  });

  it('show the columns that are wanted and leave out the others, until that is changed', async () => {
    const { store, press } = openScreen(blockedRtsp());
    const titles = () => rowsOf(store)[3] ?? '';
    await press('2');
    expect(titles()).toMatch(/Verdict.*Protocol.*Packets/);
    expect(titles()).not.toContain('Known by');
    await press('\x1b[21~jj \x1b');
    expect(titles()).not.toContain('Protocol');
    await press('\x1b[21~');
    for (let down = 0; down < 13; down++) await press('j');
    await press('\r\x1b');
    expect(titles()).toContain('Known by');
    expect(memoryOf(store.scene.state).columns).toEqual({ flows: { Protocol: 'hidden', 'Known by': 'shown' } });
    await press('3');
    expect(titles()).toMatch(/Verdict.*Codec/);
    await press('2\x1b[21~d');
    for (let down = 0; down < 11; down++) await press('j');
    await press('\rj\r');
    expect(store.scene.state.notice).toBe('There is no room for Rule: leave out others first.');
    await press('d\x1b');
    expect(titles()).toMatch(/Verdict.*Protocol.*Packets/);
    expect(titles()).not.toContain('Known by');
  });

  it('begin with the columns of earlier runs', () => {
    const memory = { history: [], named: [], columns: { hosts: { Bytes: 'hidden' } } } as const;
    const state = initialState(80, 24, false, memory);
    expect(tableChoice({ ...state, view: 'hosts' }).columns).toEqual({ Bytes: 'hidden' });
    expect(memoryOf(state)).toEqual(memory);
  });
});
