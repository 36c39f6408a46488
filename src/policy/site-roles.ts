/** What a server of each role needs: rows of the port tables, each with the hosts at its other end. */

import type { WindowsMediaVersion } from './site-policy.ts';

/** Who is at the other end of a row, by the key that names them in the policy. */
export const PEERS = ['clients', 'encoders', 'origins', 'publishers', 'administrators'] as const;
export type Peer = (typeof PEERS)[number];

/** One row of a role. */
export interface RoleRow {
  readonly row: string;
  /** `cluster`: the other servers of the cluster; `any`: everybody. */
  readonly peer: Peer | 'cluster' | 'any';
  /** True where the other end owns the port and this server connects to it, whatever the row says of itself. */
  readonly isTowardPeer?: true;
  /** Told apart from a rule of the same row. */
  readonly suffix?: string;
  /** Rows of one group are alternatives. */
  readonly group?: string;
}

export interface Role {
  readonly id: string;
  /** One line for people. */
  readonly summary: string;
  readonly rows: readonly RoleRow[];
  /** In place of `rows` for Windows Media Services 4.1; absent where both are the same. */
  readonly rowsOf41?: readonly RoleRow[];
}

const forPeer = (peer: RoleRow['peer'], rows: readonly string[]): RoleRow[] => rows.map((row) => ({ row, peer }));
const oneOf = (group: string, rows: readonly string[]): RoleRow[] =>
  rows.map((row) => ({ row, peer: 'clients', group }));

const WINDOWS_MEDIA: readonly Role[] = [
  {
    id: 'windows-media-unicast',
    summary: 'Windows Media server that sends to players one by one',
    rows: forPeer('clients', [
      'wms9-rtsp',
      'wms9-rtp',
      'wms9-rtcp',
      'wms9-mms-tcp',
      'wms9-mms-udp',
      'wms9-mmsu',
      'wms9-http',
    ]),
    rowsOf41: forPeer('clients', ['wms41-udp-control', 'wms41-udp-data', 'wms41-tcp', 'wms41-http']),
  },
  {
    id: 'windows-media-multicast',
    summary: 'Windows Media server that sends to multicast groups',
    rows: forPeer('any', ['wms9-multicast']),
    rowsOf41: forPeer('any', ['wms41-multicast']),
  },
  {
    id: 'windows-media-encoder',
    summary: 'Windows Media server that encoders push to, or that pulls from them',
    rows: forPeer('encoders', ['wms9-encoder-push', 'wms9-encoder-pull']),
    rowsOf41: forPeer('encoders', ['wms41-msbd', 'wms41-dcom-mapper', 'wms41-dcom']),
  },
  {
    id: 'windows-media-distribution',
    summary: 'Windows Media server that takes its content from an origin server',
    rows: forPeer('origins', [
      'wms9-dist-rtsp',
      'wms9-dist-rtp',
      'wms9-dist-rtcp',
      'wms9-dist-http',
      'wms9-dist-multicast',
    ]),
    rowsOf41: ['wms41-msbd', 'wms41-msbd-extra', 'wms41-http-distribution'].map((row) => ({
      row,
      peer: 'origins',
      isTowardPeer: true,
    })),
  },
  {
    id: 'windows-media-administration',
    summary: 'Windows Media server that is administered from elsewhere',
    rows: forPeer('administrators', [
      'wms9-admin-http',
      'wms9-admin-https',
      'wms9-admin-rpc-tcp',
      'wms9-admin-rpc-udp',
      'wms9-admin-dcom-tcp',
      'wms9-admin-dcom-udp',
      'wms9-admin-snmp',
      'wms9-admin-smb',
    ]),
    rowsOf41: forPeer('administrators', ['wms41-dcom-mapper', 'wms41-dcom']),
  },
  {
    id: 'windows-media-external',
    summary: 'Windows Media server outside of a content server, in its default setup',
    rows: [
      ...oneOf('ext-wm', ['ext-wm-rtsp', 'ext-wm-http']),
      { row: 'ext-wm-http', peer: 'publishers', suffix: 'push' },
    ],
  },
];

