/** The ladder of a flow: who sent what to whom, one arrow a row. */

import type { FlowDetail, LadderStep } from '../../analysis/snapshot.ts';
import { counted } from '../../format/count.ts';
import { initiatorText, responderText } from '../flow-text.ts';
import { type Line, line, span } from '../line.ts';
import { formatMoment } from '../moment.ts';
import { cutText, fitText, textWidth } from '../text-width.ts';
import type { Marks } from '../theme.ts';
import { type Scene, type TextLine, text } from './view.ts';

const TIME_WIDTH = 12;
const FRAME_WIDTH = 8;
const LEAST_ARROW = 24;
const MOST_ARROW = 56;
/** Cells that are left for the words beside an arrow on a narrow screen. */
const DETAIL_WIDTH = 22;

/** A heading with the two parties, then the steps, each of which opens its frame. */
export function ladderLines(detail: FlowDetail, scene: Scene): TextLine[] {
  const left = 2 + TIME_WIDTH + 1 + FRAME_WIDTH + 2;
  const arrow = Math.max(LEAST_ARROW, Math.min(MOST_ARROW, scene.width - left - DETAIL_WIDTH - 2));
  const from = initiatorText(detail.row);
  const to = responderText(detail.row);
  const heading = `${from}${' '.repeat(Math.max(1, arrow + 2 - textWidth(from) - textWidth(to)))}${to}`;
  const steps = detail.ladder.map(
    (step): TextLine => ({
      line: stepLine(step, arrow, scene),
      opens: { kind: 'frame', capture: step.capture, frame: step.frame, time: step.time, fact: describeStep(step) },
    }),
  );
  return [
    text([
      span(`  ${fitText('Ladder', TIME_WIDTH)} ${fitText('frame', FRAME_WIDTH, 'right')}  `, 'label'),
      span(heading, 'strong'),
    ]),
    ...steps,
    ...(detail.ladderDropped > 0 ? [text(droppedLine(detail.ladderDropped, left))] : []),
  ];
}

function stepLine(step: LadderStep, arrow: number, scene: Scene): Line {
  const { marks } = scene;
  return [
    span(`  ${fitText(formatMoment(step.time, scene), TIME_WIDTH)} `, 'dim'),
    span(`${fitText(String(step.frame), FRAME_WIDTH, 'right')}  `, 'key'),
    span(marks.lifeline, 'dim'),
    ...arrowSpans(step, arrow, marks),
    span(`${marks.lifeline} `, 'dim'),
    span(step.detail, 'dim'),
  ];
}

function describeStep({ name, detail }: LadderStep): string {
  return detail === '' ? name : `${name}: ${detail}`;
}

/** The name in the middle of `width` cells of shaft, with a head at the end that it goes to. */
function arrowSpans({ direction, name }: LadderStep, width: number, marks: Marks): Line {
  const shaft = direction === 'from-elsewhere' ? marks.dashed : marks.rule;
  const label = ` ${cutText(name, width - 6)} `;
  const blank = width - textWidth(label) - 2;
  const before = blank >> 1;
  const first = direction === 'toInitiator' ? marks.headLeft : shaft;
  const last = direction === 'toResponder' ? marks.headRight : shaft;
  return [
    span(first + shaft.repeat(before), 'dim'),
    span(label, nameRole(name)),
    span(shaft.repeat(blank - before) + last, 'dim'),
  ];
}

/** Resets and ICMP errors are what people look for. */
function nameRole(name: string): 'blocked' | 'strong' {
  return /^(RST|ICMP)/.test(name) ? 'blocked' : 'strong';
}

function droppedLine(count: number, indent: number): Line {
  return line(`${' '.repeat(indent)}${counted(count, 'step')} of the middle not shown`, 'dim');
}
