/** What a call carries beside RTP: its flows have no signature of their own and are known by the call that names them. */

import type { Dissector } from '../dissector.ts';

/** Shared documents and desktops (ITU-T T.120); X.224 and T.125 begin it, as they begin RDP. */
export const t120: Dissector = {
  id: 't120',
  label: 'T.120',
  transports: ['tcp'],
  firstBytes: { tcp: [] },
  isStreaming: true,
  recognize: () => 'no',
};

/** Fax over UDP (ITU-T T.38 in UDPTL). */
export const t38: Dissector = {
  id: 't38',
  label: 'T.38 fax',
  transports: ['udp'],
  firstBytes: { udp: [] },
  isStreaming: true,
  recognize: () => 'no',
};
