import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { changeState, readState, statePath, withMemory, withOpened } from './saved-state.ts';

const folder = mkdtempSync(join(tmpdir(), 'mediatap-state-'));
const path = statePath({ XDG_STATE_HOME: folder }, 'linux');
const NOTHING = { recent: [], history: [], named: [], columns: {} };

beforeEach(() => rmSync(dirname(path), { recursive: true, force: true }));
afterAll(() => rmSync(folder, { recursive: true }));

function capture(name: string): string {
  const file = join(folder, name);
  writeFileSync(file, '');
  return file;
}

describe('the state folder', () => {
  it('is where the XDG specification puts it, and a relative path is ignored', () => {
    expect(path).toBe(join(folder, 'mediatap', 'state.json'));
    expect(statePath({ XDG_STATE_HOME: 'here' }, 'linux')).toMatch(/\.local[\\/]state[\\/]mediatap/);
    expect(statePath({}, 'linux')).toMatch(/\.local[\\/]state[\\/]mediatap/);
  });

  it('is readable by its owner alone', () => {
    changeState(path, (state) => ({ ...state, history: ['verdict:blocked'] }));
    expect(statSync(path).mode & 0o077).toBe(0);
    expect(readState(path).history).toEqual(['verdict:blocked']);
  });
});

describe('what is remembered', () => {
  it('are captures that were opened, newest first and each once', () => {
    const [one, two] = [capture('one.pcap'), capture('two.pcap')];
    for (const [at, file] of [one, two, one].entries()) changeState(path, (state) => withOpened(state, [file], at));
    expect(readState(path).recent).toEqual([
      { path: one, openedAt: 2 },
      { path: two, openedAt: 1 },
    ]);
  });

  it('are not pipes, interfaces and files that are gone', () => {
    const state = withOpened(NOTHING, ['-', '/dev/null', 'eth0 (live, dumpcap)', join(folder, 'gone.pcap')], 1);
    expect(state).toEqual(NOTHING);
  });

  it('are the filters of all windows, those of the one that is closed last first', () => {
    const [one, two] = [
      { name: 'a', text: 'port:1' },
      { name: 'b', text: 'port:2' },
    ];
    const state = { ...NOTHING, history: ['rtsp', 'mms'], named: [one, { name: 'b', text: 'port:9' }] };
    const memory = {
      ...NOTHING,
      history: ['rtp', 'mms'],
      named: [two],
      recent: [{ path: '/stale.pcap', openedAt: 1 }],
    };
    expect(withMemory(state, memory)).toEqual({ ...NOTHING, history: ['rtp', 'mms', 'rtsp'], named: [two, one] });
  });

  it('are the columns that were chosen, for each view by the window that chose last', () => {
    const flows = { Bytes: 'shown', Why: 'hidden' } as const;
    changeState(path, (state) => withMemory(state, { ...NOTHING, columns: { flows, hosts: { Bytes: 'hidden' } } }));
    changeState(path, (state) => withMemory(state, { ...NOTHING, columns: { hosts: {} } }));
    expect(readState(path).columns).toEqual({ flows, hosts: {} });
    writeFileSync(path, '{"columns":{"flows":{"Bytes":"shown","Why":5},"hosts":"none"}}');
    expect(readState(path).columns).toEqual({ flows: { Bytes: 'shown' }, hosts: {} });
  });

  it('is bounded', () => {
    const history = Array.from({ length: 1000 }, (_, index) => `port:${index}`);
    changeState(path, (state) => ({ ...state, history }));
    expect(readState(path).history).toHaveLength(50);
  });

  it.each([
    '',
    '{',
    'null',
    '[]',
    '{"recent":5}',
    '{"recent":[{"path":1}],"history":[{}],"named":[5,{"name":"a"}]}',
    '{"recent":[{"path":"a","openedAt":1e300}]}',
    '{"columns":5}',
  ])('is nothing when the file holds %j', (content) => {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
    expect(readState(path)).toEqual(NOTHING);
  });

  it('is nothing, and no failure, where nothing can be written', () => {
    const nowhere = statePath({ XDG_STATE_HOME: '/dev/null' }, 'linux');
    changeState(nowhere, (state) => ({ ...state, history: ['x'] }));
    expect(readState(nowhere)).toEqual(NOTHING);
    expect(existsSync(nowhere)).toBe(false);
  });
});
