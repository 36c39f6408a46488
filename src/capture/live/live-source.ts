/**
 * Frames from interfaces as they pass, as one capture: numbered over all interfaces in the order of their arrival, which is
 * also their order in the file that may be saved.
 */

import { printable } from '../../format/text.ts';
import { CaptureError, type CaptureInfo, type FrameBatch, type FrameSource, type Recall } from '../frame-batch.ts';
import { type CaptureTool, canLeaveOutOthers, describeLimit, findTools } from './capture-tool.ts';
import { KeptFrames } from './kept-frames.ts';
import { CannotCapture, LiveInterface } from './live-interface.ts';
import type { LiveOptions } from './live-options.ts';

/** Programs give frames on within a second; what takes longer waits for us. */
const BACKLOG_MS = 3000;
const BACKLOG =
  'The analysis is more than 3 s behind the capture: where it does not catch up, the kernel drops what finds no place.';

interface Arrival {
  readonly from: LiveInterface;
  /** Null when no more will come from there; borrowed otherwise. */
  readonly batch: FrameBatch | null;
}

/** Tries the programs that are installed, the best first. Rejects with a `CaptureError` when none can capture. */
export async function openLive(options: LiveOptions): Promise<LiveSource> {
  const tools = chooseTools(options);
  let failure: CannotCapture | null = null;
  for (const tool of tools) {
    try {
      const interfaces = await openInterfaces(tool, options);
      return new LiveSource(tool, options, interfaces, await openKept(options, interfaces));
    } catch (error) {
      if (!(error instanceof CannotCapture) || error.kind !== 'permission') throw error;
      failure ??= error;
    }
  }
  throw failure;
}

/** At least one; fails with a `CaptureError`. */
function chooseTools({ via, isPromiscuous }: LiveOptions): CaptureTool[] {
  const tools = findTools().filter(({ name }) => via === null || name === via);
  const able = tools.filter((tool) => isPromiscuous || canLeaveOutOthers(tool));
  if (able.length > 0) return able;
  if (tools.length > 0)
    throw new CaptureError('cap always takes what is addressed to others too: use tcpdump or dumpcap.');
  const wanted = via === null ? 'Neither dumpcap nor tcpdump is installed' : `${via} is not installed`;
  const reason = via === 'cap' ? ' (npm leaves it out where it cannot be built)' : '';
  throw new CaptureError(`${wanted}${reason}: install tcpdump or Wireshark.`);
}

/** Last, so that nothing is replaced for a capture that cannot be. */
async function openKept(options: LiveOptions, interfaces: readonly LiveInterface[]): Promise<KeptFrames> {
  try {
    return new KeptFrames(options);
  } catch (error) {
    for (const each of interfaces) await each.close();
    throw error;
  }
}

async function openInterfaces(tool: CaptureTool, options: LiveOptions): Promise<LiveInterface[]> {
  const opening = options.interfaces.map((name) => LiveInterface.open(name, tool, options));
  const opened = await Promise.allSettled(opening);
  const failed = opened.find((result) => result.status === 'rejected');
  if (failed === undefined) return Promise.all(opening);
  for (const result of opened) if (result.status === 'fulfilled') await result.value.close();
  throw failed.reason;
}

export class LiveSource implements FrameSource {
  readonly captures: readonly [CaptureInfo];
  readonly #info: CaptureInfo;
  readonly #interfaces: readonly LiveInterface[];
  readonly #kept: KeptFrames;
  readonly #mostFrames: number;
  readonly #filter: string | null;
  /** Interfaces that have had a frame; their places are what frames say in `interfaces`. */
  readonly #known: LiveInterface[] = [];
  readonly #arrivals: Arrival[] = [];
  /** Whose batch is lent out: it must not read on before the next `next`. */
  #lender: LiveInterface | null = null;
  #reading: number;
  #wake: (() => void) | null = null;
  #failure: unknown = null;
  /** On the system's clock: until then it is told that frames came late. */
  #behindUntil = 0;

  constructor(tool: CaptureTool, options: LiveOptions, interfaces: readonly LiveInterface[], kept: KeptFrames) {
    this.#interfaces = interfaces;
    this.#kept = kept;
    this.#filter = options.filter;
    this.#mostFrames = options.mostFrames ?? Number.POSITIVE_INFINITY;
    this.#info = {
      file: `${interfaces.map(({ name }) => name).join(', ')} (live, ${tool.name})`,
      format: interfaces[0]?.format ?? 'live',
      frames: 0,
      bytes: 0,
      interfaces: [],
      warnings: [],
      truncatedAt: null,
      comments: [],
      interruptions: 0,
      limit: describeLimit(tool),
    };
    this.captures = [this.#info];
    this.#reading = interfaces.length;
    for (const each of interfaces) this.#read(each);
  }

