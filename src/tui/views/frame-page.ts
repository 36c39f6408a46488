/** A frame from its layers to its bytes: what a line of evidence or an arrow of a ladder rests on. */

import type { FrameDetail, FrameLayer } from '../../analysis/frame-layers.ts';
import { counted } from '../../format/count.ts';
import { captureName } from '../data.ts';
import { hanging, type Line, span } from '../line.ts';
import { formatMoment } from '../moment.ts';
import { currentPage, type Page } from '../state.ts';
import { fitText } from '../text-width.ts';
import type { Role } from '../theme.ts';
import { hex, hexDump, isReadable } from './hex-dump.ts';
import { labelled, WIDEST_TEXT } from './labelled.ts';
import { type Copy, type Scene, type TextLine, text } from './view.ts';

type FramePage = Extract<Page, { kind: 'frame' }>;

/** A payload that is text is shown as text too: so many of its lines, if so much of it can be read. */
const MOST_TEXT_LINES = 60;
const LEAST_READABLE = 0.9;
/** Names of links may be longer; they are cut. */
const LAYER_WIDTH = 14;
const BREAKS: ReadonlySet<number> = new Set([0x09, 0x0a, 0x0d]);

export function framePage(scene: Scene): TextLine[] {
  const page = currentPage(scene.state);
  if (page?.kind !== 'frame') return [];
  const answer = answerFor(page, scene);
  const heading = [...titleLines(page, scene), text('')];
  if (answer === null) return [...heading, text('  Reading the capture up to this frame')];
  if (answer.kind === 'lost')
    return [...heading, ...hanging([span('  ')], answer.reason, scene.width, 'notice').map(text)];
  const { detail } = answer;
  return [
    ...heading,
    ...hanging([span(`  ${fitText('Length', LAYER_WIDTH)}`, 'label')], describeSize(detail), scene.width).map(text),
    ...layerLines(detail, scene),
    ...payloadText(detail, scene),
    text(''),
    ...hexDump(detail, payloadOf(detail), scene),
  ];
}

/** The bytes as `xxd -r -p` and Wireshark's import take them. */
export function copyFrame(scene: Scene): Copy | null {
  const page = currentPage(scene.state);
  const answer = page?.kind === 'frame' ? answerFor(page, scene) : null;
  if (answer?.kind !== 'found') return null;
  return { kind: 'text', what: 'the bytes', text: Array.from(answer.detail.bytes, hex).join(' ') };
}

function answerFor({ capture, frame }: FramePage, { data }: Scene) {
  const question = data.frame?.question;
  return question?.capture === capture && question.frame === frame ? (data.frame?.answer ?? null) : null;
}

function titleLines({ capture, frame, time, fact }: FramePage, scene: Scene): TextLine[] {
  const file = captureName(scene.data.snapshot.captures[capture]?.file ?? '');
  const first: Line = [span('  '), span(`frame ${frame}  `, 'key')];
  return [
    ...hanging(first, fact, Math.min(scene.width, WIDEST_TEXT), 'strong'),
    [span(`  of ${file}, ${formatMoment(time, scene)}`, 'dim')],
  ].map(text);
}

function describeSize({ wireLength, capturedLength }: FrameDetail): string {
  const size = counted(wireLength, 'byte');
  return capturedLength < wireLength ? `${size}, of which the first ${capturedLength} were captured` : size;
}

/** Each layer inside the one above it, with its place in the bytes. */
function layerLines({ layers, stop }: FrameDetail, scene: Scene): TextLine[] {
  const lines = layers.flatMap(({ kind, name, start, end, text: words }, depth) => {
    const place = end > start ? `bytes ${start} to ${end - 1}` : 'no bytes';
    const first: Line = [span(`  ${fitText(`${' '.repeat(depth)}${name}`, LAYER_WIDTH)}`, roleOf(kind))];
    const all = words === '' ? place : `${words}; ${place}`;
    return hanging(first, all, Math.min(scene.width, WIDEST_TEXT)).map(text);
  });
  return stop === null ? lines : [...lines, ...labelled('Stopped', stop, scene.width)];
}

/** As people read RTSP, SIP and HTTP. */
function payloadText(detail: FrameDetail, { width }: Scene): TextLine[] {
  const payload = payloadOf(detail);
  const bytes = payload === undefined ? new Uint8Array(0) : detail.bytes.subarray(payload.start, payload.end);
  const readable = bytes.reduce((count, byte) => count + (isReadable(byte) || BREAKS.has(byte) ? 1 : 0), 0);
  if (bytes.length === 0 || readable < LEAST_READABLE * bytes.length) return [];
  const lines = Array.from(bytes, (byte) => (byte < 0x80 ? String.fromCharCode(byte) : '.'))
    .join('')
    .trimEnd()
    .split(/\r?\n/);
  const shown = lines.slice(0, MOST_TEXT_LINES).flatMap((line) => hanging([span('    ')], line, width));
  const rest = lines.length - MOST_TEXT_LINES;
  return [...shown, ...(rest > 0 ? [[span(`    and ${counted(rest, 'more line')}`, 'dim')]] : [])].map(text);
}

function payloadOf({ layers }: FrameDetail): FrameLayer | undefined {
  return layers.find(({ kind }) => kind === 'payload');
}

function roleOf(kind: FrameLayer['kind']): Role {
  return kind === 'payload' ? 'strong' : 'label';
}
