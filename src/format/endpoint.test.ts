import { expect, it } from 'vitest';
import { formatEndpoint } from './endpoint.ts';

it('writes IPv6 in brackets before a port, and no port that is not there', () => {
  expect(formatEndpoint('10.10.2.20', 554)).toBe('10.10.2.20:554');
  expect(formatEndpoint('fd00::1', 554)).toBe('[fd00::1]:554');
  expect(formatEndpoint('fd00::1', 0)).toBe('fd00::1');
});
