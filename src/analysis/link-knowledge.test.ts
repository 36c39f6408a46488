import { describe, expect, it } from 'vitest';
import { decodeOne } from '../../fixtures/frames/decode.ts';
import { arp, ethernet, MAC } from '../../fixtures/frames/ethernet.ts';
import { HostTable } from '../flow/host-table.ts';
import { learnFromArp } from './link-knowledge.ts';

const CLIENT = '10.10.1.10';
const GATEWAY = '10.10.1.1';
const AT = { capture: 0, frame: 1, time: 0 };

function learned(destination: string): HostTable {
  const hosts = new HostTable();
  const request = arp({
    operation: 'request',
    senderMac: MAC.router,
    senderAddress: GATEWAY,
    targetAddress: CLIENT,
  });
  learnFromArp(hosts, decodeOne(ethernet({ source: MAC.router, destination }, request)), AT);
  return hosts;
}

describe('learnFromArp', () => {
  it('takes a request to one host alone for a frame on its way to it', () => {
    expect(learned(MAC.client).host(CLIENT)).toMatchObject({ reached: AT, soughtAt: AT });
  });

  it('does not take a request to all for one: every port of a switch shows it', () => {
    expect(learned('ff:ff:ff:ff:ff:ff').host(CLIENT)).toMatchObject({ reached: null, soughtAt: AT });
  });
});
