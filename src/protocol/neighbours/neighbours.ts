/** The protocols that are only named, in the order in which they are asked: the surest and the most frequent first. */

import type { Dissector } from '../dissector.ts';
import { ldap, snmp } from './ber.ts';
import { memcached, mysql, oracle, postgres, redis, tds } from './databases.ts';
import { dcerpc } from './dcerpc.ts';
import { dropbox, ssdp, wsDiscovery } from './discovery.ts';
import { dns, llmnr, mdns, nbdgm, nbns } from './dns.ts';
import { dtls } from './dtls.ts';
import { ftp } from './ftp.ts';
import { raknet, valve } from './games.ts';
import { artnet, ndi, uftp, vban, zoom } from './media-neighbours.ts';
import { amqp, mqtt, sunRpc } from './messaging.ts';
import { bacnet, dhcp, dhcpv6, ntp, ptp, radius, syslog, tftp } from './network-services.ts';
import { bittorrent } from './peer-to-peer.ts';
import { quic } from './quic.ts';
import { srt } from './srt.ts';
import { ssh } from './ssh.ts';
import { stun } from './stun.ts';
import { imap, pop3, smtp, vnc, xmpp } from './text-protocols.ts';
import { tls } from './tls.ts';
import { ike, l2tp, openvpn, pptp, socks, wireguard } from './tunnels.ts';
import { isoTsap, nbss, rdp, smb } from './windows.ts';

export const NEIGHBOURS: readonly Dissector[] = [
  ...[tls, ssh, smb, dcerpc, rdp, isoTsap, nbss],
  ...[nbns, nbdgm, mdns, llmnr, dns],
  ...[stun, dtls, quic, srt],
  ...[ssdp, wsDiscovery, dropbox, ntp, dhcp, dhcpv6, ptp, radius, tftp, syslog, bacnet],
  ...[snmp, ldap, tds, mysql, postgres, oracle, memcached, redis],
  ...[smtp, ftp, pop3, imap, xmpp, vnc],
  ...[bittorrent, wireguard, openvpn, ike, l2tp, pptp, socks],
  ...[mqtt, amqp, sunRpc, uftp, ndi, vban, artnet, zoom, raknet, valve],
];
