/**
 * Streams that arrive with many of their packets missing. They work, so that none is judged by it: it is said because no one
 * who looks at such a picture would believe a report that finds nothing.
 */

import { counted, formatCount, formatPercent } from '../format/count.ts';
import { type Draft, firstPacket } from './draft.ts';
import type { Evidence } from './finding.ts';
import { type CaptureCase, type FlowCase, formatEndpoint, type StreamLoss } from './flow-case.ts';

/** ITU-T G.1010 allows voice to lose 3 % and pictures 1 %: at this share no concealment hides it. */
const HEAVY_SHARE = 0.05;
/** Of fewer packets, or in fewer holes, a share says little: what is missing in one piece is an interruption. */
const FEWEST_EXPECTED = 200;
const FEWEST_HOLES = 10;
const MOST_NAMED = 8;
const MOST_RELATED = 64;

/** A receiver that has reported so often speaks of the whole stream, not of its beginning. */
const FEWEST_REPORTS = 3;
/** And what it misses is less than this part of what is missing here. */
const DENYING_PART = 0.5;

/** Where packets were lost, as seen from the capture point; `here` where nobody confirms what is missing. */
type Place = 'before' | 'here' | 'behind';

export function checkMediaLossy(capture: CaptureCase): Draft[] {
  const drafts = (['before', 'here', 'behind'] as const).map((place) =>
    draftOf(
      place,
      capture.losses.filter((loss) => placeOf(loss, capture) === place),
      capture,
    ),
  );
  return drafts.filter((draft) => draft !== null);
}

/** Null for a stream that loses little. What the capture itself may have missed, by its own count or its receiver's, says nothing of it. */
function placeOf(loss: StreamLoss, { lacksFrames }: CaptureCase): Place | null {
  const { expected, lost, lossEvents, longestLoss, reported } = loss;
  if (expected < FEWEST_EXPECTED) return null;
  if (lossEvents >= FEWEST_HOLES && lost - longestLoss >= expected * HEAVY_SHARE) {
    if (reported?.place === 'before' || reported?.place === 'both') return 'before';
    return lacksFrames || reported?.place === 'capture' || isDenied(loss) ? null : 'here';
  }
  return reported !== null && isLossyBehind(expected, reported) ? 'behind' : null;
}

function isDenied({ expected, lost, reported }: StreamLoss): boolean {
  if (reported === null || reported.reports < FEWEST_REPORTS) return false;
  return reported.worstShare < (lost / expected) * DENYING_PART;
}

/** Its receiver misses so many more than are missing here. */
function isLossyBehind(expected: number, { place, lost, worstShare }: NonNullable<StreamLoss['reported']>): boolean {
  const isPlaced = place === 'after' || place === 'both';
  return isPlaced && lost >= expected * HEAVY_SHARE && worstShare >= HEAVY_SHARE;
}

function draftOf(place: Place, losses: readonly StreamLoss[], capture: CaptureCase): Draft | null {
  const worst = losses.toSorted((one, other) => shareOf(other, place) - shareOf(one, place));
  const [first] = worst;
  if (first === undefined) return null;
  const toSender = first.direction === 0 ? 'toward-initiator' : 'toward-responder';
  return {
    code: 'media-lossy',
    verdict: 'background',
    certainty: place === 'here' ? 'inferred' : 'confirmed',
    cause: 'unknown',
    where: place === 'behind' ? 'beyond-capture-point' : place === 'before' ? toSender : 'unknown',
    flows: [],
    related: relatedTo(worst.slice(0, MOST_RELATED), capture),
    groups: [...new Set(worst.filter(({ flow }) => flow.isMulticast).map(({ flow }) => flow.responder.address))],
    rule: null,
    groupKey: `lossy ${place}`,
    tell: () => ({
      title: titleOf(place, worst),
      what: 'packets are missing',
      why: whyOf(place, losses),
      nextStep:
        place === 'behind'
          ? 'Follow the path from this point to the receiver: counters of drops and errors on its links, an overloaded one, Wi-Fi, a limit on the rate of UDP.'
          : `Follow the path from ${sendersOf(worst)} to this point: counters of drops and errors on its links, an overloaded one, a limit on the rate of UDP; then capture on the segment of the sender and look whether all packets leave it.`,
      evidence: worst.slice(0, MOST_NAMED).map((loss) => proofOf(loss, place)),
    }),
  };
}

