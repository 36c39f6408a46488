/** The ladder of a flow: who sent what to whom, one arrow a row. */

import type { FlowDetail, LadderStep } from '../../analysis/snapshot.ts';
import { counted } from '../../format/count.ts';
import { type Line, line, span } from '../line.ts';
import { formatMoment } from '../moment.ts';
import { cutMiddle, cutText, fitText, textWidth } from '../text-width.ts';
import type { Marks } from '../theme.ts';
import { type Lanes, laneEnds, lanesOf, lanesWidth } from './ladder-lanes.ts';
import { type Scene, type TextLine, text } from './view.ts';

const TIME_WIDTH = 12;
const FRAME_TITLE = 'frame';

/** A heading with the parties, then the steps, each of which opens its frame. */
export function ladderLines(detail: FlowDetail, scene: Scene): TextLine[] {
  const frameWidth = Math.max(FRAME_TITLE.length, ...detail.ladder.map(({ frame }) => String(frame).length));
  const left = 2 + TIME_WIDTH + 1 + frameWidth + 2;
  const lanes = lanesOf(detail, scene.width - left);
  const room = scene.width - left - lanesWidth(lanes) - 1;
  const steps = detail.ladder.map(
    (step): TextLine => ({
      line: [
        span(`  ${fitText(formatMoment(step.time, scene), TIME_WIDTH)} `, 'dim'),
        span(`${fitText(String(step.frame), frameWidth, 'right')}  `, 'key'),
        ...stepSpans(step, lanes, scene.marks),
        span(` ${shortDetail(step.detail, room)}`, 'dim'),
      ],
      opens: { kind: 'frame', capture: step.capture, frame: step.frame, time: step.time, fact: describeStep(step) },
    }),
  );
  return [
    text([
      span(`  ${fitText('Ladder', TIME_WIDTH)} ${fitText(FRAME_TITLE, frameWidth, 'right')}  `, 'label'),
      span(headingText(lanes), 'strong'),
    ]),
    ...steps,
    ...(detail.ladderDropped > 0 ? [text(droppedLine(detail.ladderDropped, left))] : []),
  ];
}

function describeStep({ name, detail }: LadderStep): string {
  return detail === '' ? name : `${name}: ${detail}`;
}

/** Of a transport that there is no room for (RFC 2326 section 12.39), its ports are the point. */
function shortDetail(detail: string, room: number): string {
  if (textWidth(detail) <= room) return detail;
  return /;((?:client_port|port|interleaved)=.*)/.exec(detail)?.[1] ?? detail;
}

/** Each name at its lane: the first one begins there, the last one ends there, those between have it in their middle. */
function headingText(lanes: Lanes): string {
  const { names, gap } = lanes;
  const last = names.length - 1;
  const room = last === 1 ? (gap >> 1) - 1 : gap - 2;
  let heading = '';
  names.forEach((name, index) => {
    const isLone = last === 1 && textWidth(names.join(' ')) <= lanesWidth(lanes);
    const short = isLone ? name : cutMiddle(name, room);
    const lane = index * (gap + 1);
    const start = index === 0 ? 0 : index === last ? lane + 1 - textWidth(short) : lane - (textWidth(short) >> 1);
    heading += ' '.repeat(Math.max(index === 0 ? 0 : 1, start - textWidth(heading))) + short;
  });
  return heading;
}

/** All lanes, with the arrow between its two. */
function stepSpans(step: LadderStep, lanes: Lanes, marks: Marks): Line {
  const { names, gap } = lanes;
  const [from, to] = laneEnds(step, lanes);
  const [first, last] = [Math.min(from, to), Math.max(from, to)];
  const blank = ' '.repeat(gap);
  const before = `${marks.lifeline}${blank}`.repeat(first);
  const after = `${blank}${marks.lifeline}`.repeat(names.length - 1 - last);
  const width = (last - first) * (gap + 1) - 1;
  return [
    span(before + marks.lifeline, 'dim'),
    ...arrowSpans(step, width, to > from, marks),
    span(marks.lifeline + after, 'dim'),
  ];
}

/** The name in the middle of `width` cells of shaft, with a head at the end that it goes to. */
function arrowSpans(
  { direction, name, isMissing }: LadderStep,
  width: number,
  isRightward: boolean,
  marks: Marks,
): Line {
  const shaft = direction === 'from-elsewhere' || isMissing ? marks.dashed : marks.rule;
  const label = ` ${cutText(name, width - 6)} `;
  const blank = width - textWidth(label) - 2;
  const before = blank >> 1;
  return [
    span((isRightward ? shaft : marks.headLeft) + shaft.repeat(before), 'dim'),
    span(label, isMissing || isFailure(name) ? 'blocked' : 'strong'),
    span(shaft.repeat(blank - before) + (isRightward ? marks.headRight : shaft), 'dim'),
  ];
}

/** Resets and ICMP errors are what people look for. */
function isFailure(name: string): boolean {
  return /^(RST|ICMP)/.test(name);
}

function droppedLine(count: number, indent: number): Line {
  return line(`${' '.repeat(indent)}${counted(count, 'step')} of the middle not shown`, 'dim');
}
