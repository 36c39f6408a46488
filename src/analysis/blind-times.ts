/**
 * Times in which the capture or a part of it saw nothing: a file that ends before the others, an interface that is silent
 * for long, one of a live capture that was down, what lies between captures that were joined in the wrong order, what a clock
 * that was set back has shown before. The checks must not take such silence for a proof.
 */

import { basename, dirname, join } from 'node:path';
import type { CaptureInfo, FrameBatch } from '../capture/frame-batch.ts';
import type { CaptureGap, CapturePart } from '../verdict/flow-case.ts';

const NS_PER_SECOND = 1e9;
/** Even a quiet segment shows a frame within this time; files of one rotation follow each other within it. */
const LONG_GAP_NS = 20 * NS_PER_SECOND;
/** Frames of several cards or queues may be out of order by less than this; by more, the clock was set back. */
const SET_BACK_NS = 2 * NS_PER_SECOND;
/** What two files of one rotation may overlap. */
const OVERLAP_NS = NS_PER_SECOND;
const MOST_GAPS = 1024;
const MOST_SILENCES = 64;
const MOST_POINTS = 65_536;
/** As many as a batch can name in a capture. */
const INTERFACES = 65_536;

interface Stretch {
  readonly start: number;
  end: number;
}

/** One file, or one of several interfaces in a file. */
interface Point {
  readonly capture: number;
  first: number;
  last: number;
  /** Time of its last frame, before `last` where its clock was set back. */
  latest: number;
  /** Long ones within it, the latest ones. */
  readonly silences: { readonly start: number; readonly end: number }[];
}

export class BlindTimes {
  readonly #captures: readonly CaptureInfo[];
  readonly #files = new Map<number, Point>();
  readonly #interfaces = new Map<number, Point>();
  /** Times that frames come in without a jump, in the order of the frames; the latest ones. */
  readonly #stretches: Stretch[] = [];
  #hasGoneBack = false;

  /** `captures` are those of the source, which grow while it is read. */
  constructor(captures: readonly CaptureInfo[]) {
    this.#captures = captures;
  }

