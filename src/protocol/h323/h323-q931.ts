/** H.323 call signalling: TPKT, Q.931 and H.225.0 (ITU-T H.225.0 section 7), usually on TCP port 1720. */

import { readUint8 } from '../../bytes/read.ts';
import type { ControlRecord } from '../control-record.ts';
import type { Direction, Dissection, Dissector, Moment, PayloadContext, Recognition } from '../dissector.ts';
import { opposite } from '../dissector.ts';
import { eachByte } from '../first-bytes.ts';
import { scanKnownHost } from './address-scan.ts';
import { Call } from './call.ts';
import { type CallMessage, detailOf, nameOf, readCallMessage, transferTarget } from './call-message.ts';
import { type Listener, listenerOfH225 } from './endpoints.ts';
import { canBeQ931, isWholeQ931 } from './q931-message.ts';
import { readTpktLength, TPKT_HEADER_BYTES, TPKT_VERSION, TpktStream } from './tpkt.ts';

/** Calls of one connection; gateways put many on one. */
const MOST_CALLS = 64;
const MOST_HOSTS = 32;
/** Stands for the connection as a whole. */
const GLOBAL_CALL_REFERENCE = 0;
/** Answers that may name an address for H.245, before any other address. */
const MAY_NAME_H245: ReadonlySet<string> = new Set(['CALL PROCEEDING', 'ALERTING', 'CONNECT', 'PROGRESS']);
/** Discriminator, call reference and type: fewer bytes prove nothing. */
const FEWEST_BYTES = 5;

/** A whole first message must be made of elements to its end; where it is cut, its header has to do. */
function recognizeQ931(bytes: Uint8Array, start: number, end: number): Recognition {
  let at = start;
  while (end - at >= TPKT_HEADER_BYTES) {
    const length = readTpktLength(bytes, at);
    const from = at + TPKT_HEADER_BYTES;
    if (length === 0 || !canBeQ931(bytes, from, Math.min(at + length, end))) return 'no';
    if (length > TPKT_HEADER_BYTES) return recognizeMessage(bytes, from, at + length, end);
    // Some keep the connection alive with empty packets.
    at += length;
  }
  const canBeHeader =
    (at >= end || readUint8(bytes, at) === TPKT_VERSION) && (at + 1 >= end || readUint8(bytes, at + 1) === 0);
  return canBeHeader ? 'maybe' : 'no';
}

function recognizeMessage(bytes: Uint8Array, start: number, messageEnd: number, end: number): Recognition {
  if (messageEnd - start < FEWEST_BYTES) return 'no';
  if (messageEnd > end) return 'maybe';
  return isWholeQ931(bytes, start, messageEnd) ? 'yes' : 'no';
}

class CallSignalling implements Dissection {
  readonly #record: ControlRecord;
  readonly #streams = [new TpktStream(canBeQ931), new TpktStream(canBeQ931)] as const;
  /** By call reference and the direction in which its caller speaks. */
  readonly #calls = new Map<string, Call>();
  /** Addresses that the messages named. */
  readonly #hosts = new Set<string>();

  constructor(record: ControlRecord) {
    this.#record = record;
  }

  data(bytes: Uint8Array, start: number, end: number, context: PayloadContext): void {
    const { direction, at } = context;
    this.#streams[direction].data(bytes, start, end, (held, from, to) => {
      const message = readCallMessage(held, from, to);
      if (message === null) return;
      this.#message(message, direction, at, this.#scan(message, held));
    });
  }

  gap(direction: Direction): void {
    this.#streams[direction].gap();
  }

  close(at: Moment): void {
    for (const call of this.#calls.values()) call.end(at);
  }

  #message(message: CallMessage, direction: Direction, at: Moment, scanned: Listener | null): void {
    const { q931 } = message;
    this.#record.message(at, direction, nameOf(message), detailOf(message));
    this.#noteHosts(message);
    if (q931.callReference === GLOBAL_CALL_REFERENCE) return;
    const caller = q931.isFromOriginator ? direction : opposite(direction);
    this.#record.clientDirection ??= caller;
    const key = `${caller} ${q931.callReference}`;
    this.#callOf(key, caller, at).message(message, direction, at, scanned);
    if (q931.type === 'RELEASE COMPLETE') this.#calls.delete(key);
  }

  #callOf(key: string, caller: Direction, at: Moment): Call {
    const known = this.#calls.get(key);
    if (known !== undefined) return known;
    for (const [oldest, call] of this.#calls) {
      if (this.#calls.size < MOST_CALLS) break;
      call.end(at);
      this.#calls.delete(oldest);
    }
    const call = new Call(this.#record, caller);
    this.#calls.set(key, call);
    return call;
  }

  #noteHosts(message: CallMessage): void {
    const { setup } = message.choice ?? {};
    const listeners = [
      message.h245,
      transferTarget(message),
      listenerOfH225(setup?.sourceCallSignalAddress),
      listenerOfH225(setup?.destCallSignalAddress),
    ];
    for (const listener of listeners) {
      if (listener !== null && this.#hosts.size < MOST_HOSTS) this.#hosts.add(listener.address);
    }
  }

  /** In a message that could not be read, an address of a host that earlier ones named is likely the one for H.245. */
  #scan({ isCut, h245, q931 }: CallMessage, bytes: Uint8Array): Listener | null {
    if (!isCut || h245 !== null || !MAY_NAME_H245.has(q931.type)) return null;
    return scanKnownHost(bytes, q931.userUserStart, q931.userUserEnd, this.#hosts);
  }
}

export const h323Q931: Dissector = {
  id: 'h323-q931',
  label: 'H.323 call signalling',
  transports: ['tcp'],
  isStreaming: true,
  firstBytes: { tcp: eachByte(TPKT_VERSION) },
  recognize: recognizeQ931,
  open: (record) => new CallSignalling(record),
};
