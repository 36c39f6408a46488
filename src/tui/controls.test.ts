import { describe, expect, it, vi } from 'vitest';
import { blockedRtsp, type LiveAnalysis, manyFlows, unansweredFinding } from '../../test/live-analysis.ts';
import { sampleFlow } from '../../test/sample-analysis.ts';
import type { Snapshot } from '../analysis/snapshot.ts';
import type { Finding } from '../verdict/finding.ts';
import { Controls } from './controls.ts';
import { KeyDecoder } from './key-decoder.ts';
import { layOutScreen } from './layout.ts';
import type { SaveRequest } from './saving.ts';
import { currentPage, currentPosition } from './state.ts';
import { Store } from './store.ts';
import { createTheme } from './theme.ts';

const { marks } = createTheme('dark', 'none', true);

function open(analysis: LiveAnalysis, columns = 80, rows = 24, canAnonymize = true, ring = () => {}) {
  const saver = {
    formats: [{ id: 'text', description: 'for a ticket' }],
    canAnonymize,
    evidenceFormat: 'evidence',
    save: vi.fn(async ({ format }: SaveRequest) => `report.${format}`),
    saveCopy: vi.fn(async () => 'copied.txt'),
  };
  const host = { saver, copy: vi.fn((_text: string) => true), quit: vi.fn(), suspend: vi.fn() };
  const store = new Store(analysis, { marks, columns, rows, offer: saver, changed: () => {}, ring });
  const controls = new Controls(analysis, store, host);
  const decoder = new KeyDecoder();
  const press = async (keys: string) => {
    for (const input of [...decoder.push(keys), ...decoder.flush()]) controls.input(input);
    await answers();
  };
  return { store, controls, host, press };
}

