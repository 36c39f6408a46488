/** The last row: a prompt while one is open, else the few keys that matter here and where the cursor is. */

import { formatCount } from '../../format/count.ts';
import { bindingsAt, keyLabel, type Place } from '../keymap.ts';
import { type Line, line, lineWidth, type Span, span, spread } from '../line.ts';
import { type Position, roomInItems, type Shape } from '../scroll.ts';
import { currentPage, type State } from '../state.ts';
import { cutStart, textWidth } from '../text-width.ts';
import { filteredFindings } from './finding-filter.ts';
import type { Scene } from './view.ts';

export function placeOf(state: State): Place {
  return currentPage(state)?.kind ?? state.view;
}

export function footerLine(scene: Scene, shape: Shape, position: Position): Line {
  const { overlay } = scene.state;
  const { width } = scene;
  if (overlay.kind === 'filter') return filterLine(scene, overlay.text);
  if (overlay.kind === 'name') {
    return promptLine('Name of the filter:', overlay.text, line('Enter keeps it   Esc closes ', 'dim'), width);
  }
  if (overlay.kind === 'palette') {
    return promptLine(':', overlay.text, line('Enter runs it   Esc closes ', 'dim'), width);
  }
  if (overlay.kind === 'save') {
    const addresses = overlay.isAnonymized ? 'keep addresses' : 'replace addresses';
    const toggle = scene.data.offer.canAnonymize ? hint('a', addresses) : [];
    return [...hint('Enter', 'saves it'), ...toggle, ...hint('Esc', 'closes')];
  }
  if (overlay.kind === 'columns') {
    return [...hint('Enter', 'shows it or leaves it out'), ...hint('d', 'default columns'), ...hint('Esc', 'closes')];
  }
  if (overlay.kind === 'quit' || overlay.kind === 'stop') {
    const question = overlay.kind === 'quit' ? 'Still capturing. Quit?' : 'Stop capturing? What was captured stays.';
    return spread(line(` ${question}`, 'notice'), [...hint('y', 'yes'), ...hint('any other key', 'no')], width);
  }
  const marked = scene.state.marked.length === 0 ? '' : `${formatCount(scene.state.marked.length)} marked   `;
  const where = span(`${marked}${positionText(shape, position)} `, 'dim');
  const room = width - lineWidth([where]) - 2;
  return spread(hintSpans(scene.state, shape, room), [where], width);
}

/** What is typed, and beside it how much it leaves; what there is to say of it stands below the tabs. */
function filterLine(scene: Scene, text: string): Line {
  const hints = line(`${matchedText(scene)}Enter keeps   Esc undoes `, 'dim');
  return promptLine('/', text, hints, scene.width);
}

function matchedText(scene: Scene): string {
  const { state, data } = scene;
  const { snapshot, flows } = data;
  const of = (left: number, all: number): string => `${formatCount(left)} of ${formatCount(all)}   `;
  if (state.view === 'findings') return of(filteredFindings(scene).length, snapshot.findings.length);
  return state.view === 'flows' && flows !== null ? of(flows.matched, snapshot.totals.flows) : '';
}

/** The block at the end is the cursor: the terminal's own stays hidden. A long text shows its end, and needs all the room. */
function promptLine(mark: string, text: string, hints: Line, width: number): Line {
  const prompt: Line = [span(` ${mark} `, 'key'), span(text, 'strong'), span(' ', 'tab')];
  if (lineWidth(prompt) + lineWidth(hints) < width) return spread(prompt, hints, width);
  const room = width - textWidth(mark) - 4;
  return [span(` ${mark} `, 'key'), span(cutStart(span(text).text, room), 'strong'), span(' ', 'tab')];
}

/** As many hints as fit; help and quit always do. Of an empty list or a text without links nothing can be opened. */
function hintSpans(state: State, shape: Shape, width: number): Line {
  if (state.overlay.kind === 'help') return hint('Esc', 'back');
  const hints = bindingsAt(placeOf(state)).filter((binding) => binding.hint !== undefined);
  const canOpen = shape.kind === 'list' ? shape.count > 0 : shape.links.length > 0;
  const lasting = hints.filter(({ command }) => command === 'help' || command === 'quit');
  const spans = lasting.flatMap(({ keys, hint: word = '' }) => hint(keyLabel(keys[0] ?? ''), word));
  const kept: Span[] = [];
  for (const { command, keys, hint: word = '' } of hints) {
    if (command === 'help' || command === 'quit' || (command === 'open' && !canOpen)) continue;
    const next = hint(keyLabel(keys[0] ?? ''), word);
    if (lineWidth([...kept, ...next, ...spans]) > width) break;
    kept.push(...next);
  }
  return [...kept, ...spans];
}

function hint(key: string, word: string): Span[] {
  return [span(' '), span(key, 'key'), span(` ${word}  `, 'dim')];
}

function positionText(shape: Shape, { cursor, top }: Position): string {
  if (shape.count === 0) return '';
  if (shape.kind === 'list') return `${formatCount(cursor + 1)} of ${formatCount(shape.count)}`;
  const room = roomInItems(shape);
  if (shape.count <= room) return '';
  return `${Math.round((100 * Math.min(shape.count, top + room)) / shape.count)} %`;
}
