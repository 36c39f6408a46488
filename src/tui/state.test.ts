import { describe, expect, it } from 'vitest';
import type { Key } from './key-decoder.ts';
import type { Shape } from './scroll.ts';
import { type Action, canGoBack, currentPage, currentPosition, initialState, reduce, type State } from './state.ts';

const SHAPE: Shape = { kind: 'list', count: 100, itemRows: 1, titleRows: 0, room: 10 };

function stateAfter(...actions: readonly Action[]): State {
  return actions.reduce((state, action) => reduce(state, action, SHAPE), initialState(80, 24));
}

function press(name: string, text = '', completed = ''): Action {
  return { kind: 'type', key: { kind: 'key', name, text } satisfies Key, choices: 3, completed };
}

function typed(text: string): Action[] {
  return [...text].map((character) => press(character, character));
}

describe('views', () => {
  it('keep their places when one comes back to them', () => {
    const down: Action = { kind: 'move', motion: 'page-down' };
    const state = stateAfter({ kind: 'view', view: 'flows' }, down, { kind: 'turn', by: 1 }, { kind: 'turn', by: -1 });
    expect(state.view).toBe('flows');
    expect(currentPosition(state)).toEqual({ cursor: 9, top: 9 });
  });

  it('follow each other in a circle', () => {
    expect(stateAfter({ kind: 'turn', by: -1 }).view).toBe('summary');
    expect(stateAfter({ kind: 'turn', by: -1 }, { kind: 'turn', by: 1 }).view).toBe('findings');
  });

  it('leave opened pages behind when one turns to another', () => {
    expect(
      stateAfter({ kind: 'open', page: { kind: 'flow', id: 3 } }, { kind: 'view', view: 'policy' }).opened,
    ).toEqual([]);
  });
});

describe('pages', () => {
  it('lie on each other, each with its own place', () => {
    const finding: Action = { kind: 'open', page: { kind: 'finding', id: 'a' } };
    const flow: Action = { kind: 'open', page: { kind: 'flow', id: 3 } };
    const state = stateAfter(finding, { kind: 'move', motion: 'down' }, flow);
    expect(currentPage(state)).toEqual({ kind: 'flow', id: 3 });
    const back = reduce(state, { kind: 'back' }, SHAPE);
    expect(currentPage(back)).toEqual({ kind: 'finding', id: 'a' });
    expect(currentPosition(back).cursor).toBe(1);
  });

  it('that lead to each other in a circle lead nowhere deeper', () => {
    const finding: Action = { kind: 'open', page: { kind: 'finding', id: 'a' } };
    const flow: Action = { kind: 'open', page: { kind: 'flow', id: 3 } };
    expect(stateAfter(finding, flow, finding, flow, finding).opened).toHaveLength(1);
  });

  it('are exchanged for the next one without growing', () => {
    const state = stateAfter(
      { kind: 'open', page: { kind: 'finding', id: 'a' } },
      { kind: 'replace', page: { kind: 'finding', id: 'b' } },
    );
    expect(state.opened).toHaveLength(1);
    expect(currentPage(state)).toEqual({ kind: 'finding', id: 'b' });
  });
});