  async next(): Promise<FrameBatch | null> {
    if (this.#lender !== null) this.#read(this.#lender);
    this.#lender = null;
    while (this.#reading > 0 || this.#arrivals.length > 0) {
      if (this.#failure !== null) throw this.#failure;
      const arrival = this.#arrivals.shift();
      if (arrival === undefined) {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      } else if (arrival.batch !== null && this.#info.frames < this.#mostFrames) {
        this.#lender = arrival.from;
        return this.#take(arrival.from, arrival.batch);
      } else if (arrival.batch !== null) {
        // What comes after the last frame that is wanted only keeps the program from telling its counters.
        this.#read(arrival.from);
      }
    }
    this.refresh();
    return null;
  }

  /** Brings `captures` up to date; it changes also when no frame comes. */
  refresh(): void {
    const { interfaces, warnings } = this.#info;
    this.#info.format = this.#interfaces[0]?.format ?? this.#info.format;
    for (const [index, from] of this.#known.entries()) {
      const shown = interfaces[index];
      if (shown !== undefined) shown.dropped = from.dropped;
    }
    const texts = this.#interfaces.flatMap((each) => each.troubles());
    const failure = this.#kept.failure;
    if (failure !== null) texts.push(failure);
    if (Date.now() < this.#behindUntil) texts.push(BACKLOG);
    warnings.splice(0, warnings.length, ...texts.map((text) => ({ offset: null, text })));
    this.#info.blindTimes = this.#interfaces.flatMap((each) => each.blindTimes);
    this.#info.interruptions = this.#interfaces.reduce((sum, { interruptions }) => sum + interruptions, 0);
  }

  progress(): { bytesRead: number; bytesTotal: null } {
    return { bytesRead: this.#interfaces.reduce((sum, { bytesRead }) => sum + bytesRead, 0), bytesTotal: null };
  }

  recall(folder: string): Recall {
    return this.#kept.recall(folder);
  }

  stop(): void {
    for (const each of this.#interfaces) each.stop();
  }

  async close(): Promise<void> {
    await Promise.all(this.#interfaces.map((each) => each.close()));
    this.#kept.close(this.#known.map(({ dropped }) => dropped));
    this.refresh();
  }

  #read(from: LiveInterface): void {
    from.next().then(
      (batch) => this.#arrive({ from, batch }),
      (error: unknown) => {
        this.#failure = error;
        this.#arrive({ from, batch: null });
      },
    );
  }

  #arrive(arrival: Arrival): void {
    if (arrival.batch === null) this.#reading--;
    this.#arrivals.push(arrival);
    this.#wake?.();
  }

  /** Makes a batch of one interface one of this capture. */
  #take(from: LiveInterface, batch: FrameBatch): FrameBatch {
    const info = this.#info;
    batch.count = Math.min(batch.count, this.#mostFrames - info.frames);
    const index = this.#indexOf(from);
    for (let i = 0; i < batch.count; i++) {
      batch.numbers[i] = ++info.frames;
      batch.interfaces[i] = index;
      info.bytes += batch.wireLengths[i] as number;
    }
    this.#kept.add(batch);
    this.#noteBacklog(batch);
    if (info.frames >= this.#mostFrames) this.stop();
    return batch;
  }

  /** A batch that waited for the one before it is as old as that took. */
  #noteBacklog(batch: FrameBatch): void {
    const last = batch.count - 1;
    if (last < 0) return;
    const takenMs = (batch.seconds[last] as number) * 1000 + (batch.nanoseconds[last] as number) / 1e6;
    if (Date.now() - takenMs > BACKLOG_MS) this.#behindUntil = Date.now() + BACKLOG_MS;
  }

  #indexOf(from: LiveInterface): number {
    const known = this.#known.indexOf(from);
    const described = from.interface;
    if (known >= 0 || described === null) return Math.max(known, 0);
    const added = { ...described, name: printable(from.name), filter: described.filter ?? this.#filter };
    this.#info.interfaces.push(added);
    this.#kept.addInterface(added);
    return this.#known.push(from) - 1;
  }
}
