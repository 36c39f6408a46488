/** ICMP and ICMPv6 errors, tied to the flows whose packets they quote. */

import { FlowKey, KEY_WORDS } from '../flow/flow-key.ts';
import type { FlowTable } from '../flow/flow-table.ts';
import { formatAddressAt } from '../format/address.ts';
import { DecodedPacket } from '../packet/decoded-packet.ts';
import { decodeQuoted } from '../packet/quoted-packet.ts';

/** Errors kept per flow, and in all. */
const MOST_PER_FLOW = 8;
const MOST_ERRORS = 100_000;
/** A card with several queues may hand an error over so long before what it quotes; so many of them are waited with. */
const LONGEST_LEAD_NS = 5e6;
const MOST_EARLY = 16;

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

/** An error of which no flow was known when it came. */
interface EarlyError {
  /** Of the packet that it quotes. */
  readonly key: Int32Array;
  readonly side: 0 | 1;
  readonly error: Omit<IcmpError, 'direction'>;
}

export class IcmpErrors {
  #kept = 0;
  readonly #bySlot = new Map<number, { readonly errors: IcmpError[]; count: number }>();
  readonly #early: EarlyError[] = [];
  readonly #key = new FlowKey();
  readonly #quoted = new DecodedPacket();
  readonly #flows: FlowTable;

  constructor(flows: FlowTable) {
    this.#flows = flows;
  }

  take(packet: DecodedPacket, at: { readonly capture: number; readonly frame: number; readonly time: number }): void {
    if (!decodeQuoted(packet, this.#quoted)) return;
    const slot = this.#flows.find(this.#quoted);
    const version = packet.ipVersion === 6 ? 6 : 4;
    const error = {
      capture: at.capture,
      frame: at.frame,
      time: at.time,
      version,
      type: packet.icmpType,
      code: packet.icmpCode,
      reporter: formatAddressAt(packet.bytes, packet.sourceAddress, version === 6 ? 16 : 4),
      ttl: packet.ttl,
    } as const;
    if (slot < 0) this.#wait(error);
    else this.#keep(slot, { ...error, direction: this.#flows.direction });
  }

  /** Takes the errors that came just before the first packet of a flow, which they quote. `key` is that packet's. */
  begin(slot: number, key: FlowKey, time: number): void {
    if (this.#early.length === 0) return;
    for (const early of this.#early.splice(0)) {
      if (Math.abs(time - early.error.time) > LONGEST_LEAD_NS) continue;
      if (!key.isAt(early.key, 0)) this.#early.push(early);
      else this.#keep(slot, { ...early.error, direction: this.#flows.directionOf(slot, early.side) });
    }
  }

  #wait(error: EarlyError['error']): void {
    const key = new Int32Array(KEY_WORDS);
    this.#key.read(this.#quoted);
    this.#key.write(key, 0);
    if (this.#early.length >= MOST_EARLY) this.#early.shift();
    this.#early.push({ key, side: this.#key.side, error });
  }

  #keep(slot: number, error: IcmpError): void {
    if (this.#kept >= MOST_ERRORS) return;
    const known = this.#bySlot.get(slot) ?? { errors: [], count: 0 };
    if (known.count === 0) this.#bySlot.set(slot, known);
    known.count++;
    if (known.errors.length >= MOST_PER_FLOW) return;
    this.#kept++;
    known.errors.push(error);
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
