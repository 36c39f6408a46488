/** The headers of one frame as numbers and offsets; one object is reused for every frame. */

import { LINK_TYPE } from '../capture/link-type.ts';

/** Layers at which decoding can stop. */
export type Layer = 'link' | 'tunnel' | 'network' | 'transport';

export const TCP_FLAG = { fin: 0x01, syn: 0x02, rst: 0x04, psh: 0x08, ack: 0x10, urg: 0x20 } as const;

export const IP_PROTOCOL = {
  hopByHop: 0,
  icmp: 1,
  igmp: 2,
  ipInIp: 4,
  tcp: 6,
  udp: 17,
  ipv6: 41,
  routing: 43,
  fragment: 44,
  gre: 47,
  esp: 50,
  ah: 51,
  icmpv6: 58,
  noNext: 59,
  destinationOptions: 60,
  ospf: 89,
  pim: 103,
  vrrp: 112,
  l2tp: 115,
  sctp: 132,
} as const;

/** What `transport` holds when the frame has no IP packet. */
export const NO_TRANSPORT = -1;

/**
 * `bytes` and all offsets are borrowed from the frame's batch, or from the reassembler when `reassembled` is true: valid
 * until the next frame is decoded. Offsets are absolute in `bytes`; -1 means that the layer is absent.
 */
export class DecodedPacket {
  bytes: Uint8Array = new Uint8Array(0);
  view: DataView = new DataView(this.bytes.buffer);

  /** Filled by `decodePlain`: all that it leaves alone is empty. */
  isPlain = false;
  /** The frame in its batch: first byte, first byte after the captured ones, and length on the wire. */
  frameStart = 0;
  frameEnd = 0;
  wireLength = 0;
  linkType: number = LINK_TYPE.ethernet;

  /** Six bytes each, of the innermost Ethernet-like header. -1 where the link has no such address. */
  destinationMac = -1;
  sourceMac = -1;
  /** EtherType of the innermost link header, 0 when there is none. 0x0806 is ARP: its body starts at `networkStart`. */
  etherType = 0;
  /** VLAN ids of the innermost link header, outer first; -1 when absent. Priority tags (VLAN 0) do not count. */
  outerVlan = -1;
  innerVlan = -1;
  /** Id in the `TunnelTable` of the path of tunnels around this packet; 0 when there is none. */
  tunnel = 0;

  /** 0 when there is no IP header. */
  ipVersion = 0;
  networkStart = -1;
  /** Offsets of the addresses: 4 bytes each for IPv4, 16 for IPv6. */
  sourceAddress = -1;
  destinationAddress = -1;
  /** TTL or hop limit. */
  ttl = 0;
  /** IPv4 identification; -1 for IPv6. */
  ipId = -1;
  dontFragment = false;
  /** True for a fragment that is not (or not yet) part of a whole datagram: only a first fragment has ports. */
  isFragment = false;
  /** Bytes before this fragment in its datagram; 0 for a first fragment and a whole datagram. */
  fragmentOffset = 0;
  /** True when this packet is a datagram put together from several frames, of which this frame completed it. */
  reassembled = false;
  /** Number of frames and sum of their wire lengths when `reassembled`, else 1 and `wireLength`. */
  frames = 1;
  bytesOnWire = 0;
  /** When `reassembled`, wire length of the frame with the first fragment, if that is an earlier one; else 0. */
  firstBytesOnWire = 0;

  /** IP protocol after extension headers, or `NO_TRANSPORT`. */
  transport: number = NO_TRANSPORT;
  transportStart = -1;
  /** 0 for protocols without ports. */
  sourcePort = 0;
  destinationPort = 0;
  /** Sequence and acknowledgement numbers as signed 32-bit integers: compare with `(a - b) | 0`. */
  tcpSequence = 0;
  tcpAcknowledgement = 0;
  tcpFlags = 0;
  tcpWindow = 0;
  /** Checksum field of TCP or UDP as it stands: never judged, capture offload leaves it unfinished. */
  checksum = 0;
  icmpType = -1;
  icmpCode = -1;

  /** Payload of the transport (of IP where the transport is not known): captured bytes are [payloadStart, payloadEnd). */
  payloadStart = 0;
  payloadEnd = 0;
  /** Payload length on the wire, by the IP length; more than the captured bytes when the snap length cut it. */
  payloadLength = 0;

  /** Set when decoding stopped before the transport's payload: the layer, its offset, bytes needed and available. */
  stopLayer: Layer | null = null;
  /** Short reason for people, a constant string such as 'IPv4 header cut'. */
  stopReason = '';
  stopOffset = 0;
  stopNeeded = 0;
  stopAvailable = 0;

  get isTcp(): boolean {
    return this.transport === IP_PROTOCOL.tcp;
  }

  get isUdp(): boolean {
    return this.transport === IP_PROTOCOL.udp;
  }
}
