/** Where tshark's word is not followed, and why. */

/** Its names for what has another one here; more than one where a name of its covers several. */
export const TSHARK_NAMES: Readonly<Record<string, readonly string[]>> = {
  bvlc: ['bacnet'],
  classicstun: ['stun'],
  'db-lsp-disc': ['dropbox-lan'],
  gquic: ['quic'],
  h225: ['h323-ras', 'h323-q931'],
  h245: ['h323-h245'],
  mp2t: ['mpegts'],
  q931: ['h323-q931'],
  rpc: ['sunrpc'],
  rtmpt: ['rtmp', 'rtmpt'],
  tpkt: ['iso-tsap'],
  udt: ['srt'],
  wg: ['wireguard'],
};

/** Captures whose TCP and UDP flows are counted otherwise. */
export const PACKET_DIFFERENCES: Readonly<Record<string, string>> = {
  'formats/bigtcp-ipv6.pcap': 'tshark does not find the TCP header behind the jumbo payload option',
  'formats/ipv6_in_gtp.pcap': 'one packet holds ESP within GTP: the flow is that of ESP here, of the tunnel there',
  'formats/teredo.pcap': 'two bubbles hold nothing but a tunnel, which is no flow here',
  'protocols/IPv6_RTSP.cap': 'tshark does not look into the IPv6 within UDP 3653, in which RTSP is',
  'broken/quic-fuzz-overflow.pcapng': 'a first fragment that stays alone has ports, and is counted by them',
  'broken/fuzz.pcap': 'the file breaks off in a frame, of which what is there is decoded here',
  'broken/ipv4-internally-truncated-header.pcap': 'the ports of a header that is cut after them are read here',
};

/** Captures whose TCP and UDP flows have other bytes. */
export const BYTE_DIFFERENCES: Readonly<Record<string, string>> = {
  'formats/ip6_fragments.pcap': 'a datagram has the bytes of all its fragments here, those of its last one there',
};

interface Excuse {
  readonly reason: string;
  readonly differences: readonly string[];
}

/** Captures in which flows are named otherwise. */
export const PROTOCOL_DIFFERENCES: Readonly<Record<string, Excuse>> = {
  'formats/ip6_fragments.pcap': {
    reason: 'tshark leaves WS-Discovery to nobody; its XML says what it is',
    differences: ['ws-discovery instead of nothing'],
  },
  'formats/ipv6_in_gtp.pcap': {
    reason: 'one datagram that begins like RTP proves nothing here',
    differences: ['nothing instead of rtp'],
  },
  'formats/null_loopback.pcap': {
    reason: "the printers' search goes by the name that its port is registered under",
    differences: ['canon-bjnp2/nothing instead of bjnp'],
  },
  'formats/pcapng-example.pcapng.zst': {
    reason: 'MySQL that goes on within TLS stays MySQL; X11 is not known',
    differences: ['mysql instead of tls', 'nothing instead of x11'],
  },
  'protocols/2dParityFEC-Example.cap.gz': {
    reason: "tshark goes by the port of Aruba's discovery; the bytes are RTP",
    differences: ['rtp instead of adp'],
  },
  'protocols/IgmpPackets.pcap': {
    reason:
      'SMB goes before the session service that carries it, and by its port alone where there is no more than a keep-alive',
    differences: ['smb/nothing instead of nbss'],
  },
  'protocols/http_on_sip_port.pcap': {
    reason: 'tshark goes by the port; the bytes are HTTP',
    differences: ['http instead of sip'],
  },
  'protocols/mldv2_dhcpv6.pcap': {
    reason: 'tshark leaves WS-Discovery to nobody; its XML says what it is',
    differences: ['ws-discovery instead of nothing'],
  },
  'protocols/sngrep_sip_rtp.pcap': {
    reason: 'the control connection named the ports of this transfer',
    differences: ['ftp-data instead of nothing'],
  },
  'protocols/ssh-on-port-80.trace': {
    reason: 'tshark goes by the port; the bytes are SSH',
    differences: ['ssh instead of http'],
  },
  'protocols/stun_dtls_rtp.pcapng': {
    reason: 'a flow of STUN, DTLS and SRTP is named after its media',
    differences: ['rtp instead of dtls'],
  },
  'blocked/zoom_p2p.pcapng': {
    reason: 'tshark does not know Zoom',
    differences: ['zoom instead of nothing'],
  },
};
