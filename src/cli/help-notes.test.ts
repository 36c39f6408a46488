import { describe, expect, it } from 'vitest';
import { wrapNotes } from './help-notes.ts';

describe('notes below the options', () => {
  it('wraps prose, whatever the lines in the source are', () => {
    expect(wrapNotes('One two three\nfour five.\n\nSix.', 14)).toBe('One two three\nfour five.\n\nSix.');
    expect(wrapNotes('One two three\nfour five.', 40)).toBe('One two three four five.');
  });

  it('wraps what a row means below itself, and leaves an example alone', () => {
    const row = '  loss>1%  media packets lost, in percent of all';
    expect(wrapNotes(row, 40)).toBe('  loss>1%  media packets lost, in\n           percent of all');
    const example = "  mediatap flows a.pcap --where 'loss>1%' | jq .id";
    expect(wrapNotes(example, 40)).toBe(example);
  });
});
