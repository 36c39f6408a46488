/**
 * A stream that goes to another port of its group than the one that players were told: as when the port of a Windows Media
 * distribution server differs from that in its origin's .nsc file.
 */

import { type Draft, evidence, firstPacket } from './draft.ts';
import type { FlowCase, GroupCase } from './flow-case.ts';
import { groupName, groupQuotes, isMedium } from './multicast-words.ts';

export function checkGroupPort(group: GroupCase): Draft | null {
  for (const flow of group.flows) {
    if (!isMedium(flow) || flow.announced.length > 0) continue;
    const promised = group.absent.find((each) => isSameStream(each, flow));
    const announced = promised?.announced[0];
    if (promised === undefined || announced === undefined) continue;
    const { announcement } = announced.media;
    const [told, used] = [promised.responder.port, flow.responder.port];
    return {
      code: 'multicast-port',
      verdict: 'unexpected',
      certainty: 'confirmed',
      cause: 'application',
      where: 'unknown',
      flows: [flow],
      related: [announced.announcer],
      groups: [group.group],
      rule: flow.row?.id ?? null,
      groupKey: `port ${group.group} ${told}`,
      tell: () => ({
        subject: `${flow.label} from ${flow.initiator.address} to ${groupName(group)}`,
        quotes: groupQuotes(group),
        what: `it goes to port ${used}, and ${announcement.how} tells players port ${told}`,
        why: `Nothing comes to port ${told}, where players wait for it. Who sends or distributes the stream must use the port that its origin announces.`,
        nextStep: `Set the port of the sender ${flow.initiator.address} to ${told}, or announce ${used}.`,
        evidence: [
          evidence(announcement.at, `${announcement.how} names ${group.group}:${told}`),
          firstPacket(flow, 0, `first packet to ${group.group}:${used}`),
        ],
      }),
    };
  }
  return null;
}

/** One protocol on one group; where the announcement names its source, it must be that one. */
function isSameStream(promised: FlowCase, flow: FlowCase): boolean {
  const source = promised.announced[0]?.media.announcement.initiator.address ?? null;
  if (promised.protocol !== flow.protocol || promised.responder.port === flow.responder.port) return false;
  return source === null || source === flow.initiator.address;
}
