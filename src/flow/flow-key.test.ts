import { describe, expect, it } from 'vitest';
import { viewOf } from '../bytes/read.ts';
import { DecodedPacket } from '../packet/decoded-packet.ts';
import { FlowKey } from './flow-key.ts';

/** Of 3976 flows whose addresses and ports differ in their first bits alone, of which a multiplication makes little. */
function hashesOf(ipVersion: 4 | 6): Set<number> {
  const bytes = new Uint8Array(32);
  const packet = new DecodedPacket();
  Object.assign(packet, { view: viewOf(bytes), ipVersion, transport: 17, sourceAddress: 0, destinationAddress: 16 });
  const key = new FlowKey();
  const hashes = new Set<number>();
  for (let i = 0; i < 4096; i++) {
    bytes[0] = (i & 15) << 4;
    bytes[16] = i & 0xf0;
    packet.sourcePort = (i >> 8) << 12;
    key.read(packet);
    hashes.add(key.hash);
  }
  return hashes;
}

describe('the hash of a flow', () => {
  it.each([4, 6] as const)('is another one for most flows of IPv%i, however alike they are', (ipVersion) => {
    expect(hashesOf(ipVersion).size).toBeGreaterThan(2000);
  });
});
