import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Input, KeyDecoder } from './key-decoder.ts';

function names(inputs: readonly Input[]): string[] {
  return inputs.map((input) => (input.kind === 'key' ? input.name : input.button));
}

describe('KeyDecoder', () => {
  it('takes letters that arrive together one by one', () => {
    expect(names(new KeyDecoder().push('jjG'))).toEqual(['j', 'j', 'G']);
  });

  it('names the keys that type nothing', () => {
    const keys = '\x1b[A\x1bOB\x1b[5~\x1b[6~\x1b[H\x1b[4~\x1b[Z\x1bOP\x1b[11~\x1b[21~\t\r\x7f\x04';
    expect(names(new KeyDecoder().push(keys))).toEqual([
      'up',
      'down',
      'pageup',
      'pagedown',
      'home',
      'end',
      'shift+tab',
      'f1',
      'f1',
      'f10',
      'tab',
      'enter',
      'backspace',
      'ctrl+d',
    ]);
  });

  it('holds an escape back until it is known to be the key', () => {
    const decoder = new KeyDecoder();
    expect(decoder.push('\x1b')).toEqual([]);
    expect(decoder.isWaiting).toBe(true);
    expect(names(decoder.flush())).toEqual(['escape']);
    expect(decoder.isWaiting).toBe(false);
  });

  it('joins a sequence that arrives in pieces', () => {
    const decoder = new KeyDecoder();
    expect(decoder.push('\x1b[')).toEqual([]);
    expect(names(decoder.push('1;5B'))).toEqual(['down']);
  });

  it('sees two keys in an escape that is followed by a letter', () => {
    expect(names(new KeyDecoder().push('\x1bq'))).toEqual(['escape', 'q']);
  });

  it('tells the wheel and clicks, and leaves releases out', () => {
    const inputs = new KeyDecoder().push('\x1b[<64;10;5M\x1b[<0;3;7M\x1b[<0;3;7m');
    expect(inputs).toEqual([
      { kind: 'mouse', button: 'wheel-up', column: 9, row: 4 },
      { kind: 'mouse', button: 'left', column: 2, row: 6 },
    ]);
  });

  it('keeps characters beyond the first plane whole', () => {
    expect(new KeyDecoder().push('😀')).toEqual([{ kind: 'key', name: '😀', text: '😀' }]);
  });

  it('gives the same keys wherever the bytes of a sequence are split', () => {
    const sequences = fc.array(fc.constantFrom('a', '\x1b[A', '\x1b[6~', '\x1bOP', '\x1b[<65;1;1M', '\r'), {
      maxLength: 12,
    });
    fc.assert(
      fc.property(sequences, fc.nat(), (parts, cut) => {
        const text = parts.join('');
        const at = cut % (text.length + 1);
        const decoder = new KeyDecoder();
        const split = [...decoder.push(text.slice(0, at)), ...decoder.push(text.slice(at))];
        expect(split).toEqual(new KeyDecoder().push(text));
      }),
    );
  });

  it('survives any text and holds back little of it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const decoder = new KeyDecoder();
        decoder.push(`${text}\x1b[${'1;'.repeat(100)}`);
        expect(decoder.flush().length).toBeLessThanOrEqual(1);
      }),
    );
  });
});
