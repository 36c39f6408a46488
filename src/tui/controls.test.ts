import { describe, expect, it } from 'vitest';
import { blockedRtsp, manyFlows, unansweredFinding } from '../../test/live-analysis.ts';
import { answers, CAPTURING, openScreen, READING } from '../../test/open-screen.ts';
import { sampleFlow } from '../../test/sample-analysis.ts';
import { currentPage, currentPosition } from './state.ts';

describe('flows', () => {
  it('are not asked for before they are looked at', async () => {
    const analysis = manyFlows(10);
    const { press } = openScreen(analysis);
    await press('jk');
    expect(analysis.requests).toEqual([]);
  });

  it('are asked for in windows, however many there are', async () => {
    const analysis = manyFlows(5000);
    const { store, press } = openScreen(analysis);
    await press('2');
    await press('G');
    expect(analysis.requests.length).toBeLessThanOrEqual(3);
    for (const { count } of analysis.requests) expect(count).toBeLessThan(100);
    const { rows, offset } = store.scene.data.flows ?? { rows: [], offset: 0 };
    expect(offset + rows.length).toBe(5000);
  });

  it('are asked for once, not with each key that needs no others', async () => {
    const analysis = manyFlows(5000);
    const { press } = openScreen(analysis);
    await press('2');
    await press('jjj');
    expect(analysis.requests).toHaveLength(1);
  });

  it('are asked for again when more has been read', async () => {
    const analysis = manyFlows(50);
    const { press } = openScreen(analysis);
    await press('2');
    analysis.publish(READING);
    await answers();
    expect(analysis.requests).toHaveLength(2);
  });

  it('keep the cursor on the chosen one when others come in before it', async () => {
    const analysis = blockedRtsp();
    const { store, press } = openScreen(analysis);
    await press('2');
    await press('jj');
    analysis.flows = async (request) => {
      const rows = [sampleFlow(9), sampleFlow(1), sampleFlow(2), sampleFlow(3)];
      return { matched: rows.length, offset: request.offset, rows, error: null };
    };
    analysis.publish(READING);
    await answers();
    expect(currentPosition(store.scene.state).cursor).toBe(3);
  });

  it('are filtered by exactly what is typed, and by problems', async () => {
    const analysis = manyFlows(50);
    const { press } = openScreen(analysis);
    await press('2/proto:rtsp\r');
    expect(analysis.requests.at(-1)?.where).toBe('proto:rtsp');
    await press('!');
    expect(analysis.requests.at(-1)?.where).toBe('(proto:rtsp) verdict:blocked,refused,unexpected,undetermined');
  });

  it('are told below the list, each with its detail, which stays for when the cursor comes back', async () => {
    const { store, press } = openScreen(blockedRtsp());
    await press('2');
    expect([...store.scene.data.details.keys()].sort()).toEqual([1, 2]);
    await press('jj');
    expect(store.scene.data.details.get(3)?.row.id).toBe(3);
    expect(store.scene.data.details.get(1)?.row.id).toBe(1);
  });

  it('are not asked for in detail where a long list leaves no room for it', async () => {
    const { store, press } = openScreen(manyFlows(50));
    await press('2');
    await press('jj');
    expect(store.scene.data.details.get(13)).toBeUndefined();
  });

  it('open from the list and lead back to the same row', async () => {
    const { store, press } = openScreen(manyFlows(50));
    await press('2');
    await press('jj\r');
    expect(currentPage(store.scene.state)).toEqual({ kind: 'flow', id: 13 });
    expect(store.scene.data.details.get(13)?.row.id).toBe(13);
    await press('\x1b');
    expect(currentPosition(store.scene.state).cursor).toBe(2);
  });
});

