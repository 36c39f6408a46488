import { describe, expect, it } from 'vitest';
import { displayFilter, flowFilter } from './display-filter.ts';

function flow(initiatorPort: number, responderPort: number, transport = 'udp') {
  return {
    transport,
    initiator: { address: '10.1.1.1', port: initiatorPort },
    responder: { address: '10.2.2.2', port: responderPort },
  };
}

describe('a display filter', () => {
  it('of one flow names both ends with their ports', () => {
    expect(flowFilter(flow(40000, 554, 'tcp'))).toBe(
      '(ip.addr == 10.1.1.1 && ip.addr == 10.2.2.2 && tcp.port == 40000 && tcp.port == 554)',
    );
    expect(flowFilter(flow(0, 0, 'icmp'))).toBe('(ip.addr == 10.1.1.1 && ip.addr == 10.2.2.2)');
  });

  it('of several flows between the same hosts names these once', () => {
    expect(displayFilter([flow(5000, 6000), flow(5002, 6002), flow(5000, 6000)], [])).toBe(
      '(ip.addr == 10.1.1.1 && ip.addr == 10.2.2.2 && ((udp.port == 5000 && udp.port == 6000) || (udp.port == 5002 && udp.port == 6002)))',
    );
  });

  it('of a group shows who asks for it too', () => {
    expect(displayFilter([], ['239.1.2.3', 'ff08::1'])).toBe(
      'ip.addr == 239.1.2.3 || igmp || ipv6.addr == ff08::1 || icmpv6',
    );
  });
});
