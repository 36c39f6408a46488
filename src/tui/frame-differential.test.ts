/** The two drawers of rows held against each other, in a terminal: the same cells with the same looks. */

import { Terminal } from '@xterm/headless';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { renderFrame } from './frame.ts';
import { span } from './line.ts';
import { renderInkFrame } from './start/ink-frame.tsx';
import { type ColorDepth, createTheme, type Role, type ThemeName } from './theme.ts';
import type { Row } from './views/view.ts';

const WIDTH = 30;
const HEIGHT = 4;
const PIECES = ['rtsp', '  ', '10.1.2.3:554', '視頻', '한글', 'e\u0301', '→', '👩‍👩‍👧', '\x1b[31m', '…', '\t', 'é', ''];
const ROLES: readonly Role[] = ['plain', 'strong', 'dim', 'accent', 'bar', 'tab', 'blocked', 'ok'];

const rowOf: fc.Arbitrary<Row> = fc.record({
  line: fc.array(
    fc
      .tuple(fc.array(fc.constantFrom(...PIECES), { maxLength: 4 }), fc.constantFrom(...ROLES))
      .map(([pieces, role]) => span(pieces.join(''), role)),
    { maxLength: 6 },
  ),
  isSelected: fc.boolean(),
});

async function cellsOf(frame: string): Promise<string[]> {
  const terminal = new Terminal({ cols: WIDTH, rows: HEIGHT, allowProposedApi: true });
  await new Promise<void>((resolve) => terminal.write(frame.replaceAll('\n', '\r\n'), resolve));
  const cells: string[] = [];
  for (let row = 0; row < HEIGHT; row++) {
    const line = terminal.buffer.active.getLine(row);
    for (let column = 0; column < WIDTH; column++) {
      const cell = line?.getCell(column);
      const looks = [cell?.getFgColor(), cell?.getBgColor(), cell?.isBold(), cell?.isDim(), cell?.isInverse()];
      cells.push(`${row}:${column} ${cell?.getChars() || ' '} ${looks.join(' ')}`);
    }
  }
  terminal.dispose();
  return cells;
}

it.each<[ThemeName, ColorDepth]>([
  ['dark', '256'],
  ['high-contrast', '16'],
  ['light', 'none'],
])('shows the same cells, %s with colours: %s', async (name, depth) => {
  const theme = createTheme(name, depth, true);
  await fc.assert(
    fc.asyncProperty(fc.array(rowOf, { minLength: HEIGHT, maxLength: HEIGHT }), async (rows) => {
      expect(await cellsOf(renderFrame(rows, WIDTH, theme))).toEqual(await cellsOf(renderInkFrame(rows, WIDTH, theme)));
    }),
    { numRuns: 60 },
  );
});
