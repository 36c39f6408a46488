/** LINKTYPE_ values of pcap and pcapng (tcpdump.org/linktypes.html). */
export const LINK_TYPE = {
  null: 0,
  ethernet: 1,
  ppp: 9,
  rawBsd: 12,
  rawOpenBsd: 14,
  pppHdlc: 50,
  pppEther: 51,
  raw: 101,
  cHdlc: 104,
  ieee80211: 105,
  frameRelay: 107,
  loop: 108,
  linuxSll: 113,
  pflog: 117,
  ieee80211Radiotap: 127,
  juniperEthernet: 178,
  ppi: 192,
  erf: 197,
  ipv4: 228,
  ipv6: 229,
  nflog: 239,
  pktap: 258,
  linuxSll2: 276,
  /** Not assigned: what a file names in its own way and nobody can decode. */
  unknown: 65535,
} as const;

const NAMES: ReadonlyMap<number, string> = new Map([
  [LINK_TYPE.null, 'BSD loopback'],
  [LINK_TYPE.ethernet, 'Ethernet'],
  [LINK_TYPE.ppp, 'PPP'],
  [LINK_TYPE.rawBsd, 'raw IP'],
  [LINK_TYPE.rawOpenBsd, 'raw IP'],
  [LINK_TYPE.pppHdlc, 'PPP in HDLC framing'],
  [LINK_TYPE.pppEther, 'PPPoE'],
  [LINK_TYPE.raw, 'raw IP'],
  [LINK_TYPE.cHdlc, 'Cisco HDLC'],
  [LINK_TYPE.ieee80211, '802.11'],
  [LINK_TYPE.frameRelay, 'Frame Relay'],
  [LINK_TYPE.loop, 'OpenBSD loopback'],
  [LINK_TYPE.linuxSll, 'Linux cooked'],
  [LINK_TYPE.pflog, 'PF firewall log'],
  [LINK_TYPE.ieee80211Radiotap, '802.11 with radiotap'],
  [LINK_TYPE.juniperEthernet, 'Juniper Ethernet'],
  [LINK_TYPE.ppi, 'PPI'],
  [LINK_TYPE.erf, 'ERF'],
  [LINK_TYPE.ipv4, 'raw IPv4'],
  [LINK_TYPE.ipv6, 'raw IPv6'],
  [LINK_TYPE.nflog, 'NFLOG'],
  [LINK_TYPE.pktap, 'PKTAP'],
  [LINK_TYPE.linuxSll2, 'Linux cooked v2'],
]);

/** As people write it; `link type N` for one that has no name here. */
export function linkTypeName(linkType: number): string {
  return NAMES.get(linkType) ?? `link type ${linkType}`;
}
