import { describe, expect, it } from 'vitest';
import { flowCase, tcpCase } from '../../test/case-builder.ts';
import { formatSeconds, isEndHidden } from './flow-case.ts';

describe('a time in words', () => {
  it('has as many digits as matter', () => {
    expect([0, 2e5, 35e6, 4.1e9, 17e9].map(formatSeconds)).toEqual([
      '0.000 s',
      'less than 0.001 s',
      '0.035 s',
      '4.1 s',
      '17 s',
    ]);
    expect(formatSeconds(4 * 3600e9)).toBe('4 h');
  });
});

it('the end of a direction is hidden where its last bytes are missing, or all of it, and never of datagrams', () => {
  const flow = flowCase({ tcp: tcpCase({ isEndMissing: [true, false] }) });
  expect([isEndHidden(flow, 0), isEndHidden(flow, 1)]).toEqual([true, false]);
  expect(isEndHidden({ ...flow, packets: [10, 0] }, 1)).toBe(true);
  expect(isEndHidden({ ...flow, tcp: null, packets: [10, 0] }, 1)).toBe(false);
});