describe('findings', () => {
  it('keep the cursor on the chosen one when graver ones come in', async () => {
    const analysis = manyFlows(10);
    const { store, press } = openScreen(analysis);
    await press('jj');
    analysis.publish({ findings: [{ ...unansweredFinding(), id: 'graver' }, ...analysis.snapshot.findings] });
    expect(currentPosition(store.scene.state).cursor).toBe(3);
  });

  it('show the gravest first while nobody has moved the cursor', () => {
    const analysis = manyFlows(10);
    const { store } = openScreen(analysis);
    analysis.publish({ findings: [{ ...unansweredFinding(), id: 'graver' }, ...analysis.snapshot.findings] });
    expect(currentPosition(store.scene.state).cursor).toBe(0);
  });

  it('are filtered by words and by what their titles say', async () => {
    const { store, press } = openScreen(manyFlows(40));
    const { filteredFindings } = await import('./views/finding-filter.ts');
    const left = async (filter: string) => {
      await press(`/\x15${filter}\r`);
      return filteredFindings(store.scene).map(({ id }) => id);
    };
    expect(await left('host:10.10.1.7')).toEqual(['tcp-unanswered-7']);
    expect(await left('proto:rtsp port:554 10.10.1.12')).toEqual(['tcp-unanswered-12']);
    expect(await left('verdict:refused')).toHaveLength(10);
  });

  it('follow each other with n inside of a detail', async () => {
    const { store, press } = openScreen(manyFlows(40));
    await press('\rnn');
    expect(currentPage(store.scene.state)).toEqual({ kind: 'finding', id: 'tcp-unanswered-2' });
    await press('N');
    expect(currentPage(store.scene.state)).toEqual({ kind: 'finding', id: 'tcp-unanswered-1' });
  });
});

describe('copying', () => {
  it('puts the whole finding on the clipboard and says so', async () => {
    const { store, host, press } = openScreen(blockedRtsp());
    await press('y');
    expect(host.copy).toHaveBeenCalledWith(expect.stringContaining('frame 4: SYN from 10.10.1.10:38336'));
    expect(store.scene.state.notice).toMatch(/^Copied the finding: RTSP from/);
  });

  it('takes rows and pages as text', async () => {
    const { host, press } = openScreen(blockedRtsp());
    await press('6');
    await press('y');
    expect(host.copy).toHaveBeenLastCalledWith(expect.stringContaining('From: 10.10.1.10  To: 10.10.2.20  Flows: 1'));
    await press('8y');
    expect(host.copy).toHaveBeenLastCalledWith(expect.stringMatching(/^Read +04-rtsp[\s\S]*is blocked/));
  });

  it('asks for the display filter of a flow', async () => {
    const { host, press } = openScreen(blockedRtsp());
    await press('2');
    await press('y');
    expect(host.copy).toHaveBeenCalledWith('tcp.port == 554');
  });
});

describe('while reading', () => {
  it('Esc closes what is open first, then stops and keeps what was read', async () => {
    const analysis = blockedRtsp();
    const { store, press } = openScreen(analysis);
    analysis.publish(READING);
    await press('2');
    await press('?');
    await press('\x1b');
    expect(analysis.isCancelled).toBe(false);
    await press('\x1b');
    expect(analysis.isCancelled).toBe(true);
    expect(store.scene.data.snapshot.findings).toHaveLength(1);
  });

  it('says what was done although the end of the reading comes right after it', async () => {
    const analysis = blockedRtsp();
    analysis.publish(READING);
    const { store, press } = openScreen(analysis);
    await press('y');
    analysis.publish({ phase: 'done' });
    expect(store.scene.state.notice).toMatch(/^Copied the finding/);
    analysis.publish(READING);
    await press('\x1b');
    expect(store.scene.state.notice).toBe('');
  });

  it('Esc asks before it stops a capture that cannot be made again', async () => {
    const analysis = blockedRtsp();
    const { press } = openScreen(analysis);
    analysis.publish(CAPTURING);
    await press('\x1b');
    await press('x');
    expect(analysis.isCancelled).toBe(false);
    await press('\x1b');
    await press('y');
    expect(analysis.isCancelled).toBe(true);
  });

  it('q asks before it ends a capture that cannot be read again', async () => {
    const analysis = blockedRtsp();
    const { host, press } = openScreen(analysis);
    analysis.publish(CAPTURING);
    await press('qn');
    expect(host.quit).not.toHaveBeenCalled();
    await press('qy');
    expect(host.quit).toHaveBeenCalledOnce();
  });

  it('q ends the reading of a file, and Ctrl+C ends everything, without a question', async () => {
    const analysis = blockedRtsp();
    const { host, press } = openScreen(analysis);
    analysis.publish(READING);
    await press('q');
    analysis.publish(CAPTURING);
    await press('\x03');
    expect(host.quit).toHaveBeenCalledTimes(2);
  });

  it('p holds the screen still and then shows what has come in', async () => {
    const analysis = blockedRtsp();
    const { store, press } = openScreen(analysis);
    await press('p');
    analysis.publish({ findings: [] });
    expect(store.scene.data.snapshot.findings).toHaveLength(1);
    await press('p');
    expect(store.scene.data.snapshot.findings).toHaveLength(0);
  });
});

