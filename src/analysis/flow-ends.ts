/**
 * Addresses and ports of flows, straight from their table. Each address is written once: texts that are one and the same are
 * looked up many times faster than texts that are alike, and there are fewer hosts than flows.
 */

import type { FlowTable } from '../flow/flow-table.ts';
import { parseAddress } from '../format/address.ts';
import type { FlowCase } from '../verdict/flow-case.ts';
import { SlotCase } from './flow-cases.ts';

export class FlowEnds {
  readonly #flows: FlowTable;
  readonly #ipv4 = new Map<number, string>();
  readonly #ipv6 = new Map<string, string>();

  constructor(flows: FlowTable) {
    this.#flows = flows;
  }

  /** Of the initiator (0) or the responder (1). */
  address(flow: FlowCase, end: 0 | 1): string {
    if (!(flow instanceof SlotCase)) return endOf(flow, end).address;
    const number = this.ipv4(flow, end);
    return number < 0 ? this.#ipv6Text(flow.slot, end) : this.#ipv4Text(flow.slot, end, number);
  }

  /** As an unsigned number; -1 for what is none of IPv4. */
  ipv4(flow: FlowCase, end: 0 | 1): number {
    if (!(flow instanceof SlotCase)) return ipv4Number(endOf(flow, end).address);
    return this.#flows.ipVersion(flow.slot) === 6 ? -1 : this.#flows.addressHead(flow.slot, end);
  }

  port(flow: FlowCase, end: 0 | 1): number {
    return flow instanceof SlotCase ? this.#flows.port(flow.slot, end) : endOf(flow, end).port;
  }

  #ipv4Text(slot: number, end: 0 | 1, number: number): string {
    const known = this.#ipv4.get(number);
    if (known !== undefined) return known;
    const text = this.#flows.addressText(slot, end);
    this.#ipv4.set(number, text);
    return text;
  }

  #ipv6Text(slot: number, end: 0 | 1): string {
    const text = this.#flows.addressText(slot, end);
    const known = this.#ipv6.get(text);
    if (known !== undefined) return known;
    this.#ipv6.set(text, text);
    return text;
  }
}

function endOf(flow: FlowCase, end: 0 | 1): FlowCase['initiator'] {
  return end === 0 ? flow.initiator : flow.responder;
}

/** The number that an address in dotted decimal writes; -1 for any other text. */
export function ipv4Number(text: string): number {
  const address = text.includes(':') ? null : parseAddress(text);
  return address === null ? -1 : address.reduce((number, octet) => number * 256 + octet, 0);
}
