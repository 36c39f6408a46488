import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readH264Parameters } from './h264-parameters.ts';
import { readH265Parameters } from './h265-parameters.ts';
import { VideoStream } from './video-stream.ts';

const MS = 1e6;
/** As x264 and x265 write them for 640x360, 1920x1080 and 1280x720. */
const BASELINE = '6742c01eda0280bfe5c044000003000400000300c83c58ba80';
const HIGH = '67640028acd940780227e5c044000003000400000300c83c60c658';
const MAIN_H265 = '42010101600000030090000003000003005da00280802d16595952930bc05a020000030002000003003210';
const PICTURE_PARAMETERS = '68ce3c80';

function hex(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, 'hex'));
}

function aggregate(units: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from([24, ...units.flatMap((unit) => [unit.length >> 8, unit.length & 255, ...unit])]);
}

/** Each of `[milliseconds, timestamp, payload]`. */
function play(
  packets: readonly (readonly [number, number, readonly number[] | Uint8Array])[],
  stream = new VideoStream('H264', true),
) {
  for (const [timeMs, timestamp, payload] of packets) {
    const bytes = Uint8Array.from(payload);
    stream.packet(bytes, 0, bytes.length, timestamp, timeMs * MS);
  }
  return stream;
}

const KEY = [0x65, 1, 2, 3];
const KEY_FRAGMENT = [0x7c, 0x85, 1, 2];
const KEY_FRAGMENT_GOES_ON = [0x7c, 0x05, 1, 2];
const DELTA = [0x41, 1, 2, 3];

describe('parameter sets', () => {
  it('tell size, profile and level of H.264', () => {
    const read = (text: string) => readH264Parameters(hex(text), 0, hex(text).length);
    expect(read(BASELINE)).toEqual({ width: 640, height: 360, profile: 'Constrained Baseline', level: '3.0' });
    expect(read(HIGH)).toEqual({ width: 1920, height: 1080, profile: 'High', level: '4.0' });
    expect(read(PICTURE_PARAMETERS)).toBeNull();
    expect(read(BASELINE.slice(0, 16))).toBeNull();
  });

  it('tell size, profile and level of H.265', () => {
    const bytes = hex(MAIN_H265);
    expect(readH265Parameters(bytes, 0, bytes.length)).toEqual({
      width: 1280,
      height: 720,
      profile: 'Main',
      level: '3.1',
    });
    expect(readH265Parameters(bytes, 0, 12)).toBeNull();
  });

  it('may hold anything', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
        for (const body of [bytes, Uint8Array.from([0x67, 100, 0, 40, ...bytes])]) {
          readH264Parameters(body, 0, body.length);
          readH265Parameters(body, 0, body.length);
          play([[0, 0, body]]);
          play([[0, 0, body]], new VideoStream('H265', true));
        }
      }),
    );
  });
});

describe('VideoStream', () => {
  it('counts frames by their timestamps, whatever their order, and packets that come late with them', () => {
    const stream = play([
      [0, 0, KEY_FRAGMENT],
      [1, 0, KEY_FRAGMENT_GOES_ON],
      [40, 9000, DELTA],
      [80, 3600, DELTA],
      [120, 7200, DELTA],
      [121, 9000, DELTA],
    ]);
    expect(stream).toMatchObject({ frames: 4, keyFrames: 1 });
    expect(stream.framesPerSecond).toBeCloseTo(25, 6);
  });

  it('tells how far key frames are apart', () => {
    const stream = play([
      [0, 0, KEY],
      [500, 45_000, DELTA],
      [1000, 90_000, KEY_FRAGMENT],
      [1001, 90_000, KEY_FRAGMENT],
      [4000, 360_000, aggregate([hex(BASELINE), hex(PICTURE_PARAMETERS), Uint8Array.from(KEY)])],
    ]);
    expect(stream).toMatchObject({ keyFrames: 3, maxKeyFrameIntervalMs: 3000, parameters: { width: 640 } });
    expect(stream.meanKeyFrameIntervalMs).toBe(2000);
  });

  it('counts other parameters than before as a change, and the same ones as none', () => {
    const stream = play([
      [0, 0, hex(BASELINE)],
      [1000, 90_000, hex(BASELINE)],
      [2000, 180_000, hex(HIGH)],
    ]);
    expect(stream).toMatchObject({ parameterChanges: 1, parameters: { width: 1920 } });
  });

  it('knows itself for video when both kinds of parameters come together', () => {
    const together = [[0, 0, aggregate([hex(BASELINE), hex(PICTURE_PARAMETERS)])]] as const;
    expect(play(together, new VideoStream('H264', false)).isKnown).toBe(true);
    const apart = [
      [0, 0, hex(BASELINE)],
      [40, 3600, hex(PICTURE_PARAMETERS)],
    ] as const;
    expect(play(apart, new VideoStream('H264', false)).isKnown).toBe(false);
  });
});
