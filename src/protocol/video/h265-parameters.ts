/** The sequence parameter set of H.265, ITU-T H.265 section 7.3.2.2. */

import { BitReader } from './bit-reader.ts';
import { plausibleParameters, type VideoParameters } from './video-parameters.ts';

const NAL_HEADER_BYTES = 2;
/** Annex A.3. */
const PROFILES: ReadonlyMap<number, string> = new Map([
  [1, 'Main'],
  [2, 'Main 10'],
  [3, 'Main Still Picture'],
  [4, 'Range Extensions'],
  [5, 'High Throughput'],
  [9, 'Screen Content'],
]);
const YUV_444 = 3;

/** [start, end) is a NAL unit with its header; null where it is no parameter set. */
export function readH265Parameters(bytes: Uint8Array, start: number, end: number): VideoParameters | null {
  const bits = new BitReader(bytes, start + NAL_HEADER_BYTES, end);
  bits.skip(4);
  const subLayers = bits.bits(3);
  bits.skip(1);
  bits.skip(2);
  const isHighTier = bits.bit() === 1;
  const profile = PROFILES.get(bits.bits(5));
  // Compatibility with other profiles, and constraints.
  bits.skip(32 + 48);
  const level = bits.bits(8);
  skipSubLayers(bits, subLayers);
  bits.unsigned();
  const chroma = bits.unsigned();
  if (chroma === YUV_444) bits.skip(1);
  const width = bits.unsigned();
  const height = bits.unsigned();
  const isCropped = bits.bit() === 1;
  const left = isCropped ? bits.unsigned() + bits.unsigned() : 0;
  const top = isCropped ? bits.unsigned() + bits.unsigned() : 0;
  if (bits.isOver || profile === undefined || level === 0) return null;
  const unitX = chroma === 1 || chroma === 2 ? 2 : 1;
  const unitY = chroma === 1 ? 2 : 1;
  return plausibleParameters({
    width: width - unitX * left,
    height: height - unitY * top,
    profile,
    level: `${(level / 30).toFixed(1)}${isHighTier ? ' high tier' : ''}`,
  });
}

/** Profiles and levels of lower frame rates, section 7.3.3. */
function skipSubLayers(bits: BitReader, subLayers: number): void {
  if (subLayers === 0) return;
  const hasProfile: boolean[] = [];
  const hasLevel: boolean[] = [];
  for (let i = 0; i < 8; i++) {
    hasProfile.push(bits.bit() === 1);
    hasLevel.push(bits.bit() === 1);
  }
  for (let i = 0; i < subLayers; i++) {
    if (hasProfile[i] === true) bits.skip(88);
    if (hasLevel[i] === true) bits.skip(8);
  }
}
