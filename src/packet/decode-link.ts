/** The layers below IP, other than the common way through Ethernet and VLAN tags. */

import { linkTypeName } from '../capture/link-type.ts';
import { decodeBsdLoopback } from './bsd-loopback.ts';
import {
  decodeDirection,
  decodeErf,
  decodeJuniperEthernet,
  decodeNflog,
  decodePflog,
  decodePktap,
  decodePpi,
  decodePrism,
  decodeRadiotap,
} from './capture-wrapper.ts';
import { type Cursor, stopDecoding } from './cursor.ts';
import type { DecodedPacket } from './decoded-packet.ts';
import { decodeLlc } from './ethernet.ts';
import { LAYER, type LayerCode, layerOfLinkType } from './layer.ts';
import { decodeLinuxCooked, decodeLinuxCooked2 } from './linux-cooked.ts';
import { decodeMpls } from './mpls.ts';
import { decodeCiscoHdlc, decodeFrameRelay, decodePpp, decodePppHdlc, decodePppoe } from './ppp.ts';
import { decodeFddi, decodeFibreChannel, decodeTokenRing } from './ring-link.ts';
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
    case LAYER.tokenRing:
      return decodeTokenRing(cursor, out);
    case LAYER.fddi:
      return decodeFddi(cursor, out);
    case LAYER.fibreChannel:
      return decodeFibreChannel(cursor, out);
    case LAYER.prism:
      return decodePrism(cursor, out);
    case LAYER.pppWithDirection:
      return decodeDirection(cursor, out, LAYER.pppHdlc);
    case LAYER.ciscoHdlcWithDirection:
      return decodeDirection(cursor, out, LAYER.ciscoHdlc);
    case LAYER.frameRelayWithDirection:
      return decodeDirection(cursor, out, LAYER.frameRelay);
    default:
      return stopDecoding(out, 'link', `${nameOfUnknown(out.linkType)} is not supported`, cursor.start);
  }
}

/** What is unknown may be within a header that a capture tool put before it. */
function nameOfUnknown(linkType: number): string {
  return layerOfLinkType(linkType) === LAYER.unknownLink ? linkTypeName(linkType) : 'link type within the header';
}
