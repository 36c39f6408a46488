import { expect, it } from 'vitest';
import { Ipv4Texts } from './ipv4-texts.ts';

it('writes each address, whichever were written before', () => {
  const texts = new Ipv4Texts();
  const addresses = Array.from({ length: 10_000 }, (_, i) => Math.imul(i, 0x01010307) >>> 0);
  const plain = (address: number) => [24, 16, 8, 0].map((shift) => (address >>> shift) & 0xff).join('.');
  for (const address of [...addresses, ...addresses, 0, 0xffffffff]) expect(texts.of(address)).toBe(plain(address));
});
