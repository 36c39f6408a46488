import { describe, expect, it } from 'vitest';
import { batchOf } from '../../fixtures/frames/batch.ts';
import { ethernet } from '../../fixtures/frames/ethernet.ts';
import { ipv4 } from '../../fixtures/frames/ip.ts';
import { udp } from '../../fixtures/frames/transport.ts';
import { PacketDecoder } from '../packet/decode-frame.ts';
import { DecodedPacket } from '../packet/decoded-packet.ts';
import { HostTable, SEEN } from './host-table.ts';
import { MacTable } from './mac-table.ts';

const SERVER = '10.0.0.1';

function packetFrom(source: string, destination: string, mac = '02:00:00:00:00:01'): DecodedPacket {
  const body = udp({ sourcePort: 5000, destinationPort: 5002 }, Buffer.alloc(4));
  const frame = ethernet({ source: mac, destination: '02:00:00:00:00:02' }, ipv4({ source, destination }, body));
  const packet = new DecodedPacket();
  new PacketDecoder().decode(batchOf([frame.bytes]), 0, packet);
  return packet;
}

function addressOf(index: number): string {
  return `10.1.${index >> 8}.${index & 255}`;
}

function learn(hosts: HostTable, source: string, destination: string, time: number): void {
  hosts.learn(packetFrom(source, destination), false, { capture: 0, frame: time + 1, time });
}

describe('HostTable', () => {
  it('makes room for new hosts by forgetting those that are idle for longest', () => {
    const hosts = new HostTable(16);
    for (let time = 0; time < 100; time++) {
      learn(hosts, addressOf(time), SERVER, time);
      learn(hosts, SERVER, addressOf(time), time);
    }
    const known = [SERVER, ...Array.from({ length: 100 }, (_, index) => addressOf(index))];
    expect(hosts.evicted).toBe(known.length - known.filter((address) => hosts.host(address) !== null).length);
    expect(hosts.host(addressOf(0))).toBeNull();
    expect(hosts.host(addressOf(99))).toMatchObject({ sent: { frame: 100 } });
    // Whoever goes on is kept, with what was learned first.
    expect(hosts.host(SERVER)).toMatchObject({ reached: { frame: 1 }, sent: { frame: 1 } });
  });

  it('forgets hosts that never spoke before those that did not long ago', () => {
    const hosts = new HostTable(16);
    learn(hosts, SERVER, addressOf(0), 0);
    for (let time = 1; time < 200; time++) {
      const packet = packetFrom('10.0.0.2', addressOf(time));
      hosts.note(packet, packet.destinationAddress, 4, SEEN.sought, { capture: 0, frame: time, time });
    }
    expect(hosts.host(SERVER)?.sent).toMatchObject({ frame: 1 });
    expect(hosts.listSought().length).toBeLessThanOrEqual(16);
  });

  it('knows nothing old of a host that takes the place of another', () => {
    const hosts = new HostTable(8);
    for (let time = 0; time < 50; time++) {
      const packet = packetFrom(addressOf(time), SERVER);
      hosts.note(packet, packet.sourceAddress, 4, time % 2 === 0 ? SEEN.sought : SEEN.found, {
        ...{ capture: 0, frame: time + 1, time },
      });
    }
    for (const { address, sought } of hosts.listSought()) {
      expect(hosts.host(address)).toMatchObject({ foundAt: null, sent: null, reached: null, ttls: [], macs: [] });
      expect(sought).toBe(1);
    }
  });
});

describe('MacTable', () => {
  function macOf(index: number): string {
    return `02:00:00:00:${(index >> 8).toString(16).padStart(2, '0')}:${(index & 255).toString(16).padStart(2, '0')}`;
  }

  it('makes room by forgetting those unmet for longest, routers last, and gives no id twice', () => {
    const macs = new MacTable(16);
    const meet = (index: number) => {
      const packet = packetFrom(addressOf(0), SERVER, macOf(index));
      return macs.at(packet, packet.sourceMac);
    };
    const router = meet(0);
    macs.noteRouter(router, 'it said so', { capture: 0, frame: 1, time: 0 });
    const first = meet(1);
    const ids = Array.from({ length: 100 }, (_, i) => meet(i + 2)?.id);
    expect(new Set(ids).size).toBe(100);
    expect(macs.byId(first?.id ?? 0)).toBeNull();
    expect(macs.byId(router?.id ?? 0)?.router?.fact).toBe('it said so');
    expect(meet(0)).toBe(router);
    expect(meet(1)?.id).toBeGreaterThan(100);
    expect(macs.evicted).toBeGreaterThan(0);
  });
});
