import { describe, expect, it } from 'vitest';
import { serviceOfPort } from './service-names.ts';

describe('serviceOfPort', () => {
  it('uses the ids of this program where it has them', () => {
    expect(serviceOfPort('tcp', 1755)).toEqual({ id: 'mms', label: 'MMS' });
    expect(serviceOfPort('udp', 5004)?.id).toBe('rtp');
  });

  it('knows the registry for the rest', () => {
    expect(serviceOfPort('tcp', 23)).toEqual({ id: 'telnet', label: 'Telnet' });
    expect(serviceOfPort('udp', 123)?.id).toBe('ntp');
  });

  it('tells the transports apart and names nothing that is not registered', () => {
    expect(serviceOfPort('udp', 22)?.id).toBe('ssh');
    expect(serviceOfPort('tcp', 51_820)).toBeNull();
    expect(serviceOfPort('udp', 0)).toBeNull();
    expect(serviceOfPort('tcp', 60_000)).toBeNull();
  });
});
