import { describe, expect, it } from 'vitest';
import { DecodedPacket } from '../packet/decoded-packet.ts';
import { FlowOrigins } from './flow-origins.ts';

describe('how flows began', () => {
  it('is kept of each, however many there are', () => {
    const origins = new FlowOrigins();
    const packet = new DecodedPacket();
    for (let slot = 0; slot < 10_000; slot++) {
      packet.outerVlan = slot % 4096;
      origins.begin(slot, slot + 7, slot % 3, packet);
      origins.beginSide(slot, (slot % 2) as 0 | 1, slot / 2);
    }
    for (const slot of [0, 4095, 4096, 9999]) {
      expect([origins.id(slot), origins.capture(slot), origins.vlans(slot)]).toEqual([
        slot + 7,
        slot % 3,
        [slot % 4096],
      ]);
      const times = [origins.firstTime(slot, 0), origins.firstTime(slot, 1)];
      expect(times).toEqual(slot % 2 === 0 ? [slot / 2, Infinity] : [Infinity, slot / 2]);
    }
  });

  it('is forgotten with the flow that had the slot before', () => {
    const origins = new FlowOrigins();
    origins.begin(3, 1, 0, new DecodedPacket());
    origins.beginSide(3, 1, 20);
    origins.begin(3, 2, 0, new DecodedPacket());
    expect([origins.id(3), origins.firstTime(3, 1), origins.vlans(3)]).toEqual([2, Infinity, []]);
  });
});
