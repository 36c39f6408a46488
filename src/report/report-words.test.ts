import { describe, expect, it } from 'vitest';
import { sampleSnapshot } from '../../test/sample-analysis.ts';
import type { Finding } from '../verdict/finding.ts';
import { notSeenOf } from './report-words.ts';

const said = (changes: Partial<Finding>) =>
  notSeenOf({ ...(sampleSnapshot().findings[0] as Finding), ...changes } as Finding);

describe('what was not seen', () => {
  it('is no answer where one passed this point and was lost beyond', () => {
    expect(said({})).toContain('SYN-ACK');
    expect(said({ where: 'toward-initiator' })).not.toContain('SYN-ACK');
  });

  it('is no packet to a group where some came', () => {
    expect(said({ code: 'multicast-no-data', flows: [] })).toBe('a packet to the group that its member asked for');
    expect(said({ code: 'multicast-no-data', flows: [1] })).not.toContain('a packet to the group');
  });
});
