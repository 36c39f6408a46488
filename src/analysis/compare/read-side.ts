/** Reads the capture of one side of the box, and gives its flows with what was kept of their packets. */

import { setImmediate as nextTurn } from 'node:timers/promises';
import { CaptureError, type CaptureInfo, type FrameSource } from '../../capture/frame-batch.ts';
import { openCaptures } from '../../capture/open-captures.ts';
import { IP_PROTOCOL, TCP_FLAG } from '../../packet/decoded-packet.ts';
import type { Pair } from '../../verdict/flow-case.ts';
import { SlotCase } from '../flow-cases.ts';
import { judgePipeline } from '../judgement.ts';
import { makeSnapshot } from '../make-snapshot.ts';
import { Pipeline } from '../pipeline.ts';
import type { Snapshot } from '../snapshot.ts';
import { type Sample, SideRecorder } from './side-recorder.ts';

/** Milliseconds of work between two looks at the event loop. */
const TURN_MS = 20;

/** What came back to the initiator: `refusal` is a TCP reset and nothing else, `icmp` an ICMP error and nothing else. */
export type Answer = 'none' | 'refusal' | 'icmp' | 'answered';

/** What is told of a flow, copied out of the tables of its side so that these can go. */
export type FlowFacts = Pick<
  SlotCase,
  | 'id'
  | 'capture'
  | 'transport'
  | 'initiator'
  | 'responder'
  | 'protocol'
  | 'label'
  | 'isStreaming'
  | 'packets'
  | 'firstTime'
  | 'lastTimes'
>;

export interface SideFlow {
  readonly facts: FlowFacts;
  /** By direction: 0 toward the responder. Null where no packet was seen. */
  readonly samples: Pair<Sample | null>;
  readonly answer: Answer;
  /** A TCP connection that was closed or reset. */
  readonly isOver: boolean;
}

/** What is told of a side as a whole: the rows of its snapshot are as large as the tables. */
export type SideCapture = Pick<Snapshot, 'captures' | 'originSeconds' | 'quality'>;

export interface Side {
  readonly capture: SideCapture;
  /** TCP and UDP flows of which packets were kept. */
  readonly flows: readonly SideFlow[];
  /** Nanoseconds since its origin; infinite where there is no frame. */
  readonly firstTime: number;
  readonly lastTime: number;
  /** Whether there were more flows than could be kept. */
  readonly isIncomplete: boolean;
  /** Whether the capture was told to leave out more than other hosts, by its own word or because it holds TCP alone. */
  readonly isFiltered: boolean;
}

/** `path` may also be a folder or a pattern: files of one point. Rejects with a `CaptureError` when nothing could be read. */
export async function readSide(path: string): Promise<Side> {
  const startedAt = performance.now();
  const source = await openCaptures([path]);
  const pipeline = new Pipeline();
  const recorder = new SideRecorder(pipeline.flows, pipeline.hosts.macs);
  pipeline.onPacket = (slot, packet, time, frame) => recorder.take(slot, packet, time, frame);
  const failure = await readAll(source, pipeline);
  pipeline.finish();
  if (failure !== null && pipeline.frames === 0) throw new CaptureError(failure);
  const state = {
    phase: failure === null ? 'done' : 'failed',
    failure,
    elapsedMs: performance.now() - startedAt,
  } as const;
  const judgement = judgePipeline(pipeline);
  const { captures, originSeconds, quality } = makeSnapshot(pipeline, judgement, source, state);
  return {
    capture: { captures, originSeconds, quality },
    flows: listFlows(pipeline, recorder),
    firstTime: pipeline.firstTime,
    lastTime: pipeline.lastTime,
    isIncomplete: recorder.isFull || pipeline.flows.evicted > 0,
    isFiltered: judgement.capture.isOnlyTcp || source.captures.some(isFilteredByMore),
  };
}

/** A filter that names nothing but hosts and networks keeps all that those say. */
function isFilteredByMore({ interfaces }: CaptureInfo): boolean {
  return interfaces.some(
    ({ filter }) => filter !== null && !/^[\s()]*((ip6?|host|net|and|or|[\d.:/a-f]+)[\s()]*)*$/i.test(filter),
  );
}

/** Gives why reading ended early, null when it did not. */
async function readAll(source: FrameSource, pipeline: Pipeline): Promise<string | null> {
  let turnAt = performance.now();
  try {
    for (;;) {
      const next = source.next();
      const batch = next instanceof Promise ? await next : next;
      if (batch === null) return null;
      pipeline.process(batch);
      if (performance.now() - turnAt < TURN_MS) continue;
      await nextTurn();
      turnAt = performance.now();
    }
  } catch (error) {
    if (!(error instanceof CaptureError)) throw error;
    return error.message;
  } finally {
    await source.close();
  }
}

function listFlows(pipeline: Pipeline, recorder: SideRecorder): SideFlow[] {
  const { flows } = pipeline;
  const found: SideFlow[] = [];
  for (let slot = 0; slot < flows.slots; slot++) {
    const kept = flows.isUsed(slot) ? recorder.samples.get(flows.id(slot)) : undefined;
    if (kept === undefined) continue;
    const samples: Pair<Sample | null> = [kept[flows.sideOf(slot, 0)], kept[flows.sideOf(slot, 1)]];
    const flow = new SlotCase(pipeline, slot);
    const isOver = flow.tcp?.outcome === 'closed' || flow.tcp?.outcome === 'reset';
    found.push({ facts: factsOf(flow), samples, answer: answerOf(pipeline, slot), isOver });
  }
  return found;
}

function factsOf(flow: SlotCase): FlowFacts {
  const { id, capture, transport, initiator, responder, protocol, label, isStreaming } = flow;
  const { packets, firstTime, lastTimes } = flow;
  return { id, capture, transport, initiator, responder, protocol, label, isStreaming, packets, firstTime, lastTimes };
}

function answerOf({ flows, icmpErrors }: Pipeline, slot: number): Answer {
  if (flows.packets(slot, 1) === 0) return icmpErrors.of(slot).length > 0 ? 'icmp' : 'none';
  if (flows.transport(slot) !== IP_PROTOCOL.tcp) return 'answered';
  const isRefusal = (flows.flags(slot, 1) & TCP_FLAG.rst) !== 0 && (flows.flags(slot, 1) & TCP_FLAG.syn) === 0;
  return isRefusal && flows.payload(slot, 1) === 0 ? 'refusal' : 'answered';
}
