/** How a TCP connection went, by its evidence alone (the outcomes of Zeek's conn log). */

import { TCP_FLAG } from '../packet/decoded-packet.ts';

export type TcpOutcome = 'unanswered' | 'refused' | 'half-open' | 'established' | 'closed' | 'reset' | 'midstream';

/** Connections that never opened cannot be cut. */
export const NEVER_OPEN: readonly TcpOutcome[] = ['unanswered', 'refused', 'half-open'];

/** From all flags seen toward the responder and toward the initiator, and whether anything came toward the initiator. */
export function tcpOutcome(sent: number, answered: number, isAnswered: boolean): TcpOutcome {
  const has = (all: number, flag: number): boolean => (all & flag) !== 0;
  if (!has(sent | answered, TCP_FLAG.syn)) return has(sent | answered, TCP_FLAG.rst) ? 'reset' : 'midstream';
  if (!has(answered, TCP_FLAG.syn)) {
    // An acknowledgement after the SYN answers a SYN-ACK that the capture does not hold.
    if (has(answered, TCP_FLAG.rst)) return has(sent, TCP_FLAG.ack) ? 'reset' : 'refused';
    return isAnswered || has(sent, TCP_FLAG.ack) ? 'midstream' : 'unanswered';
  }
  if (has(sent | answered, TCP_FLAG.rst)) return 'reset';
  if (has(sent, TCP_FLAG.fin) && has(answered, TCP_FLAG.fin)) return 'closed';
  return has(sent, TCP_FLAG.ack) ? 'established' : 'half-open';
}
