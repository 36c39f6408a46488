/** What findings say of cause and place, in words: what was seen, never more than the evidence holds. */

import type { Cause, Where } from './finding.ts';

export const CAUSE_WORDS: Readonly<Record<Cause, string>> = {
  'silent-drop': 'packets are dropped without an answer',
  host: 'the host itself answered so',
  'device-on-path': 'a device on the path',
  icmp: 'an ICMP error says so',
  application: 'the application at the other end',
  unknown: 'not shown by this capture',
};

/** The ends of a flow, of which a place is told. */
interface Ends {
  readonly initiator: { readonly address: string };
  readonly responder: { readonly address: string };
}

/** `example`: the first of the finding's flows, whose ends are named. */
export function describeWhere(where: Where, example: Ends | null): string {
  switch (where) {
    case 'toward-responder':
      return `between the capture point and ${example?.responder.address ?? 'the responder'}`;
    case 'toward-initiator':
      return `between the capture point and ${example?.initiator.address ?? 'the initiator'}`;
    case 'beyond-capture-point':
      return 'behind the capture point, on the way to the receiver';
    case 'unknown':
      return 'this capture does not show where';
  }
}