/** The streams, and what is reported between the same ends. */
function relatedTo(losses: readonly StreamLoss[], { flows }: CaptureCase): number[] {
  const pairs = new Set(losses.map(({ flow }) => pairOf(flow)));
  const reports = flows.filter((flow) => flow.protocol === 'rtcp' && pairs.has(pairOf(flow)));
  return [...losses.map(({ flow }) => flow.id), ...reports.slice(0, MOST_RELATED).map(({ id }) => id)];
}

/** A group is one end for all. */
function pairOf({ initiator, responder, isMulticast }: FlowCase): string {
  return isMulticast ? responder.address : [initiator.address, responder.address].sort().join(' ');
}

function shareOf({ lost, expected, reported }: StreamLoss, place: Place): number {
  return (place !== 'behind' ? lost : (reported?.lost ?? 0)) / expected;
}

/** `RTP from A to B:5004`. */
function nameOf({ flow, direction }: StreamLoss): string {
  const [sender, receiver] = direction === 0 ? [flow.initiator, flow.responder] : [flow.responder, flow.initiator];
  return `${flow.label} from ${sender.address} to ${formatEndpoint(receiver)}`;
}

function sendersOf(losses: readonly StreamLoss[]): string {
  const senders = new Set(
    losses.map(({ flow, direction }) => (direction === 0 ? flow.initiator : flow.responder).address),
  );
  const [first] = senders;
  return senders.size === 1 ? `${first}` : `${first} and the other ${counted(senders.size - 1, 'sender')}`;
}

function titleOf(place: Place, worst: readonly StreamLoss[]): string {
  const [first] = worst as [StreamLoss];
  const share = formatPercent(shareOf(first, place), 1);
  const others = worst.length === 1 ? '' : ` (the worst of ${worst.length} such streams)`;
  switch (place) {
    case 'before':
      return `${nameOf(first)} arrives with ${share} of its packets missing, lost before this point${others}`;
    case 'here':
      return `${nameOf(first)} is here with ${share} of its packets missing${others}`;
    case 'behind':
      return `${nameOf(first)} passes this point, and its receiver misses ${share} of its packets${others}`;
  }
}

function whyOf(place: Place, { length }: readonly StreamLoss[]): string {
  const isOne = length === 1;
  if (place === 'behind') {
    return `By RTCP the ${isOne ? 'receiver misses' : 'receivers miss'} many more packets than are missing here: they were lost between this point and there.`;
  }
  const told = `By the numbers in the RTP headers packets are missing again and again, and others ${isOne ? '' : 'of the same stream '}come between. `;
  if (place === 'before') {
    return `${told}The ${isOne ? 'receiver reports' : 'receivers report'} the same loss by RTCP, so that the capture did not just miss them: they were lost between the sender and this point.`;
  }
  return `${told}They were lost between the sender and this point, pass by another link than this one, or were dropped by the capture itself without being counted; no report of a receiver tells which.`;
}

function proofOf(
  { flow, direction, expected, lost, lossEvents, longestLoss, reported }: StreamLoss,
  place: Place,
): Evidence {
  const here = `${formatCount(lost)} of ${formatCount(expected)} missing here`;
  const words =
    place !== 'behind'
      ? `${here} (${formatPercent(lost, expected)}), in ${counted(lossEvents, 'hole')} of up to ${counted(longestLoss, 'packet')}`
      : `${here}, and ${formatCount(reported?.lost ?? 0)} at its receiver`;
  const receiver = formatEndpoint(direction === 0 ? flow.responder : flow.initiator);
  return firstPacket(flow, direction, `first packet of ${flow.label} to ${receiver}: ${words}`);
}
