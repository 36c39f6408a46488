import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { printable } from './text.ts';

describe('printable', () => {
  it('shows what a terminal or a page would obey instead of obeying it', () => {
    expect(printable('a\u001b[31m\u009b1m\r\n\t\u007f')).toBe('a\\x1b[31m\\x9b1m\\x0d\\x0a\\x09\\x7f');
    expect(printable('x\u202ey\u2066z\u2028\ufeff')).toBe('x\\u{202e}y\\u{2066}z\\u{2028}\\u{feff}');
  });

  it('leaves words of any script alone, joiners included', () => {
    const words = 'Überwachung 監視 नमस्ते\u200d \u{1f468}\u200d\u{1f469}';
    expect(printable(words)).toBe(words);
  });

  it('cuts what is longer than the limit, in whole characters', () => {
    expect(printable('12345', 5)).toBe('12345');
    expect(printable('123456', 5)).toBe('1234…');
    expect(printable('123\u{1f468}567', 5)).toBe('123\ufffd…');
  });

  it('lets no control character through, whatever the text', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => !/[\p{Cc}\p{Cs}]/u.test(printable(text))));
  });
});
