/** Names of the headers that can come next: each decoder returns one, so that no decoder imports another. */

import { LINK_TYPE } from '../capture/link-type.ts';
import { IP_PROTOCOL } from './decoded-packet.ts';

export const LAYER = {
  done: 0,
  /** The way from frame to transport. */
  ethernet: 1,
  vlan: 2,
  /** IPv4 or IPv6, told apart by the version. */
  ip: 3,
  ipv4: 4,
  ipv6: 5,
  /** IPv6 extension headers and AH; the first is told by `out.transport`. */
  extensionHeaders: 6,
  /** A piece of a datagram; `cursor.start` is the first byte of its data. */
  fragment: 7,
  /** What follows is told by `out.transport`. */
  transport: 8,

  /** Other links. */
  unknownLink: 9,
  llc: 10,
  linuxCooked: 11,
  linuxCooked2: 12,
  bsdLoopback: 13,
  isl: 14,
  metadataTag: 15,
  macsec: 16,
  fabricPath: 17,
  backboneService: 18,
  mpls: 19,
  ppp: 20,
  pppHdlc: 21,
  pppoe: 22,
  ciscoHdlc: 23,
  frameRelay: 24,
  wifi: 25,
  radiotap: 26,
  ppi: 27,
  nflog: 28,
  pktap: 29,
  erf: 30,
  pflog: 31,
  juniperEthernet: 32,
  tokenRing: 33,
  fddi: 34,
  fibreChannel: 35,
  prism: 36,
  pppWithDirection: 37,
  ciscoHdlcWithDirection: 38,
  frameRelayWithDirection: 39,

  /** Tunnels over IP. */
  gre: 40,
  ipv4InIp: 41,
  ipv6InIp: 42,
  mplsInIp: 43,
  etherIp: 44,
  l2tpv3: 45,
  pimRegister: 46,

  /** Tunnels over UDP. */
  vxlan: 47,
  geneve: 48,
  tzsp: 49,
  gtp: 50,
  l2tp: 51,
  ipv6InUdp: 52,
  ayiya: 53,
} as const;

export type LayerCode = (typeof LAYER)[keyof typeof LAYER];

/** The first of those layers that only a transport leads to. */
export const FIRST_TUNNEL_LAYER = LAYER.gre;

export function layerOfLinkType(linkType: number): LayerCode {
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
    case LINK_TYPE.ppp:
      return LAYER.ppp;
    case LINK_TYPE.pppHdlc:
      return LAYER.pppHdlc;
    case LINK_TYPE.pppEther:
      return LAYER.pppoe;
    case LINK_TYPE.cHdlc:
      return LAYER.ciscoHdlc;
    case LINK_TYPE.frameRelay:
      return LAYER.frameRelay;
    case LINK_TYPE.ieee80211:
      return LAYER.wifi;
    case LINK_TYPE.ieee80211Radiotap:
      return LAYER.radiotap;
    case LINK_TYPE.ppi:
      return LAYER.ppi;
    case LINK_TYPE.nflog:
      return LAYER.nflog;
    case LINK_TYPE.pktap:
      return LAYER.pktap;
    case LINK_TYPE.erf:
      return LAYER.erf;
    case LINK_TYPE.pflog:
      return LAYER.pflog;
    case LINK_TYPE.juniperEthernet:
      return LAYER.juniperEthernet;
    case LINK_TYPE.tokenRing:
      return LAYER.tokenRing;
    case LINK_TYPE.fddi:
      return LAYER.fddi;
    case LINK_TYPE.fibreChannel:
      return LAYER.fibreChannel;
    case LINK_TYPE.atmLlc:
      return LAYER.llc;
    case LINK_TYPE.ieee80211Prism:
    case LINK_TYPE.ieee80211Avs:
      return LAYER.prism;
    case LINK_TYPE.pppWithDirection:
      return LAYER.pppWithDirection;
    case LINK_TYPE.cHdlcWithDirection:
      return LAYER.ciscoHdlcWithDirection;
    case LINK_TYPE.frameRelayWithDirection:
      return LAYER.frameRelayWithDirection;
    case LINK_TYPE.mpls:
      return LAYER.mpls;
    default:
      return LAYER.unknownLink;
  }
}

export const ETHER_TYPE = { ipv4: 0x0800, arp: 0x0806, ipv6: 0x86dd } as const;

/** Types below this are the length of an 802.3 frame, whose body opens with LLC. */
export const FIRST_ETHER_TYPE = 0x600;

export function layerOfEtherType(etherType: number): LayerCode {
  switch (etherType) {
    case ETHER_TYPE.ipv4:
      return LAYER.ipv4;
    case ETHER_TYPE.ipv6:
      return LAYER.ipv6;
    // 802.1Q, 802.1ad, and what service tags were before it.
    case 0x8100:
    case 0x88a8:
    case 0x9100:
    case 0x9200:
    case 0x9300:
      return LAYER.vlan;
    // VN-Tag, Cisco metadata, HSR (IEC 62439-3), redundancy tag (802.1CB).
    case 0x8926:
    case 0x8909:
    case 0x892f:
    case 0xf1c1:
      return LAYER.metadataTag;
    case 0x8847:
    case 0x8848:
      return LAYER.mpls;
    case 0x8864:
      return LAYER.pppoe;
    case 0x88e5:
      return LAYER.macsec;
    case 0x88e7:
      return LAYER.backboneService;
    case 0x8903:
      return LAYER.fabricPath;
    default:
      return LAYER.done;
  }
}

/** The tunnel that an IP protocol can hold, `done` for other protocols. */
export function layerOfIpTunnel(protocol: number): LayerCode {
  switch (protocol) {
    case IP_PROTOCOL.gre:
      return LAYER.gre;
    case IP_PROTOCOL.ipInIp:
      return LAYER.ipv4InIp;
    case IP_PROTOCOL.ipv6:
      return LAYER.ipv6InIp;
    case IP_PROTOCOL.l2tp:
      return LAYER.l2tpv3;
    case IP_PROTOCOL.pim:
      return LAYER.pimRegister;
    // EtherIP (RFC 3378) and MPLS in IP (RFC 4023).
    case 97:
      return LAYER.etherIp;
    case 137:
      return LAYER.mplsInIp;
    default:
      return LAYER.done;
  }
}

/** The tunnel that a UDP port suggests: its bytes must still prove it. */
export function layerOfUdpPort(port: number): LayerCode {
  switch (port) {
    // Assigned, Linux's older default, and Cisco ACI.
    case 4789:
    case 8472:
    case 48879:
      return LAYER.vxlan;
    case 6081:
      return LAYER.geneve;
    case 2152:
      return LAYER.gtp;
    case 37008:
      return LAYER.tzsp;
    case 1701:
      return LAYER.l2tp;
    // Teredo and its relays, tunnel brokers (RFC 5572).
    case 3544:
    case 3545:
    case 3653:
      return LAYER.ipv6InUdp;
    case 5072:
      return LAYER.ayiya;
    default:
      return LAYER.done;
  }
}

/** True for the headers between an IP header and its transport. */
export function isExtensionHeader(protocol: number): boolean {
  return (
    protocol === IP_PROTOCOL.hopByHop ||
    protocol === IP_PROTOCOL.routing ||
    protocol === IP_PROTOCOL.fragment ||
    protocol === IP_PROTOCOL.destinationOptions ||
    protocol === IP_PROTOCOL.ah
  );
}
