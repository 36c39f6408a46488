import { describe, expect, it } from 'vitest';
import { placeLoss } from './loss-place.ts';

describe('placeLoss', () => {
  it('finds loss before the capture point where the receiver misses what is missing here', () => {
    expect(placeLoss(100, 104, true)).toBe('before');
    expect(placeLoss(2, 0, true)).toBe('before');
  });

  it('finds loss after the capture point where nothing is missing here', () => {
    expect(placeLoss(0, 40, true)).toBe('after');
  });

  it('finds loss on both sides', () => {
    expect(placeLoss(50, 103, true)).toBe('both');
  });

  it('doubts the capture where the receiver has what is missing here, once it has reported on all of it', () => {
    expect(placeLoss(80, 3, true)).toBe('capture');
    expect(placeLoss(80, 3, false)).toBeNull();
  });

  it('says nothing where nothing was lost, or too little to tell', () => {
    expect(placeLoss(0, 0, true)).toBeNull();
    expect(placeLoss(0, 2, true)).toBeNull();
  });
});
