/** The rows of the whole screen, exactly as many as the terminal has. */

import type { Data } from './data.ts';
import { line } from './line.ts';
import type { Position, Shape } from './scroll.ts';
import { currentPosition, type State } from './state.ts';
import type { Marks } from './theme.ts';
import { columnMenuRows } from './views/columns-menu.ts';
import { footerLine } from './views/footer.ts';
import { HEADER_ROWS, headerLines } from './views/header.ts';
import { helpView } from './views/help.ts';
import { paletteRows } from './views/palette.ts';
import { saveMenuRows } from './views/save-menu.ts';
import { tourRows } from './views/tour-pane.ts';
import { BLANK, type Row, row, type Scene, type View } from './views/view.ts';
import { currentView } from './views/views.ts';

const FOOTER_ROWS = 1;
const LEAST_COLUMNS = 40;
const LEAST_ROWS = 10;

export function sceneOf(state: State, data: Data, marks: Marks): Scene {
  const width = state.columns;
  const tour = tourRows({ state, width, marks }).length;
  return { state, data, marks, width, height: Math.max(1, state.rows - HEADER_ROWS - FOOTER_ROWS - tour) };
}

/** What the movement keys act on. */
export function activeView(scene: Scene): View {
  return scene.state.overlay.kind === 'help' ? helpView : currentView(scene);
}

/** The header, the body filled up with blank rows, and the footer. */
export function layOutScreen(scene: Scene): readonly Row[] {
  const { state, width } = scene;
  if (width < LEAST_COLUMNS || state.rows < LEAST_ROWS) {
    const words = `mediatap needs ${LEAST_COLUMNS} columns and ${LEAST_ROWS} rows`;
    return [row(line(words)), ...blankRows(state.rows - 1)];
  }
  const view = activeView(scene);
  const shape = view.shape(scene);
  const position = currentPosition(state);
  const header = headerLines(scene, view.remark?.(scene, position.cursor) ?? '');
  const body = bodyRows(scene, view, position).slice(0, scene.height);
  return [
    ...header.map((spans) => row(spans)),
    ...body,
    ...blankRows(scene.height - body.length),
    ...tourRows(scene),
    row(footerLine(scene, shape, position)),
  ];
}

function bodyRows(scene: Scene, view: View, position: Position): readonly Row[] {
  switch (scene.state.overlay.kind) {
    case 'palette':
      return paletteRows(scene);
    case 'save':
      return saveMenuRows(scene);
    case 'columns':
      return columnMenuRows(scene);
    default:
      return view.draw(scene, position);
  }
}

function blankRows(count: number): Row[] {
  return Array.from({ length: Math.max(0, count) }, () => BLANK);
}

export function activeShape(scene: Scene): Shape {
  return activeView(scene).shape(scene);
}
