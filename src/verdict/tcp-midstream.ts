/** Established connections that ended badly: reset by somebody, or data that nobody acknowledges any more. */

import { TCP_FLAG } from '../packet/decoded-packet.ts';
import { indexOf } from './capture-index.ts';
import { type Draft, evidence } from './draft.ts';
import {
  type CaptureCase,
  type Direction,
  type FlowCase,
  formatEndpoint,
  formatSeconds,
  hasHandshake,
  isEndHidden,
  NS_PER_SECOND,
  type TcpEvent,
} from './flow-case.ts';
import { checkIcmp } from './icmp.ts';
import { isTooBig } from './path-mtu.ts';
import { findResetOrigin } from './reset-origin.ts';
import { NEVER_OPEN } from './tcp-outcome.ts';

/** Fewer repetitions, or within a shorter time, are ordinary loss. */
const FEWEST_REPETITIONS = 3;
const SHORTEST_CUT_NS = 3 * NS_PER_SECOND;
/** A side that sent several packets a second and then nothing for so long needs fewer repetitions to be called dead. */
const STEADY_PER_SECOND = 2;
const STEADY_SILENCE_NS = 10 * NS_PER_SECOND;
/** Silence before the first repetition from which on a firewall's time-out for idle sessions is likely. */
const IDLE_NS = 30 * NS_PER_SECOND;
/** A connection on which nobody spoke for so long may well have been done with. */
const IDLE_RESET_NS = 10 * NS_PER_SECOND;
/** A session that has been closed in the protocol's own way is over; what follows is its end. */
const CLOSING_NS = 5 * NS_PER_SECOND;

export function checkTcpResetMidstream(flow: FlowCase, capture: CaptureCase): Draft | null {
  if (flow.tcp?.outcome !== 'reset' || !flow.isStreaming) return null;
  const opened = flow.tcp.events.find((event) => event.kind === 'syn-ack')?.time ?? Number.NEGATIVE_INFINITY;
  const reset = flow.tcp.events.find((event) => event.kind === 'rst' && event.time >= opened);
  if (reset === undefined || isClose(reset, flow) || isIgnored(reset, flow) || isTail(reset, flow)) return null;
  const origin = findResetOrigin(reset, flow, capture);
  const sender = reset.direction === 1 ? flow.responder.address : flow.initiator.address;
  // A client that leaves without goodbye is a close like any other, unless the reset was forged.
  if (reset.direction === 0 && origin.by !== 'path') return null;
  // A close may be in what the capture lacks; of a device on the path, that it ends a connection that is used says enough.
  const isEnd = isEndHidden(flow, 0) || isEndHidden(flow, 1);
  const isHidden = isEnd || isCutShort(flow) || hasJustBegun(reset, flow);
  const isPath = origin.by === 'path' && !(isHidden && isIdle(reset, flow));
  const isHost = origin.by === 'host' && !isHidden;
  return {
    code: 'tcp-reset-midstream',
    verdict: isPath ? 'blocked' : isHost ? 'refused' : 'undetermined',
    certainty: origin.certainty,
    cause: isPath ? 'device-on-path' : isHost ? 'host' : 'unknown',
    where: reset.direction === 1 ? 'toward-responder' : 'toward-initiator',
    flows: [flow],
    related: [],
    groups: [],
    rule: flow.row?.id ?? null,
    groupKey: `midstream ${isHidden ? 'hidden' : origin.by} ${flow.responder.address} ${flow.responder.port}`,
    tell: () => ({
      what: isPath
        ? `the established connection was reset in the name of ${sender}, but not by it`
        : `the established connection was reset by ${isHost ? sender : `${sender} or something in its name`}`,
      why:
        `The reset came ${formatSeconds(reset.time - flow.firstTime)} after the start, with no close before it. ${origin.why}` +
        (isHidden && !isPath ? ' Part of this connection is missing in the capture, and a close may be in it.' : ''),
      nextStep: isPath
        ? 'Look for a firewall, an intrusion prevention system or a proxy on the path that ends such connections: at its log and for changed rules at this time.'
        : `Look at the log of ${sender} for this time.`,
      evidence: [evidence(reset, `reset, TTL ${reset.ttl}`), ...origin.evidence],
    }),
  };
}

/** Whether a snap length has cut what was said last. */
function isCutShort({ record, lastTimes }: FlowCase): boolean {
  const cut = record?.cutAt ?? null;
  return cut !== null && cut.time >= Math.min(...lastTimes) - CLOSING_NS;
}

/** Nothing of the other end for long before the reset, or nothing at all. */
function isIdle(reset: TcpEvent, flow: FlowCase): boolean {
  return reset.time - flow.lastTimes[reset.direction === 1 ? 0 : 1] >= IDLE_RESET_NS;
}

/** Who is seen goes on after it, and not with resets of its own: it did not fit, and nobody took notice. */
function isIgnored(reset: TcpEvent, flow: FlowCase): boolean {
  return flow.lastTimes.every((last, direction) => {
    if (flow.packets[direction] === 0) return true;
    const own = flow.tcp?.events.findLast((event) => event.kind === 'rst' && event.direction === direction);
    return last > Math.max(reset.time, own?.time ?? reset.time);
  });
}

/** What is left of a connection that began before the capture: its sender said nothing in it, and knows it no more. */
function isTail(reset: TcpEvent, flow: FlowCase): boolean {
  return !hasHandshake(flow) && flow.payload[reset.direction] === 0;
}

/** Whether the capture holds no more of the connection than its last moments. */
function hasJustBegun(reset: TcpEvent, flow: FlowCase): boolean {
  return !hasHandshake(flow) && reset.time - flow.firstTime < CLOSING_NS;
}

