/** Port rows of the Cisco TelePresence Content Server: tables 10-1 to 10-7 and the note below the first. */

import type { PortRow } from './port-row.ts';
import { buildRows } from './row-table.ts';

const documentPart = (part: string) => `content-server-ports.txt ${part}`;

const TABLE_10_1 = buildRows(documentPart('table 10-1'), 'content server', [
  { id: 'cs-http', protocol: 'HTTP', on: 'tcp', ports: 80, open: 'yes', note: 'web interface' },
  { id: 'cs-https', protocol: 'HTTPS', on: 'tcp', ports: 443, open: 'yes', note: 'web interface over TLS' },
  {
    id: 'cs-rtsp',
    protocol: 'RTSP',
    on: 'tcp,udp',
    ports: 554,
    open: 'yes',
    note: 'Windows Media Streaming Server, RTSP',
  },
  {
    id: 'cs-gk-discovery',
    protocol: 'H.323 gatekeeper discovery',
    on: 'udp',
    ports: 1718,
    open: 'yes',
    note: 'gatekeeper discovery',
  },
  {
    id: 'cs-ras',
    protocol: 'H.323 RAS',
    on: 'udp',
    ports: 1719,
    open: 'yes',
    note: 'RAS (configurable in a cluster)',
  },
  {
    id: 'cs-q931',
    protocol: 'H.323 Q.931',
    on: 'tcp',
    ports: 1720,
    open: 'yes',
    note: 'call signalling (configurable in a cluster)',
  },
  {
    id: 'cs-mms',
    protocol: 'MMS',
    on: 'tcp,udp',
    ports: 1755,
    open: 'yes',
    note: 'Windows Media Streaming Server, MMS',
  },
  { id: 'cs-database', protocol: 'database', on: 'tcp', ports: 2090, open: 'no', note: 'database connection' },
  { id: 'cs-rdp', protocol: 'RDP', on: 'tcp', ports: 3389, open: 'yes', note: 'remote desktop' },
  {
    id: 'cs-application',
    protocol: 'application',
    on: 'tcp',
    ports: 8008,
    open: 'no',
    note: 'application communication',
  },
  {
    id: 'cs-wm-http',
    protocol: 'HTTP streaming',
    on: 'tcp',
    ports: 8080,
    open: 'yes',
    note: 'Windows Media Streaming Server, HTTP',
  },
  {
    id: 'cs-wm-admin',
    protocol: 'HTTPS',
    on: 'tcp',
    ports: 8096,
    open: 'yes',
    note: 'Windows Media administration site over TLS',
  },
]);

const CLUSTER = buildRows(documentPart('table 10-1'), 'content server cluster', [
  {
    id: 'cs-ras-cluster',
    protocol: 'H.323 RAS',
    on: 'udp',
    ports: 1722,
    open: 'yes',
    note: 'additional RAS in a cluster (configurable)',
  },
  {
    id: 'cs-q931-cluster',
    protocol: 'H.323 Q.931',
    on: 'tcp,udp',
    ports: 1721,
    open: 'yes',
    note: 'additional call signalling in a cluster (configurable)',
  },
]);

const DYNAMIC_MEDIA = buildRows(documentPart('note to table 10-1'), 'content server, static ports off', [
  {
    id: 'cs-dynamic-media',
    protocol: 'RTP/RTCP',
    on: 'udp',
    ports: [12000, 65535],
    portOf: 'either side',
    open: 'site setting',
    note: "media ports when 'Use static ports' is off start at 12000 (the source gives only the start; transport and end are inferred)",
  },
]);

const TO_WINDOWS_MEDIA_PLAYER = buildRows(documentPart('table 10-2'), 'content server to player, one of cs-play-*', [
  {
    id: 'cs-play-rtsp',
    protocol: 'RTSP',
    on: 'tcp',
    ports: 554,
    open: 'one of',
    note: 'Windows Media to the player; at least one of the cs-play rows must be open (transport inferred: the table names none)',
  },
  {
    id: 'cs-play-http',
    protocol: 'HTTP streaming',
    on: 'tcp',
    ports: 8080,
    open: 'one of',
    note: 'Windows Media to the player; requests on 80 are redirected to 8080 (transport inferred: the table names none)',
  },
]);

