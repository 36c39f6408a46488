import { describe, expect, it } from 'vitest';
import { isPossibleAudio, isPossibleVideo, readAudioCodec, readVideoCodec } from './media-tag.ts';

function fourCc(first: readonly number[], code: string): Uint8Array {
  return Uint8Array.from([...first, ...Buffer.from(code)]);
}

describe('codecs of RTMP media', () => {
  it('reads the codec numbers of FLV', () => {
    expect(readVideoCodec(Uint8Array.of(0x17, 0), 0, 2)).toBe('H.264');
    expect(readVideoCodec(Uint8Array.of(0x22), 0, 1)).toBe('Sorenson H.263');
    expect(readVideoCodec(Uint8Array.of(0x1c), 0, 1)).toBe('H.265');
    expect(readAudioCodec(Uint8Array.of(0xaf, 0), 0, 2)).toBe('AAC');
    expect(readAudioCodec(Uint8Array.of(0x2f), 0, 1)).toBe('MP3');
  });

  it('reads the four characters of Enhanced RTMP, behind the byte that multitrack puts before them', () => {
    expect(readVideoCodec(fourCc([0x90], 'hvc1'), 0, 5)).toBe('H.265');
    expect(readVideoCodec(fourCc([0x96, 0x01], 'av01'), 0, 6)).toBe('AV1');
    expect(readAudioCodec(fourCc([0x90], 'Opus'), 0, 5)).toBe('Opus');
    expect(readAudioCodec(fourCc([0x95, 0x01], 'fLaC'), 0, 6)).toBe('FLAC');
  });

  it('tells nothing of what is empty, cut, unknown or a command to the player', () => {
    expect(readVideoCodec(new Uint8Array(0), 0, 0)).toBe('');
    expect(readVideoCodec(fourCc([0x90], 'hv'), 0, 3)).toBe('');
    expect(readVideoCodec(fourCc([0x90], 'zzzz'), 0, 5)).toBe('');
    expect(readVideoCodec(Uint8Array.of(0x57), 0, 1)).toBe('');
    expect(readAudioCodec(Uint8Array.of(0xd0), 0, 1)).toBe('');
  });

  it('knows first bytes that no encoder sends', () => {
    expect(isPossibleVideo(Uint8Array.of(0x27, 1), 0, 2)).toBe(true);
    expect(isPossibleVideo(Uint8Array.of(0x07, 1), 0, 2)).toBe(false);
    expect(isPossibleVideo(Uint8Array.of(0x27, 9), 0, 2)).toBe(false);
    expect(isPossibleAudio(Uint8Array.of(0xaf, 1), 0, 2)).toBe(true);
    expect(isPossibleAudio(Uint8Array.of(0xaf, 7), 0, 2)).toBe(false);
    expect(isPossibleAudio(Uint8Array.of(0, 0), 0, 2)).toBe(false);
  });
});
