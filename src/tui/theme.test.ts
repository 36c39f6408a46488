import { describe, expect, it } from 'vitest';
import { VERDICTS } from '../verdict/finding.ts';
import { createTheme, detectTheme } from './theme.ts';

describe('detectTheme', () => {
  it('sets no colour when NO_COLOR is there, whatever else the terminal can do', () => {
    const { start } = detectTheme({ NO_COLOR: '1', COLORTERM: 'truecolor', TERM: 'xterm-256color' });
    expect(new Set(Object.values(start))).toEqual(new Set(['', '\x1b[1m', '\x1b[1;7m']));
  });

  it('uses as many colours as the terminal has', () => {
    expect(detectTheme({ TERM: 'xterm' }).start.ok).toBe('\x1b[92m');
    expect(detectTheme({ TERM: 'xterm-256color' }).start.ok).toContain('[38;5;');
    expect(detectTheme({ TERM: 'xterm', COLORTERM: 'truecolor' }).start.ok).toBe('\x1b[38;2;158;206;106m');
  });

  it('takes plain marks where the locale is not UTF-8', () => {
    expect(detectTheme({ LANG: 'C' }).marks.verdict.blocked).toBe('X');
    expect(detectTheme({ LANG: 'en_GB.UTF-8' }).marks.verdict.blocked).toBe('✗');
    expect(detectTheme({ LANG: 'en_GB.UTF-8', LC_ALL: 'C' }).marks.verdict.blocked).toBe('X');
  });

  it('follows the background that the terminal tells of, unless it is told otherwise', () => {
    const light = createTheme('light', '16', true).start.ok;
    expect(detectTheme({ COLORFGBG: '0;15' }).start.ok).toBe(light);
    expect(detectTheme({ COLORFGBG: '0;15', MEDIATAP_THEME: 'dark' }).start.ok).not.toBe(light);
  });
});

describe('themes', () => {
  it('give each verdict a mark of its own, so that colour is never needed', () => {
    for (const isUnicode of [true, false]) {
      const { verdict } = createTheme('dark', 'none', isUnicode).marks;
      expect(new Set(VERDICTS.map((name) => verdict[name])).size).toBe(VERDICTS.length);
    }
  });

  it('use nothing but ASCII where nothing else can be shown', () => {
    expect(JSON.stringify(createTheme('dark', 'none', false).marks)).toMatch(/^[\x20-\x7e]*$/);
  });

  it('invert the selected row where there are few colours', () => {
    expect(createTheme('dark', '16', true).startSelected.plain).toBe('\x1b[7m');
    expect(createTheme('dark', 'true', true).startSelected.plain).toContain('[48;2;');
  });
});
