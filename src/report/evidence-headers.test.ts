import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { openCaptures } from '../capture/open-captures.ts';
import { PacketDecoder } from '../packet/decode-frame.ts';
import { DecodedPacket, IP_PROTOCOL } from '../packet/decoded-packet.ts';
import { countHeaderBytes } from './evidence-headers.ts';

/** What remains of each frame of a fixture: by transport, the bytes captured and those that are kept. */
async function keptOf(fixture: string): Promise<{ transport: number; captured: number; kept: number }[]> {
  const path = fileURLToPath(new URL(`../../fixtures/${fixture}/capture.pcap`, import.meta.url));
  const source = await openCaptures([path]);
  const decoder = new PacketDecoder();
  const packet = new DecodedPacket();
  const frames = [];
  for (let batch = await source.next(); batch !== null; batch = await source.next()) {
    for (let i = 0; i < batch.count; i++) {
      decoder.decode(batch, i, packet);
      const captured = packet.frameEnd - packet.frameStart;
      frames.push({ transport: packet.transport, captured, kept: countHeaderBytes(packet) });
    }
  }
  await source.close();
  return frames;
}

describe('countHeaderBytes', () => {
  it('keeps TCP and UDP up to their payload', async () => {
    const frames = await keptOf('media-dropped-then-tcp');
    expect(new Set(frames.map(({ kept }) => kept))).toEqual(new Set([42, 54, 66]));
  });

  it('keeps of an ICMP error whom it is about', async () => {
    const errors = (await keptOf('rtsp-prohibited')).filter(({ transport }) => transport === IP_PROTOCOL.icmp);
    expect(errors).not.toEqual([]);
    for (const { captured, kept } of errors) expect(kept).toBe(Math.min(captured, 14 + 20 + 8 + 48));
  });

  it.each(['capture-fragments', 'capture-snapped', 'hostile-lengths', 'link-without-macs'])(
    'never keeps more than there is, nor less than nothing: %s',
    async (fixture) => {
      for (const { captured, kept } of await keptOf(fixture)) {
        expect(kept).toBeGreaterThanOrEqual(0);
        expect(kept).toBeLessThanOrEqual(captured);
      }
    },
  );
});
