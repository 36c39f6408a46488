/** From the protocol names of the documents to protocol ids. */

import type { PortRow } from './port-row.ts';

/** Media that an administrator may send to a group. */
const MULTICAST_MEDIA = ['msb', 'rtp', 'rtcp', 'mpegts'];
const NONE: readonly string[] = [];

/** `database` and `application` name no protocol that bytes could prove. */
const IDS_BY_NAME: Readonly<Record<string, readonly string[]>> = {
  HTTP: ['http'],
  'HTTP streaming': ['http', 'mmsh'],
  HTTPS: ['tls'],
  RTSP: ['rtsp'],
  RTP: ['rtp'],
  RTCP: ['rtcp'],
  'RTP/RTCP': ['rtp', 'rtcp'],
  MMSU: ['mmsu'],
  MMST: ['mms'],
  MSB: ['msb'],
  MSBD: ['msbd'],
  multicast: MULTICAST_MEDIA,
  RTMP: ['rtmp', 'rtmpt'],
  'H.323 gatekeeper discovery': ['h323-ras'],
  'H.323 RAS': ['h323-ras'],
  'H.323 Q.931': ['h323-q931'],
  'H.323': ['h323-q931', 'h323-h245'],
  RPC: ['dcerpc'],
  DCOM: ['dcerpc'],
  RDP: ['rdp'],
  SNMP: ['snmp'],
  SMB: ['smb'],
};

/** MMS is the control protocol on TCP; over UDP its port serves MMSU, whose media the rows named MMSU speak of first. */
const MMS_IDS = { tcp: ['mms'], udp: ['mmsu', 'mms'], both: ['mms', 'mmsu'] };

/** Ids of the protocols that the row speaks of, the usual one first; empty where bytes could not prove any. */
export function protocolIdsOfRow(row: PortRow): readonly string[] {
  if (row.protocol !== 'MMS') return IDS_BY_NAME[row.protocol] ?? NONE;
  if (row.transports.length === 2) return MMS_IDS.both;
  return row.transports[0] === 'udp' ? MMS_IDS.udp : MMS_IDS.tcp;
}
