import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { type RingOptions, ringLimits, ringOptions } from './ring-options.ts';

function parse(...args: string[]): RingOptions {
  const command = new Command().exitOverride().configureOutput({ writeErr: () => {} });
  for (const option of ringOptions()) command.addOption(option);
  return command.parse(args, { from: 'user' }).opts<RingOptions>();
}

describe('ringLimits', () => {
  it('is null where nothing is to be rotated', () => {
    expect(ringLimits(parse(), undefined)).toBeNull();
  });

  it('understands sizes, times and counts', () => {
    expect(ringLimits(parse('--ring', '100M,20'), 'a')).toEqual({
      ...{ mostBytes: 100 * 2 ** 20, mostSeconds: null, mostFiles: 20 },
    });
    expect(ringLimits(parse('--ring-time', '1h'), 'a')).toEqual({
      ...{ mostBytes: null, mostSeconds: 3600, mostFiles: null },
    });
    expect(ringLimits(parse('--ring', '64k,20', '--ring-time', '90,7'), 'a')).toEqual({
      ...{ mostBytes: 65_536, mostSeconds: 90, mostFiles: 7 },
    });
  });

  it('asks where to save to', () => {
    expect(() => ringLimits(parse('--ring', '1G,2'), undefined)).toThrow('need --write');
  });

  it.each(['100M', '100,5', '1K,5', 'M,5', '100M,0', '100M,x', '-1M,5', '100M,1e9', '100M,5,6', ''])(
    'takes no %j',
    (text) => {
      expect(() => parse('--ring', text)).toThrow();
    },
  );

  it.each(['', ',5', '1h,0', '1h,5,6', '30y'])('takes no time %j', (text) => {
    expect(() => parse('--ring-time', text)).toThrow();
  });
});
