/** What is told of a compared flow apart from its state: who it is, as each side sees it, and the packets that prove it. */

import { flowFilter } from '../../verdict/display-filter.ts';
import type { ComparedFlow, CrossingEvidence, FlowView } from './comparison.ts';
import type { Passage } from './match-packets.ts';
import type { SideFlow } from './read-side.ts';
import type { SampledPacket } from './side-recorder.ts';
import { otherSide, type SideName } from './way-across.ts';

export function describeFlow({
  facts: flow,
}: SideFlow): Pick<ComparedFlow, 'transport' | 'protocol' | 'label' | 'isStreaming'> {
  return {
    transport: flow.transport === 'tcp' ? 'tcp' : 'udp',
    protocol: flow.protocol,
    label: flow.label,
    isStreaming: flow.isStreaming,
  };
}

export function viewOf({ facts: flow }: SideFlow): FlowView {
  return {
    id: flow.id,
    initiator: flow.initiator,
    responder: flow.responder,
    packets: { toResponder: flow.packets[0], toInitiator: flow.packets[1] },
    firstTime: flow.firstTime,
    displayFilter: flowFilter(flow),
  };
}

/** The last packet that passed, and the first and last that did not. */
export function lossEvidence(
  { facts: { capture } }: SideFlow,
  side: SideName,
  { lost, lastPassed }: Passage,
): CrossingEvidence[] {
  const tell = (packet: SampledPacket, fact: string): CrossingEvidence => ({
    side,
    capture,
    frame: packet.frame,
    time: packet.time,
    fact,
  });
  const evidence: CrossingEvidence[] = [];
  const [first] = lost;
  const last = lost.at(-1);
  if (lastPassed !== null) evidence.push(tell(lastPassed, `the last packet that left ${otherSide(side)}`));
  if (first !== undefined) evidence.push(tell(first, `arrived ${side} and did not leave ${otherSide(side)}`));
  if (last !== undefined && last !== first) evidence.push(tell(last, 'the last one of them'));
  return evidence.sort((a, b) => a.time - b.time);
}
