/** The layers below IP, other than the common way through Ethernet and VLAN tags. */

import { decodeBsdLoopback } from './bsd-loopback.ts';
import {
  decodeErf,
  decodeJuniperEthernet,
  decodeNflog,
  decodePflog,
  decodePktap,
  decodePpi,
  decodeRadiotap,
} from './capture-wrapper.ts';
import { type Cursor, stopDecoding } from './cursor.ts';
import type { DecodedPacket } from './decoded-packet.ts';
import { decodeLlc } from './ethernet.ts';
import { LAYER, type LayerCode } from './layer.ts';
import { decodeLinuxCooked, decodeLinuxCooked2 } from './linux-cooked.ts';
import { decodeMpls } from './mpls.ts';
import { decodeCiscoHdlc, decodeFrameRelay, decodePpp, decodePppHdlc, decodePppoe } from './ppp.ts';
import { decodeBackboneService, decodeFabricPath, decodeIsl, decodeMacsec, decodeMetadataTag } from './tagged-link.ts';
import type { TunnelTable } from './tunnel-table.ts';
import { decodeWifi } from './wifi.ts';

export function decodeLink(layer: LayerCode, cursor: Cursor, out: DecodedPacket, tunnels: TunnelTable): LayerCode {
  switch (layer) {
    case LAYER.llc:
      return decodeLlc(cursor, out);
    case LAYER.linuxCooked:
      return decodeLinuxCooked(cursor, out);
    case LAYER.linuxCooked2:
      return decodeLinuxCooked2(cursor, out);
    case LAYER.bsdLoopback:
      return decodeBsdLoopback(cursor, out);
    case LAYER.isl:
      return decodeIsl(cursor, out);
    case LAYER.metadataTag:
      return decodeMetadataTag(cursor, out);
    case LAYER.macsec:
      return decodeMacsec(cursor, out);
    case LAYER.fabricPath:
      return decodeFabricPath(cursor);
    case LAYER.backboneService:
      return decodeBackboneService(cursor);
    case LAYER.mpls:
      return decodeMpls(cursor, out);
    case LAYER.ppp:
      return decodePpp(cursor, out);
    case LAYER.pppHdlc:
      return decodePppHdlc(cursor, out);
    case LAYER.pppoe:
      return decodePppoe(cursor, out, tunnels);
    case LAYER.ciscoHdlc:
      return decodeCiscoHdlc(cursor, out);
    case LAYER.frameRelay:
      return decodeFrameRelay(cursor, out);
    case LAYER.wifi:
      return decodeWifi(cursor, out);
    case LAYER.radiotap:
      return decodeRadiotap(cursor, out);
    case LAYER.ppi:
      return decodePpi(cursor, out);
    case LAYER.nflog:
      return decodeNflog(cursor, out);
    case LAYER.pktap:
      return decodePktap(cursor, out);
    case LAYER.erf:
      return decodeErf(cursor, out);
    case LAYER.pflog:
      return decodePflog(cursor, out);
    case LAYER.juniperEthernet:
      return decodeJuniperEthernet(cursor, out);
    default:
      return stopDecoding(out, 'link', 'link type not supported', cursor.start);
  }
}
