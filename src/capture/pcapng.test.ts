import { describe, expect, it } from 'vitest';
import { ByteWriter } from '../../fixtures/encode/byte-writer.ts';
import type { ByteOrder } from '../../fixtures/encode/captured-frame.ts';
import { collectFrames } from '../../fixtures/encode/collect-frames.ts';
import { openBytes } from '../../fixtures/encode/open-bytes.ts';
import {
  encodeEnhancedPacket,
  encodePcapng,
  encodePcapngBlock,
  encodePcapngInterface,
  encodePcapngSection,
  PCAPNG_BLOCK,
} from '../../fixtures/encode/pcapng.ts';

const frame = { bytes: Uint8Array.of(1, 2, 3, 4, 5), seconds: 1_700_000_000, nanoseconds: 123_456_000 };

/** The parts one behind the other. */
function open(...parts: Uint8Array[]) {
  return openBytes(Buffer.concat(parts));
}

/** A section with one Ethernet interface. */
function header(order: ByteOrder = 'little'): Uint8Array {
  return Buffer.concat([encodePcapngSection(order), encodePcapngInterface(order, { linkType: 1 })]);
}

describe('pcapng', () => {
  it('reads sections of both byte orders one after the other, each with its own interfaces', async () => {
    const first = encodePcapng([frame], { interfaces: [{ linkType: 1, name: 'eth0' }] });
    const second = encodePcapng([{ ...frame, interface: 1 }], {
      order: 'big',
      interfaces: [
        { linkType: 113, name: 'any' },
        { linkType: 101, name: 'tun0', resolution: 9, snapLength: 96, filter: 'udp' },
      ],
    });
    const reader = await open(first, second);
    const read = await collectFrames(reader);
    expect(read.map((one) => [one.number, one.interface, one.linkType, one.nanoseconds])).toEqual([
      [1, 0, 1, 123_456_000],
      [2, 2, 101, 123_456_000],
    ]);
    expect(reader.log.info.interfaces).toEqual([
      { name: 'eth0', linkType: 1, snapLength: 0, filter: null, dropped: null },
      { name: 'any', linkType: 113, snapLength: 0, filter: null, dropped: null },
      { name: 'tun0', linkType: 101, snapLength: 96, filter: 'udp', dropped: null },
    ]);
  });

  it.each([
    { resolution: 3, nanoseconds: 123_000_000 },
    { resolution: 10, nanoseconds: 123_456_000 },
    { resolution: 128 + 20, nanoseconds: 123_455_047 },
    { resolution: 0, nanoseconds: 0 },
  ])('keeps times of resolution $resolution', async ({ resolution, nanoseconds }) => {
    const reader = await open(encodePcapng([frame], { interfaces: [{ linkType: 1, resolution }] }));
    const [read] = await collectFrames(reader);
    expect([read?.seconds, read?.nanoseconds]).toEqual([1_700_000_000, nanoseconds]);
  });

  it('adds the time offset of the interface', async () => {
    const reader = await open(encodePcapng([frame], { interfaces: [{ linkType: 1, offsetSeconds: 1_600_000_000 }] }));
    expect((await collectFrames(reader))[0]?.seconds).toBe(1_700_000_000);
  });

  it('keeps comments of the section and of frames', async () => {
    const commented = { ...frame, comment: 'the first\nof two' };
    const reader = await open(encodePcapng([frame, commented], { comment: 'made for a test' }));
    await collectFrames(reader);
    expect(reader.log.info.comments).toEqual([
      { frame: 0, text: 'made for a test' },
      { frame: 2, text: 'the first\nof two' },
    ]);
  });

  it('keeps no more than a thousand comments', async () => {
    const commented = { ...frame, comment: 'again' };
    const reader = await open(encodePcapng(Array.from({ length: 1500 }, () => commented)));
    expect(await collectFrames(reader)).toHaveLength(1500);
    expect(reader.log.info.comments).toHaveLength(1000);
  });

  it('takes dropped frames from the statistics', async () => {
    const reader = await open(encodePcapng([frame], { dropped: [17] }));
    await collectFrames(reader);
    expect(reader.log.info.interfaces[0]?.dropped).toBe(17);
  });

  it('adds up the dropped frames that frames tell of', async () => {
    const drops = { code: 4, value: new ByteWriter('little').uint64(3n).finish() };
    const body = new ByteWriter('little').uint32(0).uint64(0n).uint32(4).uint32(4).uint32(7).finish();
    const block = encodePcapngBlock('little', PCAPNG_BLOCK.enhancedPacket, body, [drops]);
    const reader = await open(header(), block, block);
    expect(await collectFrames(reader)).toHaveLength(2);
    expect(reader.log.info.interfaces[0]?.dropped).toBe(6);
  });

  it('gives a simple packet the time of the frame before it, and cuts it at the snap length', async () => {
    const body = new ByteWriter('big').uint32(100).raw(new Uint8Array(64));
    const reader = await open(
      encodePcapngSection('big'),
      encodePcapngInterface('big', { linkType: 1, snapLength: 62 }),
      encodeEnhancedPacket('big', frame),
      encodePcapngBlock('big', PCAPNG_BLOCK.simplePacket, body.finish()),
    );
    const [, simple] = await collectFrames(reader);
    expect(simple).toMatchObject({ seconds: 1_700_000_000, nanoseconds: 123_456_000, wireLength: 100 });
    expect(simple?.bytes).toHaveLength(62);
    expect(reader.log.info.warnings).toHaveLength(1);
  });

  it('reads the obsolete packet block and its drop count', async () => {
    const body = new ByteWriter('little')
      .uint16(0)
      .uint16(5)
      .uint32(0)
      .uint32(1_500_000)
      .uint32(4)
      .uint32(60)
      .uint32(9);
    const reader = await open(header(), encodePcapngBlock('little', PCAPNG_BLOCK.oldPacket, body.finish()));
    expect(await collectFrames(reader)).toMatchObject([{ seconds: 1, nanoseconds: 500_000_000, wireLength: 60 }]);
    expect(reader.log.info.interfaces[0]?.dropped).toBe(5);
  });

  it('passes over names, secrets and unknown blocks, and over journals and custom blocks with a number as Wireshark does', async () => {
    const body = new Uint8Array(400_000);
    const parts = [PCAPNG_BLOCK.names, PCAPNG_BLOCK.secrets, 0x7777, PCAPNG_BLOCK.journal, PCAPNG_BLOCK.custom];
    const blocks = parts.map((type) => encodePcapngBlock('little', type, body));
    const reader = await open(header(), ...blocks, encodeEnhancedPacket('little', frame));
    expect(await collectFrames(reader)).toMatchObject([{ number: 3 }]);
    expect(reader.log.info).toMatchObject({ frames: 1, truncatedAt: null });
  });

  it('says how much is missing of a block that it passes over', async () => {
    const block = encodePcapngBlock('little', PCAPNG_BLOCK.names, new Uint8Array(1000));
    const reader = await open(header(), block.subarray(0, 500));
    expect(await collectFrames(reader)).toEqual([]);
    expect(reader.log.info.warnings[0]?.text).toBe(
      'The file ends 512 bytes before the end of a record; read up to there.',
    );
  });

  it('stops at a frame of an interface that was never described', async () => {
    const wrong = encodeEnhancedPacket('little', { ...frame, interface: 1 });
    const reader = await open(header(), encodeEnhancedPacket('little', frame), wrong);
    expect(await collectFrames(reader)).toHaveLength(1);
    expect(reader.log.info.truncatedAt).toBe(28 + 20 + 40);
    expect(reader.log.info.warnings[0]?.text).toContain('Interface 1 was never described');
  });

  it('stops where the two lengths of a block differ, where one is too short, and where a frame or an option leaves its block', async () => {
    const good = encodeEnhancedPacket('little', { ...frame, comment: 'four' });
    const unequal = Uint8Array.from(good);
    unequal[good.length - 4] = 0;
    const short = Uint8Array.from(good);
    short[4] = 8;
    const broken = Uint8Array.from(good);
    broken[38] = 200;
    const overlong = Uint8Array.from(good);
    overlong[20] = 200;
    for (const [bad, text] of [
      [overlong, 'A frame of at most 20 bytes was expected, the block says 200'],
      [unequal, "A block's two lengths should be equal"],
      [short, 'A block of at least 12 bytes was expected'],
      [broken, 'An option of a frame reaches beyond its block'],
    ] as const) {
      const reader = await open(header(), good, bad);
      expect(await collectFrames(reader)).toHaveLength(1);
      expect(reader.log.info.truncatedAt).toBe(48 + good.length);
      expect(reader.log.info.warnings[0]?.text).toContain(text);
    }
  });

  it('reads blocks whose stated length leaves out the padding', async () => {
    const block = Uint8Array.from(encodeEnhancedPacket('little', frame));
    block[4] = 37;
    block[36] = 37;
    const reader = await open(header(), block, encodeEnhancedPacket('little', frame));
    expect(await collectFrames(reader)).toHaveLength(2);
  });

  it('warns of an impossible time resolution and goes on', async () => {
    const reader = await open(
      encodePcapngSection('little'),
      encodePcapngInterface('little', { linkType: 1, resolution: 77 }),
      encodeEnhancedPacket('little', frame),
    );
    expect(await collectFrames(reader)).toMatchObject([{ seconds: frame.seconds, nanoseconds: frame.nanoseconds }]);
    expect(reader.log.info.warnings[0]?.text).toContain('impossible time resolution (77)');
  });
});