/** After a FIN, or when the protocol has said goodbye, a reset only clears up. */
function isClose(reset: TcpEvent, flow: FlowCase): boolean {
  const fin = flow.tcp?.events.find((event) => event.kind === 'fin');
  if (fin !== undefined && fin.time <= reset.time) return true;
  const closedAt = flow.record?.closedAt ?? null;
  return closedAt !== null && closedAt.time <= reset.time;
}

export function checkTcpCutMidstream(flow: FlowCase, capture: CaptureCase): Draft | null {
  const { tcp } = flow;
  if (tcp === null || !flow.isStreaming || flow.icmp.some(isTooBig) || NEVER_OPEN.includes(tcp.outcome)) return null;
  if (checkIcmp(flow, capture) !== null) return null;
  const wasAnswered = flow.packets[0] > 0 && flow.packets[1] > 0;
  if (!wasAnswered) return null;
  for (const direction of [0, 1] as const) {
    const run = tcp.runs[direction];
    const lastOpposite = flow.lastTimes[direction === 0 ? 1 : 0];
    if (run === null || run.count < 2 || lastOpposite > run.firstTime) continue;
    const isLong = run.count >= FEWEST_REPETITIONS && run.lastTime - run.firstTime >= SHORTEST_CUT_NS;
    const wasSteady = hasSteadyPeerFallenSilent(flow, direction, run.lastTime);
    if (!isLong && !wasSteady) continue;
    if (isGone(flow, direction, run.firstTime)) continue;
    // Idle clients vanish without a word all the time; one that was playing, or is alive elsewhere, has lost its connection.
    const isProven = direction === 0 || wasSteady || indexOf(capture).lastSentBy(flow.initiator.address) > lastOpposite;
    return cutDraft(flow, direction, run, lastOpposite, isProven);
  }
  return null;
}

/** Whether the other side sent steadily until it stopped for good. */
function hasSteadyPeerFallenSilent(flow: FlowCase, direction: Direction, until: number): boolean {
  const other = direction === 0 ? 1 : 0;
  const last = flow.lastTimes[other];
  const seconds = Math.max(1, (last - flow.firstTime) / NS_PER_SECOND);
  return flow.packets[other] / seconds >= STEADY_PER_SECOND && until - last >= STEADY_SILENCE_NS;
}

/** The receiver had closed or reset the connection before: then nobody is there to acknowledge. */
function isGone(flow: FlowCase, direction: Direction, time: number): boolean {
  const other = direction === 0 ? 1 : 0;
  const closing = flow.tcp?.events.find((event) => event.kind === 'rst' && event.time <= time);
  if (closing !== undefined || ((flow.tcp?.flags[other] ?? 0) & TCP_FLAG.rst) !== 0) return true;
  const closedAt = flow.record?.closedAt ?? null;
  return closedAt !== null && closedAt.time + CLOSING_NS < time;
}

function cutDraft(
  flow: FlowCase,
  direction: Direction,
  run: {
    readonly count: number;
    readonly firstFrame: number;
    readonly lastFrame: number;
    readonly firstTime: number;
    readonly lastTime: number;
  },
  lastOpposite: number,
  isProven: boolean,
): Draft {
  const [sender, silent] = direction === 0 ? [flow.initiator, flow.responder] : [flow.responder, flow.initiator];
  const lastFrame = flow.lastFrames[direction === 0 ? 1 : 0];
  const { capture } = flow;
  const hasOnlyOpened = flow.tcp?.acknowledgedBytes[direction] === 0;
  return {
    code: 'tcp-cut-midstream',
    verdict: isProven ? 'blocked' : 'undetermined',
    certainty: 'inferred',
    cause: isProven ? 'silent-drop' : 'unknown',
    where: direction === 0 ? 'toward-responder' : 'toward-initiator',
    flows: [flow],
    related: [],
    groups: [],
    rule: flow.row?.id ?? null,
    groupKey: `cut ${isProven} ${flow.responder.address} ${flow.responder.port}`,
    tell: () => ({
      what: hasOnlyOpened
        ? `it opened, and the first data of ${sender.address} was never acknowledged`
        : `it worked, then nothing from ${silent.address} arrived any more`,
      why:
        `${sender.address} sent the same data ${run.count} more times over ${formatSeconds(run.lastTime - run.firstTime)} and none of it was acknowledged; ` +
        `the last packet from ${silent.address} came ${formatSeconds(run.firstTime - lastOpposite)} before, with no FIN and no reset. ` +
        (isProven
          ? ''
          : `Nothing else of ${silent.address} is in the capture after that, so it may have been switched off or have moved. `) +
        (hasOnlyOpened
          ? 'A filter that decides by what a connection carries looks like this: it lets the handshake pass, and drops what follows. So does a device that answers handshakes for a host that is not there.'
          : run.firstTime - lastOpposite >= IDLE_NS
            ? 'The connection had been idle before: a firewall that forgets idle sessions looks like this, and so does a host that went away.'
            : 'Something on the path began to drop this connection, or the host behind it went away.'),
      nextStep: hasOnlyOpened
        ? `Ask whether a device on the path inspects or answers connections to ${formatEndpoint(flow.responder)}, and whether it permits ${flow.label}; check that ${silent.address} is up.`
        : `Look for a rule change, a session time-out or a fail-over on the path at this time; check that ${silent.address} is up.`,
      evidence: [
        { capture, frame: lastFrame, time: lastOpposite, fact: `last packet from ${silent.address}` },
        { capture, frame: run.firstFrame, time: run.firstTime, fact: 'data sent again, not acknowledged' },
        {
          capture,
          frame: run.lastFrame,
          time: run.lastTime,
          fact: `sent again, ${run.count} times by now, still not acknowledged`,
        },
      ],
    }),
  };
}
