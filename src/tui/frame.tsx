/** The screen as Ink draws it: one text per row, composed and coloured beforehand, since boxes for cells would cost too much. */

import { Box, renderToString, Text } from 'ink';
import { layOutScreen } from './layout.ts';
import { paint } from './line.ts';
import type { Theme } from './theme.ts';
import type { Row, Scene } from './views/view.ts';

interface RowsProps {
  readonly rows: readonly Row[];
  readonly theme: Theme;
  readonly width: number;
}

/** Rows have no identity but their place. */
function Rows({ rows, theme, width }: RowsProps) {
  const texts = rows.map(({ line, isSelected }, place) => ({ place, text: paint(line, theme, width, isSelected) }));
  return texts.map(({ place, text }) => (
    <Text key={place} wrap="truncate">
      {text === '' ? ' ' : text}
    </Text>
  ));
}

interface ScreenProps {
  readonly scene: Scene;
  readonly theme: Theme;
}

function Screen({ scene, theme }: ScreenProps) {
  const { header, body, footer } = layOutScreen(scene);
  const { width } = scene;
  return (
    <Box flexDirection="column" width={width} height={scene.state.rows}>
      <Rows rows={header} theme={theme} width={width} />
      <Rows rows={body} theme={theme} width={width} />
      <Rows rows={footer} theme={theme} width={width} />
    </Box>
  );
}

/** The rows of the terminal, with colours, one a line. */
export function renderFrame(scene: Scene, theme: Theme): string {
  return renderToString(<Screen scene={scene} theme={theme} />, { columns: scene.width });
}
