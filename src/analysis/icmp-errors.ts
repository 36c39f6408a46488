/** ICMP and ICMPv6 errors, tied to the flows whose packets they quote. */

import type { FlowTable } from '../flow/flow-table.ts';
import { formatAddressAt } from '../format/address.ts';
import { DecodedPacket } from '../packet/decoded-packet.ts';
import { decodeQuoted } from '../packet/quoted-packet.ts';

/** Errors kept per flow, and in all. */
const MOST_PER_FLOW = 8;
const MOST_ERRORS = 100_000;

export interface IcmpError {
  readonly capture: number;
  readonly frame: number;
  readonly time: number;
  readonly version: 4 | 6;
  readonly type: number;
  readonly code: number;
  /** Who says so, in canonical text. */
  readonly reporter: string;
  /** That the error itself has left. */
  readonly ttl: number;
  /** Direction of the packet that was stopped. */
  readonly direction: 0 | 1;
}

export class IcmpErrors {
  /** Errors that quote no flow of the capture, or found no place. */
  untied = 0;
  #kept = 0;
  readonly #bySlot = new Map<number, { readonly errors: IcmpError[]; count: number }>();
  readonly #quoted = new DecodedPacket();
  readonly #flows: FlowTable;

  constructor(flows: FlowTable) {
    this.#flows = flows;
  }

  take(packet: DecodedPacket, at: { readonly capture: number; readonly frame: number; readonly time: number }): void {
    if (!decodeQuoted(packet, this.#quoted)) return;
    const slot = this.#flows.find(this.#quoted);
    if (slot < 0 || this.#kept >= MOST_ERRORS) {
      this.untied++;
      return;
    }
    const version = packet.ipVersion === 6 ? 6 : 4;
    const known = this.#bySlot.get(slot) ?? { errors: [], count: 0 };
    if (known.count === 0) this.#bySlot.set(slot, known);
    known.count++;
    if (known.errors.length >= MOST_PER_FLOW) return;
    this.#kept++;
    known.errors.push({
      capture: at.capture,
      frame: at.frame,
      time: at.time,
      version,
      type: packet.icmpType,
      code: packet.icmpCode,
      reporter: formatAddressAt(packet.bytes, packet.sourceAddress, version === 6 ? 16 : 4),
      ttl: packet.ttl,
      direction: this.#flows.direction,
    });
  }

  /** The first errors about a flow. */
  of(slot: number): readonly IcmpError[] {
    return this.#bySlot.get(slot)?.errors ?? [];
  }

  /** Flows that have errors. */
  slots(): IterableIterator<number> {
    return this.#bySlot.keys();
  }

  forget(slot: number): void {
    const known = this.#bySlot.get(slot);
    if (known === undefined) return;
    this.#kept -= known.errors.length;
    this.#bySlot.delete(slot);
  }
}
