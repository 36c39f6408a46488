/** The rows above every view: what was read and how it stands, the views, and the progress of reading. */

import type { Snapshot } from '../../analysis/snapshot.ts';
import { counted, formatBytes, formatCount } from '../../format/count.ts';
import { formatSpan } from '../../format/time.ts';
import { VERDICTS } from '../../verdict/finding.ts';
import { formatCompact } from '../compact.ts';
import { VIEW_NAMES } from '../keymap.ts';
import { EMPTY_LINE, joined, type Line, line, lineWidth, type Span, span, spread } from '../line.ts';
import { VIEWS } from '../state.ts';
import { cutMiddle, textWidth } from '../text-width.ts';
import type { Marks } from '../theme.ts';
import { baseName } from './finding-text.ts';
import type { Scene } from './view.ts';

/** Rows that `headerLines` fills. */
export const HEADER_ROWS = 3;

const TITLE = ' mediatap  ';
const LEAST_NAME = 16;
const BAR_WIDTH = 20;

export function headerLines(scene: Scene): Line[] {
  return [titleLine(scene), tabLine(scene), statusLine(scene)];
}

/** The counts by verdict come first when room is short, then the name, then how much was read. */
function titleLine({ data, width, marks }: Scene): Line {
  const { snapshot } = data;
  const long = verdictCounts(snapshot, marks.verdict, true);
  const fits = TITLE.length + LEAST_NAME + lineWidth(long) + 2 <= width;
  const counts = fits ? long : verdictCounts(snapshot, marks.verdict, false);
  const state = `  ${describeState(snapshot, marks.dot)}`;
  const room = width - TITLE.length - lineWidth(counts) - 2;
  const name = span(captureNames(snapshot)).text;
  const facts = room - state.length >= Math.min(LEAST_NAME, textWidth(name)) ? state : '';
  const left: Line = [
    span(TITLE, 'accent'),
    span(cutMiddle(name, Math.max(LEAST_NAME, room - facts.length)), 'strong'),
    span(facts, 'dim'),
  ];
  return spread(left, [...counts, span(' ')], width);
}

function captureNames({ captures }: Snapshot): string {
  const [first, ...others] = captures.map(({ file }) => (file === '-' ? 'standard input' : baseName(file)));
  if (first === undefined) return 'opening';
  return others.length === 0 ? first : `${first} and ${counted(others.length, 'other')}`;
}

function describeState({ phase, totals }: Snapshot, dot: string): string {
  const parts = [counted(totals.frames, 'frame'), counted(totals.flows, 'flow')];
  if (phase === 'cancelled') parts.push('stopped early');
  if (phase === 'failed') parts.push('failed');
  return parts.join(` ${dot} `);
}

/** Flows by verdict, gravest first, without those that are none of our business; where room is short, words for one only. */
function verdictCounts({ totals }: Snapshot, marks: Marks['verdict'], isLong: boolean): Line {
  const counts = VERDICTS.filter((verdict) => verdict !== 'background' && totals.byVerdict[verdict] > 0);
  const spans = counts.map((verdict, index) => {
    const word = isLong || index === 0 ? ` ${verdict}` : '';
    return span(`${marks[verdict]} ${formatCompact(totals.byVerdict[verdict])}${word}`, verdict);
  });
  return joined(spans, span('  '));
}

function tabLine({ state }: Scene): Line {
  const tabs = VIEWS.map((view, index): Span => {
    const isCurrent = view === state.view;
    return span(` ${index + 1} ${VIEW_NAMES[view]} `, isCurrent ? 'tab' : 'dim');
  });
  return [span(' '), ...tabs];
}

/** One thing at a time: what was just done, how far reading is, what the view is restricted to, what went wrong. */
function statusLine(scene: Scene): Line {
  const { state, data } = scene;
  if (state.notice !== '') return line(`  ${state.notice}`, 'notice');
  if (data.snapshot.phase === 'reading') return progressLine(scene);
  if (data.snapshot.phase === 'failed') return line(`  ${data.snapshot.failure ?? 'Reading failed.'}`, 'error');
  const restriction = [
    state.isProblemsOnly ? 'problems only' : '',
    state.filter === '' ? '' : `filter: ${state.filter}`,
  ];
  const words = restriction.filter(Boolean).join('  ');
  return words === '' ? EMPTY_LINE : spread(line(`  ${words}`, 'notice'), line('Esc clears ', 'dim'), scene.width);
}

function progressLine({ data, marks, width }: Scene): Line {
  const { bytesRead, bytesTotal, elapsedMs } = data.snapshot.progress;
  const rate = elapsedMs > 0 ? (1000 * bytesRead) / elapsedMs : 0;
  const speed = `${formatCount(data.snapshot.totals.frames)} frames  ${formatBytes(rate)}/s`;
  const stop = line('Esc stops ', 'dim');
  if (bytesTotal === null || bytesTotal === 0) {
    return spread([span('  Reading  ', 'label'), span(`${formatBytes(bytesRead)}  ${speed}`)], stop, width);
  }
  const share = Math.min(1, bytesRead / bytesTotal);
  const full = Math.floor(share * BAR_WIDTH);
  const left = rate > 0 && share < 1 ? `  ${formatSpan((1000 * (bytesTotal - bytesRead)) / rate)} left` : '';
  const bar: Line = [
    span('  Reading ', 'label'),
    span(marks.barFull.repeat(full), 'bar'),
    span(marks.barRest.repeat(BAR_WIDTH - full), 'barRest'),
    span(` ${Math.floor(100 * share)} %  `, 'strong'),
  ];
  const amount = width >= 100 ? `${formatBytes(bytesRead)} of ${formatBytes(bytesTotal)}  ` : '';
  return spread([...bar, span(`${amount}${speed}${left}`, 'dim')], stop, width);
}