describe('Enter', () => {
  it('leads from two hosts to the flows between them', async () => {
    const { store, press } = openScreen(blockedRtsp());
    await press('6');
    await press('\r');
    expect(store.scene.state).toMatchObject({ view: 'flows', filter: 'from:10.10.1.10 to:10.10.2.20' });
    expect(store.scene.data.flows?.matched).toBe(1);
    await press('\x1b');
    expect(store.scene.state).toMatchObject({ view: 'hosts', filter: '' });
  });

  it('leads to the flows that stand where nothing was found', async () => {
    const analysis = blockedRtsp();
    analysis.publish({ findings: [], phase: 'reading' });
    const { store, press } = openScreen(analysis);
    await press('\r');
    expect(store.scene.state.view).toBe('findings');
    analysis.publish({ phase: 'done' });
    await press('\r');
    expect(store.scene.state).toMatchObject({ view: 'flows', filter: '' });
    await press('\x1b');
    expect(store.scene.state.view).toBe('findings');
  });

  it('leads from a rule of the policy to its flows', async () => {
    const { store, press } = openScreen(blockedRtsp());
    await press('5\r');
    expect(store.scene.state).toMatchObject({ view: 'flows', filter: 'rule:wms9-rtsp' });
  });
});

describe('the mouse', () => {
  it('chooses a flow with one click and opens it with another', async () => {
    const { store, press } = openScreen(manyFlows(50));
    await press('2');
    await press('\x1b[<0;10;7M');
    expect(currentPosition(store.scene.state).cursor).toBe(2);
    await press('\x1b[<0;10;7M');
    expect(currentPage(store.scene.state)).toEqual({ kind: 'flow', id: 13 });
  });

  it('turns to the view whose name is clicked', async () => {
    const { store, press } = openScreen(blockedRtsp());
    await press('\x1b[<0;15;2M');
    expect(store.scene.state.view).toBe('flows');
  });
});

describe('saving', () => {
  it('offers the finding at hand first, then the whole capture, with or without addresses', async () => {
    const { store, controls, host, press } = openScreen(blockedRtsp());
    await press('e\r');
    expect(host.saver.save).toHaveBeenLastCalledWith({
      format: 'text',
      findings: ['tcp-unanswered-5d41'],
      isAnonymized: false,
    });
    expect(store.scene.state.notice).toBe('Saved report.text');
    await press('eja\r');
    expect(host.saver.save).toHaveBeenLastCalledWith({ format: 'text', findings: [], isAnonymized: true });
    expect(controls.saved).toEqual(['report.text', 'report.text']);
  });

  it('replaces no addresses where that cannot be done', async () => {
    const { host, press } = openScreen(blockedRtsp(), 80, 24, false);
    await press('eja\r');
    expect(host.saver.save).toHaveBeenLastCalledWith({ format: 'text', findings: [], isAnonymized: false });
  });

  it('takes the marked findings, and only one kind of evidence', async () => {
    const { host, press } = openScreen(manyFlows(40));
    await press('  E');
    const findings = ['tcp-unanswered-0', 'tcp-unanswered-1'];
    expect(host.saver.save).toHaveBeenCalledWith({ format: 'evidence', findings, isAnonymized: false });
  });

  it('says why nothing was saved', async () => {
    const { store, host, press } = openScreen(blockedRtsp());
    host.saver.save.mockRejectedValueOnce(new Error('the folder is read-only'));
    await press('e\r');
    expect(store.scene.state.notice).toBe('Not saved: the folder is read-only');
  });
});

describe('a copy', () => {
  it('goes to a file where the terminal would not take it, and the file is told again at the end', async () => {
    const { host, controls, store, press } = openScreen(blockedRtsp());
    host.copy.mockReturnValue(false);
    await press('y');
    expect(host.saver.saveCopy).toHaveBeenCalledWith(expect.stringContaining('is blocked'));
    expect(store.scene.state.notice).toBe('Saved copied.txt');
    expect(controls.saved).toEqual(['copied.txt']);
  });
});
