/** Rows as a table of plain text, written while they come. */

/** Columns are as wide as the first page of rows needs, so that a long list can start at once. */
export async function* writeTextTable(
  head: readonly string[],
  pages: AsyncIterable<readonly (readonly string[])[]>,
): AsyncGenerator<string> {
  let widths: readonly number[] | null = null;
  for await (const lines of pages) {
    if (widths === null) {
      widths = columnWidths([head, ...lines]);
      yield padCells(head, widths);
    }
    const padding = widths;
    yield lines.map((cells) => padCells(cells, padding)).join('');
  }
  if (widths === null) yield padCells(head, columnWidths([head]));
}

function columnWidths(lines: readonly (readonly string[])[]): number[] {
  return (lines[0] ?? []).map((_, column) =>
    lines.reduce((width, cells) => Math.max(width, cells[column]?.length ?? 0), 0),
  );
}

function padCells(cells: readonly string[], widths: readonly number[]): string {
  const padded = cells.map((cell, column) => cell.padEnd(widths[column] ?? 0));
  return `${padded.join('  ').trimEnd()}\n`;
}
