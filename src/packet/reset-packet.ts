/** Empties a `DecodedPacket`, whole or from a layer on. */

import { type DecodedPacket, NO_TRANSPORT } from './decoded-packet.ts';

/** `bytes` and `view` are what it will be filled from. */
export function resetPacket(out: DecodedPacket, bytes: Uint8Array, view: DataView): void {
  out.bytes = bytes;
  out.view = view;
  out.isPlain = false;
  out.tunnel = 0;
  out.reassembled = false;
  out.frames = 1;
  out.firstBytesOnWire = 0;
  out.stopLayer = null;
  out.stopReason = '';
  out.stopOffset = 0;
  out.stopNeeded = 0;
  out.stopAvailable = 0;
  clearLink(out);
  clearNetwork(out);
}

export function clearLink(out: DecodedPacket): void {
  out.destinationMac = -1;
  out.sourceMac = -1;
  out.etherType = 0;
  out.outerVlan = -1;
  out.innerVlan = -1;
}

/** Forgets the network layer and all above it. */
export function clearNetwork(out: DecodedPacket): void {
  out.ipVersion = 0;
  out.networkStart = -1;
  out.sourceAddress = -1;
  out.destinationAddress = -1;
  out.ttl = 0;
  out.ipId = -1;
  out.dontFragment = false;
  out.isFragment = false;
  out.fragmentOffset = 0;
  out.transport = NO_TRANSPORT;
  out.transportStart = -1;
  out.sourcePort = 0;
  out.destinationPort = 0;
  out.tcpSequence = 0;
  out.tcpAcknowledgement = 0;
  out.tcpFlags = 0;
  out.tcpWindow = 0;
  out.checksum = 0;
  out.icmpType = -1;
  out.icmpCode = -1;
  out.payloadStart = 0;
  out.payloadEnd = 0;
  out.payloadLength = 0;
}

/** Before a packet that another one may carry, without a link of its own: the MAC addresses around the outer one are not its. */
export function clearOuterPacket(out: DecodedPacket): void {
  if (out.networkStart < 0) return;
  out.destinationMac = -1;
  out.sourceMac = -1;
  clearNetwork(out);
}
