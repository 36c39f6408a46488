import { describe, expect, it } from 'vitest';
import { controlCase, flowCase, mediaCase, seconds } from '../../test/case-builder.ts';
import { missingProof } from './missing-proof.ts';

describe('missingProof', () => {
  it('names what would settle it', () => {
    const control = controlCase(10);
    const silent = mediaCase(control, { packets: [0, 0] });
    const punched = mediaCase(control, { packets: [1, 0], lastTimes: [seconds(1), Number.NEGATIVE_INFINITY] });
    expect(missingProof(flowCase())).toBe('the other direction of this connection');
    expect(missingProof(flowCase({ tcp: null }))).toBe('packets of this flow');
    expect(missingProof(silent)).toContain('packets of this flow, or of the media');
    expect(missingProof(punched)).toContain('packets of its sender');
  });
});
