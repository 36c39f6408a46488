/** Draws the packets of a conversation as arrows between its two ends. */

import type { LadderStep } from '../analysis/snapshot.ts';
import { type Clock, clockOf } from './clock.ts';
import type { LadderBlock } from './document.ts';
import { escapeXml } from './escape-xml.ts';

const WIDTH = 760;
const LEFT = 200;
const RIGHT = 700;
const TOP = 30;
const STEP_HEIGHT = 26;
const HEAD_LENGTH = 7;
const HEAD_WIDTH = 3.5;
const MOST_LABEL = 80;

export function drawLadder(block: LadderBlock): string {
  const height = TOP + (block.steps.length + 1) * STEP_HEIGHT;
  const clock = clockOf(block.steps[0]?.time ?? 0, block.steps.at(-1)?.time ?? 0, block.originSeconds);
  const isMixed = new Set(block.steps.map(({ flow }) => flow)).size > 1;
  const dropped =
    block.stepsDropped === 0
      ? ''
      : `<text class="faint" x="${WIDTH}" y="${height - 6}" text-anchor="end">${block.stepsDropped} steps left out of the middle</text>`;
  return [
    `<svg viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${escapeXml(block.caption)}">`,
    `<text x="${LEFT}" y="14" text-anchor="middle">${escapeXml(block.initiator)}</text>`,
    `<text x="${RIGHT}" y="14" text-anchor="end">${escapeXml(block.responder)}</text>`,
    verticalRule(LEFT, height),
    verticalRule(RIGHT, height),
    ...block.steps.map((step, index) => {
      const y = TOP + (index + 1) * STEP_HEIGHT;
      const flow = isMixed
        ? `<text class="faint" x="${WIDTH}" y="${y}" text-anchor="end">flow ${step.flow}</text>`
        : '';
      return drawStep(step, y, clock) + flow;
    }),
    dropped,
    '</svg>',
  ].join('\n');
}

function verticalRule(x: number, height: number): string {
  return `<line class="rule" x1="${x}" y1="20" x2="${x}" y2="${height}"/>`;
}

function drawStep(step: LadderStep, y: number, clock: Clock): string {
  const when = `${step.frame}  ${clock(step.time)}`;
  const words = step.detail === '' ? step.name : `${step.name}  ${step.detail}`;
  const label = words.length <= MOST_LABEL ? words : `${words.slice(0, MOST_LABEL - 1)}…`;
  return [
    `<text class="faint" x="0" y="${y}">${escapeXml(when)}</text>`,
    `<text x="${(LEFT + RIGHT) / 2}" y="${y - 4}" text-anchor="middle">${escapeXml(label)}</text>`,
    drawArrow(step, y),
  ].join('');
}

/** What comes from elsewhere, such as an ICMP error of a router, starts between the ends. */
function drawArrow({ direction, isMissing }: LadderStep, y: number): string {
  const isRightward = direction === 'toResponder';
  const start = direction === 'from-elsewhere' ? (LEFT + RIGHT) / 2 : isRightward ? LEFT : RIGHT;
  const tip = isRightward ? RIGHT : LEFT;
  const back = isRightward ? tip - HEAD_LENGTH : tip + HEAD_LENGTH;
  return [
    `<line class="arrow" x1="${start}" y1="${y}" x2="${tip}" y2="${y}"${isMissing ? ' stroke-dasharray="2 5"' : ''}/>`,
    `<path class="head" d="M${tip} ${y} L${back} ${y - HEAD_WIDTH} L${back} ${y + HEAD_WIDTH} Z"/>`,
  ].join('');
}
