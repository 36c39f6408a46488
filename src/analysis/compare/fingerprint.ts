/**
 * What stays the same of a packet while routers and address translation change its addresses, ports, TTL and checksums:
 * TCP numbers, IP identification, payload, and the fixed header of RTP (RFC 3550 section 5.1).
 */

import { type DecodedPacket, IP_PROTOCOL, TCP_FLAG } from '../../packet/decoded-packet.ts';

/** Payload bytes that are compared: also there when both captures were cut to 96 bytes a frame. */
const HEAD_BYTES = 32;
/** A shorter datagram says too little of itself. */
const LEAST_PAYLOAD = 8;
const RTP_HEADER_BYTES = 12;
const STEADY_FLAGS = TCP_FLAG.fin | TCP_FLAG.syn | TCP_FLAG.rst | TCP_FLAG.ack;

/** Keep the kinds of fingerprints apart from each other. */
const KIND = { tcp: 1, tcpPayload: 2, syn: 3, rtp: 4, datagram: 5, identified: 6 } as const;

/** Numbers of 52 bits; 0 where a packet has none of that kind. One object is reused for every packet. */
export class Fingerprint {
  /** Differs for each packet of a flow, but some boxes change it: sequence numbers made random, IP identification anew. */
  exact = 0;
  /** Of the payload alone: survives those boxes, and two packets may share it. */
  loose = 0;
  readonly #hash = new Hash();

  /** The packet is TCP or UDP. */
  read(packet: DecodedPacket): void {
    if (packet.transport === IP_PROTOCOL.tcp) this.#readTcp(packet);
    else this.#readUdp(packet);
  }

  #readTcp(packet: DecodedPacket): void {
    const flags = packet.tcpFlags & STEADY_FLAGS;
    const hash = this.#hash;
    hash.begin(KIND.tcp);
    hash.add(packet.tcpSequence);
    hash.add((flags & TCP_FLAG.ack) === 0 ? 0 : packet.tcpAcknowledgement);
    hash.add(flags);
    hash.add(packet.payloadLength);
    this.exact = hash.value;
    this.loose = 0;
    if (packet.payloadLength >= LEAST_PAYLOAD) this.loose = this.#ofPayload(packet, KIND.tcpPayload);
    else if ((flags & TCP_FLAG.syn) !== 0 && packet.ipId > 0) {
      hash.begin(KIND.syn);
      hash.add(packet.ipId);
      hash.add(packet.tcpWindow);
      hash.add(flags);
      this.loose = hash.value;
    }
  }

  #readUdp(packet: DecodedPacket): void {
    this.loose = 0;
    if (isRtpLike(packet)) this.loose = this.#ofBytes(packet, RTP_HEADER_BYTES, KIND.rtp);
    else if (packet.payloadLength >= LEAST_PAYLOAD) this.loose = this.#ofPayload(packet, KIND.datagram);
    this.exact = this.loose;
    if (packet.ipId <= 0) return;
    const hash = this.#hash;
    hash.begin(KIND.identified);
    hash.add(packet.ipId);
    hash.add(packet.payloadLength);
    hash.add(this.loose | 0);
    this.exact = hash.value;
  }

  /** 0 where the snap length cut what is compared. */
  #ofPayload(packet: DecodedPacket, kind: number): number {
    const length = Math.min(HEAD_BYTES, packet.payloadLength);
    return packet.payloadEnd - packet.payloadStart < length
      ? 0
      : this.#ofBytes(packet, length, kind, packet.payloadLength);
  }

  #ofBytes({ bytes, payloadStart }: DecodedPacket, length: number, kind: number, fullLength = length): number {
    const hash = this.#hash;
    hash.begin(kind);
    hash.add(fullLength);
    for (let at = payloadStart; at < payloadStart + length; at++) hash.add(bytes[at] as number);
    return hash.value;
  }
}

/** An SBC that encrypts anew keeps the header: SSRC, sequence number and time stamp. */
function isRtpLike({ bytes, payloadStart, payloadEnd }: DecodedPacket): boolean {
  if (payloadEnd - payloadStart < RTP_HEADER_BYTES || (bytes[payloadStart] as number) >> 6 !== 2) return false;
  const secondByte = bytes[payloadStart + 1] as number;
  // RTCP shares version and port (RFC 5761 section 4).
  return secondByte < 192 || secondByte > 223;
}

/** Two lanes of 32 bits that are mixed like MurmurHash3's; nothing secret hangs on it. */
class Hash {
  #high = 0;
  #low = 0;

  begin(kind: number): void {
    this.#high = kind;
    this.#low = ~kind;
  }

  add(word: number): void {
    this.#high = step(this.#high ^ Math.imul(word, 0xcc9e2d51));
    this.#low = step(this.#low ^ Math.imul(word + 0x38b34ae5, 0x1b873593));
  }

  /** Never 0. */
  get value(): number {
    return (this.#high >>> 0) * 0x10_0000 + (this.#low >>> 12) || 1;
  }
}

function step(value: number): number {
  const turned = (value << 13) | (value >>> 19);
  const mixed = Math.imul(turned, 5) + 0xe6546b64;
  return Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
}
