/** Decodes one frame at a time: each layer's function fills its fields and names the layer that follows. */

import type { FrameBatch } from '../capture/frame-batch.ts';
import { LINK_TYPE } from '../capture/link-type.ts';
import { decodeBsdLoopback } from './bsd-loopback.ts';
import { Cursor, stopDecoding, takePayload } from './cursor.ts';
import type { DecodedPacket } from './decoded-packet.ts';
import { decodeEthernet, decodeLlc, decodeVlanTag } from './ethernet.ts';
import { decodeIp } from './ip.ts';
import { decodeIpv4 } from './ipv4.ts';
import { decodeExtensionHeaders, decodeIpv6 } from './ipv6.ts';
import { LAYER, type LayerCode } from './layer.ts';
import { decodeLinuxCooked, decodeLinuxCooked2 } from './linux-cooked.ts';
import { resetPacket } from './reset-packet.ts';
import { decodeTransport } from './transport.ts';

/** Headers of one frame that are followed; more is an attack or a loop. */
const MAX_LAYERS = 64;

/** One per analysis: it remembers tunnels and unfinished datagrams. */
export class PacketDecoder {
  readonly #cursor = new Cursor();

  /** Fills `out` from frame `index` of `batch`; never throws, whatever the bytes are. */
  decode(batch: FrameBatch, index: number, out: DecodedPacket): void {
    const start = batch.starts[index] ?? 0;
    const capturedLength = batch.capturedLengths[index] ?? 0;
    const wireLength = batch.wireLengths[index] ?? 0;
    const linkType = batch.linkTypes[index] ?? 0;
    resetPacket(out, batch.bytes, batch.view);
    out.frameStart = start;
    out.frameEnd = start + capturedLength;
    out.wireLength = wireLength;
    out.bytesOnWire = wireLength;
    out.linkType = linkType;

    const cursor = this.#cursor;
    cursor.start = start;
    cursor.end = start + capturedLength;
    cursor.wireEnd = start + Math.max(wireLength, capturedLength);
    cursor.tunnel = 0;
    let layer = layerOfLinkType(linkType, out, start);
    for (let count = 0; layer !== LAYER.done; count++) {
      if (count === MAX_LAYERS) {
        stopDecoding(out, 'tunnel', 'too many headers', cursor.start);
        return;
      }
      layer = decodeLayer(layer, cursor, out);
    }
  }
}

function layerOfLinkType(linkType: number, out: DecodedPacket, start: number): LayerCode {
  switch (linkType) {
    case LINK_TYPE.ethernet:
      return LAYER.ethernet;
    case LINK_TYPE.linuxSll:
      return LAYER.linuxCooked;
    case LINK_TYPE.linuxSll2:
      return LAYER.linuxCooked2;
    case LINK_TYPE.null:
    case LINK_TYPE.loop:
      return LAYER.bsdLoopback;
    case LINK_TYPE.raw:
    case LINK_TYPE.rawBsd:
    case LINK_TYPE.rawOpenBsd:
      return LAYER.ip;
    case LINK_TYPE.ipv4:
      return LAYER.ipv4;
    case LINK_TYPE.ipv6:
      return LAYER.ipv6;
    default:
      return stopDecoding(out, 'link', 'link type not supported', start);
  }
}

function decodeLayer(layer: LayerCode, cursor: Cursor, out: DecodedPacket): LayerCode {
  switch (layer) {
    case LAYER.ethernet:
      return decodeEthernet(cursor, out);
    case LAYER.ipv4:
      return decodeIpv4(cursor, out);
    case LAYER.transport:
      return decodeTransport(cursor, out);
    case LAYER.ipv6:
      return decodeIpv6(cursor, out);
    case LAYER.vlan:
      return decodeVlanTag(cursor, out);
    case LAYER.fragment:
      return decodeFragment(cursor, out);
    case LAYER.extensionHeaders:
      return decodeExtensionHeaders(cursor, out);
    case LAYER.llc:
      return decodeLlc(cursor, out);
    case LAYER.linuxCooked:
      return decodeLinuxCooked(cursor, out);
    case LAYER.linuxCooked2:
      return decodeLinuxCooked2(cursor, out);
    case LAYER.bsdLoopback:
      return decodeBsdLoopback(cursor, out);
    case LAYER.ip:
      return decodeIp(cursor, out);
    default:
      return LAYER.done;
  }
}

function decodeFragment(cursor: Cursor, out: DecodedPacket): LayerCode {
  if (out.fragmentOffset === 0) return LAYER.transport;
  return takePayload(cursor, out, cursor.start);
}
