/**
 * Segments too large for a link on the path (RFC 1191, RFC 8201): the errors come, and the sender goes on as before; or no
 * error comes, and large segments are lost while small ones pass both ways (RFC 2923 section 2.1).
 */

import type { RetransmissionRun } from '../flow/tcp-table.ts';
import { TCP_FLAG } from '../packet/decoded-packet.ts';
import { type Draft, evidence } from './draft.ts';
import {
  type CaptureCase,
  type Direction,
  type FlowCase,
  formatSeconds,
  type IcmpCase,
  NS_PER_SECOND,
  type TcpCase,
} from './flow-case.ts';
import { isUndelivered } from './icmp-codes.ts';

/** Repetitions of the same data after the error that show that its sender took no notice. */
const FEWEST_REPETITIONS = 3;
const SHORTEST_NS = 3 * NS_PER_SECOND;
const MOST_EVIDENCE = 6;
/** Repetitions of what was acknowledged that are no chance. */
const FEWEST_IN_ANSWER = 2;

/** Whether an error says that a packet did not fit the next link. */
export function isTooBig({ version, type, code }: IcmpCase): boolean {
  return version === 6 ? type === 2 : type === 3 && code === 4;
}

/** Payload of a segment that some link may find too large: IPv6 guarantees 1280 bytes for a packet. */
const LARGE_BYTES = 1200;

export function checkPathMtu(flow: FlowCase, _capture: CaptureCase): Draft | null {
  const { tcp } = flow;
  if (tcp === null || !flow.isStreaming) return null;
  const error = flow.icmp.find(isTooBig);
  if (error !== undefined) return checkIgnoredError(flow, tcp, error);
  return checkSilentLoss(flow, tcp, 0) ?? checkSilentLoss(flow, tcp, 1);
}

/** Large segments are repeated in vain while the other end goes on to speak, and is heard. */
function checkSilentLoss(flow: FlowCase, tcp: TcpCase, direction: Direction): Draft | null {
  const other = direction === 0 ? 1 : 0;
  const run = tcp.runs[direction];
  if (run === null || !isPersistent(run) || repeatsInVain(tcp, other)) return null;
  if (!isThereAllAlong(flow, tcp, other, run) || flow.icmp.some(isUndelivered)) return null;
  const repeated = tcp.events.filter(
    (event) => event.kind === 'retransmission' && event.direction === direction && event.time >= run.firstTime,
  );
  const smallest = Math.min(...repeated.map(({ length }) => length));
  const passed = tcp.acknowledgedBytes[direction];
  if (repeated.length < FEWEST_REPETITIONS || smallest < LARGE_BYTES || passed === 0) return null;
  // Fewer bytes than one such segment were ever acknowledged: none of this size has passed.
  const isOfSize = passed !== null && passed < smallest;
  // One that speaks so much later and acknowledges nothing of it has not got it, whatever the reason.
  const isProven = isOfSize || flow.lastTimes[other] - run.firstTime >= SHORTEST_NS;
  const [sender, receiver] = direction === 0 ? [flow.initiator, flow.responder] : [flow.responder, flow.initiator];
  return {
    ...common(flow, direction),
    verdict: isProven ? 'blocked' : 'undetermined',
    cause: isProven ? 'silent-drop' : 'unknown',
    groupKey: `mtu ${sender.address} ${receiver.address} ${isProven} ${isOfSize}`,
    tell: () => ({
      what: isOfSize
        ? `segments of ${smallest} bytes are lost, while smaller ones pass both ways`
        : `segments of ${smallest} bytes no longer arrive, while ${receiver.address} goes on to speak`,
      why:
        `${sender.address} sent the same data ${run.count} more times over ${formatSeconds(run.lastTime - run.firstTime)} without an acknowledgement, while ${receiver.address} went on to speak. ` +
        (isOfSize
          ? `Not one segment of this size was acknowledged in this connection, and smaller ones were: a link beyond this point takes no packets so large, and the ICMP error that would say so does not come.`
          : `A link that takes no packets so large, whose ICMP error is filtered, looks like this, and so does a filter that has begun to drop what ${sender.address} sends; whether any segment of this size ever passed is not shown.`),
      nextStep: `Try a smaller MSS on the router (TCP MSS clamping), and permit ICMP "fragmentation needed" (ICMPv6 "packet too big") toward ${sender.address}.`,
      evidence: repeated
        .slice(0, MOST_EVIDENCE)
        .map((event) => evidence(event, `the same ${event.length} bytes again`)),
    }),
  };
}

/** Small segments pass such a link: what the other end says is acknowledged there, and is not said again. */
function repeatsInVain({ runs, acknowledgedRuns }: TcpCase, other: Direction): boolean {
  return runs[other] !== null || (acknowledgedRuns[other]?.count ?? 0) >= FEWEST_IN_ANSWER;
}

/** Whether the other end speaks after the first repetition, and has not closed before the repetitions show that it gets nothing. */
function isThereAllAlong(flow: FlowCase, tcp: TcpCase, other: Direction, run: RetransmissionRun): boolean {
  if (flow.lastTimes[other] <= run.firstTime + NS_PER_SECOND) return false;
  const fin = tcp.events.find((event) => event.kind === 'fin' && event.direction === other);
  return fin === undefined ? (tcp.flags[other] & TCP_FLAG.fin) === 0 : fin.time - run.firstTime >= SHORTEST_NS;
}

function isPersistent(run: RetransmissionRun): boolean {
  return run.count >= FEWEST_REPETITIONS && run.lastTime - run.firstTime >= SHORTEST_NS;
}

function common(flow: FlowCase, direction: Direction) {
  return {
    code: 'path-mtu',
    certainty: 'inferred',
    where: direction === 0 ? 'toward-responder' : 'toward-initiator',
    flows: [flow],
    related: [],
    groups: [],
    rule: flow.row?.id ?? null,
  } as const;
}

function checkIgnoredError(flow: FlowCase, tcp: TcpCase, error: IcmpCase): Draft | null {
  const run = tcp.runs[error.direction];
  if (run === null || run.lastTime <= error.time || !isPersistent(run)) return null;
  const sender = error.direction === 0 ? flow.initiator : flow.responder;
  return {
    ...common(flow, error.direction),
    verdict: 'blocked',
    cause: 'icmp',
    groupKey: `mtu ${error.reporter}`,
    tell: () => ({
      what: `segments are too large for a link behind ${error.reporter}, and ${sender.address} goes on sending them`,
      why:
        `${error.reporter} answered that fragmentation was needed, yet ${sender.address} sent the same data ${run.count} more times over ` +
        `${formatSeconds(run.lastTime - run.firstTime)} without an acknowledgement: the error probably does not reach it, because a filter before it drops ICMP.`,
      nextStep: `Permit ICMP "fragmentation needed" (ICMPv6 "packet too big") toward ${sender.address}, or lower the MSS on the router.`,
      evidence: [
        evidence(error, `${error.reporter}: too large for the next link`),
        {
          capture: flow.capture,
          frame: run.lastFrame,
          time: run.lastTime,
          fact: 'the same data again, not acknowledged',
        },
      ],
    }),
  };
}
