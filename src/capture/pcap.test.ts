import { describe, expect, it } from 'vitest';
import { ByteWriter } from '../../fixtures/encode/byte-writer.ts';
import { collectFrames } from '../../fixtures/encode/collect-frames.ts';
import { openBytes } from '../../fixtures/encode/open-bytes.ts';
import { encodePcap } from '../../fixtures/encode/pcap.ts';

const frame = { bytes: Uint8Array.of(1, 2, 3, 4), seconds: 1_700_000_000, nanoseconds: 123_456_000 };

function patched(bytes: Uint8Array, offset: number, ...values: number[]): Uint8Array {
  const copy = Uint8Array.from(bytes);
  copy.set(values, offset);
  return copy;
}

describe('pcap', () => {
  it('takes the link type without the length of the frame check sequence above it', async () => {
    const reader = await openBytes(patched(encodePcap([frame]), 23, 0x40 | 0x04));
    expect((await collectFrames(reader))[0]?.linkType).toBe(1);
  });

  it('carries a fraction that runs over the second', async () => {
    const bytes = new ByteWriter('little').raw(encodePcap([])).uint32(5).uint32(2_000_001).uint32(1).uint32(1).uint8(0);
    const [read] = await collectFrames(await openBytes(bytes.finish()));
    expect([read?.seconds, read?.nanoseconds]).toEqual([7, 1000]);
  });

  it('takes seconds as unsigned, up to 2106', async () => {
    const [read] = await collectFrames(await openBytes(encodePcap([{ ...frame, seconds: 0xffff_ffff }])));
    expect(read?.seconds).toBe(0xffff_ffff);
  });

  it('takes the two lengths the other way round before version 2.3', async () => {
    const bytes = patched(encodePcap([frame]), 6, 2);
    const swapped = patched(bytes, 32, 90, 0, 0, 0, 4, 0, 0, 0);
    const [read] = await collectFrames(await openBytes(swapped));
    expect([read?.bytes.length, read?.wireLength]).toEqual([4, 90]);
  });

  it('reads on where files were joined byte by byte, whatever their links and resolutions', async () => {
    const other = { ...frame, seconds: 1_700_000_001, linkType: 101 };
    const joined = [
      encodePcap([frame, frame]),
      encodePcap([other], { resolution: 'nanoseconds' }),
      encodePcap([frame]),
    ];
    const reader = await openBytes(Buffer.concat(joined));
    const read = await collectFrames(reader);
    expect(read.map(({ seconds, nanoseconds, linkType }) => [seconds, nanoseconds, linkType])).toEqual([
      [frame.seconds, frame.nanoseconds, 1],
      [frame.seconds, frame.nanoseconds, 1],
      [other.seconds, other.nanoseconds, 101],
      [frame.seconds, frame.nanoseconds, 1],
    ]);
    const { interfaces, warnings, truncatedAt } = reader.log.info;
    expect(interfaces.map(({ linkType }) => linkType)).toEqual([1, 101]);
    expect(warnings.map(({ offset }) => offset)).toEqual([64]);
    expect(truncatedAt).toBeNull();
  });

  it('reads a frame of 2055, which begins like a file', async () => {
    const late = { ...frame, seconds: 0xa1b2_c3d4, nanoseconds: 262_146_000 };
    expect(await collectFrames(await openBytes(encodePcap([frame, late, frame])))).toHaveLength(3);
  });

  it.each([
    ['Nokia IPSO', {}, 4],
    ['Red Hat 6.1', {}, 8],
    ['SuSE 6.3', { isModified: true }, 4],
  ])('finds the records of %s, which are longer than the magic number says', async (_name, options, more) => {
    const header = encodePcap([], options);
    const records = [frame, frame, frame].map((each) => {
      const record = encodePcap([each], options).subarray(header.length);
      return Buffer.concat([record.subarray(0, -4), new Uint8Array(more).fill(0xee), record.subarray(-4)]);
    });
    const reader = await openBytes(Buffer.concat([header, ...records]));
    const read = await collectFrames(reader);
    expect(read.map(({ bytes, seconds }) => [[...bytes], seconds])).toEqual(
      Array.from({ length: 3 }, () => [[1, 2, 3, 4], frame.seconds]),
    );
    expect(reader.log.info.truncatedAt).toBeNull();
  });

  it('stops at a frame that is longer than any, and names the byte', async () => {
    const bytes = new ByteWriter('little')
      .raw(encodePcap([frame]))
      .uint32(1)
      .uint32(1)
      .uint32(262_145)
      .uint32(262_145);
    const reader = await openBytes(bytes.zeros(400_000).finish());
    expect(await collectFrames(reader)).toHaveLength(1);
    expect(reader.log.info.truncatedAt).toBe(44);
    expect(reader.log.info.warnings).toEqual([
      { offset: 44, text: 'A frame of at most 262144 bytes was expected, the record says 262145; read up to there.' },
    ]);
  });

  it('reads a frame of the greatest length', async () => {
    const reader = await openBytes(encodePcap([frame, { ...frame, bytes: new Uint8Array(262_144).fill(9) }, frame]));
    expect((await collectFrames(reader)).map(({ bytes }) => bytes.length)).toEqual([4, 262_144, 4]);
  });

  it('says so when the file ends in its header', async () => {
    const reader = await openBytes(encodePcap([]).subarray(0, 20));
    expect(await collectFrames(reader)).toEqual([]);
    expect(reader.log.info).toMatchObject({ format: 'pcap', truncatedAt: 0 });
  });

  it('does not read other versions, nor link types that do not exist', async () => {
    const version = await openBytes(patched(encodePcap([frame]), 4, 1));
    expect(await collectFrames(version)).toEqual([]);
    expect(version.log.info.warnings[0]).toEqual({
      offset: 4,
      text: 'pcap version 2 was expected, 1 found; read up to there.',
    });
    const linkType = await openBytes(patched(encodePcap([frame]), 22, 0x30));
    expect(await collectFrames(linkType)).toEqual([]);
    expect(linkType.log.info.truncatedAt).toBe(20);
  });
});
