/** How a TCP connection went, by its evidence alone (the outcomes of Zeek's conn log). */

import { TCP_FLAG } from '../packet/decoded-packet.ts';

export type TcpOutcome = 'unanswered' | 'refused' | 'half-open' | 'established' | 'closed' | 'reset' | 'midstream';

/** What the outcome is read from: all flags seen and packets counted, toward the responder and toward the initiator. */
export interface TcpTotals {
  readonly flags: readonly [number, number];
  readonly packets: readonly [number, number];
}

export function tcpOutcome({ flags, packets }: TcpTotals): TcpOutcome {
  const [sent, answered] = flags;
  const has = (all: number, flag: number): boolean => (all & flag) !== 0;
  if (!has(sent, TCP_FLAG.syn) && !has(answered, TCP_FLAG.syn)) {
    return has(sent | answered, TCP_FLAG.rst) ? 'reset' : 'midstream';
  }
  if (!has(answered, TCP_FLAG.syn)) {
    if (has(answered, TCP_FLAG.rst)) return 'refused';
    // An acknowledgement after the SYN answers a SYN-ACK that the capture does not hold.
    const goesOn = has(sent, TCP_FLAG.ack);
    if (packets[1] === 0 && !goesOn) return 'unanswered';
    return 'midstream';
  }
  if (has(sent | answered, TCP_FLAG.rst)) return 'reset';
  if (has(sent, TCP_FLAG.fin) && has(answered, TCP_FLAG.fin)) return 'closed';
  return has(sent, TCP_FLAG.ack) ? 'established' : 'half-open';
}
