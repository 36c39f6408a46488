/** The layers in which a packet carries another. */

import type { Cursor } from './cursor.ts';
import type { DecodedPacket } from './decoded-packet.ts';
import { decodeGre } from './gre.ts';
import {
  decodeEtherIp,
  decodeIpv4InIp,
  decodeIpv6InIp,
  decodeL2tpv3,
  decodeMplsInIp,
  decodePimRegister,
} from './ip-tunnel.ts';
import { LAYER, type LayerCode } from './layer.ts';
import { decodeGeneve, decodeTzsp, decodeVxlan } from './overlay.ts';
import type { TunnelTable } from './tunnel-table.ts';
import { decodeAyiya, decodeGtp, decodeIpv6InUdp, decodeL2tp } from './udp-tunnel.ts';

export function decodeTunnel(layer: LayerCode, cursor: Cursor, out: DecodedPacket, tunnels: TunnelTable): LayerCode {
  switch (layer) {
    case LAYER.gre:
      return decodeGre(cursor, out, tunnels);
    case LAYER.ipv4InIp:
      return decodeIpv4InIp(cursor, out, tunnels);
    case LAYER.ipv6InIp:
      return decodeIpv6InIp(cursor, out, tunnels);
    case LAYER.mplsInIp:
      return decodeMplsInIp(cursor, out, tunnels);
    case LAYER.etherIp:
      return decodeEtherIp(cursor, out, tunnels);
    case LAYER.l2tpv3:
      return decodeL2tpv3(cursor, out, tunnels);
    case LAYER.pimRegister:
      return decodePimRegister(cursor, out, tunnels);
    case LAYER.vxlan:
      return decodeVxlan(cursor, out, tunnels);
    case LAYER.geneve:
      return decodeGeneve(cursor, out, tunnels);
    case LAYER.tzsp:
      return decodeTzsp(cursor, out, tunnels);
    case LAYER.gtp:
      return decodeGtp(cursor, out, tunnels);
    case LAYER.l2tp:
      return decodeL2tp(cursor, out, tunnels);
    case LAYER.ipv6InUdp:
      return decodeIpv6InUdp(cursor, out, tunnels);
    case LAYER.ayiya:
      return decodeAyiya(cursor, out, tunnels);
    default:
      return LAYER.done;
  }
}
