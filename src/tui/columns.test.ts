import { describe, expect, it } from 'vitest';
import { type Column, composeRow, composeTitles, fitColumns } from './columns.ts';
import { textWidth } from './text-width.ts';

interface Item {
  readonly name: string;
  readonly size: number;
}

const COLUMNS: readonly Column<Item>[] = [
  { title: 'Name', width: 6, most: 12, rank: 0, cell: ({ name }) => name },
  { title: 'Size', width: 5, align: 'right', rank: 1, cell: ({ size }) => [String(size), 'dim'] },
  { title: 'Twice', width: 5, rank: 2, cell: ({ size }) => String(2 * size) },
];

function plainText(width: number, item: Item): string {
  return composeRow(fitColumns(COLUMNS, width), item)
    .map(({ text }) => text)
    .join('');
}

describe('columns', () => {
  it('leave when the screen is too narrow for them, the least important first', () => {
    const titles = (width: number) => fitColumns(COLUMNS, width).map(({ column }) => column.title);
    expect(titles(20)).toEqual(['Name', 'Size', 'Twice']);
    expect(titles(19)).toEqual(['Name', 'Size']);
    expect(titles(4)).toEqual(['Name']);
  });

  it('grow into what is left, and no further than they want', () => {
    expect(fitColumns(COLUMNS, 23).map(({ width }) => width)).toEqual([9, 5, 5]);
    expect(fitColumns(COLUMNS, 90).map(({ width }) => width)).toEqual([12, 5, 5]);
  });

  it('stand under each other whatever is in them', () => {
    for (const name of ['a', '日本語テレビ放送', '2001:db8:1234:5678::1', 'x\x1b[31m']) {
      expect(textWidth(plainText(24, { name, size: 7 }))).toBe(24);
    }
  });

  it('mark the column that orders the rows', () => {
    const titles = composeTitles(fitColumns(COLUMNS, 20), 'Size', '▲').map(({ text }) => text);
    expect(titles.join('')).toBe('Name    Size▲  Twice');
  });
});