const CALLS_OUT = { peer: 'clients', isTowardPeer: true, suffix: 'out' } as const;

const CONTENT_SERVER: readonly Role[] = [
  {
    id: 'content-server',
    summary: 'Cisco TelePresence Content Server',
    rows: [
      ...forPeer('clients', ['cs-http', 'cs-https', 'cs-rtsp', 'cs-gk-discovery', 'cs-ras', 'cs-q931', 'cs-mms']),
      // A call may begin at either end.
      { row: 'cs-q931', ...CALLS_OUT },
      ...forPeer('administrators', ['cs-rdp', 'cs-wm-admin']),
      ...forPeer('clients', ['cs-wm-http', 'cs-dynamic-media', 'cs-silverlight', 'cs-quicktime-flash']),
      ...oneOf('cs-play', ['cs-play-rtsp', 'cs-play-http']),
      ...forPeer('clients', ['cs-h323-range', 'cs-network-pull', 'cs-streaming-range']),
      ...forPeer('any', ['cs-database', 'cs-application']),
    ],
  },
  {
    id: 'content-server-cluster',
    summary: 'what a content server needs besides when it is part of a cluster',
    rows: [
      ...forPeer('clients', ['cs-ras-cluster', 'cs-q931-cluster']),
      { row: 'cs-q931-cluster', ...CALLS_OUT },
      { row: 'cs-database', peer: 'cluster', suffix: 'cluster' },
      { row: 'cs-application', peer: 'cluster', suffix: 'cluster' },
    ],
  },
];

const OTHERS: readonly Role[] = [
  {
    id: 'wowza',
    summary: 'Wowza media server: RTSP from publishers, RTMP to players',
    rows: [...forPeer('publishers', ['ext-wowza-rtsp']), ...forPeer('clients', ['ext-wowza-rtmp'])],
  },
  {
    id: 'darwin',
    summary: 'QuickTime or Darwin streaming server',
    rows: [...forPeer('clients', ['ext-darwin-rtsp']), { row: 'ext-darwin-rtsp', peer: 'publishers', suffix: 'push' }],
  },
  { id: 'rtsp-camera', summary: 'camera that players ask for RTSP', rows: forPeer('clients', ['std-rtsp']) },
  { id: 'rtsp-server', summary: 'any other server of RTSP', rows: forPeer('clients', ['std-rtsp']) },
  { id: 'rtmp-ingest', summary: 'server that publishers send RTMP to', rows: forPeer('publishers', ['std-rtmp']) },
  { id: 'rtmp-server', summary: 'server that players ask for RTMP', rows: forPeer('clients', ['std-rtmp']) },
  {
    id: 'h323-gatekeeper',
    summary: 'H.323 gatekeeper, calls routed through it included',
    rows: [
      ...forPeer('clients', ['std-h323-discovery', 'std-h323-ras', 'std-h323-call']),
      { row: 'std-h323-call', ...CALLS_OUT },
    ],
  },
  {
    id: 'h323-endpoint',
    summary: 'H.323 terminal or bridge that calls and is called',
    rows: [...forPeer('clients', ['std-h323-call']), { row: 'std-h323-call', ...CALLS_OUT }],
  },
];

export const ROLES: readonly Role[] = [...WINDOWS_MEDIA, ...CONTENT_SERVER, ...OTHERS];

const BY_ID = new Map(ROLES.map((role) => [role.id, role]));

export function findRole(id: string): Role | null {
  return BY_ID.get(id) ?? null;
}

export function rowsOfRole(role: Role, version: WindowsMediaVersion): readonly RoleRow[] {
  return version === '4.1' ? (role.rowsOf41 ?? role.rows) : role.rows;
}
