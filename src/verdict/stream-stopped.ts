/** Media within a TCP connection that flowed and then stopped without a word, where nothing is repeated that would tell why. */

import { type Draft, lastPacket } from './draft.ts';
import {
  type CaptureCase,
  type Direction,
  type FlowCase,
  firstFrameOf,
  formatSeconds,
  NS_PER_SECOND,
} from './flow-case.ts';
import { lastTimeFrom } from './media-flow.ts';
import { RED_NS } from './media-never-arrived.ts';
import { isRecordingOver } from './recording-end.ts';
import { seenUntil } from './sight.ts';
import { checkTcpCutMidstream } from './tcp-midstream.ts';

/** Fewer packets, or fewer bytes, are no stream. */
const FEWEST_PACKETS = 10;
const FEWEST_BYTES = 5_000;
/** Silence of so many times the usual distance of packets is no pause of the stream. */
const SILENT_INTERVALS = 20;
/** What is said around the last packet belongs to it. */
const GRACE_NS = NS_PER_SECOND;

/** What says that a stream pauses or has ended, in RTSP and RTMP. */
const ENDINGS: ReadonlySet<string> = new Set(['PAUSE', 'TEARDOWN', 'pause', 'Stream EOF', 'Stream Dry']);
const BEGINNINGS: ReadonlySet<string> = new Set(['PLAY', 'RECORD', 'play', 'publish']);

export function checkStreamStopped(flow: FlowCase, capture: CaptureCase): Draft | null {
  const { tcp } = flow;
  if (tcp === null || !isStream(flow) || tcp.runs.some((run) => run !== null)) return null;
  const direction: Direction = flow.payload[1] >= flow.payload[0] ? 1 : 0;
  const last = flow.lastTimes[direction];
  const packets = flow.packets[direction];
  if (packets < FEWEST_PACKETS || flow.payload[direction] < FEWEST_BYTES) return null;
  const silence = endOfWatch(flow, last, capture) - last;
  const interval = (last - flow.firstTime) / packets;
  if (silence < RED_NS || silence < interval * SILENT_INTERVALS || hasPaused(flow, last)) return null;
  const [sender, receiver] = direction === 1 ? [flow.responder, flow.initiator] : [flow.initiator, flow.responder];
  const twin = findCutBeside(flow, sender.address, last, capture);
  return {
    code: 'media-cut',
    verdict: twin === null ? 'undetermined' : 'blocked',
    certainty: 'inferred',
    cause: twin === null ? 'unknown' : 'silent-drop',
    where: direction === 1 ? 'toward-responder' : 'toward-initiator',
    flows: [flow],
    related: [],
    groups: [],
    rule: flow.row?.id ?? null,
    groupKey: `stopped ${sender.address} ${flow.responder.port} ${twin === null}`,
    tell: () => ({
      what: `media stopped after ${formatSeconds(last - flow.firstTime)} and stayed away for ${formatSeconds(silence)}, with no goodbye`,
      why:
        `${sender.address} sent ${packets} packets and then nothing, with no PAUSE, no FIN and no reset, while the capture goes on. ` +
        (twin === null
          ? 'A path that has begun to drop what it sends looks like this from here, and so does a source that has stopped.'
          : `At the same moment another connection of these hosts was cut (port ${twin.responder.port}, frame ${firstFrameOf(twin)}): one path was lost to both.`),
      nextStep: `Look on ${sender.address} whether it goes on sending: if it repeats the same data, something between it and ${receiver.address} drops it.`,
      evidence: [lastPacket(flow, direction, `last packet from ${sender.address}`)],
    }),
  };
}

/** A connection of the same hosts whose data is repeated in vain since this sender fell silent in both. */
function findCutBeside(flow: FlowCase, sender: string, last: number, capture: CaptureCase): FlowCase | null {
  const hosts = [flow.initiator.address, flow.responder.address];
  const twin = capture.flows.find((other) => {
    if (other === flow || !hosts.includes(other.initiator.address) || !hosts.includes(other.responder.address))
      return false;
    return (
      Math.abs(lastTimeFrom(other, sender) - last) <= GRACE_NS &&
      checkTcpCutMidstream(other, capture)?.verdict === 'blocked'
    );
  });
  return twin ?? null;
}

/** Protocols whose streams do not pause by themselves, with their media in the connection. */
function isStream({ protocol, record }: FlowCase): boolean {
  if (protocol === 'rtsp') return record?.facts.get('transport') === 'TCP interleaved';
  return protocol === 'rtmp' && record?.facts.has('role') === true;
}

/** Until when media could still have come: the goodbye of either side, a silence of the capture, or its end. */
function endOfWatch(flow: FlowCase, last: number, capture: CaptureCase): number {
  const closing = flow.tcp?.events.find(({ kind, time }) => (kind === 'fin' || kind === 'rst') && time >= last);
  const closedAt = flow.record?.closedAt?.time ?? Number.POSITIVE_INFINITY;
  const unseen = seenUntil(capture, { capture: flow.capture, since: last, heard: last });
  return Math.min(closing?.time ?? capture.endTime, closedAt, unseen);
}

/** Whether the stream was last told to pause or has come to its end, or its receiver takes no more for now. */
function hasPaused(flow: FlowCase, last: number): boolean {
  const said = flow.record?.messages.filter(({ at }) => at.time <= last + GRACE_NS) ?? [];
  const latest = said.findLast(({ name }) => ENDINGS.has(name) || BEGINNINGS.has(name));
  const isFull = flow.tcp?.events.some(({ kind, time }) => kind === 'zero-window' && time >= last - GRACE_NS) === true;
  return isFull || (latest !== undefined && ENDINGS.has(latest.name)) || isRecordingOver(flow, last - flow.firstTime);
}
