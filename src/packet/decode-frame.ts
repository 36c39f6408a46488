/** Decodes one frame at a time: each layer's function fills its fields and names the layer that follows. */

import type { FrameBatch } from '../capture/frame-batch.ts';
import { Cursor, stopDecoding, takePayload } from './cursor.ts';
import { decodeLink } from './decode-link.ts';
import { decodeTunnel } from './decode-tunnel.ts';
import type { DecodedPacket } from './decoded-packet.ts';
import { decodeEthernet, decodeVlanTag } from './ethernet.ts';
import { decodeIp, followIp } from './ip.ts';
import { decodeIpv4 } from './ipv4.ts';
import { decodeExtensionHeaders, decodeIpv6 } from './ipv6.ts';
import { FIRST_TUNNEL_LAYER, LAYER, type LayerCode, layerOfLinkType } from './layer.ts';
import { decodePlain } from './plain-packet.ts';
import { Reassembler } from './reassembler.ts';
import { resetPacket } from './reset-packet.ts';
import { decodeTransport } from './transport.ts';
import { TunnelTable } from './tunnel-table.ts';

/** Headers of one frame that are followed; more is an attack. */
const MAX_LAYERS = 64;

/** One per analysis: it remembers tunnels and unfinished datagrams. */
export class PacketDecoder {
  readonly tunnels = new TunnelTable();
  readonly fragments = new Reassembler();
  readonly #cursor = new Cursor();

  /** Fills `out` from frame `index` of `batch`; never throws, whatever the bytes are. */
  decode(batch: FrameBatch, index: number, out: DecodedPacket): void {
    if (!decodePlain(batch, index, out)) this.decodeByLayers(batch, index, out);
  }

  /** The same, whatever the frame is. */
  decodeByLayers(batch: FrameBatch, index: number, out: DecodedPacket): void {
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
    this.#cursor.reset(start, start + capturedLength, start + Math.max(wireLength, capturedLength));
    this.fragments.beginFrame((batch.seconds[index] ?? 0) + (batch.nanoseconds[index] ?? 0) / 1e9);

    let layer = layerOfLinkType(linkType);
    for (let count = 0; layer !== LAYER.done; count++) {
      if (count === MAX_LAYERS) {
        stopDecoding(out, 'tunnel', 'too many headers', this.#cursor.start);
        return;
      }
      layer = this.#decodeLayer(layer, out);
    }
  }

  #decodeLayer(layer: LayerCode, out: DecodedPacket): LayerCode {
    const cursor = this.#cursor;
    switch (layer) {
      case LAYER.ethernet:
        return decodeEthernet(cursor, out);
      case LAYER.vlan:
        return decodeVlanTag(cursor, out);
      case LAYER.ip:
        return decodeIp(cursor, out);
      case LAYER.ipv4:
        return decodeIpv4(cursor, out);
      case LAYER.ipv6:
        return decodeIpv6(cursor, out);
      case LAYER.extensionHeaders:
        return decodeExtensionHeaders(cursor, out);
      case LAYER.fragment:
        return this.#decodeFragment(cursor, out);
      case LAYER.transport:
        return decodeTransport(cursor, out);
      default:
        if (layer >= FIRST_TUNNEL_LAYER) return decodeTunnel(layer, cursor, out, this.tunnels);
        return decodeLink(layer, cursor, out, this.tunnels);
    }
  }

  #decodeFragment(cursor: Cursor, out: DecodedPacket): LayerCode {
    if (this.fragments.add(cursor, out)) return followIp(out);
    if (out.fragmentOffset !== 0) return takePayload(cursor, out, cursor.start);
    // What a first fragment carries is decoded with the whole datagram, unless the snap length made that impossible.
    cursor.mayEnterTunnel = cursor.end < cursor.wireEnd;
    return followIp(out);
  }
}
