import { describe, expect, it } from 'vitest';
import { clip, clipSentences } from './clip.ts';

describe('what is too long', () => {
  it('ends with a whole word', () => {
    expect(clip('a filter that drops silently', 22)).toBe('a filter that drops…');
    expect(clip('a filter that drops silently', 28)).toBe('a filter that drops silently');
  });

  it('is cut inside of a word that has no end', () => {
    expect(clip(`a ${'x'.repeat(100)}`, 60)).toHaveLength(60);
  });

  it('ends with a whole sentence where one fits', () => {
    expect(clipSentences('One is here. Another follows. And more.', 30)).toBe('One is here. Another follows.');
    expect(clipSentences('One sentence that is long. And more.', 15)).toBe('One sentence…');
  });
});
