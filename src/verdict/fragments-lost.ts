/**
 * Datagrams of which only the first fragment comes. The others have no ports (RFC 791 section 3.2): filters and translators
 * that decide by ports drop them, and so do captures that were filtered by ports.
 */

import type { FirstFragments } from '../flow/first-fragments.ts';
import { type Draft, evidence } from './draft.ts';
import { findFallBack } from './fall-back.ts';
import { type CaptureCase, type Direction, type FlowCase, formatEndpoint } from './flow-case.ts';

/** Fewer may be chance. */
const FEWEST = 10;

export function checkFragmentsLost(flow: FlowCase, capture: CaptureCase): Draft | null {
  if (flow.tcp !== null || !flow.isStreaming) return null;
  const { firstFragments } = flow;
  const direction: Direction = isLost(firstFragments[1]) ? 1 : 0;
  const lost = firstFragments[direction];
  if (!isLost(lost)) return null;
  // Where no datagram came whole, nor anything that has no ports, a filter of the capture may have left the others out.
  if (!capture.hasWholeDatagrams && capture.isOnlyTcpOrUdp) return null;
  const fallBack = fallBackOf(flow, capture);
  const [sender, receiver] = direction === 0 ? [flow.initiator, flow.responder] : [flow.responder, flow.initiator];
  const isProven = fallBack !== null;
  return {
    code: 'fragments-lost',
    verdict: isProven ? 'blocked' : 'undetermined',
    certainty: 'inferred',
    cause: isProven ? 'silent-drop' : 'unknown',
    where: !isProven ? 'unknown' : direction === 0 ? 'toward-initiator' : 'toward-responder',
    flows: [flow],
    related: flow.announced.map(({ announcer }) => announcer),
    groups: [],
    rule: flow.row?.id ?? null,
    groupKey: `fragments ${sender.address} ${receiver.address}`,
    tell: () => ({
      subject: `${flow.label} from ${sender.address} to ${formatEndpoint(receiver)}`,
      what: 'of its datagrams that come in IP fragments only first fragments are here',
      why:
        `Of ${lost.begun} datagrams no other fragment came. Only first fragments have ports: filters and address translators that decide by ports drop the others unless they put datagrams together first, and no receiver can use what is left. ` +
        (isProven
          ? 'The client gave the stream up and asked for another transport, so it did not get it whole either.'
          : 'Where packets take one of several links, the other fragments may take another one than this.'),
      nextStep: `Permit IP fragments from ${sender.address} to ${receiver.address} on the devices before this point, or let ${sender.address} send packets that fit into one frame.`,
      evidence: [
        evidence(lost.first, 'a first fragment, without the others'),
        evidence(lost.last, 'the last such fragment'),
        ...(fallBack === null
          ? []
          : [evidence(fallBack.at, `the client asked for another transport: ${fallBack.words}`)]),
      ],
      quotes: fallBack?.quotes ?? [],
    }),
  };
}

function isLost(fragments: FirstFragments | null): fragments is FirstFragments {
  return fragments !== null && fragments.begun >= FEWEST && fragments.whole === 0;
}

function fallBackOf(flow: FlowCase, capture: CaptureCase) {
  for (const announced of flow.announced) {
    const control = capture.flow(announced.announcer);
    const change = control === null ? null : findFallBack(control, [{ flow, announced }], capture);
    if (change !== null && change.proof !== 'soon') return change;
  }
  return null;
}
