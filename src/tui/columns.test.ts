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

/** Of as many cells as the column of names keeps. */
const ITEMS: readonly Item[] = [{ name: 'sixsix', size: 7 }];

describe('columns', () => {
  it('leave when the screen is too narrow for them, the least important first', () => {
    const titles = (width: number) => fitColumns(COLUMNS, width, ITEMS).map(({ column }) => column.title);
    expect(titles(20)).toEqual(['Name', 'Size', 'Twice']);
    expect(titles(19)).toEqual(['Name', 'Size']);
    expect(titles(4)).toEqual(['Name']);
  });

  it('stay where a more important one has no room, and they have', () => {
    const columns: readonly Column<Item>[] = [
      ...COLUMNS,
      { title: 'Why', width: 18, rank: 0.5, cell: () => 'because' },
    ];
    expect(fitColumns(columns, 19, ITEMS).map(({ column }) => column.title)).toEqual(['Name', 'Size']);
  });

  it('take no room for cells where there are none', () => {
    expect(fitColumns(COLUMNS, 80, []).map(({ width }) => width)).toEqual([5, 5, 5]);
  });

  it('grow by what their cells need, and no further than they want', () => {
    const widths = (width: number, name: string) =>
      fitColumns(COLUMNS, width, [{ name, size: 7 }]).map((column) => column.width);
    expect(widths(23, 'a very long name')).toEqual([9, 5, 5]);
    expect(widths(90, 'a very long name')).toEqual([12, 5, 5]);
    expect(widths(90, 'eight ch')).toEqual([8, 5, 5]);
    expect(widths(90, 'a')).toEqual([5, 5, 5]);
  });

  it('take the room that others do not need, the important ones first', () => {
    const columns: readonly Column<Item>[] = [
      { title: 'Why', width: 8, most: 20, rank: 2, cell: () => '-' },
      { title: 'From', width: 6, most: 20, rank: 0, cell: ({ name }) => name },
      { title: 'Rule', width: 4, most: 20, rank: 1, cell: ({ name }) => name },
    ];
    const fitted = fitColumns(columns, 26, [{ name: 'a name of 15 ch', size: 0 }]);
    expect(fitted.map(({ width }) => width)).toEqual([4, 14, 4]);
  });

  it('give way to the others where they say nothing of any item', () => {
    const columns: readonly Column<Item>[] = [
      { title: 'From', width: 6, most: 20, rank: 0, cell: ({ name }) => name },
      { title: 'Why', width: 8, rank: 1, cell: () => '' },
      { title: 'Size', width: 5, rank: 2, cell: ({ size }) => String(size) },
    ];
    const titles = (width: number) =>
      fitColumns(columns, width, [{ name: 'a long name', size: 7 }]).map(({ column }) => column.title);
    expect(titles(80)).toEqual(['From', 'Why', 'Size']);
    expect(titles(20)).toEqual(['From', 'Size']);
  });

  it('are cut where even the important ones have no room, the widest first', () => {
    const columns: readonly Column<Item>[] = [
      { title: 'From', width: 16, most: 20, rank: 0, cell: ({ name }) => name },
      { title: 'To', width: 20, most: 20, rank: 0, cell: ({ name }) => name },
      { title: 'Size', width: 5, rank: 0, cell: ({ size }) => String(size) },
    ];
    const widths = (width: number) =>
      fitColumns(columns, width, [{ name: 'x'.repeat(20), size: 0 }]).map((column) => column.width);
    expect(widths(45)).toEqual([16, 20, 5]);
    expect(widths(33)).toEqual([12, 12, 5]);
    expect(widths(10)).toEqual([8, 8, 5]);
  });

  it('cut an address in its middle, so that its port stays', () => {
    const columns: readonly Column<Item>[] = [
      { title: 'To', width: 16, cut: 'middle', rank: 0, cell: ({ name }) => name },
    ];
    const [cell] = composeRow(fitColumns(columns, 16, []), { name: '[2001:db8::1234:5678]:554', size: 0 });
    expect(cell?.text).toBe('[2001:d…678]:554');
  });

  it('stand under each other whatever is in them', () => {
    const names = ['a', '日本語テレビ放送', '2001:db8:1234:5678::1', 'x\x1b[31m'];
    const items = names.map((name) => ({ name, size: 7 }));
    const columns = fitColumns(COLUMNS, 24, items);
    for (const item of items) {
      const row = composeRow(columns, item).map(({ text }) => text);
      expect(textWidth(row.join(''))).toBe(24);
    }
  });

  it('mark the column that orders the rows', () => {
    const titles = composeTitles(fitColumns(COLUMNS, 20, ITEMS), 'Size', '▲').map(({ text }) => text);
    expect(titles.join('')).toBe('Name    Size▲  Twice');
  });
});
