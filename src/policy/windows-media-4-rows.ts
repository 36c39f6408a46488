/** Port rows of Windows Media Services 4.1, Knowledge Base article 189416. */

import type { PortRow } from './port-row.ts';
import { buildRows } from './row-table.ts';

const MULTICAST = buildRows('wms41-kb189416.txt', 'multicast', [
  {
    id: 'wms41-multicast',
    protocol: 'multicast',
    on: 'udp',
    ports: [1, 65000],
    portOf: 'group',
    addresses: ['224.0.0.1-239.255.255.255'],
    note: 'set by the administrator',
  },
]);

const UDP_UNICAST = buildRows('wms41-kb189416.txt', 'UDP unicast', [
  { id: 'wms41-udp-control', protocol: 'MMS', on: 'tcp', ports: 1755, note: 'control connection, made first' },
  {
    id: 'wms41-udp-data',
    protocol: 'MMSU',
    on: 'udp',
    ports: [1024, 5000],
    portOf: 'client',
    direction: 'out',
    note: 'the port is chosen by client and server over 1755',
  },
]);

const TCP_UNICAST = buildRows('wms41-kb189416.txt', 'TCP unicast', [
  { id: 'wms41-tcp', protocol: 'MMST', on: 'tcp', ports: 1755, note: 'control and data' },
]);

const HTTP_UNICAST = buildRows('wms41-kb189416.txt', 'HTTP unicast', [
  { id: 'wms41-http', protocol: 'HTTP streaming', on: 'tcp', ports: 80, note: 'also through an HTTP proxy' },
]);

const DISTRIBUTION = buildRows('wms41-kb189416.txt', 'distribution', [
  {
    id: 'wms41-msbd',
    protocol: 'MSBD',
    on: 'tcp',
    ports: 7007,
    note: 'server to server; further connections on a random port in 1024-5000; configurable 1-65000',
  },
  { id: 'wms41-msbd-extra', protocol: 'MSBD', on: 'tcp', ports: [1024, 5000], note: 'where 7007 is already in use' },
  { id: 'wms41-http-distribution', protocol: 'HTTP streaming', on: 'tcp', ports: 80, note: 'server to server' },
]);

const ADMINISTRATION = buildRows('wms41-kb189416.txt', 'administration', [
  { id: 'wms41-dcom-mapper', protocol: 'DCOM', on: 'tcp,udp', ports: 135, note: 'RPC end point mapping' },
  {
    id: 'wms41-dcom',
    protocol: 'DCOM',
    on: 'tcp,udp',
    ports: [1, 65000],
    note: 'one port per process, restricted by a registry key; no address translation; the table says UDP 1-65000, the text below it all chosen UDP and TCP ports',
  },
]);

export const WINDOWS_MEDIA_4_1_ROWS: readonly PortRow[] = [
  ...MULTICAST,
  ...UDP_UNICAST,
  ...TCP_UNICAST,
  ...HTTP_UNICAST,
  ...DISTRIBUTION,
  ...ADMINISTRATION,
];