describe('the filter', () => {
  const open: Action = { kind: 'overlay', overlay: 'filter' };

  it('acts while it is typed and stays after Enter', () => {
    expect(stateAfter(open, ...typed('rt')).filter).toBe('rt');
    const kept = stateAfter(open, ...typed('rtp'), press('enter'));
    expect(kept).toMatchObject({ filter: 'rtp', overlay: { kind: 'none' }, memory: { history: ['rtp'] } });
  });

  it('gets a name', () => {
    const kept = [open, ...typed('verdict:blocked'), press('enter')];
    const naming: Action[] = [{ kind: 'overlay', overlay: 'name' }, ...typed('bad ones'), press('enter')];
    expect(stateAfter(...kept, ...naming).memory.named).toEqual([{ name: 'bad ones', text: 'verdict:blocked' }]);
  });

  it('is completed by Tab', () => {
    const state = stateAfter(open, ...typed('verd'), press('tab', '', 'verdict:'), ...typed('ok'));
    expect(state).toMatchObject({ filter: 'verdict:ok', overlay: { kind: 'filter', text: 'verdict:ok' } });
  });

  it('is in force as far as it can be understood, and not kept while it cannot', () => {
    const state = stateAfter(open, ...typed('proto:rtsp verdict:blo'), press('enter'));
    expect(state).toMatchObject({ filter: 'proto:rtsp', overlay: { kind: 'filter', text: 'proto:rtsp verdict:blo' } });
    expect(state.memory.history).toEqual([]);
    const kept = reduce(reduce(state, press('k', 'cked'), SHAPE), press('enter'), SHAPE);
    expect(kept).toMatchObject({ filter: 'proto:rtsp verdict:blocked', overlay: { kind: 'none' } });
  });

  it('keeps the newest of a name, and no filter without one', () => {
    const naming = (name: string): Action[] => [{ kind: 'overlay', overlay: 'name' }, ...typed(name), press('enter')];
    const first = [open, ...typed('rtp'), press('enter'), ...naming('a')];
    const second = [open, ...typed(' loss>1%'), press('enter'), ...naming('a'), ...naming(' ')];
    expect(stateAfter(...first, ...second).memory.named).toEqual([{ name: 'a', text: 'rtp loss>1%' }]);
  });

  it('comes back as it was after Esc', () => {
    const state = stateAfter(open, ...typed('rtsp'), press('enter'), open, ...typed(' x'), { kind: 'back' });
    expect(state).toMatchObject({ filter: 'rtsp', overlay: { kind: 'none' } });
  });

  it('takes away a character, a word or everything', () => {
    expect(stateAfter(open, ...typed('proto:a b'), press('backspace')).filter).toBe('proto:a ');
    expect(stateAfter(open, ...typed('proto:a b'), press('ctrl+w')).filter).toBe('proto:a ');
    expect(stateAfter(open, ...typed('proto:a b'), press('ctrl+u')).filter).toBe('');
  });

  it('remembers what was kept, newest first', () => {
    const used = [open, ...typed('one'), press('enter'), open, press('ctrl+u'), ...typed('two'), press('enter')];
    expect(stateAfter(...used, open, press('up')).filter).toBe('two');
    expect(stateAfter(...used, open, press('up'), press('up')).filter).toBe('one');
    expect(stateAfter(...used, open, press('up'), press('down')).filter).toBe('');
  });

  it('puts the lists back to their start, for their rows are others now', () => {
    const state = stateAfter({ kind: 'view', view: 'flows' }, { kind: 'move', motion: 'last' }, open, ...typed('x'));
    expect(currentPosition(state)).toEqual({ cursor: 0, top: 0 });
  });

  it('does not grow without end', () => {
    expect(stateAfter(open, ...typed('x'.repeat(1000))).filter).toHaveLength(256);
  });
});

describe('Esc', () => {
  it('closes one thing at a time and then has nothing to close', () => {
    let state = stateAfter(
      { kind: 'problems' },
      { kind: 'overlay', overlay: 'filter' },
      ...typed('a'),
      press('enter'),
      {
        kind: 'open',
        page: { kind: 'flow', id: 1 },
      },
    );
    state = reduce(state, { kind: 'overlay', overlay: 'help' }, SHAPE);
    const seen: boolean[][] = [];
    while (canGoBack(state)) {
      seen.push([state.overlay.kind === 'help', state.opened.length > 0, state.filter !== '', state.isProblemsOnly]);
      state = reduce(state, { kind: 'back' }, SHAPE);
    }
    expect(seen).toEqual([
      [true, true, true, true],
      [false, true, true, true],
      [false, false, true, true],
      [false, false, false, true],
    ]);
  });
});

describe('the palette', () => {
  const open: Action = { kind: 'overlay', overlay: 'palette' };

  it('moves among its choices and starts again when they change', () => {
    const chosen = stateAfter(open, press('down'), press('down'), press('down'));
    expect(chosen.overlay).toMatchObject({ chosen: 2 });
    expect(reduce(chosen, press('s', 's'), SHAPE).overlay).toEqual({ kind: 'palette', text: 's', chosen: 0 });
  });
});

describe('sorting', () => {
  it('shows the largest amounts first and names from their beginning', () => {
    const turns = (times: number) =>
      stateAfter(...Array.from({ length: times }, (): Action => ({ kind: 'sort', by: 1 })));
    expect(turns(2).sort).toEqual({ key: 'protocol', isDescending: false });
    expect(turns(5).sort).toEqual({ key: 'packets', isDescending: true });
  });

  it('turns round', () => {
    const reverse: Action = { kind: 'reverse' };
    expect(stateAfter({ kind: 'view', view: 'flows' }, reverse).sort).toEqual({ key: 'verdict', isDescending: true });
  });
});

it('times go from UTC to local to relative and round again', () => {
  const formats = [1, 2, 3].map(
    (times) => stateAfter(...Array.from({ length: times }, (): Action => ({ kind: 'time' }))).timeFormat,
  );
  expect(formats).toEqual(['local', 'relative', 'utc']);
});
