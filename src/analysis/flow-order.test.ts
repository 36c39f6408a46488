import { describe, expect, it } from 'vitest';
import { flowCase, seconds } from '../../test/case-builder.ts';
import { ipv4OfText } from './flow-ends.ts';
import { inOrder, type OrderFacts } from './flow-order.ts';
import type { FlowSortKey } from './snapshot.ts';

/** By id from 1 on. */
const FLOWS = [
  { address: '10.0.0.9', port: 80, label: 'RTSP', packets: [1, 1] as const, first: 3 },
  { address: 'fd00::9', port: 1, label: 'HTTP', packets: [9, 0] as const, first: 1 },
  { address: '9.255.255.255', port: 65_535, label: 'RTSP', packets: [0, 0] as const, first: 2 },
  { address: '10.0.0.10', port: 9, label: 'DNS', packets: [1, 1] as const, first: 2 },
  { address: '10.0.0.9', port: 9, label: 'RTSP', packets: [5, 0] as const, first: 9 },
  { address: '2001:db8::1', port: 7, label: 'HTTP', packets: [0, 3] as const, first: 0 },
].map(({ address, port, label, packets, first }, i) =>
  flowCase({
    id: i + 1,
    initiator: { address, port },
    responder: { address, port },
    label,
    packets,
    bytes: [50, 50 - i],
    firstTime: seconds(first),
  }),
);

const FACTS: OrderFacts = {
  verdictOf: (flow) => (flow.label === 'DNS' ? 'blocked' : 'ok'),
  ends: {
    address: (flow, end) => (end === 0 ? flow.initiator : flow.responder).address,
    ipv4: (flow, end) => ipv4OfText((end === 0 ? flow.initiator : flow.responder).address),
    port: (flow, end) => (end === 0 ? flow.initiator : flow.responder).port,
  },
};

function idsBy(sort: FlowSortKey, descending = false): number[] {
  return inOrder(FLOWS, { sort, descending }, FACTS).map(({ id }) => id);
}

describe('flows in order', () => {
  it('have IPv4 addresses by number, IPv6 ones behind them, and then their ports', () => {
    expect(idsBy('initiator')).toEqual([3, 5, 1, 4, 6, 2]);
    expect(idsBy('responder', true)).toEqual([2, 6, 4, 1, 5, 3]);
  });

  it('keep the order of ids where they are alike, also when they are turned round', () => {
    expect(idsBy('protocol')).toEqual([4, 2, 6, 1, 3, 5]);
    expect(idsBy('protocol', true)).toEqual([1, 3, 5, 2, 6, 4]);
    expect(idsBy('verdict')).toEqual([4, 1, 2, 3, 5, 6]);
  });

  it('are counted and timed', () => {
    expect(idsBy('id', true)).toEqual([6, 5, 4, 3, 2, 1]);
    expect(idsBy('packets')).toEqual([3, 1, 4, 6, 5, 2]);
    expect(idsBy('bytes')).toEqual([6, 5, 4, 3, 2, 1]);
    expect(idsBy('firstTime')).toEqual([6, 2, 3, 4, 1, 5]);
    expect(idsBy('lastTime')).toEqual([1, 2, 3, 4, 5, 6]);
  });
});
