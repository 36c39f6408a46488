/** The screen as text with colours, row by row. */

import { paint } from './line.ts';
import type { Theme } from './theme.ts';
import type { Row } from './views/view.ts';

/** The rows of a terminal that is `width` cells wide, one a line; blanks at the end of a row, which show nothing, are left out. */
export function renderFrame(rows: readonly Row[], width: number, theme: Theme): string {
  return rows.map(({ line, isSelected }) => paint(line, theme, width, isSelected).trimEnd()).join('\n');
}
