import { describe, expect, it } from 'vitest';
import { collectFrames } from '../../fixtures/encode/collect-frames.ts';
import { ERF_TYPE, encodeErf } from '../../fixtures/encode/erf.ts';
import { openBytes } from '../../fixtures/encode/open-bytes.ts';
import { LINK_TYPE } from './link-type.ts';

const frame = { bytes: Uint8Array.of(0x45, 2, 3, 4, 5), seconds: 1_700_000_000, nanoseconds: 250_000_000 };

describe('ERF', () => {
  it('tells ports apart', async () => {
    const reader = await openBytes(encodeErf([frame, { ...frame, interface: 3 }, frame]));
    expect((await collectFrames(reader)).map((read) => read.interface)).toEqual([0, 1, 0]);
    expect(reader.log.info.interfaces.map(({ name }) => name)).toEqual(['Port A', 'Port D']);
  });

  it('gives IP packets without a header of their own the link type of IP', async () => {
    const four = await collectFrames(await openBytes(encodeErf([frame], { type: ERF_TYPE.ipv4 })));
    expect(four).toMatchObject([{ linkType: LINK_TYPE.ipv4, bytes: frame.bytes }]);
    const six = await collectFrames(await openBytes(encodeErf([frame], { type: ERF_TYPE.ipv6 })));
    expect(six).toMatchObject([{ linkType: LINK_TYPE.ipv6 }]);
  });

  it('passes over extension headers, as many as there are', async () => {
    for (const extensions of [1, 3]) {
      const read = await collectFrames(await openBytes(encodeErf([frame, frame], { extensions })));
      expect(read.map(({ bytes }) => bytes)).toEqual([frame.bytes, frame.bytes]);
    }
  });

  it('tells Cisco HDLC from PPP', async () => {
    const cisco = { ...frame, bytes: Uint8Array.of(0x0f, 0, 8, 0) };
    const ppp = { ...frame, bytes: Uint8Array.of(0xff, 3, 0, 0x21) };
    const read = await collectFrames(await openBytes(encodeErf([cisco, ppp], { type: 1 })));
    expect(read.map(({ linkType }) => linkType)).toEqual([LINK_TYPE.cHdlc, LINK_TYPE.pppHdlc]);
  });

  it('hands on types that it does not know with their header', async () => {
    const [read] = await collectFrames(await openBytes(encodeErf([frame], { type: 21 })));
    expect(read).toMatchObject({ linkType: LINK_TYPE.erf });
    expect(read?.bytes).toHaveLength(16 + frame.bytes.length);
  });

  it('numbers metadata as Wireshark does, and passes over padding', async () => {
    const parts = [encodeErf([frame], { type: 27 }), encodeErf([frame], { type: 48 }), encodeErf([frame])];
    expect(await collectFrames(await openBytes(Buffer.concat(parts)))).toMatchObject([{ number: 2 }]);
  });

  it('counts losses, where the field is not a colour', async () => {
    const withLoss = Uint8Array.from(encodeErf([frame, frame]));
    withLoss[13] = 5;
    const reader = await openBytes(withLoss);
    await collectFrames(reader);
    expect(reader.log.info.interfaces[0]?.dropped).toBe(5);
    const coloured = Uint8Array.from(encodeErf([frame, frame], { type: ERF_TYPE.colourEthernet }));
    coloured[13] = 5;
    const other = await openBytes(coloured);
    await collectFrames(other);
    expect(other.log.info.interfaces[0]?.dropped).toBeNull();
  });

  it('is not seen in bytes whose times leap or whose records are too short', async () => {
    const leaping = encodeErf([frame, { ...frame, seconds: frame.seconds + 40_000_000 }]);
    await expect(openBytes(leaping)).rejects.toThrow('is in no format that is known here');
    await expect(openBytes(new Uint8Array(5000))).rejects.toThrow('is in no format that is known here');
  });
});
