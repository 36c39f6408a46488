/** Port rows of roles that the makers' documents do not name: what the port registry gives to each protocol. */

import type { PortRow } from './port-row.ts';
import { buildRows } from './row-table.ts';

export const STANDARD_ROWS: readonly PortRow[] = [
  ...buildRows('IANA service name and port number registry', 'RTSP server', [
    { id: 'std-rtsp', protocol: 'RTSP', on: 'tcp', ports: 554, note: 'control, and media of interleaved sessions' },
  ]),
  ...buildRows('IANA service name and port number registry', 'RTMP server', [
    { id: 'std-rtmp', protocol: 'RTMP', on: 'tcp', ports: 1935, note: 'control and media on one connection' },
  ]),
  ...buildRows('IANA service name and port number registry', 'H.323', [
    {
      id: 'std-h323-discovery',
      protocol: 'H.323 gatekeeper discovery',
      on: 'udp',
      ports: 1718,
      note: 'gatekeeper discovery',
    },
    { id: 'std-h323-ras', protocol: 'H.323 RAS', on: 'udp', ports: 1719, note: 'registration and admission' },
    { id: 'std-h323-call', protocol: 'H.323 Q.931', on: 'tcp', ports: 1720, note: 'call signalling' },
  ]),
];
