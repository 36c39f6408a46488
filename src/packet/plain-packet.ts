/**
 * The commonest frames in one step: Ethernet with at most one VLAN tag, IPv4 without options, and a whole header of TCP or
 * UDP that is no tunnel. The layers would come to the same, at several times the cost; they decide on everything else.
 *
 *   0 destination | 6 source | 12 EtherType, or 0x8100, tag, EtherType | IPv4 (see ipv4.ts) | TCP (tcp.ts) or UDP (udp.ts)
 */

import type { FrameBatch } from '../capture/frame-batch.ts';
import { LINK_TYPE } from '../capture/link-type.ts';
import { type DecodedPacket, IP_PROTOCOL } from './decoded-packet.ts';
import { ETHER_TYPE, LAYER, layerOfUdpPort } from './layer.ts';
import { resetPacket } from './reset-packet.ts';

const ETHERNET_BYTES = 14;
const VLAN_TYPE = 0x8100;
const TAG_BYTES = 4;
const IPV4_BYTES = 20;
const UDP_BYTES = 8;
const TCP_BYTES = 20;
/** Version 4, and a header of five words. */
const IPV4_FIRST_BYTE = 0x45;
const DONT_FRAGMENT = 0x4000;
/** More fragments, and the offset of this one. */
const FRAGMENT_MASK = 0x3fff;

/** By the lower byte of a UDP port: whether some port that ends so suggests a tunnel. */
const MAY_BE_TUNNEL = new Uint8Array(256);
for (let port = 0; port <= 0xffff; port++) if (layerOfUdpPort(port) !== LAYER.done) MAY_BE_TUNNEL[port & 0xff] = 1;

/** Fills `out` from frame `index` of `batch`, or returns false: then `out` is not to be relied on. */
export function decodePlain(batch: FrameBatch, index: number, out: DecodedPacket): boolean {
  if (batch.linkTypes[index] !== LINK_TYPE.ethernet) return false;
  const { view } = batch;
  const frame = batch.starts[index] as number;
  const captured = batch.capturedLengths[index] as number;
  if (captured < ETHERNET_BYTES + TAG_BYTES + IPV4_BYTES + UDP_BYTES) return false;
  let network = frame + ETHERNET_BYTES;
  let etherType = view.getUint16(network - 2);
  let vlan = -1;
  if (etherType === VLAN_TYPE) {
    vlan = view.getUint16(network) & 0x0fff;
    etherType = view.getUint16(network + 2);
    network += TAG_BYTES;
  }
  if (etherType !== ETHER_TYPE.ipv4 || view.getUint8(network) !== IPV4_FIRST_BYTE) return false;
  const wireLength = batch.wireLengths[index] as number;
  const length = view.getUint16(network + 2);
  const flags = view.getUint16(network + 6);
  const wireEnd = network + length;
  if ((flags & FRAGMENT_MASK) !== 0 || length < IPV4_BYTES) return false;
  if (wireEnd > frame + Math.max(wireLength, captured)) return false;

  if (!out.isPlain) {
    resetPacket(out, batch.bytes, view);
    out.isPlain = true;
  } else {
    out.bytes = batch.bytes;
    out.view = view;
  }
  out.frameStart = frame;
  out.frameEnd = frame + captured;
  out.wireLength = wireLength;
  out.bytesOnWire = wireLength;
  out.linkType = LINK_TYPE.ethernet;
  out.destinationMac = frame;
  out.sourceMac = frame + 6;
  out.etherType = etherType;
  out.outerVlan = vlan > 0 ? vlan : -1;
  out.ipVersion = 4;
  out.networkStart = network;
  out.sourceAddress = network + 12;
  out.destinationAddress = network + 16;
  out.ipId = view.getUint16(network + 4);
  out.ttl = view.getUint8(network + 8);
  out.dontFragment = (flags & DONT_FRAGMENT) !== 0;
  return takeTransport(out, network + IPV4_BYTES, Math.min(wireEnd, frame + captured), wireEnd);
}

function takeTransport(out: DecodedPacket, start: number, end: number, wireEnd: number): boolean {
  const { view } = out;
  const protocol = view.getUint8(out.networkStart + 9);
  out.transport = protocol;
  out.transportStart = start;
  if (protocol === IP_PROTOCOL.udp) return takeUdp(out, start, end, wireEnd);
  if (protocol !== IP_PROTOCOL.tcp || end - start < TCP_BYTES) return false;
  const payload = start + ((view.getUint8(start + 12) >> 4) << 2);
  if (payload < start + TCP_BYTES || payload > end) return false;
  out.sourcePort = view.getUint16(start);
  out.destinationPort = view.getUint16(start + 2);
  out.tcpSequence = view.getInt32(start + 4);
  out.tcpAcknowledgement = view.getInt32(start + 8);
  out.tcpFlags = view.getUint8(start + 13);
  out.tcpWindow = view.getUint16(start + 14);
  out.checksum = view.getUint16(start + 16);
  out.payloadStart = payload;
  out.payloadEnd = end;
  out.payloadLength = wireEnd - payload;
  return true;
}

function takeUdp(out: DecodedPacket, start: number, end: number, wireEnd: number): boolean {
  if (end - start < UDP_BYTES) return false;
  const { view } = out;
  const sourcePort = view.getUint16(start);
  const destinationPort = view.getUint16(start + 2);
  if (MAY_BE_TUNNEL[destinationPort & 0xff] === 1 || MAY_BE_TUNNEL[sourcePort & 0xff] === 1) {
    if (layerOfUdpPort(destinationPort) !== LAYER.done || layerOfUdpPort(sourcePort) !== LAYER.done) return false;
  }
  const length = view.getUint16(start + 4);
  if (length < UDP_BYTES || start + length > wireEnd) return false;
  const payloadWireEnd = start + length;
  out.sourcePort = sourcePort;
  out.destinationPort = destinationPort;
  out.tcpSequence = 0;
  out.tcpAcknowledgement = 0;
  out.tcpFlags = 0;
  out.tcpWindow = 0;
  out.checksum = view.getUint16(start + 6);
  out.payloadStart = start + UDP_BYTES;
  out.payloadEnd = Math.min(payloadWireEnd, end);
  out.payloadLength = length - UDP_BYTES;
  return true;
}
