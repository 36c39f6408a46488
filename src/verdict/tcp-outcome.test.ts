import { describe, expect, it } from 'vitest';
import { TCP_FLAG } from '../packet/decoded-packet.ts';
import { tcpOutcome } from './tcp-outcome.ts';

const { syn, ack, rst } = TCP_FLAG;

describe('tcpOutcome', () => {
  it('is refused where a reset answers the SYN', () => {
    expect(tcpOutcome(syn, rst | ack, true)).toBe('refused');
  });

  it('is reset where the initiator has acknowledged a SYN-ACK that the capture lost', () => {
    expect(tcpOutcome(syn | ack, rst, true)).toBe('reset');
  });
});
