import { describe, expect, it } from 'vitest';
import { cutLine, hanging, line, lineWidth, paint, span, spread } from './line.ts';
import { createTheme, RESET } from './theme.ts';

const PLAIN = createTheme('dark', 'none', true);

function plainText(spans: Parameters<typeof paint>[0]): string {
  return spans.map(({ text }) => text).join('');
}

describe('lines', () => {
  it('let no control character of a packet through', () => {
    expect(paint(line('a\x1b[2Jb\u202ec'), PLAIN, 80)).toBe('a\\x1b[2Jb\\u{202e}c');
  });

  it('show that something was cut', () => {
    expect(plainText(cutLine([span('abc'), span('def'), span('ghi')], 5))).toBe('abcd…');
    expect(plainText(cutLine([span('abc'), span('def')], 3))).toBe('ab…');
    expect(plainText(cutLine([span('abc'), span('def')], 6))).toBe('abcdef');
  });

  it('spread to both edges and give the right one precedence', () => {
    expect(plainText(spread(line('left'), line('right'), 12))).toBe('left   right');
    expect(plainText(spread(line('left side'), line('right'), 10))).toBe('lef… right');
  });

  it('hang wrapped text from its label', () => {
    const lines = hanging(line('Why  '), 'nothing came back', 16);
    expect(lines.map(plainText)).toEqual(['Why  nothing', '     came back']);
  });

  it('fill a selected row to its edge and end every style', () => {
    const painted = paint([span('x', 'blocked')], createTheme('dark', '256', true), 4, true);
    expect(painted.replaceAll('\x1b', '')).toMatch(/^\[1;38;5;\d+;48;5;\d+mx\[0m\[48;5;\d+m {3}\[0m$/);
    expect(painted.endsWith(RESET)).toBe(true);
  });

  it('are cut and spelled in ASCII where the terminal shows no more', () => {
    expect(paint(line('日本語 stream'), createTheme('dark', 'none', false), 12)).toBe('?????? stre~');
  });

  it('never paint more than the width', () => {
    expect(lineWidth(cutLine(line('日本語日本語'), 5))).toBeLessThanOrEqual(5);
  });
});
