/** Addresses and ports of flows, straight from their table: of a hundred thousand flows none becomes an object for them. */

import type { FlowTable } from '../flow/flow-table.ts';
import { ipv4Number, parseAddress } from '../format/address.ts';
import type { FlowCase } from '../verdict/flow-case.ts';
import { SlotCase } from './flow-cases.ts';

export class FlowEnds {
  readonly #flows: FlowTable;

  constructor(flows: FlowTable) {
    this.#flows = flows;
  }

  /** Of the initiator (0) or the responder (1). */
  address(flow: FlowCase, end: 0 | 1): string {
    if (!(flow instanceof SlotCase)) return endOf(flow, end).address;
    return this.#flows.addressText(flow.slot, end);
  }

  /** As an unsigned number; -1 for what is none of IPv4. */
  ipv4(flow: FlowCase, end: 0 | 1): number {
    if (!(flow instanceof SlotCase)) return ipv4OfText(endOf(flow, end).address);
    return this.#flows.ipVersion(flow.slot) === 6 ? -1 : this.#flows.addressHead(flow.slot, end);
  }

  port(flow: FlowCase, end: 0 | 1): number {
    return flow instanceof SlotCase ? this.#flows.port(flow.slot, end) : endOf(flow, end).port;
  }
}

function endOf(flow: FlowCase, end: 0 | 1): FlowCase['initiator'] {
  return end === 0 ? flow.initiator : flow.responder;
}

/** Of an address in dotted decimal; -1 for any other text. */
export function ipv4OfText(text: string): number {
  const address = parseAddress(text);
  return address?.length === 4 ? ipv4Number(address) : -1;
}
