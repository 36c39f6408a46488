/**
 * The start screen as Ink draws it. It is drawn a few times and read at leisure; the screens of a capture, which follow keys and
 * a reader that wants both cores, are drawn by `frame.ts`, and a test holds the two against each other.
 */

import { Box, renderToString, Text } from 'ink';
import { paint } from '../line.ts';
import type { Theme } from '../theme.ts';
import type { Row } from '../views/view.ts';

/** The rows of a terminal that is `width` cells wide, with colours, one a line. */
export function renderInkFrame(rows: readonly Row[], width: number, theme: Theme): string {
  return renderToString(<Screen rows={rows} width={width} theme={theme} />, { columns: width });
}

function Screen({ rows, width, theme }: { rows: readonly Row[]; width: number; theme: Theme }) {
  return (
    <Box flexDirection="column" width={width}>
      {rows.map(({ line, isSelected }, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a row of the screen is known by its place
        <Box key={place} height={1}>
          <Text wrap="truncate">{paint(line, theme, width, isSelected)}</Text>
        </Box>
      ))}
    </Box>
  );
}