const TO_SILVERLIGHT = buildRows(documentPart('table 10-3'), 'content server to Silverlight', [
  {
    id: 'cs-silverlight',
    protocol: 'HTTP streaming',
    on: 'tcp',
    ports: 8080,
    open: 'yes',
    note: 'requests on 80 are redirected to 8080 (transport inferred: the table names none)',
  },
]);

const TO_QUICKTIME_OR_FLASH = buildRows(
  documentPart('table 10-4'),
  'content server (local web server) to QuickTime or Flash player',
  [
    {
      id: 'cs-quicktime-flash',
      protocol: 'HTTP',
      on: 'tcp',
      ports: 80,
      open: 'yes',
      note: 'MPEG-4 for QuickTime and for Flash (transport inferred: the table names none)',
    },
  ],
);

const EXTERNAL_WINDOWS_MEDIA = buildRows(
  documentPart('table 10-5'),
  'external Windows Media server to player, one of ext-wm-*',
  [
    {
      id: 'ext-wm-rtsp',
      protocol: 'RTSP',
      on: 'tcp',
      ports: 554,
      open: 'one of',
      note: 'at least one of the ext-wm rows must be open (transport inferred: the table names none)',
    },
    {
      id: 'ext-wm-http',
      protocol: 'HTTP streaming',
      on: 'tcp',
      ports: 80,
      open: 'one of',
      note: 'with server push, HTTP must also be open between the content server and the external server (transport inferred: the table names none)',
    },
  ],
);

const EXTERNAL_DARWIN = buildRows(
  documentPart('table 10-6'),
  'content server, external QuickTime or Darwin server and player',
  [
    {
      id: 'ext-darwin-rtsp',
      protocol: 'RTSP',
      on: 'tcp',
      ports: 554,
      open: 'yes',
      note: 'between all three (transport inferred: the table names none)',
    },
  ],
);

const TO_WOWZA = buildRows(documentPart('table 10-7'), 'content server to Wowza', [
  {
    id: 'ext-wowza-rtsp',
    protocol: 'RTSP',
    on: 'tcp',
    ports: 554,
    open: 'yes',
    note: 'content server to the Wowza media server (transport inferred: the table names none)',
  },
]);

const WOWZA_TO_FLASH = buildRows(documentPart('table 10-7'), 'Wowza to Flash player', [
  {
    id: 'ext-wowza-rtmp',
    protocol: 'RTMP',
    on: 'tcp',
    ports: 1935,
    open: 'yes',
    note: 'Wowza media server to the Flash player (transport inferred: the table names none)',
  },
]);

const SITE_SETTINGS = buildRows(documentPart('note to table 10-1'), 'content server, site settings', [
  {
    id: 'cs-h323-range',
    protocol: 'H.323',
    open: 'site setting',
    note: 'port range in the advanced H.323 site settings; not in the table, configured per site',
  },
  {
    id: 'cs-network-pull',
    protocol: 'HTTP streaming',
    open: 'site setting',
    note: 'network pull port(s) of a Windows Media streaming server; not in the table, configured per site',
  },
  {
    id: 'cs-streaming-range',
    protocol: 'RTP/RTCP',
    open: 'site setting',
    note: 'streaming port range start for unicast Windows Media, QuickTime, Darwin, Wowza, or multicast QuickTime and Darwin; not in the table, configured per site',
  },
]);

export const CONTENT_SERVER_ROWS: readonly PortRow[] = [
  ...TABLE_10_1,
  ...CLUSTER,
  ...DYNAMIC_MEDIA,
  ...TO_WINDOWS_MEDIA_PLAYER,
  ...TO_SILVERLIGHT,
  ...TO_QUICKTIME_OR_FLASH,
  ...EXTERNAL_WINDOWS_MEDIA,
  ...EXTERNAL_DARWIN,
  ...TO_WOWZA,
  ...WOWZA_TO_FLASH,
  ...SITE_SETTINGS,
];
