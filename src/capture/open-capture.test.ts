import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CapturedFrame } from '../../fixtures/encode/captured-frame.ts';
import { collectFrames } from '../../fixtures/encode/collect-frames.ts';
import { ERF_TYPE, encodeErf } from '../../fixtures/encode/erf.ts';
import { encodeNetmon } from '../../fixtures/encode/netmon.ts';
import { openBytes } from '../../fixtures/encode/open-bytes.ts';
import { encodePcap } from '../../fixtures/encode/pcap.ts';
import { encodePcapng } from '../../fixtures/encode/pcapng.ts';
import { encodeSnoop } from '../../fixtures/encode/snoop.ts';

/** Formats by name, with the unit in nanoseconds to which they keep time. */
const ENCODERS: Record<string, { encode: (frames: CapturedFrame[]) => Uint8Array; unit: number }> = {
  'pcap, little endian': { encode: (frames) => encodePcap(frames), unit: 1000 },
  'pcap, big endian': { encode: (frames) => encodePcap(frames, { order: 'big' }), unit: 1000 },
  'pcap, nanoseconds': { encode: (frames) => encodePcap(frames, { resolution: 'nanoseconds' }), unit: 1 },
  'pcap, nanoseconds, big endian': {
    encode: (frames) => encodePcap(frames, { resolution: 'nanoseconds', order: 'big' }),
    unit: 1,
  },
  'pcap, modified': { encode: (frames) => encodePcap(frames, { isModified: true }), unit: 1000 },
  'pcap, modified, big endian': {
    encode: (frames) => encodePcap(frames, { isModified: true, order: 'big' }),
    unit: 1000,
  },
  'pcapng, little endian': { encode: (frames) => encodePcapng(frames), unit: 1000 },
  'pcapng, big endian': { encode: (frames) => encodePcapng(frames, { order: 'big' }), unit: 1000 },
  'pcapng, nanoseconds': {
    encode: (frames) => encodePcapng(frames, { interfaces: [{ linkType: 1, resolution: 9 }] }),
    unit: 1,
  },
  snoop: { encode: (frames) => encodeSnoop(frames), unit: 1000 },
  ERF: { encode: (frames) => encodeErf(frames), unit: 1 },
  'ERF, with extension headers': { encode: (frames) => encodeErf(frames, { extensions: 2 }), unit: 1 },
  'ERF, coloured': { encode: (frames) => encodeErf(frames, { type: ERF_TYPE.colourEthernet }), unit: 1 },
  'Network Monitor 2.0': { encode: (frames) => encodeNetmon(frames, { minorVersion: 0 }), unit: 1000 },
  'Network Monitor 2.1': { encode: (frames) => encodeNetmon(frames, { minorVersion: 1 }), unit: 1000 },
  'Network Monitor 2.2': { encode: (frames) => encodeNetmon(frames, { minorVersion: 2 }), unit: 1000 },
  'Network Monitor 2.3': { encode: (frames) => encodeNetmon(frames, { minorVersion: 3 }), unit: 100 },
};

const frameArbitrary = fc
  .record({
    bytes: fc.uint8Array({ minLength: 1, maxLength: 200 }),
    step: fc.nat(100),
    nanoseconds: fc.nat(999_999_999),
    cut: fc.nat(1000),
  })
  .map(({ bytes, step, nanoseconds, cut }) => ({ bytes, step, nanoseconds, wireLength: bytes.length + cut }));

const framesArbitrary = fc.array(frameArbitrary, { minLength: 1, maxLength: 20 }).map((frames) => {
  let seconds = 1_700_000_000;
  return frames.map(({ step, ...frame }) => {
    seconds += step;
    return { ...frame, seconds };
  });
});

describe.each(Object.entries(ENCODERS))('a capture in %s', (_name, { encode, unit }) => {
  it('gives the frames that were written, in whatever chunks it comes', async () => {
    await fc.assert(
      fc.asyncProperty(framesArbitrary, fc.integer({ min: 1, max: 700 }), async (frames, chunkSize) => {
        const reader = await openBytes(encode(frames), chunkSize);
        const read = await collectFrames(reader);
        expect(read).toEqual(
          frames.map((frame, index) => ({
            ...frame,
            bytes: Uint8Array.from(frame.bytes),
            nanoseconds: Math.floor(frame.nanoseconds / unit) * unit,
            linkType: 1,
            interface: 0,
            capture: 0,
            number: index + 1,
          })),
        );
        expect(reader.log.info.truncatedAt).toBeNull();
        expect(reader.log.info.frames).toBe(frames.length);
        expect(reader.log.info.bytes).toBe(frames.reduce((sum, frame) => sum + frame.wireLength, 0));
      }),
      { numRuns: 40 },
    );
  });

  it('is read up to where it was cut, and says where', async () => {
    await fc.assert(
      fc.asyncProperty(framesArbitrary, fc.double({ min: 0, max: 1, noNaN: true }), async (frames, part) => {
        const whole = encode(frames);
        const all = await collectFrames(await openBytes(whole));
        // What is left must still tell the format.
        const kept = Math.min(whole.length - 1, 256 + Math.floor(part * whole.length));
        if (kept < 256) return;
        const reader = await openBytes(whole.subarray(0, kept));
        const read = await collectFrames(reader);
        expect(read).toEqual(all.slice(0, read.length));
        const { truncatedAt, warnings } = reader.log.info;
        if (truncatedAt === null) return;
        expect(truncatedAt).toBeLessThanOrEqual(kept);
        expect(warnings.at(-1)?.offset).toBe(truncatedAt);
      }),
      { numRuns: 40 },
    );
  });

  it('never throws on damage nor points outside of the slab', async () => {
    await fc.assert(
      fc.asyncProperty(
        framesArbitrary,
        fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 8 }),
        async (frames, damages) => {
          const bytes = Uint8Array.from(encode(frames));
          for (const [position, value] of damages) bytes[64 + (position % Math.max(1, bytes.length - 64))] = value;
          const reader = await openBytes(bytes).catch(() => null);
          for (let batch = await reader?.next(); batch != null; batch = await reader?.next()) {
            for (let i = 0; i < batch.count; i++)
              expect(batch.starts[i]! + batch.capturedLengths[i]!).toBeLessThanOrEqual(batch.bytes.length);
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it('is the same inside gzip', async () => {
    const frames = [
      { bytes: Uint8Array.of(1, 2, 3), seconds: 1_700_000_000, nanoseconds: 5000 },
      { bytes: new Uint8Array(300).fill(7), seconds: 1_700_000_001, nanoseconds: 0 },
    ];
    const plain = await collectFrames(await openBytes(encode(frames)));
    const reader = await openBytes(gzipSync(encode(frames)));
    expect(await collectFrames(reader)).toEqual(plain);
    expect(plain).toHaveLength(2);
    expect(reader.log.info.format).toMatch(/ in gzip$/);
  });
});
