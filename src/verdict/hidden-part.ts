/** What of a connection is not in the capture though it was sent: the goodbye or the answer may be in it. */

import { TCP_FLAG } from '../packet/decoded-packet.ts';
import type { Direction, FlowCase } from './flow-case.ts';

/** Whether a direction is missing as a whole, or bytes of it that the other end acknowledged; false for other transports. */
export function isPartlyHidden({ tcp, packets, payload }: FlowCase, direction: Direction): boolean {
  if (tcp === null) return false;
  const acknowledged = tcp.acknowledgedBytes[direction] ?? 0;
  const closing = (tcp.flags[direction] & TCP_FLAG.fin) === 0 ? 0 : 1;
  return packets[direction] === 0 || acknowledged > payload[direction] + closing;
}
