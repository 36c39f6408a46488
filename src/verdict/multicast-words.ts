/** What the checks of multicast groups say alike. */

import { describeGroup } from '../format/multicast.ts';
import type { FlowCase, GroupCase, MemberCase } from './flow-case.ts';

export function groupName(group: GroupCase): string {
  return group.name === null ? group.group : `${group.group} (${group.name})`;
}

/** The name, where only an announcer knows it. */
export function groupQuotes({ name, group }: GroupCase): string[] {
  return name === null || describeGroup(group).name !== null ? [] : [name];
}

/** Reports go to the group from every receiver (RFC 3550 section 6), announcements from every announcer. */
export function isMedium(flow: FlowCase): boolean {
  return flow.isStreaming && flow.protocol !== 'sap' && flow.protocol !== 'rtcp';
}

/** After which time media still reached a member, by its reports to the group; -Infinity where none tells. */
export function arrivedAfter({ address }: MemberCase, { flows }: GroupCase): number {
  return Math.max(...flows.map((flow) => (flow.initiator.address === address ? flow.arrivedAfter[0] : -Infinity)));
}

/** The blocks for control within one link: 224.0.0/24 and ffx2::/16. */
export function isLinkLocalGroup(group: string): boolean {
  return group.startsWith('224.0.0.') || /^ff[0-9a-f]2:/.test(group);
}

/** Whether a member asked for what this flow brings: for any source, or for this one. */
export function wants({ sources }: MemberCase, { initiator }: FlowCase): boolean {
  return sources === null || sources.includes(initiator.address);
}