function answers(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

const READING: Partial<Snapshot> = {
  phase: 'reading',
  progress: { bytesRead: 10, bytesTotal: 100, elapsedMs: 5 },
};
const CAPTURING: Partial<Snapshot> = {
  phase: 'reading',
  progress: { bytesRead: 10, bytesTotal: null, elapsedMs: 5 },
};

describe('flows', () => {
  it('are not asked for before they are looked at', async () => {
    const analysis = manyFlows(10);
    const { press } = open(analysis);
    await press('jk');
    expect(analysis.requests).toEqual([]);
  });

  it('are asked for in windows, however many there are', async () => {
    const analysis = manyFlows(5000);
    const { store, press } = open(analysis);
    await press('2');
    await press('G');
    expect(analysis.requests.length).toBeLessThanOrEqual(3);
    for (const { count } of analysis.requests) expect(count).toBeLessThan(100);
    const { rows, offset } = store.scene.data.flows ?? { rows: [], offset: 0 };
    expect(offset + rows.length).toBe(5000);
  });

  it('are asked for once, not with each key that needs no others', async () => {
    const analysis = manyFlows(5000);
    const { press } = open(analysis);
    await press('2');
    await press('jjj');
    expect(analysis.requests).toHaveLength(1);
  });

  it('are asked for again when more has been read', async () => {
    const analysis = manyFlows(50);
    const { press } = open(analysis);
    await press('2');
    analysis.publish(READING);
    await answers();
    expect(analysis.requests).toHaveLength(2);
  });

  it('keep the cursor on the chosen one when others come in before it', async () => {
    const analysis = blockedRtsp();
    const { store, press } = open(analysis);
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
    const { press } = open(analysis);
    await press('2/proto:rtsp\r');
    expect(analysis.requests.at(-1)?.where).toBe('proto:rtsp');
    await press('!');
    expect(analysis.requests.at(-1)?.where).toBe('(proto:rtsp) verdict:blocked,refused,unexpected,undetermined');
  });

  it('are told below the list, each with its detail, which stays for when the cursor comes back', async () => {
    const { store, press } = open(blockedRtsp());
    await press('2');
    expect([...store.scene.data.details.keys()].sort()).toEqual([1, 2]);
    await press('jj');
    expect(store.scene.data.details.get(3)?.row.id).toBe(3);
    expect(store.scene.data.details.get(1)?.row.id).toBe(1);
  });

  it('are not asked for in detail where a long list leaves no room for it', async () => {
    const { store, press } = open(manyFlows(50));
    await press('2');
    await press('jj');
    expect(store.scene.data.details.get(13)).toBeUndefined();
  });

  it('open from the list and lead back to the same row', async () => {
    const { store, press } = open(manyFlows(50));
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
    const { store, press } = open(analysis);
    await press('jj');
    analysis.publish({ findings: [{ ...unansweredFinding(), id: 'graver' }, ...analysis.snapshot.findings] });
    expect(currentPosition(store.scene.state).cursor).toBe(3);
  });

  it('show the gravest first while nobody has moved the cursor', () => {
    const analysis = manyFlows(10);
    const { store } = open(analysis);
    analysis.publish({ findings: [{ ...unansweredFinding(), id: 'graver' }, ...analysis.snapshot.findings] });
    expect(currentPosition(store.scene.state).cursor).toBe(0);
  });

  it('are filtered by words and by what their titles say', async () => {
    const { store, press } = open(manyFlows(40));
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
    const { store, press } = open(manyFlows(40));
    await press('\rnn');
    expect(currentPage(store.scene.state)).toEqual({ kind: 'finding', id: 'tcp-unanswered-2' });
    await press('N');
    expect(currentPage(store.scene.state)).toEqual({ kind: 'finding', id: 'tcp-unanswered-1' });
  });
});

describe('copying', () => {
  it('puts the whole finding on the clipboard and says so', async () => {
    const { store, host, press } = open(blockedRtsp());
    await press('y');
    expect(host.copy).toHaveBeenCalledWith(expect.stringContaining('frame 4: SYN from 10.10.1.10:38336'));
    expect(store.scene.state.notice).toMatch(/^Copied the finding: RTSP from/);
  });

  it('takes rows and pages as text', async () => {
    const { host, press } = open(blockedRtsp());
    await press('6');
    await press('y');
    expect(host.copy).toHaveBeenLastCalledWith(expect.stringContaining('From: 10.10.1.10  To: 10.10.2.20  Flows: 1'));
    await press('8y');
    expect(host.copy).toHaveBeenLastCalledWith(expect.stringMatching(/^Read +04-rtsp[\s\S]*is blocked/));
  });

  it('asks for the display filter of a flow', async () => {
    const { host, press } = open(blockedRtsp());
    await press('2');
    await press('y');
    expect(host.copy).toHaveBeenCalledWith('tcp.port == 554');
  });
});

describe('while reading', () => {
  it('Esc closes what is open first, then stops and keeps what was read', async () => {
    const analysis = blockedRtsp();
    const { store, press } = open(analysis);
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
    const { store, press } = open(analysis);
    await press('y');
    analysis.publish({ phase: 'done' });
    expect(store.scene.state.notice).toMatch(/^Copied the finding/);
    analysis.publish(READING);
    await press('\x1b');
    expect(store.scene.state.notice).toBe('');
  });

  it('Esc asks before it stops a capture that cannot be made again', async () => {
    const analysis = blockedRtsp();
    const { press } = open(analysis);
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
    const { host, press } = open(analysis);
    analysis.publish(CAPTURING);
    await press('qn');
    expect(host.quit).not.toHaveBeenCalled();
    await press('qy');
    expect(host.quit).toHaveBeenCalledOnce();
  });

  it('q ends the reading of a file, and Ctrl+C ends everything, without a question', async () => {
    const analysis = blockedRtsp();
    const { host, press } = open(analysis);
    analysis.publish(READING);
    await press('q');
    analysis.publish(CAPTURING);
    await press('\x03');
    expect(host.quit).toHaveBeenCalledTimes(2);
  });

  it('p holds the screen still and then shows what has come in', async () => {
    const analysis = blockedRtsp();
    const { store, press } = open(analysis);
    await press('p');
    analysis.publish({ findings: [] });
    expect(store.scene.data.snapshot.findings).toHaveLength(1);
    await press('p');
    expect(store.scene.data.snapshot.findings).toHaveLength(0);
  });
});

describe('Enter', () => {
  it('leads from two hosts to the flows between them', async () => {
    const { store, press } = open(blockedRtsp());
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
    const { store, press } = open(analysis);
    await press('\r');
    expect(store.scene.state.view).toBe('findings');
    analysis.publish({ phase: 'done' });
    await press('\r');
    expect(store.scene.state).toMatchObject({ view: 'flows', filter: '' });
    await press('\x1b');
    expect(store.scene.state.view).toBe('findings');
  });

  it('leads from a rule of the policy to its flows', async () => {
    const { store, press } = open(blockedRtsp());
    await press('5\r');
    expect(store.scene.state).toMatchObject({ view: 'flows', filter: 'rule:wms9-rtsp' });
  });
});

describe('the mouse', () => {
  it('chooses a flow with one click and opens it with another', async () => {
    const { store, press } = open(manyFlows(50));
    await press('2');
    await press('\x1b[<0;10;7M');
    expect(currentPosition(store.scene.state).cursor).toBe(2);
    await press('\x1b[<0;10;7M');
    expect(currentPage(store.scene.state)).toEqual({ kind: 'flow', id: 13 });
  });

  it('turns to the view whose name is clicked', async () => {
    const { store, press } = open(blockedRtsp());
    await press('\x1b[<0;15;2M');
    expect(store.scene.state.view).toBe('flows');
  });
});

describe('on a narrow screen', () => {
  it('the view on screen has its name, the others their numbers, and each can be clicked', async () => {
    const { store, press } = open(blockedRtsp(), 40, 12);
    await press('7');
    const tabs = layOutScreen(store.scene)[1]
      ?.line.map(({ text }) => text)
      .join('');
    expect(tabs).toBe(' 1 2 3 4 5 6 7 Capture 8');
    await press('\x1b[<0;24;2M');
    expect(store.scene.state.view).toBe('summary');
  });

  it('a view that is not filtered says which are', async () => {
    const { store, press } = open(blockedRtsp());
    await press('5/');
    expect(store.scene.state).toMatchObject({ notice: '/ filters findings, flows, streams and hosts.', filter: '' });
  });
});

describe('saving', () => {
  it('offers the finding at hand first, then the whole capture, with or without addresses', async () => {
    const { store, controls, host, press } = open(blockedRtsp());
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
    const { host, press } = open(blockedRtsp(), 80, 24, false);
    await press('eja\r');
    expect(host.saver.save).toHaveBeenLastCalledWith({ format: 'text', findings: [], isAnonymized: false });
  });

  it('takes the marked findings, and only one kind of evidence', async () => {
    const { host, press } = open(manyFlows(40));
    await press('  E');
    const findings = ['tcp-unanswered-0', 'tcp-unanswered-1'];
    expect(host.saver.save).toHaveBeenCalledWith({ format: 'evidence', findings, isAnonymized: false });
  });

  it('says why nothing was saved', async () => {
    const { store, host, press } = open(blockedRtsp());
    host.saver.save.mockRejectedValueOnce(new Error('the folder is read-only'));
    await press('e\r');
    expect(store.scene.state.notice).toBe('Not saved: the folder is read-only');
  });
});

/** The row below the tabs. */
function statusOf({ scene }: Store): string {
  const texts = layOutScreen(scene)[2]?.line.map(({ text }) => text);
  return texts?.join('') ?? '';
}

describe('a live capture', () => {
  const at = (elapsedMs: number, frames: number, bytes: number): Partial<Snapshot> => ({
    phase: 'reading',
    progress: { bytesRead: bytes, bytesTotal: null, elapsedMs },
    totals: { ...manyFlows(3).snapshot.totals, frames, bytes },
  });

  it('tells how fast frames come in now, not since its start', async () => {
    const analysis = manyFlows(3);
    analysis.publish(at(0, 0, 0));
    const { store } = open(analysis);
    for (const [second, frames] of [0, 5000, 5000, 5000, 5000, 5010].entries()) {
      analysis.publish(at(1000 * second, frames, 100 * frames));
    }
    expect(statusOf(store)).toContain('3 frames/s  2.67 kbit/s  for 5.0 s');
  });

  it('tells what is filtered, and its rate beside it', async () => {
    const analysis = manyFlows(3);
    analysis.publish(at(0, 0, 0));
    const { store, press } = open(analysis);
    analysis.publish(at(500, 5, 625));
    await press('/rtsp\r');
    analysis.publish(at(1000, 10, 1250));
    expect(statusOf(store)).toMatch(/filter: rtsp +Capturing 10\.0 kbit\/s {3}Esc clears/);
  });
});

describe('the filter prompt', () => {
  it('tells what could follow, and Tab takes it', async () => {
    const { store, press } = open(blockedRtsp());
    await press('/verdict:un');
    expect(statusOf(store)).toContain('Tab  verdict:unexpected  verdict:undetermined');
    await press('\t');
    expect(store.scene.state.overlay).toMatchObject({ text: 'verdict:unexpected' });
  });

  it('knows the protocols of the capture', async () => {
    const { store, press } = open(blockedRtsp());
    await press('/proto:r\t');
    expect(store.scene.state.overlay).toMatchObject({ text: 'proto:rtsp' });
  });

  it('puts a named filter in place of the first letters of its name', async () => {
    const { store, press } = open(blockedRtsp());
    await press('/verdict:blocked\rFbad ones\r/\x15ba');
    expect(statusOf(store)).toContain('Tab  verdict:blocked');
    await press('\t');
    expect(store.scene.state.filter).toBe('verdict:blocked');
  });

  it('says what is wrong beside the whole of what was typed', async () => {
    const { store, press } = open(blockedRtsp());
    const typed = 'proto:rtsp host:10.10.1.10 verdct:blocked';
    await press(`/${typed}`);
    expect(statusOf(store)).toContain("no field 'verdct'; fields are proto");
    expect(
      layOutScreen(store.scene)
        .at(-1)
        ?.line.map(({ text }) => text)
        .join(''),
    ).toContain(typed);
    await press('\r');
    expect(store.scene.state.overlay.kind).toBe('filter');
  });
});

describe('tables', () => {
  /** What stands in the first column of names, row by row. */
  const column = ({ scene }: Store, name: RegExp): string[] =>
    layOutScreen(scene).flatMap(({ line }) => {
      const [, found] = name.exec(line.map(({ text }) => text).join('')) ?? [];
      return found === undefined ? [] : [found];
    });

  it('are ordered by each of their columns, the largest amounts first, and turned round', async () => {
    const { store, press } = open(blockedRtsp());
    await press('6');
    const from = /(?:blocked|ok) +(10\.10\.1\.1\d) +10\.10\.2\.20/;
    expect(column(store, from)).toEqual(['10.10.1.10', '10.10.1.11']);
    await press('sss');
    expect(
      layOutScreen(store.scene)[3]
        ?.line.map(({ text }) => text)
        .join(''),
    ).toContain('Flows▼');
    expect(column(store, from)).toEqual(['10.10.1.11', '10.10.1.10']);
    await press('S');
    expect(column(store, from)).toEqual(['10.10.1.10', '10.10.1.11']);
  });

  it('show the columns that are wanted and leave out the others, until that is changed', async () => {
    const { store, press } = open(blockedRtsp());
    const titles = () =>
      layOutScreen(store.scene)[3]
        ?.line.map(({ text }) => text)
        .join('') ?? '';
    await press('2');
    expect(titles()).toMatch(/Verdict.*Protocol.*Packets/);
    expect(titles()).not.toContain('Known by');
    await press('\x1b[21~jj \x1b');
    expect(titles()).not.toContain('Protocol');
    await press('\x1b[21~');
    for (let down = 0; down < 13; down++) await press('j');
    await press('\r\x1b');
    expect(titles()).toContain('Known by');
    await press('3');
    expect(titles()).toMatch(/Verdict.*Codec/);
  });
});

describe('the palette', () => {
  it('offers what other views have, and goes there', async () => {
    const { store, press } = open(blockedRtsp());
    await press(':newest\r');
    expect(store.scene.state).toMatchObject({ view: 'flows', sort: { key: 'firstTime', isDescending: true } });
  });

  it('runs the command that was found by its name', async () => {
    const { store, press } = open(blockedRtsp());
    await press(':multic\r');
    expect(store.scene.state.view).toBe('multicast');
  });
});

describe('a copy', () => {
  it('goes to a file where the terminal would not take it, and the file is told again at the end', async () => {
    const { host, controls, store, press } = open(blockedRtsp());
    host.copy.mockReturnValue(false);
    await press('y');
    expect(host.saver.saveCopy).toHaveBeenCalledWith(expect.stringContaining('is blocked'));
    expect(store.scene.state.notice).toBe('Saved copied.txt');
    expect(controls.saved).toEqual(['copied.txt']);
  });
});

describe('a problem that turns up live', () => {
  it('is told in one line without moving the cursor, and rings when asked to', async () => {
    const analysis = manyFlows(50);
    const ring = vi.fn();
    analysis.publish(CAPTURING);
    const { store, press } = open(analysis, 80, 24, true, ring);
    await press('jj');
    const { cursor } = currentPosition(store.scene.state);
    const { findings } = analysis.snapshot;
    const news = { ...unansweredFinding(), id: 'new-1', title: 'RTSP to the new server is blocked' };
    analysis.publish({ findings: [...findings, news] });
    expect(store.scene.state.notice).toBe('New: RTSP to the new server is blocked');
    expect(currentPosition(store.scene.state).cursor).toBe(cursor);
    expect(ring).not.toHaveBeenCalled();
    await press('b');
    analysis.publish({ findings: [...findings, news, { ...news, id: 'new-2' }] });
    expect(ring).toHaveBeenCalledTimes(1);
  });

  it('is told until it is no news any more, and so is its end', async () => {
    const analysis = manyFlows(3);
    analysis.publish(CAPTURING);
    const { store } = open(analysis);
    const { findings } = analysis.snapshot;
    const news = { ...unansweredFinding(), id: 'new-1', title: 'RTSP to the new server is blocked' };
    const at = (elapsedMs: number, ...now: readonly Finding[]) =>
      analysis.publish({ findings: now, progress: { bytesRead: 10, bytesTotal: null, elapsedMs } });
    at(1000, ...findings, news);
    expect(store.scene.data.ages.get('new-1')).toBe('new');
    at(15_000, ...findings, news);
    expect(store.scene.state.notice).toContain('New: RTSP to the new server');
    at(30_000, ...findings, news);
    expect(store.scene.state.notice).toBe('');
    expect(store.scene.data.ages.get('new-1')).toBeUndefined();
    at(31_000, ...findings);
    expect(store.scene.state.notice).toBe('Over: RTSP to the new server is blocked');
  });

  it('fades when nothing more has come of it for a minute, and is back when it goes on', async () => {
    const analysis = manyFlows(1);
    analysis.publish(CAPTURING);
    const { store } = open(analysis);
    const [finding = unansweredFinding()] = analysis.snapshot.findings;
    const at = (elapsedMs: number, now: Finding) =>
      analysis.publish({ findings: [now], progress: { bytesRead: 10, bytesTotal: null, elapsedMs } });
    at(30_000, finding);
    expect(store.scene.data.ages.get(finding.id)).toBeUndefined();
    at(70_000, finding);
    expect(store.scene.data.ages.get(finding.id)).toBe('quiet');
    at(71_000, { ...finding, viewers: finding.viewers + 1 });
    expect(store.scene.data.ages.get(finding.id)).toBeUndefined();
  });

  it('does not take the first row from under a cursor that was put there', async () => {
    const analysis = manyFlows(3);
    analysis.publish(CAPTURING);
    const { store, press } = open(analysis);
    await press('jk');
    analysis.publish({ findings: [{ ...unansweredFinding(), id: 'graver' }, ...analysis.snapshot.findings] });
    expect(currentPosition(store.scene.state).cursor).toBe(1);
    await press('g');
    analysis.publish({ findings: [{ ...unansweredFinding(), id: 'gravest' }, ...analysis.snapshot.findings] });
    expect(currentPosition(store.scene.state).cursor).toBe(0);
  });

  it('is not told while a file is read', async () => {
    const analysis = manyFlows(5);
    analysis.publish(READING);
    const { store } = open(analysis);
    analysis.publish({ findings: [{ ...unansweredFinding(), id: 'new-1' }] });
    expect(store.scene.state.notice).toBe('');
  });
});
