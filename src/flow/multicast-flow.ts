/** Flows to groups: class D (RFC 1112 section 4) and IPv6 ff00::/8 (RFC 4291 section 2.7). */

import type { FlowTable } from './flow-table.ts';

/** Whether the flow's responder is a group: class D, or IPv6 ff00::/8. */
export function isMulticastFlow(flows: FlowTable, slot: number): boolean {
  const head = flows.addressHead(slot, 1);
  return flows.ipVersion(slot) === 6 ? head >>> 24 === 0xff : head >>> 28 === 0xe;
}
