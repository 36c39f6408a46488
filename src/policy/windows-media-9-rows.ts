/** Port rows of Windows Media Services 9 Series, from its article on firewalls: one table per scenario. */

import type { PortRow } from './port-row.ts';
import { buildRows } from './row-table.ts';

const UNICAST = buildRows('wms9-firewalls.txt unicast', 'unicast', [
  {
    id: 'wms9-rtsp',
    protocol: 'RTSP',
    on: 'tcp',
    ports: 554,
    direction: 'in/out',
    note: 'RTSP connections, and data of RTSPT',
  },
  { id: 'wms9-rtp', protocol: 'RTP', on: 'udp', ports: 5004, direction: 'out', note: 'data of RTSPU' },
  {
    id: 'wms9-rtcp',
    protocol: 'RTCP',
    on: 'udp',
    ports: 5005,
    direction: 'in/out',
    note: 'loss reports from clients and synchronisation to them, RTSPU',
  },
  {
    id: 'wms9-mms-tcp',
    protocol: 'MMS',
    on: 'tcp',
    ports: 1755,
    direction: 'in/out',
    note: 'MMS connections, and data of MMST',
  },
  {
    id: 'wms9-mms-udp',
    protocol: 'MMS',
    on: 'udp',
    ports: 1755,
    direction: 'in/out',
    note: 'loss reports and synchronisation, MMSU',
  },
  {
    id: 'wms9-mmsu',
    protocol: 'MMSU',
    on: 'udp',
    ports: [1024, 5000],
    portOf: 'client',
    direction: 'out',
    note: 'data of MMSU; open only the ports needed',
  },
  {
    id: 'wms9-http',
    protocol: 'HTTP streaming',
    on: 'tcp',
    ports: 80,
    direction: 'in/out',
    note: 'HTTP connections and data',
  },
]);

const MULTICAST = buildRows('wms9-firewalls.txt multicast', 'multicast', [
  {
    id: 'wms9-multicast',
    protocol: 'MSB',
    on: 'udp',
    ports: [1, 65535],
    portOf: 'group',
    direction: 'out',
    addresses: ['224.0.0.1-239.255.255.255', 'ff00::/8'],
    note: '239.0.0.0/8 recommended inside an intranet',
  },
]);

const ENCODER = buildRows('wms9-firewalls.txt encoder', 'encoder', [
  {
    id: 'wms9-encoder-push',
    protocol: 'HTTP streaming',
    on: 'tcp',
    ports: 8080,
    direction: 'in',
    note: 'the encoder pushes to the server',
  },
  {
    id: 'wms9-encoder-pull',
    protocol: 'HTTP streaming',
    on: 'tcp',
    ports: [1, 65535],
    portOf: 'encoder',
    direction: 'out',
    note: 'the server pulls from the encoder; 8080 by default',
  },
]);

const DISTRIBUTION = buildRows('wms9-firewalls.txt distribution', 'distribution', [
  {
    id: 'wms9-dist-rtsp',
    protocol: 'RTSP',
    on: 'tcp',
    ports: 554,
    portOf: 'origin server',
    direction: 'out',
    note: 'distribution server to origin server',
  },
  {
    id: 'wms9-dist-rtp',
    protocol: 'RTP',
    on: 'udp',
    ports: [1024, 5000],
    portOf: 'distribution server',
    direction: 'in',
    note: 'data from the origin server',
  },
  {
    id: 'wms9-dist-rtcp',
    protocol: 'RTCP',
    on: 'udp',
    ports: 5005,
    portOf: 'origin server',
    direction: 'out',
    note: 'correction messages to the origin server',
  },
  {
    id: 'wms9-dist-http',
    protocol: 'HTTP streaming',
    on: 'tcp',
    ports: 80,
    portOf: 'origin server',
    direction: 'out',
    note: 'distribution server to origin server',
  },
  {
    id: 'wms9-dist-multicast',
    protocol: 'MSB',
    on: 'udp',
    ports: [1, 65535],
    portOf: 'group',
    direction: 'in',
    addresses: ['224.0.0.1-239.255.255.255', 'ff00::/8'],
    note: "port must match the origin's and the .nsc file",
  },
]);

const ADMINISTRATION = buildRows('wms9-firewalls.txt administration', 'administration', [
  {
    id: 'wms9-admin-http',
    protocol: 'HTTP',
    on: 'tcp',
    ports: 8080,
    direction: 'in/out',
    note: 'administration web site',
  },
  {
    id: 'wms9-admin-https',
    protocol: 'HTTPS',
    on: 'tcp',
    ports: 443,
    direction: 'in/out',
    note: 'administration web site over TLS',
  },
  {
    id: 'wms9-admin-rpc-tcp',
    protocol: 'RPC',
    on: 'tcp',
    ports: 135,
    direction: 'in',
    note: 'service control manager',
  },
  {
    id: 'wms9-admin-rpc-udp',
    protocol: 'RPC',
    on: 'udp',
    ports: 135,
    direction: 'in/out',
    note: 'service control manager',
  },
  {
    id: 'wms9-admin-dcom-tcp',
    protocol: 'DCOM',
    on: 'tcp',
    ports: [1025, 65535],
    direction: 'in',
    note: 'dynamic, one port per process',
  },
  {
    id: 'wms9-admin-dcom-udp',
    protocol: 'DCOM',
    on: 'udp',
    ports: [1025, 65535],
    direction: 'in/out',
    note: 'dynamic, one port per process',
  },
  { id: 'wms9-admin-snmp', protocol: 'SNMP', on: 'udp', ports: 161, direction: 'in/out', note: 'monitoring' },
  {
    id: 'wms9-admin-smb',
    protocol: 'SMB',
    on: 'tcp',
    ports: 445,
    direction: 'in/out',
    note: 'Windows management instrumentation',
  },
]);

export const WINDOWS_MEDIA_9_ROWS: readonly PortRow[] = [
  ...UNICAST,
  ...MULTICAST,
  ...ENCODER,
  ...DISTRIBUTION,
  ...ADMINISTRATION,
];
