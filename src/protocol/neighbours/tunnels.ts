/** Tunnels and proxies: WireGuard, OpenVPN, IKE (RFC 7296), L2TP (RFC 2661), PPTP (RFC 2637) and SOCKS (RFC 1928). */

import { readUint8, readUint16, readUint32, readUint32Le } from '../../bytes/read.ts';
import type { Confirmation, PayloadContext, Recognition } from '../dissector.ts';
import { eachByte } from '../first-bytes.ts';
import { nameProtocol } from './neighbour.ts';

const INITIATION_BYTES = 148;
const RESPONSE_BYTES = 92;
const COOKIE_BYTES = 64;
const TRANSPORT_HEADER_BYTES = 16;
const TRANSPORT_TAG_BYTES = 16;

/** The type and three zeros, and the exact length of each handshake message; data needs company. */
function recognizeWireguard(bytes: Uint8Array, start: number, end: number, context: PayloadContext): Recognition {
  const length = context.wireLength;
  if (end - start < TRANSPORT_HEADER_BYTES) return 'no';
  switch (readUint32Le(bytes, start)) {
    case 1:
      return length === INITIATION_BYTES ? 'yes' : 'no';
    case 2:
      return length === RESPONSE_BYTES ? 'yes' : 'no';
    case 3:
      return length === COOKIE_BYTES ? 'yes' : 'no';
    case 4: {
      const isPadded = length % 16 === 0 && length >= TRANSPORT_HEADER_BYTES + TRANSPORT_TAG_BYTES;
      return isPadded && readUint32Le(bytes, start + 12) === 0 ? 'maybe' : 'no';
    }
    default:
      return 'no';
  }
}

/** Times that the counter of data messages to one receiver must rise by one. */
const DATA_STEPS = 3;
const MOST_DATAGRAMS = 24;

/** Data messages to one receiver, each numbered after the one before. */
class WireguardConfirmation implements Confirmation {
  readonly #receivers: [number, number] = [-1, -1];
  readonly #counters: [number, number] = [0, 0];
  #steps = 0;
  #datagrams = 0;

