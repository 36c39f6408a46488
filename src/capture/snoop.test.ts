import { describe, expect, it } from 'vitest';
import { collectFrames } from '../../fixtures/encode/collect-frames.ts';
import { openBytes } from '../../fixtures/encode/open-bytes.ts';
import { encodeSnoop } from '../../fixtures/encode/snoop.ts';
import { LINK_TYPE } from './link-type.ts';

const frame = { bytes: Uint8Array.of(1, 2, 3, 4, 5), seconds: 1_700_000_000, nanoseconds: 0 };

describe('snoop', () => {
  it('counts the frames that were dropped', async () => {
    const reader = await openBytes(encodeSnoop([frame], { dropped: 12 }));
    await collectFrames(reader);
    expect(reader.log.info.interfaces).toEqual([{ name: null, linkType: 1, snapLength: 0, filter: null, dropped: 12 }]);
  });

  it('warns of a link type that nobody can decode', async () => {
    const reader = await openBytes(encodeSnoop([frame], { linkType: 7 }));
    expect(await collectFrames(reader)).toMatchObject([{ linkType: LINK_TYPE.unknown }]);
    expect(reader.log.info.warnings[0]?.text).toBe('Frames of snoop link type 7 cannot be decoded.');
  });

  it('stops at a record that is shorter than its frame', async () => {
    const bytes = Uint8Array.from(encodeSnoop([frame, frame]));
    // The second record's own length.
    bytes[16 + 32 + 11] = 28;
    const reader = await openBytes(bytes);
    expect(await collectFrames(reader)).toHaveLength(1);
    expect(reader.log.info.truncatedAt).toBe(48);
  });

  it('reads version 2 to 5 alone', async () => {
    const bytes = Uint8Array.from(encodeSnoop([frame]));
    bytes[11] = 6;
    const reader = await openBytes(bytes);
    expect(await collectFrames(reader)).toEqual([]);
    expect(reader.log.info.warnings[0]?.text).toBe('snoop version 2 was expected, 6 found; read up to there.');
  });
});
