/** What findings say of cause and place, in words: what was seen, never more than the evidence holds. */

import type { Cause, Finding } from './finding.ts';

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

/**
 * `example`: the first of the finding's flows, whose ends are named. `sideOf`: what the site calls an address, null where it
 * has no name for it.
 */
export function describeWhere(
  { where, verdict }: Pick<Finding, 'where' | 'verdict'>,
  example: Ends | null,
  sideOf: (address: string) => string | null = () => null,
): string {
  const named = (end: { readonly address: string } | undefined, otherwise: string): string => {
    if (end === undefined) return otherwise;
    const side = sideOf(end.address);
    return side === null ? end.address : `${end.address} (${side})`;
  };
  // Whoever said no was reached, so nothing fails on the way.
  const place = verdict === 'refused' ? 'at' : 'between the capture point and';
  switch (where) {
    case 'toward-responder':
      return `${place} ${named(example?.responder, 'the responder')}`;
    case 'toward-initiator':
      return `${place} ${named(example?.initiator, 'the initiator')}`;
    case 'beyond-capture-point':
      return 'behind the capture point, on the way to the receiver';
    case 'unknown':
      return 'this capture does not show where';
  }
}
