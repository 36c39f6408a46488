import fc from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { cutMiddle, cutStart, cutText, fitText, inAscii, textWidth, wrapText } from './text-width.ts';

const texts = fc.string({ unit: fc.constantFrom('a', ' ', '界', 'é', '👩‍👩‍👧', '-', '2001:db8::1'), maxLength: 40 });

describe('widths', () => {
  it('count wide characters twice and combining ones not at all', () => {
    expect([textWidth('abc'), textWidth('日本'), textWidth('e\u0301')]).toEqual([3, 4, 1]);
  });

  it('are those of graphemes, for each character and for any that stand together', () => {
    for (let code = 0x20; code < 0x1_0000; code++) {
      if (code >= 0xd800 && code < 0xe000) continue;
      const character = String.fromCharCode(code);
      if (textWidth(character) !== stringWidth(character)) expect.fail(`U+${code.toString(16)}`);
    }
    const characters = fc.constantFrom(...'aé·…→─│▶◀✓✗⊘█░\u00a9\u203c\u2194\u0301\ufe0f\u20e3界 1#');
    fc.assert(
      fc.property(fc.string({ unit: characters, maxLength: 12 }), (text) => {
        expect(textWidth(text)).toBe(stringWidth(text));
      }),
    );
  });

  it('cut without splitting a wide character', () => {
    expect(cutText('日本語', 4)).toBe('日…');
    expect(cutText('日本語', 6)).toBe('日本語');
  });

  it('begin a long word where a line has room for some of it', () => {
    const url = 'rtsp://10.10.2.20/a-long-way/to-the-stream';
    expect(wrapText(`url: ${url}`, 24)).toEqual(['url: rtsp://10.10.2.20/a', '-long-way/to-the-stream']);
    expect(wrapText(`of a long address ${url}`, 24)[0]).toBe('of a long address');
  });

  it('keep the end of what is typed', () => {
    expect(cutStart('host:10.10.1.10', 8)).toBe('…10.1.10');
    expect(cutStart('日本語', 4)).toBe('…語');
  });

  it('stay the same where only ASCII can be shown', () => {
    expect(inAscii('日本… é')).toBe('????~ ?');
    fc.assert(fc.property(texts, (text) => textWidth(inAscii(text)) === textWidth(text)));
    fc.assert(fc.property(texts, (text) => /^[\0-\x7f]*$/.test(inAscii(text))));
  });

  it('keep both ends of a path', () => {
    expect(cutMiddle('04-rtsp-554-dropped-clientside.pcap', 20)).toBe('04-rtsp-5…tside.pcap');
  });

  it('fit any text into exactly the cells asked for', () => {
    fc.assert(
      fc.property(texts, fc.integer({ min: 1, max: 30 }), (text, width) => {
        expect(textWidth(fitText(text, width))).toBe(width);
        expect(textWidth(fitText(text, width, 'right'))).toBe(width);
        expect(textWidth(cutMiddle(text, width))).toBeLessThanOrEqual(width);
      }),
    );
  });
});

describe('wrapping', () => {
  it('breaks between words', () => {
    expect(wrapText('SYN sent 8 times, never answered', 18)).toEqual(['SYN sent 8 times,', 'never answered']);
  });

  it('breaks a word that no line can hold', () => {
    expect(wrapText('see rtsp://10.10.2.20/stream now', 10)).toEqual(['see', 'rtsp://10.', '10.2.20/st', 'ream now']);
  });

  it('loses nothing and never exceeds the width', () => {
    fc.assert(
      fc.property(texts, fc.integer({ min: 2, max: 30 }), (text, width) => {
        const lines = wrapText(text, width);
        expect(lines.join('').replaceAll(' ', '')).toBe(text.replaceAll(' ', ''));
        for (const line of lines) expect(textWidth(line)).toBeLessThanOrEqual(width);
      }),
    );
  });

  it('ends even where not one character fits', () => {
    expect(wrapText('界', 1)).toEqual(['界']);
  });
});
