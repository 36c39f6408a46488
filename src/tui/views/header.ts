/** The rows above every view: what was read and how it stands, the views, and the progress of reading. */

import type { Snapshot } from '../../analysis/snapshot.ts';
import { counted, formatBitRate, formatBytes, formatCount } from '../../format/count.ts';
import { formatSpan } from '../../format/time.ts';
import { VERDICTS } from '../../verdict/finding.ts';
import { formatCompact } from '../compact.ts';
import { captureName, type Data } from '../data.ts';
import { EMPTY_LINE, joined, type Line, line, lineWidth, span, spread } from '../line.ts';
import type { State } from '../state.ts';
import { cutMiddle, textWidth } from '../text-width.ts';
import type { Marks } from '../theme.ts';
import { filterHint } from './filter-prompt.ts';
import { tabLine } from './tabs.ts';
import type { Scene } from './view.ts';

/** Rows that `headerLines` fills. */
export const HEADER_ROWS = 3;

const TITLE = ' mediatap  ';
const LEAST_NAME = 16;
/** Of the bar, where there is room for it, and where what stands beside it needs that. */
const BAR_WIDTH = 20;
const SHORT_BAR_WIDTH = 10;
const LEAST_WIDE = 100;

/** `remark` is what the view says of the item under the cursor. */
export function headerLines(scene: Scene, remark: string): Line[] {
  return [titleLine(scene), tabLine(scene), statusLine(scene, remark)];
}

/** The counts by verdict come first when room is short, then the name, then how much was read. */
function titleLine({ data, width, marks }: Scene): Line {
  const { snapshot } = data;
  const long = verdictCounts(snapshot, marks.verdict, true);
  const fits = TITLE.length + LEAST_NAME + lineWidth(long) + 2 <= width;
  const counts = fits ? long : verdictCounts(snapshot, marks.verdict, false);
  const room = width - TITLE.length - lineWidth(counts) - 2;
  const name = captureNames(snapshot, Math.max(LEAST_NAME, room));
  const left = room - Math.min(LEAST_NAME, textWidth(name));
  const facts = describeState(snapshot, marks.dot).find((words) => words.length <= left) ?? '';
  const pieces: Line = [
    span(TITLE, 'accent'),
    span(cutMiddle(name, Math.max(LEAST_NAME, room - facts.length)), 'strong'),
    span(facts, 'dim'),
  ];
  return spread(pieces, [...counts, span(' ')], width);
}

/** The first one, and how many more there are; for less room, that in short. */
function captureNames({ captures }: Snapshot, room: number): string {
  const [first, ...others] = captures.map(({ file }) => span(captureName(file)).text);
  if (first === undefined) return 'opening';
  if (others.length === 0) return first;
  const long = `${first} and ${counted(others.length, 'other')}`;
  if (textWidth(long) <= room) return long;
  const short = ` +${formatCount(others.length)}`;
  return `${cutMiddle(first, room - short.length)}${short}`;
}

const ENDINGS: Readonly<Record<Snapshot['phase'], string>> = {
  reading: '',
  done: '',
  cancelled: 'stopped early',
  failed: 'failed',
};

/** How much was read, and that it was not all; then, for less room, only that. */
function describeState({ phase, totals }: Snapshot, dot: string): string[] {
  const amount = [counted(totals.frames, 'frame'), counted(totals.flows, 'flow'), ENDINGS[phase]];
  return [amount.filter(Boolean).join(` ${dot} `), ENDINGS[phase]].map((words) => (words === '' ? '' : `  ${words}`));
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

/** One thing at a time: what was just done, what is filtered and how far reading is, what went wrong, what the cursor is on. */
function statusLine(scene: Scene, remark: string): Line {
  const { state, data } = scene;
  const { phase, failure } = data.snapshot;
  if (state.overlay.kind === 'filter') return filterHint(scene, state.overlay.text);
  if (state.notice !== '') return line(`  ${state.notice}`, 'notice');
  if (state.isPaused) return line('  Paused: reading goes on, p shows it again.', 'notice');
  const restriction = restrictionOf(state);
  if (restriction !== '') {
    const progress = phase === 'reading' ? `${shortProgress(data)}   ` : '';
    const wayOut = state.cameFrom === null ? 'Esc clears ' : 'Esc back ';
    return spread(line(`  ${restriction}`, 'notice'), line(`${progress}${wayOut}`, 'dim'), scene.width);
  }
  if (phase === 'reading') return progressLine(scene);
  if (phase === 'failed') return line(`  ${failure ?? 'Reading failed.'}`, 'error');
  return remark === '' ? EMPTY_LINE : line(`  ${remark}`, 'dim');
}

function restrictionOf({ isProblemsOnly, filter }: State): string {
  return [isProblemsOnly ? 'problems only' : '', filter === '' ? '' : `filter: ${filter}`].filter(Boolean).join('  ');
}

/** Beside what is filtered: `Reading 43 %`, `Capturing 1.20 Mbit/s`. */
function shortProgress({ snapshot, rate }: Data): string {
  const { bytesRead, bytesTotal } = snapshot.progress;
  if (bytesTotal !== null && bytesTotal > 0) return `Reading ${Math.floor((100 * bytesRead) / bytesTotal)} %`;
  return rate === null ? 'Capturing' : `Capturing ${formatBitRate(rate.bytesPerSecond, 1)}`;
}

function progressLine({ data, marks, width }: Scene): Line {
  const { bytesRead, bytesTotal, elapsedMs } = data.snapshot.progress;
  const stop = line('Esc stops ', 'dim');
  if (bytesTotal === null || bytesTotal === 0) {
    return spread([span('  Capturing  ', 'label'), span(describeCapturing(data))], stop, width);
  }
  const isWide = width >= LEAST_WIDE;
  const rate = elapsedMs > 0 ? (1000 * bytesRead) / elapsedMs : 0;
  const speed = `${formatCount(data.snapshot.totals.frames)} frames  ${formatBytes(rate)}/s`;
  const share = Math.min(1, bytesRead / bytesTotal);
  const barWidth = isWide ? BAR_WIDTH : SHORT_BAR_WIDTH;
  const full = Math.floor(share * barWidth);
  const left = rate > 0 && share < 1 ? `  ${formatSpan((1000 * (bytesTotal - bytesRead)) / rate)} left` : '';
  const bar: Line = [
    span('  Reading ', 'label'),
    span(marks.barFull.repeat(full), 'bar'),
    span(marks.barRest.repeat(barWidth - full), 'barRest'),
    span(` ${Math.floor(100 * share)} %  `, 'strong'),
  ];
  const amount = isWide ? `${formatBytes(bytesRead)} of ${formatBytes(bytesTotal)}  ` : '';
  return spread([...bar, span(`${amount}${speed}${left}`, 'dim')], stop, width);
}

/** How fast right now, and for how long by now. */
function describeCapturing({ snapshot, rate }: Data): string {
  const { framesPerSecond = 0, bytesPerSecond = 0 } = rate ?? {};
  const speed = `${formatCount(framesPerSecond)} frames/s  ${formatBitRate(bytesPerSecond, 1)}`;
  return `${speed}  for ${formatSpan(snapshot.progress.elapsedMs)}`;
}
