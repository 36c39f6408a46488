/** First bytes of audio and video messages: FLV tag headers (FLV 10.1 annex E.4) and those of Enhanced RTMP v2. */

import { readLatin1, readUint8 } from '../../bytes/read.ts';

const AUDIO_CODECS: ReadonlyMap<number, string> = new Map([
  [0, 'PCM'],
  [1, 'ADPCM'],
  [2, 'MP3'],
  [3, 'PCM'],
  [4, 'Nellymoser'],
  [5, 'Nellymoser'],
  [6, 'Nellymoser'],
  [7, 'G.711 A-law'],
  [8, 'G.711 mu-law'],
  [10, 'AAC'],
  [11, 'Speex'],
  [14, 'MP3'],
]);

/** 12 and 13 are no part of the specification, but widely sent. */
const VIDEO_CODECS: ReadonlyMap<number, string> = new Map([
  [2, 'Sorenson H.263'],
  [3, 'Screen Video'],
  [4, 'VP6'],
  [5, 'VP6 with alpha'],
  [6, 'Screen Video 2'],
  [7, 'H.264'],
  [12, 'H.265'],
  [13, 'AV1'],
]);

const FOUR_CC: ReadonlyMap<string, string> = new Map([
  ['avc1', 'H.264'],
  ['hvc1', 'H.265'],
  ['vvc1', 'H.266'],
  ['av01', 'AV1'],
  ['vp08', 'VP8'],
  ['vp09', 'VP9'],
  ['mp4a', 'AAC'],
  ['.mp3', 'MP3'],
  ['Opus', 'Opus'],
  ['fLaC', 'FLAC'],
  ['ac-3', 'AC-3'],
  ['ec-3', 'E-AC-3'],
]);

const EXTENDED_AUDIO = 9;
/** Packet types of Enhanced RTMP that put bytes before the four-character code. */
const AUDIO_MULTITRACK = 5;
const VIDEO_MULTITRACK = 6;
/** Frame type of a message that carries a command to the player, not a picture. */
const VIDEO_COMMAND = 5;

/** Name of the codec, empty when the bytes do not tell. */
export function readAudioCodec(bytes: Uint8Array, start: number, end: number): string {
  if (start >= end) return '';
  const first = readUint8(bytes, start);
  if (first >> 4 !== EXTENDED_AUDIO) return AUDIO_CODECS.get(first >> 4) ?? '';
  return readFourCc(bytes, start + ((first & 0x0f) === AUDIO_MULTITRACK ? 2 : 1), end);
}

/** Name of the codec, empty when the bytes do not tell. */
export function readVideoCodec(bytes: Uint8Array, start: number, end: number): string {
  if (start >= end) return '';
  const first = readUint8(bytes, start);
  if (first >= 0x80) return readFourCc(bytes, start + ((first & 0x0f) === VIDEO_MULTITRACK ? 2 : 1), end);
  if (first >> 4 === VIDEO_COMMAND) return '';
  return VIDEO_CODECS.get(first & 0x0f) ?? '';
}

/** False when no encoder begins an audio message like this. */
export function isPossibleAudio(bytes: Uint8Array, start: number, end: number): boolean {
  const codec = readUint8(bytes, start) >> 4;
  // Raw PCM (0) is left out: zeros are everywhere.
  if (codec === 0 || readAudioCodec(bytes, start, end) === '') return false;
  return codec !== 10 || start + 1 >= end || readUint8(bytes, start + 1) <= 1;
}

/** False when no encoder begins a video message like this. */
export function isPossibleVideo(bytes: Uint8Array, start: number, end: number): boolean {
  const first = readUint8(bytes, start);
  if (readVideoCodec(bytes, start, end) === '') return false;
  if (first >= 0x80) return true;
  if (first >> 4 === 0) return false;
  return (first & 0x0f) !== 7 || start + 1 >= end || readUint8(bytes, start + 1) <= 2;
}

function readFourCc(bytes: Uint8Array, start: number, end: number): string {
  return end - start < 4 ? '' : (FOUR_CC.get(readLatin1(bytes, start, start + 4)) ?? '');
}
