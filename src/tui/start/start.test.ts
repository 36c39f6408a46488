import { describe, expect, it } from 'vitest';
import { textWidth } from '../text-width.ts';
import { createTheme } from '../theme.ts';
import { endOf, reduceStart, type StartOffer, type StartState, startItems } from './start-state.ts';
import { layOutStart, startItemAt } from './start-view.ts';

const MARKS = createTheme('dark', 'none', true).marks;
const HINDRANCE = 'Capturing on eth1 is not permitted: put yourself into the group wireshark, then log in again.';
const OFFER: StartOffer = {
  recent: [{ path: '/captures/2026/room-4/trunk before and after the firewall.pcapng', openedAt: 1_795_255_200_000 }],
  nearby: ['inside.pcap', '日本語\x1b[31m.pcap'].map((name) => ({
    name,
    bytes: 129_000,
    changedAt: 1_795_255_260_000,
  })),
  interfaces: [
    { name: 'eth0', addresses: ['10.10.1.5/24'], link: 'up', via: 'dumpcap', hindrance: null },
    { name: 'eth1', addresses: [], link: 'up', via: null, hindrance: HINDRANCE },
  ],
};

function startWith(offer: StartOffer, columns = 80, rows = 24): StartState {
  return { columns, rows, offer, cursor: 0 };
}

function press(state: StartState, ...names: readonly string[]): StartState {
  return names.reduce((at, name) => reduceStart(at, { kind: 'key', key: { kind: 'key', name, text: '' } }), state);
}

function end(state: StartState, name: string) {
  return endOf(state, { kind: 'key', name, text: '' });
}

function screen(state: StartState): string[] {
  return layOutStart(state, MARKS).map(({ line }) => line.map(({ text }) => text).join(''));
}

describe('the start screen', () => {
  it.each([
    [80, 24],
    [120, 40],
    [200, 50],
  ] as const)('looks as it did at %i by %i', async (columns, rows) => {
    const lines = screen(press(startWith(OFFER, columns, rows), 'G', 'k', 'enter'));
    expect(lines).toHaveLength(rows);
    for (const line of lines) expect(textWidth(line)).toBeLessThanOrEqual(columns);
    const drawn = lines.map((line) => line.trimEnd()).join('\n');
    await expect(`${drawn}\n`).toMatchFileSnapshot(`../goldens/start-${columns}x${rows}.txt`);
  });

  it('opens what the cursor is on', () => {
    const state = startWith(OFFER);
    expect(end(state, 'enter')).toEqual({ kind: 'capture', path: OFFER.recent[0]?.path });
    expect(end(press(state, 'j'), 'enter')).toEqual({ kind: 'capture', path: 'inside.pcap' });
    expect(end(press(state, 'down', 'down', 'down'), 'enter')).toEqual({ kind: 'interface', name: 'eth0' });
    expect(end(press(state, 'G'), 'enter')).toEqual({ kind: 'demo' });
  });

  it('says what is missing for an interface that cannot be captured on', () => {
    const state = press(startWith(OFFER), 'G', 'k');
    expect(end(state, 'enter')).toBeNull();
    expect(screen(state).join(' ').replace(/ +/g, ' ')).toContain('put yourself into the group wireshark, then log in');
    expect(screen(press(state, 'k')).join(' ')).not.toContain('then log in');
  });

  it('offers the demo first to those who have opened nothing yet', () => {
    expect(startItems({ ...OFFER, recent: [] })[0]?.choice).toEqual({ kind: 'demo' });
    expect(startItems(OFFER).at(-1)?.choice).toEqual({ kind: 'demo' });
  });

  it('keeps the cursor on its item when interfaces have been found', () => {
    const early = press(startWith({ ...OFFER, interfaces: null }), 'G');
    const late = reduceStart(early, { kind: 'offer', offer: OFFER });
    expect(end(late, 'enter')).toEqual({ kind: 'demo' });
  });

  it('scrolls so that the cursor stays on a small screen', () => {
    const names = Array.from({ length: 100 }, (_, index) => `capture-${index}.pcap`);
    const nearby = names.map((name) => ({ name, bytes: 1, changedAt: 0 }));
    const state = press(startWith({ ...OFFER, nearby }, 60, 12), ...Array.from({ length: 60 }, () => 'j'));
    const lines = screen(state);
    expect(lines).toHaveLength(12);
    expect(lines.some((line) => line.startsWith('›'))).toBe(true);
  });

  it('goes from section to section with Tab', () => {
    const sections = (...keys: readonly string[]) => {
      const { offer, cursor } = press(startWith(OFFER), ...keys);
      return startItems(offer)[cursor]?.name;
    };
    expect(sections('tab')).toBe('inside.pcap');
    expect(sections('tab', 'tab')).toBe('eth0');
    expect(sections('tab', 'tab', 'tab', 'tab')).toBe(sections());
    expect(sections('shift+tab')).toBe('demo');
    expect(sections('j', 'j', 'shift+tab')).toBe('inside.pcap');
  });

  it('has each item where it can be clicked', () => {
    const state = startWith(OFFER);
    const place = screen(state).findIndex((line) => line.includes('inside.pcap'));
    expect(startItemAt(state, MARKS, place)).toBe(1);
    expect(startItemAt(state, MARKS, place - 1)).toBeNull();
    expect(reduceStart(state, { kind: 'stand', cursor: 1 }).cursor).toBe(1);
  });

  it('names a capture first, and where it is behind it', () => {
    const path = '/very/long/way/to/the/captures/of/last/week/04-rtsp-554-dropped-clientside.pcap';
    const [, , , , line] = screen(startWith({ ...OFFER, recent: [{ path, openedAt: 1_795_255_200_000 }] }));
    expect(line).toMatch(/04-rtsp-554-dropped-clientside\.pcap +2026-11-21 10:00 {2}\/very/);
  });

  it('ends with q, Esc and Ctrl+C, and suspends with Ctrl+Z', () => {
    for (const key of ['q', 'escape', 'ctrl+c']) expect(end(startWith(OFFER), key)).toEqual({ kind: 'quit' });
    expect(end(startWith(OFFER), 'ctrl+z')).toEqual({ kind: 'suspend' });
  });
});
