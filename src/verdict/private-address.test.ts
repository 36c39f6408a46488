import { describe, expect, it } from 'vitest';
import { captureCase, controlCase, mediaCase } from '../../test/case-builder.ts';
import type { AnnouncedEndpoint } from '../protocol/control-record.ts';
import type { FlowCase } from './flow-case.ts';
import { checkPrivateAddress } from './private-address.ts';

function check(server: string, said: string | null, packets: FlowCase['packets'] = [0, 0]) {
  const control = controlCase(20, { responder: { address: server, port: 554 } });
  const responder: AnnouncedEndpoint = { address: said, port: 50_200 };
  const media = mediaCase(control, { announcement: { responder }, packets });
  return checkPrivateAddress(control, captureCase([control, media]));
}

describe('a private address announced by a public end', () => {
  it('is told when no packet came', () => {
    expect(check('203.0.113.20', '192.168.7.20')).toMatchObject({
      code: 'address-not-translated',
      verdict: 'unexpected',
    });
    expect(check('203.0.113.20', '100.64.1.1')?.tell().what).toContain('100.64.1.1');
  });

  it('is nothing when the media came all the same', () => {
    expect(check('203.0.113.20', '192.168.7.20', [0, 500])).toBeNull();
  });

  it('is nothing within one site, and when the address is public or not told', () => {
    expect(check('10.10.2.20', '10.10.2.21')).toBeNull();
    expect(check('203.0.113.20', '203.0.113.21')).toBeNull();
    expect(check('203.0.113.20', null)).toBeNull();
    expect(check('fd00::1', '10.0.0.1')).toBeNull();
  });
});
