import { expect, it } from 'vitest';
import { flowCase, tcpCase } from '../../test/case-builder.ts';
import { isPartlyHidden } from './hidden-part.ts';

/** 500 bytes of each direction are in the capture; of the initiator's so many were acknowledged. */
function withAcknowledged(bytes: number | null, flags = 0x12): ReturnType<typeof flowCase> {
  return flowCase({ tcp: tcpCase({ acknowledgedBytes: [bytes, 500], flags: [flags, 0x12] }) });
}

it('bytes that were acknowledged and are not in the capture are hidden, and a direction of which nothing is', () => {
  expect(isPartlyHidden(withAcknowledged(500), 0)).toBe(false);
  expect(isPartlyHidden(withAcknowledged(501), 0)).toBe(true);
  expect(isPartlyHidden(withAcknowledged(501), 1)).toBe(false);
  expect(isPartlyHidden({ ...withAcknowledged(500), packets: [0, 10] }, 0)).toBe(true);
});

it('the end of a direction counts as a byte, and where its beginning was not seen nothing can be counted', () => {
  expect(isPartlyHidden(withAcknowledged(501, 0x11), 0)).toBe(false);
  expect(isPartlyHidden(withAcknowledged(502, 0x11), 0)).toBe(true);
  expect(isPartlyHidden(withAcknowledged(null), 0)).toBe(false);
  expect(isPartlyHidden(flowCase({ tcp: null, packets: [0, 10] }), 0)).toBe(false);
});
