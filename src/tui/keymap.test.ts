import { describe, expect, it } from 'vitest';
import { BINDINGS, bindingsAt, commandFor, keyLabel, type Place, VIEW_NAMES } from './keymap.ts';
import { VIEWS } from './state.ts';

const PLACES: readonly Place[] = [...VIEWS, 'finding', 'flow'];

describe('the keymap', () => {
  it('gives no key two meanings at one place', () => {
    for (const place of PLACES) {
      const keys = bindingsAt(place).flatMap((binding) => binding.keys);
      expect(keys.length, place).toBe(new Set(keys).size);
    }
  });

  it('lets every place be left, helped and quit', () => {
    for (const place of PLACES) {
      expect(commandFor('q', place, 'none')).toBe('quit');
      expect(commandFor('?', place, 'none')).toBe('help');
      expect(commandFor('f1', place, 'none')).toBe('help');
      expect(commandFor('escape', place, 'none')).toBe('back');
    }
  });

  it('numbers the views as they stand', () => {
    const views = VIEWS.map((_, index) => commandFor(String(index + 1), 'findings', 'none'));
    expect(views).toEqual(VIEWS.map((view) => `view-${view}`));
    expect(Object.keys(VIEW_NAMES)).toEqual([...VIEWS]);
  });

  it('leaves letters to an open prompt, but never Ctrl+C, Esc and Ctrl+Z', () => {
    expect(commandFor('q', 'flows', 'filter')).toBeNull();
    expect(commandFor('?', 'flows', 'palette')).toBeNull();
    expect(commandFor('ctrl+c', 'flows', 'filter')).toBe('interrupt');
    expect(commandFor('escape', 'flows', 'filter')).toBe('back');
    expect(commandFor('ctrl+z', 'flows', 'palette')).toBe('suspend');
  });

  it('closes the help with the key that opened it, and with q', () => {
    expect(commandFor('?', 'flows', 'help')).toBe('back');
    expect(commandFor('q', 'flows', 'help')).toBe('back');
    expect(commandFor('j', 'flows', 'help')).toBe('down');
  });

  it('takes any key but a yes as a no when asked whether to quit', () => {
    expect(commandFor('y', 'findings', 'quit')).toBe('quit');
    expect(commandFor('y', 'findings', 'stop')).toBe('stop');
    expect(commandFor('x', 'findings', 'quit')).toBe('back');
  });

  it('does not take Ctrl+S, which stops the output of some terminals', () => {
    expect(BINDINGS.some(({ keys }) => keys.includes('ctrl+s'))).toBe(false);
  });

  it('prints keys as they are printed on keyboards', () => {
    expect(['pagedown', 'ctrl+d', 'G', 'escape'].map(keyLabel)).toEqual(['PgDn', 'Ctrl+D', 'G', 'Esc']);
  });
});