  /** Told of each batch. */
  note(batch: FrameBatch, originSeconds: number): void {
    const { count } = batch;
    // Of a capture in one part only its end is of interest, should another part turn up.
    const isSplit = this.#captures.length > 1 || (this.#captures[0]?.interfaces.length ?? 0) > 1;
    for (let i = 0; i < count; i++) {
      const time = ((batch.seconds[i] as number) - originSeconds) * NS_PER_SECOND + (batch.nanoseconds[i] as number);
      this.#noteTime(time);
      if (!isSplit && i < count - 1) continue;
      const capture = batch.captures[i] as number;
      notePoint(this.#files, capture, capture, time);
      const key = capture * INTERFACES + (batch.interfaces[i] as number);
      notePoint(this.#interfaces, key, capture, time);
    }
  }

  /** Puts them among the silences of the whole capture, in the place of what was put there before. */
  putAmong(gaps: CaptureGap[], originSeconds: number, endTime: number): void {
    const known = gaps.filter(({ part }) => part === undefined);
    // The silences that are known follow the order of the frames: what comes later may lie in them.
    const whole = this.#hasGoneBack ? gapsBetween(this.#stretches) : known;
    const parts = [
      ...this.#ofInterruptions(originSeconds),
      ...this.#ofFiles(endTime),
      ...this.#ofInterfaces(endTime),
      ...this.#ofClocks(endTime),
    ];
    if (parts.length === 0 && known.length === gaps.length && !this.#hasGoneBack) return;
    gaps.splice(0, gaps.length, ...whole, ...parts.slice(-MOST_GAPS));
    gaps.sort((one, other) => one.start - other.start);
  }

  #noteTime(time: number): void {
    const stretch = this.#stretches.at(-1);
    if (stretch !== undefined && Math.abs(time - stretch.end) <= LONG_GAP_NS) {
      if (time > stretch.end) stretch.end = time;
      return;
    }
    if (stretch !== undefined && time < stretch.end) this.#hasGoneBack = true;
    if (this.#stretches.length >= MOST_GAPS) this.#stretches.shift();
    this.#stretches.push({ start: time, end: time });
  }

  /** Of a live capture: any flow may have been on the interface. */
  #ofInterruptions(originSeconds: number): CaptureGap[] {
    const part: CapturePart = { captures: null, isWhole: true };
    const nanoseconds = (seconds: number): number => (seconds - originSeconds) * NS_PER_SECOND;
    return this.#captures.flatMap(({ blindTimes = [] }) =>
      blindTimes.map(({ start, end }) => ({ start: nanoseconds(start), end: nanoseconds(end), part })),
    );
  }

  #ofFiles(endTime: number): CaptureGap[] {
    if (this.#files.size < 2) return [];
    return chainsOf([...this.#files.values()], this.#captures).flatMap((chain) => {
      const part: CapturePart = { captures: new Set(chain.map(({ capture }) => capture)), isWhole: true };
      const begun = { start: Number.NEGATIVE_INFINITY, end: chain[0]?.first ?? 0, part };
      return [begun, ...chain.flatMap((file) => silencesOf(file, file === chain.at(-1) ? endTime : null, part))];
    });
  }

  /** Behind the last frame of a file whose clock was set back lie only times from before that. */
  #ofClocks(endTime: number): CaptureGap[] {
    return [...this.#files.values()].flatMap(({ capture, last, latest }) => {
      const end = this.#files.size === 1 ? endTime : last;
      const part: CapturePart = { captures: new Set([capture]), isWhole: true };
      return end - latest > SET_BACK_NS ? [{ start: latest, end: Number.POSITIVE_INFINITY, part }] : [];
    });
  }

  #ofInterfaces(endTime: number): CaptureGap[] {
    const points = [...this.#interfaces.values()];
    return points.flatMap((point) => {
      if ((this.#captures[point.capture]?.interfaces.length ?? 0) < 2) return [];
      const end = Math.min(endTime, this.#files.get(point.capture)?.last ?? endTime);
      return silencesOf(point, end, { captures: new Set([point.capture]), isWhole: false });
    });
  }
}

function notePoint(points: Map<number, Point>, key: number, capture: number, time: number): void {
  const point = points.get(key);
  if (point === undefined) {
    if (points.size < MOST_POINTS) points.set(key, { capture, first: time, last: time, latest: time, silences: [] });
    return;
  }
  if (time - point.last > LONG_GAP_NS) {
    if (point.silences.length >= MOST_SILENCES) point.silences.shift();
    point.silences.push({ start: point.last, end: time });
  }
  if (time > point.last) point.last = time;
  point.latest = time;
}

/** Long silences that the stretches leave between them. */
function gapsBetween(stretches: readonly Stretch[]): CaptureGap[] {
  const [first, ...others] = stretches.toSorted((one, other) => one.start - other.start);
  const gaps: CaptureGap[] = [];
  let covered = first?.end ?? 0;
  for (const { start, end } of others) {
    if (start - covered > LONG_GAP_NS) gaps.push({ start: covered, end: start });
    covered = Math.max(covered, end);
  }
  return gaps;
}

/** `endTime`: how long the others went on; null where this part has a successor. */
function silencesOf(point: Point, endTime: number | null, part: CapturePart): CaptureGap[] {
  const silences = point.silences.map((silence) => ({ ...silence, part }));
  if (endTime === null || point.last >= endTime) return silences;
  return [...silences, { start: point.last, end: Number.POSITIVE_INFINITY, part }];
}

/** Files of one rotation go on where the one before them ended; names that differ in digits alone tell them. */
function chainsOf(files: readonly Point[], captures: readonly CaptureInfo[]): Point[][] {
  const familyOf = ({ capture }: Point): string => {
    const path = captures[capture]?.file ?? '';
    return join(dirname(path), basename(path).replace(/\d+/g, ''));
  };
  const chains: Point[][] = [];
  const latest = new Map<string, Point[][]>();
  for (const file of files.toSorted((one, other) => one.first - other.first)) {
    const family = familyOf(file);
    const known = (latest.get(family) ?? []).filter((chain) => lastOf(chain) + LONG_GAP_NS >= file.first);
    const before = known.find((chain) => lastOf(chain) - OVERLAP_NS <= file.first);
    if (before === undefined) {
      const begun = [file];
      known.push(begun);
      chains.push(begun);
    } else before.push(file);
    latest.set(family, known);
  }
  return chains;
}

function lastOf(chain: readonly Point[]): number {
  return chain.at(-1)?.last ?? Number.NEGATIVE_INFINITY;
}
