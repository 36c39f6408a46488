/**
 * Hashes what packets hold, word by word, so that nobody who sends them can foresee where in a table they come to lie: packets
 * could else be made that all fall on one place, where each search goes through all the others.
 */

/** What a hash begins with: another in each run. */
export const HASH_SEED = Math.floor(Math.random() * 2 ** 32) | 0;

export function hashWord(hash: number, word: number): number {
  const mixed = Math.imul(hash ^ word, 0x85ebca6b);
  return mixed ^ (mixed >>> 15);
}
