import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeOne } from '../../fixtures/frames/decode.ts';
import { ethernet } from '../../fixtures/frames/ethernet.ts';
import { ipv4, ipv6 } from '../../fixtures/frames/ip.ts';
import { tcp, udp } from '../../fixtures/frames/transport.ts';
import { formatAddress } from '../format/address.ts';
import type { DecodedPacket } from '../packet/decoded-packet.ts';
import { FlowKey } from './flow-key.ts';
import { FlowTable } from './flow-table.ts';

const CLIENT = '10.10.1.10';
const SERVER = '10.10.2.20';

function udpPacket(source: string, sourcePort: number, destination: string, destinationPort: number): DecodedPacket {
  return decodeOne(
    ethernet({}, ipv4({ source, destination }, udp({ sourcePort, destinationPort }, new Uint8Array(10)))),
  );
}

function tcpPacket(fromClient: boolean, flags: string): DecodedPacket {
  const [source, destination] = fromClient ? [CLIENT, SERVER] : [SERVER, CLIENT];
  const [sourcePort, destinationPort] = fromClient ? [40_000, 554] : [554, 40_000];
  return decodeOne(ethernet({}, ipv4({ source, destination }, tcp({ sourcePort, destinationPort, flags }))));
}

function update(table: FlowTable, packet: DecodedPacket, time = 0, frame = 1): number {
  const key = new FlowKey();
  key.read(packet);
  const found = new Int32Array(1);
  table.findAll([key], 1, found);
  return table.update(packet, key, found[0] as number, time, frame, 0);
}

describe('FlowTable', () => {
  it('counts both directions into one flow', () => {
    const table = new FlowTable();
    const there = update(table, udpPacket(CLIENT, 5004, SERVER, 6000), 10, 1);
    const back = update(table, udpPacket(SERVER, 6000, CLIENT, 5004), 20, 2);
    expect(back).toBe(there);
    expect([table.packets(there, 0), table.packets(there, 1)]).toEqual([1, 1]);
    expect([table.payload(there, 0), table.bytes(there, 1)]).toEqual([10, 52]);
    expect([table.firstTime(there), table.lastTimeOf(there, 0), table.lastTimeOf(there, 1)]).toEqual([10, 10, 20]);
    expect([table.firstFrame(there, 0), table.firstFrame(there, 1)]).toEqual([1, 2]);
    expect(formatAddress(table.address(there, 0))).toBe(CLIENT);
    expect(table.port(there, 1)).toBe(6000);
  });

  it('keeps IPv6 flows apart that differ in the last byte of an address', () => {
    const table = new FlowTable();
    const packet = (last: string): DecodedPacket =>
      decodeOne(
        ethernet(
          {},
          ipv6({ source: 'fd00::1', destination: `fd00::${last}` }, udp({ sourcePort: 1, destinationPort: 2 })),
        ),
      );
    expect(update(table, packet('2'))).not.toBe(update(table, packet('3')));
    expect(formatAddress(table.address(1, 1))).toBe('fd00::3');
  });

  it.each([
    ['a SYN', true, 'S', CLIENT],
    ['a SYN-ACK', false, 'SA', CLIENT],
    ['data from a server port', false, 'PA', CLIENT],
    ['data to a server port', true, 'PA', CLIENT],
  ])('knows the initiator by %s', (_what, fromClient, flags, initiator) => {
    const table = new FlowTable();
    const slot = update(table, tcpPacket(fromClient, flags));
    expect(formatAddress(table.address(slot, 0))).toBe(initiator);
  });

  it('takes the sender of a SYN behind its own answer for the initiator', () => {
    const table = new FlowTable();
    const answer = { source: SERVER, destination: CLIENT };
    const reset = ethernet({}, ipv4(answer, tcp({ sourcePort: 60_000, destinationPort: 40_000, flags: 'RA' })));
    const request = { source: CLIENT, destination: SERVER };
    const syn = ethernet({}, ipv4(request, tcp({ sourcePort: 40_000, destinationPort: 60_000, flags: 'S' })));
    const slot = update(table, decodeOne(reset));
    expect(table.find(decodeOne(syn))).toBe(slot);
    table.proveInitiator(slot);
    expect(formatAddress(table.address(slot, 0))).toBe(CLIENT);
    // Where both ends send a SYN, the first one stays.
    table.find(decodeOne(reset));
    table.proveInitiator(slot);
    expect(formatAddress(table.address(slot, 0))).toBe(CLIENT);
  });

  it('turns all that it tells when the roles are swapped', () => {
    const table = new FlowTable();
    const slot = update(table, tcpPacket(true, 'S'), 5, 7);
    table.swapRoles(slot);
    expect(formatAddress(table.address(slot, 0))).toBe(SERVER);
    expect([table.packets(slot, 0), table.packets(slot, 1), table.firstFrame(slot, 1)]).toEqual([0, 1, 7]);
  });

  it('begins a new flow on the same ports after a restart, and keeps the old one', () => {
    const table = new FlowTable();
    const first = update(table, tcpPacket(true, 'S'));
    table.restart(tcpPacket(true, 'S'));
    const second = update(table, tcpPacket(true, 'S'));
    expect(second).not.toBe(first);
    expect([table.packets(first, 0), table.packets(second, 0), table.made]).toEqual([1, 1, 2]);
  });

  it('keeps the mark that its owner gives a flow apart from its own state', () => {
    const table = new FlowTable();
    const slot = update(table, tcpPacket(true, 'S'));
    table.setMark(slot, 0xffff);
    update(table, tcpPacket(false, 'SA'));
    expect(table.mark(slot)).toBe(0xffff);
    expect(table.flags(slot, 1)).toBe(0x12);
    table.setMark(slot, 0);
    expect(table.flags(slot, 0)).toBe(0x02);
  });

  it('evicts finished connections first, tells its owner, and stays within its bound', () => {
    const table = new FlowTable(32);
    const gone: number[] = [];
    table.onEvict = (slot) => gone.push(slot);
    const finished = update(table, tcpPacket(true, 'R'), 1000);
    for (let i = 0; i < 200; i++) update(table, udpPacket(CLIENT, 1000 + i, SERVER, 9), i);
    expect(gone[0]).toBe(finished);
    expect(table.made - table.evicted).toBeLessThanOrEqual(32);
    expect(table.slots).toBeLessThanOrEqual(32);
    expect(table.made).toBe(201);
  });

  it('finds what a plain map finds, through growth, evictions and restarts', () => {
    const endpoint = fc.record({ host: fc.integer({ min: 1, max: 40 }), port: fc.integer({ min: 1, max: 60 }) });
    const pairs = fc.array(fc.tuple(endpoint, endpoint), { minLength: 1, maxLength: 400 });
    fc.assert(
      fc.property(pairs, (packets) => {
        const table = new FlowTable();
        const expected = new Map<string, number>();
        for (const [a, b] of packets) {
          update(table, udpPacket(`10.0.0.${a.host}`, a.port, `10.0.0.${b.host}`, b.port));
          const key = [`${a.host}:${a.port}`, `${b.host}:${b.port}`].sort().join(' ');
          expected.set(key, (expected.get(key) ?? 0) + 1);
        }
        expect(table.made).toBe(expected.size);
        const counts = Array.from(
          { length: table.slots },
          (_, slot) => table.packets(slot, 0) + table.packets(slot, 1),
        );
        expect(counts.sort()).toEqual([...expected.values()].sort());
      }),
      { numRuns: 30 },
    );
  });
});
