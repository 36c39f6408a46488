/** The sequence parameter set of H.264, ITU-T H.264 section 7.3.2.1.1. */

import { readUint8 } from '../../bytes/read.ts';
import { BitReader } from './bit-reader.ts';
import { plausibleParameters, type VideoParameters } from './video-parameters.ts';

/** Annex A.2, and those of annexes F to H. */
const PROFILES: ReadonlyMap<number, string> = new Map([
  [44, 'CAVLC 4:4:4 Intra'],
  [66, 'Baseline'],
  [77, 'Main'],
  [83, 'Scalable Baseline'],
  [86, 'Scalable High'],
  [88, 'Extended'],
  [100, 'High'],
  [110, 'High 10'],
  [118, 'Multiview High'],
  [122, 'High 4:2:2'],
  [128, 'Stereo High'],
  [244, 'High 4:4:4 Predictive'],
]);
/** Those whose parameter sets tell of chroma and scaling too. */
const WITH_CHROMA: ReadonlySet<number> = new Set([44, 83, 86, 100, 110, 118, 122, 128, 244]);
const CONSTRAINT_SET_1 = 0x40;
const CONSTRAINT_SET_3 = 0x10;
const MOST_REFERENCE_FRAMES_IN_CYCLE = 255;
const YUV_420 = 1;
const YUV_444 = 3;
const MACROBLOCK = 16;

/** [start, end) is a NAL unit with its header; null where it is no parameter set. */
export function readH264Parameters(bytes: Uint8Array, start: number, end: number): VideoParameters | null {
  const profile = readUint8(bytes, start + 1);
  const constraints = readUint8(bytes, start + 2);
  const level = readUint8(bytes, start + 3);
  const profileName = PROFILES.get(profile);
  const hasReservedBits = (constraints & 0x03) !== 0;
  if (end - start < 8 || profileName === undefined || hasReservedBits || level < 9 || level > 62) return null;

  const bits = new BitReader(bytes, start + 4, end);
  bits.unsigned();
  const chroma = WITH_CHROMA.has(profile) ? skipToFrameNumbers(bits) : YUV_420;
  skipOrder(bits);
  bits.unsigned();
  bits.skip(1);
  const widthInBlocks = bits.unsigned() + 1;
  const heightInUnits = bits.unsigned() + 1;
  const fieldsPerUnit = 2 - bits.bit();
  if (fieldsPerUnit === 2) bits.skip(1);
  bits.skip(1);
  const isCropped = bits.bit() === 1;
  const [left, right, top, bottom] = isCropped ? readFour(bits) : [0, 0, 0, 0];
  if (bits.isOver) return null;

  const unitX = chroma === YUV_420 || chroma === 2 ? 2 : 1;
  const unitY = (chroma === YUV_420 ? 2 : 1) * fieldsPerUnit;
  const isConstrained = profile === 66 && (constraints & CONSTRAINT_SET_1) !== 0;
  return plausibleParameters({
    width: widthInBlocks * MACROBLOCK - unitX * (left + right),
    height: heightInUnits * MACROBLOCK * fieldsPerUnit - unitY * (top + bottom),
    profile: isConstrained ? `Constrained ${profileName}` : profileName,
    level: nameLevel(profile, constraints, level),
  });
}

/** Section A.3.1: 1b is written in two ways. */
function nameLevel(profile: number, constraints: number, level: number): string {
  const isOldOneB = level === 11 && profile <= 88 && (constraints & CONSTRAINT_SET_3) !== 0;
  return level === 9 || isOldOneB ? '1b' : (level / 10).toFixed(1);
}

function readFour(bits: BitReader): [number, number, number, number] {
  return [bits.unsigned(), bits.unsigned(), bits.unsigned(), bits.unsigned()];
}

/** Returns the format of chroma. */
function skipToFrameNumbers(bits: BitReader): number {
  const chroma = bits.unsigned();
  if (chroma === YUV_444) bits.skip(1);
  bits.unsigned();
  bits.unsigned();
  bits.skip(1);
  const hasScaling = bits.bit() === 1;
  const lists = chroma === YUV_444 ? 12 : 8;
  for (let list = 0; hasScaling && list < lists && !bits.isOver; list++) {
    if (bits.bit() === 1) skipScalingList(bits, list < 6 ? 16 : 64);
  }
  return chroma;
}

function skipScalingList(bits: BitReader, size: number): void {
  let next = 8;
  for (let i = 0, last = 8; i < size && next !== 0 && !bits.isOver; i++) {
    next = (last + bits.signed() + 256) % 256;
    if (next !== 0) last = next;
  }
}

/** Frame numbers and picture order count. */
function skipOrder(bits: BitReader): void {
  bits.unsigned();
  const orderType = bits.unsigned();
  if (orderType === 0) bits.unsigned();
  if (orderType !== 1) return;
  bits.skip(1);
  bits.signed();
  bits.signed();
  const cycle = Math.min(bits.unsigned(), MOST_REFERENCE_FRAMES_IN_CYCLE);
  for (let i = 0; i < cycle && !bits.isOver; i++) bits.signed();
}
