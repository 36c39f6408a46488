/** What the screens say to those who hear them: the same views, on a screen that is as long as its text. */

import { VIEW_NAMES } from './keymap.ts';
import { activeShape, layOutScreen } from './layout.ts';
import { span } from './line.ts';
import type { Speech } from './plain-speaker.ts';
import { currentPage, currentPosition, type State } from './state.ts';
import { TOUR } from './tour.ts';
import { filterHint } from './views/filter-prompt.ts';
import { HEADER_ROWS } from './views/header.ts';
import type { Scene } from './views/view.ts';

/** So wide that few columns are left out; more rows would be asked for in vain. */
export const PLAIN_COLUMNS = 160;
export const PLAIN_ROWS = 200;

const PROGRESS_STEP = 25;

export function speechOf(scene: Scene): Speech {
  const { state } = scene;
  const rows = layOutScreen(scene);
  const shape = activeShape(scene);
  const isMenu = ['palette', 'save', 'columns'].includes(state.overlay.kind);
  const body = rows.slice(HEADER_ROWS, -1);
  return {
    place: placeName(scene, currentPosition(state).top),
    titles: shape.kind === 'list' && !isMenu ? body.slice(0, shape.titleRows) : [],
    rows: body,
    isText: shape.kind === 'text' || isMenu,
    asides: [state.notice, progressOf(scene), restrictionOf(state), promptOf(scene), tourOf(state)],
  };
}

/** A text that is scrolled is another place. */
function placeName(scene: Scene, top: number): string {
  const { state, data } = scene;
  const page = currentPage(state);
  if (state.overlay.kind !== 'none') return `${state.overlay.kind}:`;
  if (page !== null) return top === 0 ? `The ${page.kind}:` : `The ${page.kind}, from line ${top + 1}:`;
  const shape = activeShape(scene);
  const count = shape.kind === 'list' ? `, ${shape.count}` : '';
  const isReading = data.snapshot.phase === 'reading' ? ' so far' : '';
  return `${VIEW_NAMES[state.view]}${isReading === '' ? count : ''}${isReading}:`;
}

function progressOf({ data }: Scene): string {
  const { phase, progress, failure } = data.snapshot;
  const { bytesRead, bytesTotal } = progress;
  if (phase === 'failed') return failure ?? 'Reading failed.';
  if (phase === 'cancelled') return 'Stopped early.';
  if (phase === 'done') return 'Everything was read.';
  if (bytesTotal === null || bytesTotal === 0) return 'Capturing.';
  return `Reading, ${PROGRESS_STEP * Math.floor((100 * bytesRead) / bytesTotal / PROGRESS_STEP)} percent.`;
}

function restrictionOf({ filter, isProblemsOnly, overlay, isPaused }: State): string {
  const isTyped = overlay.kind === 'filter';
  const parts = [
    isProblemsOnly ? 'Problems only.' : '',
    filter === '' || isTyped ? '' : `Filter: ${filter}.`,
    isPaused ? 'Paused.' : '',
  ];
  return parts.filter(Boolean).join(' ');
}

/** The last row of the screen, where something is typed, and what there is to say of it. */
function promptOf(scene: Scene): string {
  const { overlay } = scene.state;
  if (overlay.kind === 'none' || overlay.kind === 'help') return '';
  const hint = overlay.kind === 'filter' ? filterHint(scene, overlay.text) : [];
  const last = layOutScreen(scene).at(-1)?.line ?? [];
  return [...last, span('  '), ...hint]
    .map(({ text }) => text)
    .join('')
    .replace(/ {2,}/g, '  ')
    .trim();
}

function tourOf({ tour }: State): string {
  return tour === null ? '' : `Step ${tour + 1} of ${TOUR.length}. ${TOUR[tour]?.text ?? ''}`;
}
