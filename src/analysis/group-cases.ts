/** Puts together who joined each multicast group and which flows go to it. */

import { describeGroup } from '../format/multicast.ts';
import { printable } from '../format/text.ts';
import type { FlowCase, GroupCase } from '../verdict/flow-case.ts';
import { ListsByKey } from '../verdict/lists-by-key.ts';
import type { Pipeline } from './pipeline.ts';

export function groupCases(pipeline: Pipeline, flows: readonly FlowCase[]): GroupCase[] {
  const { groups, querier4, querier6 } = pipeline.multicast;
  const flowsByGroup = new ListsByKey<string, FlowCase>();
  for (const flow of flows) if (flow.isMulticast) flowsByGroup.add(flow.responder.address, flow);
  const names = new Set([...groups.keys(), ...flowsByGroup.keys()]);
  return [...names].sort().map((group) => {
    const description = describeGroup(group);
    const toGroup = flowsByGroup.get(group);
    const announcement = toGroup.flatMap((flow) => flow.announced)[0]?.media.announcement;
    return {
      group,
      name: description.name ?? announcedName(toGroup),
      isWellKnown: description.isControl && (description.name !== null || !toGroup.some(isMedium)),
      members: [...(groups.get(group)?.members.values() ?? [])],
      querier: group.includes(':') ? querier6 : querier4,
      flows: toGroup.filter((flow) => flow.packets[0] > 0),
      absent: toGroup.filter((flow) => flow.packets[0] + flow.packets[1] === 0),
      announcedAt: announcement?.at ?? null,
    };
  });
}

/** What no control block is for. */
function isMedium(flow: FlowCase): boolean {
  return flow.isStreaming && flow.protocol !== 'sap' && flow.packets[0] > 0;
}

const MOST_NAME = 120;
/** What SDP writes where a session has no name (RFC 8866 section 5.3). */
const NAMELESS: ReadonlySet<string> = new Set(['', '-']);

/** The title that an announcement gave to the session, safe to print. */
function announcedName(flows: readonly FlowCase[]): string | null {
  const titles = flows.flatMap((flow) => flow.announced.map(({ media }) => media.announcement.title?.trim() ?? ''));
  const title = titles.find((each) => !NAMELESS.has(each));
  return title === undefined ? null : printable(title, MOST_NAME);
}