  accept(bytes: Uint8Array, start: number, end: number, context: PayloadContext): Recognition {
    const recognition = recognizeWireguard(bytes, start, end, context);
    if (recognition !== 'maybe') return recognition;
    const receiver = readUint32Le(bytes, start + 4);
    const counter = readUint32Le(bytes, start + 8);
    const { direction } = context;
    if (this.#receivers[direction] === receiver && counter === this.#counters[direction] + 1) this.#steps++;
    this.#receivers[direction] = receiver;
    this.#counters[direction] = counter;
    if (this.#steps >= DATA_STEPS) return 'yes';
    return ++this.#datagrams < MOST_DATAGRAMS ? 'maybe' : 'no';
  }
}

const HARD_RESETS: ReadonlySet<number> = new Set([0x38, 0x40, 0x50]);
const OPENVPN_SESSION_BYTES = 9;
/** Empty list of acknowledgements and packet id. */
const OPENVPN_OPENING_BYTES = 5;
/** Digests of tls-auth; packet id and time follow them. */
const OPENVPN_HMAC_BYTES: ReadonlySet<number> = new Set([16, 20, 32, 64]);
const OPENVPN_REPLAY_BYTES = 8;

/**
 * A reset that opens a session: session id, then an empty list of acknowledgements and packet id 0, perhaps behind the
 * HMAC, packet id and time of tls-auth.
 */
function recognizeOpenvpn(bytes: Uint8Array, start: number, end: number, context: PayloadContext): Recognition {
  const message = context.transport === 'tcp' ? start + 2 : start;
  if (context.transport === 'tcp' && readUint16(bytes, start) !== end - start - 2) return 'no';
  if (!HARD_RESETS.has(readUint8(bytes, message))) return 'no';
  const opening = end - OPENVPN_OPENING_BYTES;
  const wrapped = opening - message - OPENVPN_SESSION_BYTES;
  if (wrapped < 0 || readUint8(bytes, opening) !== 0 || readUint32(bytes, opening + 1) !== 0) return 'no';
  const isFirst = readUint32(bytes, opening - OPENVPN_REPLAY_BYTES) === 1;
  return wrapped === 0 || (OPENVPN_HMAC_BYTES.has(wrapped - OPENVPN_REPLAY_BYTES) && isFirst) ? 'yes' : 'no';
}

const IKE_HEADER_BYTES = 28;

/** Version 1.0 or 2.0, a known exchange, the length of the datagram; on 4500 behind four zeros (RFC 3948). */
function recognizeIke(bytes: Uint8Array, start: number, end: number, context: PayloadContext): Recognition {
  const marker = readUint32(bytes, start) === 0 ? 4 : 0;
  const header = start + marker;
  if (end - header < IKE_HEADER_BYTES || readUint32(bytes, header) === 0) return 'no';
  const version = readUint8(bytes, header + 17);
  const exchange = readUint8(bytes, header + 18);
  const isVersion1 = version === 0x10 && ((exchange >= 1 && exchange <= 6) || exchange === 32 || exchange === 33);
  const isVersion2 = version === 0x20 && exchange >= 34 && exchange <= 43;
  return (isVersion1 || isVersion2) && readUint32(bytes, header + 24) === context.wireLength - marker ? 'yes' : 'no';
}

/** A control message: type, length and sequence bits, version 2, its length, and a first attribute that is a message type. */
function recognizeL2tp(bytes: Uint8Array, start: number, end: number, context: PayloadContext): Recognition {
  if (end - start < 20 || readUint16(bytes, start) !== 0xc802) return 'no';
  const isMessageType = readUint16(bytes, start + 12) === 0x8008 && readUint32(bytes, start + 14) === 0;
  return readUint16(bytes, start + 2) === context.wireLength && isMessageType ? 'yes' : 'no';
}

const PPTP_COOKIE = 0x1a2b3c4d;

/** RFC 2637 section 1.4: a control message of its own length with the cookie. */
function recognizePptp(bytes: Uint8Array, start: number, end: number): Recognition {
  const isControl = end - start >= 12 && readUint16(bytes, start + 2) === 1 && readUint16(bytes, start + 10) === 0;
  return isControl && readUint32(bytes, start + 4) === PPTP_COOKIE ? 'yes' : 'no';
}

const SOCKS_5 = 5;
const MOST_METHODS = 10;

/** Version 5 and the methods offered, which are few, small and rising, and nothing else. */
function recognizeSocks(bytes: Uint8Array, start: number, end: number): Recognition {
  const methods = readUint8(bytes, start + 1);
  if (readUint8(bytes, start) !== SOCKS_5 || methods === 0 || methods > MOST_METHODS || end - start !== 2 + methods) {
    return 'no';
  }
  for (let i = 0; i < methods; i++) {
    const method = readUint8(bytes, start + 2 + i);
    if (method > 9 || (i > 0 && method <= readUint8(bytes, start + 1 + i))) return 'no';
  }
  return 'yes';
}

export const wireguard = nameProtocol('wireguard', 'WireGuard', ['udp'], recognizeWireguard, {
  firstBytes: { udp: [[1, 4]] },
  confirm: () => new WireguardConfirmation(),
});
export const openvpn = nameProtocol('openvpn', 'OpenVPN', ['udp', 'tcp'], recognizeOpenvpn, {
  firstBytes: { udp: eachByte(...HARD_RESETS), tcp: eachByte(0) },
});
export const ike = nameProtocol('ike', 'IKE', ['udp'], recognizeIke);
export const l2tp = nameProtocol('l2tp', 'L2TP', ['udp'], recognizeL2tp, { firstBytes: { udp: eachByte(0xc8) } });
export const pptp = nameProtocol('pptp', 'PPTP', ['tcp'], recognizePptp, {
  laterBytes: { tcp: { 4: eachByte(PPTP_COOKIE >>> 24) } },
});
export const socks = nameProtocol('socks', 'SOCKS', ['tcp'], recognizeSocks, {
  firstBytes: { tcp: eachByte(SOCKS_5) },
});
