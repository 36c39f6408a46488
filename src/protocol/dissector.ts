/** The contract of a protocol: how it is recognised and, for control channels, how its state on one flow is followed. */

import type { ControlRecord } from './control-record.ts';

export type Transport = 'tcp' | 'udp';

/** `yes`: these bytes alone prove it. `maybe`: possible, needs `confirm`. */
export type Recognition = 'no' | 'maybe' | 'yes';

/** First and last of a range of byte values. */
export type ByteRange = readonly [number, number];

/**
 * Media in bulk fills segments, so that a capture may start anywhere in it; a segment shorter than this begins with what it
 * carries.
 */
export const LEAST_BULK_BYTES = 256;

/** Index into pairs of values, one for each direction of a flow. */
export const TO_RESPONDER = 0;
export const TO_INITIATOR = 1;
export type Direction = typeof TO_RESPONDER | typeof TO_INITIATOR;

export function opposite(direction: Direction): Direction {
  return direction === TO_RESPONDER ? TO_INITIATOR : TO_RESPONDER;
}

/** Where in the capture something was seen. `time` is in nanoseconds since the analysis' origin. */
export interface Moment {
  readonly capture: number;
  readonly frame: number;
  readonly time: number;
}

/**
 * What surrounds a payload. Borrowed and reused by the caller: copy what must be kept. Ports are there for protocols whose
 * bytes prove nothing by themselves; identity must hold when all ports are renumbered wherever the bytes allow it.
 */
export interface PayloadContext {
  readonly transport: Transport;
  readonly direction: Direction;
  readonly sourcePort: number;
  readonly destinationPort: number;
  readonly isMulticast: boolean;
  /** Payload length on the wire: more than `end - start` when the snap length cut the frame. */
  readonly wireLength: number;
  readonly at: Moment;
}

/** Decides after several datagrams what one cannot prove, such as RTP. State of one flow, small and bounded. */
export interface Confirmation {
  /** Called for each datagram of the flow, the first included. After `yes` or `no` it is dropped. */
  accept(bytes: Uint8Array, start: number, end: number, context: PayloadContext): Recognition;
}

/**
 * The state of one protocol on one flow. Never throws, never reads outside [start, end), and holds a bounded amount of
 * memory, whatever the bytes are. What it learns it writes to the `ControlRecord` that it was opened with.
 */
export interface Dissection {
  /**
   * TCP: the next bytes of a direction, in order, each byte once. UDP: one whole datagram. The bytes are borrowed for the
   * call. The first call of a direction may be in the middle of the stream when the capture starts late.
   */
  data(bytes: Uint8Array, start: number, end: number, context: PayloadContext): void;
  /** TCP: `length` bytes of a direction are missing from the capture; resynchronise. */
  gap?(direction: Direction, length: number, at: Moment): void;
  /**
   * TCP: the connection ended. `closer`: the direction of the FIN, told only where no byte before it is missing, and not for
   * a reset, which anyone on the path may have sent.
   */
  close?(at: Moment, closer?: Direction): void;
  /**
   * Id of the protocol that the flow has turned out to carry after or beside this one, by its bytes: STUN or RTCP that shares
   * its port with RTP. The flow's identity becomes that one, and its dissection is opened; what was learned so far stands.
   */
  readonly becomes?: string | null;
  /** True when the rest of the flow is of no interest (encrypted, or identity is all there is): no more bytes are wanted. */
  readonly isDone?: boolean;
}

export interface Dissector {
  /** Lower-case id of design vocabulary: `rtsp`, `h323-ras`. */
  readonly id: string;
  /** As people write it: `RTSP`, `H.323 RAS`. */
  readonly label: string;
  readonly transports: readonly Transport[];
  /** True for what mediatap is about (control or media); false for neighbours such as SSH that are only named. */
  readonly isStreaming: boolean;
  /**
   * First bytes of all payloads whose answer is other than `no`, so that the dissector is not even asked about others. A
   * transport that is absent has payloads of any first byte.
   */
  readonly firstBytes?: Readonly<Partial<Record<Transport, readonly ByteRange[]>>>;
  /** The same for bytes behind the first, by their offset; every offset in use costs a look at each payload. */
  readonly laterBytes?: Readonly<Partial<Record<Transport, Readonly<Record<number, readonly ByteRange[]>>>>>;
  /** True when the first bytes hold for payloads shorter than `LEAST_BULK_BYTES` only: longer ones are searched for media. */
  readonly searchesBulk?: boolean;
  /**
   * Looks at the first bytes of one direction of a TCP stream, or at one datagram. Pure, allocates nothing, may be called
   * with very few bytes: a signature that could still become whole is `maybe` for TCP (it will be asked again with more),
   * `no` for UDP. May be called for either direction first.
   */
  recognize(bytes: Uint8Array, start: number, end: number, context: PayloadContext): Recognition;
  /** For UDP protocols that need several datagrams: opened after a `maybe`. */
  confirm?(): Confirmation;
  /**
   * Opens the state on one flow: control protocols, and others that have facts to tell. A TCP protocol is given the stream from its first
   * byte on. `context` is that of the first payload. A flow whose identity was announced is opened too.
   */
  open?(record: ControlRecord, context: PayloadContext): Dissection;
}
