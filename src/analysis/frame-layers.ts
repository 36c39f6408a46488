/** One frame for people: its layers from the outside in, where each of them lies, and its bytes. */

import type { FrameBatch } from '../capture/frame-batch.ts';
import { linkTypeName } from '../capture/link-type.ts';
import { formatAddressAt, formatMac } from '../format/address.ts';
import { PacketDecoder } from '../packet/decode-frame.ts';
import { DecodedPacket, NO_TRANSPORT, TCP_FLAG } from '../packet/decoded-packet.ts';
import { transportName } from './flow-identity.ts';
import type { RelativeTime } from './snapshot.ts';

/** Offsets are those in the frame's bytes; `text` is safe to print. */
export interface FrameLayer {
  readonly kind: 'link' | 'network' | 'transport' | 'payload';
  readonly name: string;
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

export interface FrameDetail {
  readonly time: RelativeTime;
  readonly wireLength: number;
  readonly capturedLength: number;
  /** From the outside in; around tunnels only the innermost packet is told apart. */
  readonly layers: readonly FrameLayer[];
  /** Why decoding ended early, null where it did not. */
  readonly stop: string | null;
  /** As captured, not safe to print; the first of them where they are very many. */
  readonly bytes: Uint8Array;
}

/** More bytes of a frame are not shown. */
const MOST_BYTES = 16_384;
const ARP = 0x0806;

/** Frame `index` of the batch, decoded by itself: what earlier fragments began, it cannot finish. */
export function describeFrame(batch: FrameBatch, index: number, time: number): FrameDetail {
  const decoder = new PacketDecoder();
  const packet = new DecodedPacket();
  decoder.decode(batch, index, packet);
  const { frameStart: start, frameEnd: end, wireLength } = packet;
  // A datagram in one fragment lies in the buffer of the reassembler, with offsets of its own.
  const isInFrame = packet.bytes === batch.bytes;
  const inner = isInFrame ? [...networkLayers(packet), ...transportLayers(packet), ...payloadLayers(packet)] : [];
  const linkEnd = isInFrame && packet.networkStart >= 0 ? packet.networkStart : end;
  const layers = [linkLayer(packet, linkEnd, decoder.tunnels.describe(packet.tunnel)), ...inner];
  return {
    time,
    wireLength,
    capturedLength: end - start,
    layers: layers.map((layer) => ({ ...layer, start: layer.start - start, end: layer.end - start })),
    stop: packet.stopLayer === null ? null : packet.stopReason,
    bytes: batch.bytes.slice(start, Math.min(end, start + MOST_BYTES)),
  };
}

function linkLayer(packet: DecodedPacket, end: number, tunnel: string): FrameLayer {
  const { bytes, sourceMac, destinationMac, etherType, outerVlan, innerVlan } = packet;
  const vlans = [outerVlan, innerVlan].filter((vlan) => vlan >= 0);
  const facts = [
    sourceMac < 0 || destinationMac < 0 ? '' : `${formatMac(bytes, sourceMac)} to ${formatMac(bytes, destinationMac)}`,
    vlans.length === 0 ? '' : `VLAN ${vlans.join(' in ')}`,
    etherType === 0 ? '' : `EtherType 0x${etherType.toString(16).padStart(4, '0')}${etherType === ARP ? ' (ARP)' : ''}`,
    tunnel,
  ];
  return { kind: 'link', name: linkTypeName(packet.linkType), start: packet.frameStart, end, text: listed(facts) };
}

function networkLayers(packet: DecodedPacket): FrameLayer[] {
  const { ipVersion, networkStart: start, transportStart, payloadStart, bytes, view } = packet;
  if (ipVersion === 0) {
    const name = packet.etherType === ARP ? 'ARP' : 'Not IP';
    return start < 0 ? [] : [{ kind: 'network', name, start, end: packet.frameEnd, text: '' }];
  }
  if (packet.destinationAddress < 0) {
    return [{ kind: 'network', name: `IPv${ipVersion}`, start, end: packet.frameEnd, text: 'cut' }];
  }
  const width = ipVersion === 4 ? 4 : 16;
  const [source, destination] = [packet.sourceAddress, packet.destinationAddress].map((at) =>
    formatAddressAt(bytes, at, width),
  );
  const facts = [
    `${source} to ${destination}`,
    `${ipVersion === 4 ? 'TTL' : 'hop limit'} ${packet.ttl}`,
    packet.ipId < 0 ? '' : `id 0x${packet.ipId.toString(16).padStart(4, '0')}`,
    packet.dontFragment ? "don't fragment" : '',
    packet.isFragment ? `fragment, from byte ${packet.fragmentOffset} of its datagram` : '',
    ipVersion === 4 ? `DSCP ${view.getUint8(start + 1) >> 2}` : '',
  ];
  const end = transportStart >= 0 ? transportStart : Math.max(start, payloadStart);
  return [{ kind: 'network', name: `IPv${ipVersion}`, start, end, text: listed(facts) }];
}

const FLAG_NAMES = Object.entries(TCP_FLAG).map(([name, bit]) => [name.toUpperCase(), bit] as const);

function transportLayers(packet: DecodedPacket): FrameLayer[] {
  const { transport, transportStart: start, payloadStart, frameEnd } = packet;
  if (transport === NO_TRANSPORT || start < 0) return [];
  const name = transportName(transport).toUpperCase();
  const ports = `port ${packet.sourcePort} to ${packet.destinationPort}`;
  const flags = FLAG_NAMES.filter(([, bit]) => (packet.tcpFlags & bit) !== 0).map(([flag]) => flag);
  const tcp = [
    ports,
    flags.join(' ') || 'no flags',
    `sequence ${packet.tcpSequence >>> 0}`,
    packet.tcpFlags & TCP_FLAG.ack ? `acknowledges ${packet.tcpAcknowledgement >>> 0}` : '',
    `window ${packet.tcpWindow}`,
  ];
  const icmp = packet.icmpType < 0 ? [] : [`type ${packet.icmpType}, code ${packet.icmpCode}`];
  const facts = packet.isTcp ? tcp : packet.sourcePort === 0 && packet.destinationPort === 0 ? icmp : [ports];
  const end = payloadStart >= start ? payloadStart : frameEnd;
  return [{ kind: 'transport', name, start, end, text: listed(facts) }];
}

function payloadLayers({
  payloadStart: start,
  payloadEnd: end,
  payloadLength,
  transport,
}: DecodedPacket): FrameLayer[] {
  if (transport === NO_TRANSPORT || payloadLength <= 0) return [];
  const cut = payloadLength > end - start ? `, ${end - start} of them captured` : '';
  return [{ kind: 'payload', name: 'Payload', start, end, text: `${payloadLength} bytes${cut}` }];
}

function listed(facts: readonly string[]): string {
  return facts.filter((fact) => fact !== '').join(', ');
}
