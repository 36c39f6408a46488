import { describe, expect, it } from 'vitest';
import { captureCase, flowCase, hostInfo, SERVER, tcpCase, tcpEvent } from '../../test/case-builder.ts';
import { checkTcpReset } from './tcp-reset.ts';

const refused = (ttl: number) =>
  flowCase({
    tcp: tcpCase({ outcome: 'refused', events: [tcpEvent('syn', 0, { ttl: 64 }), tcpEvent('rst', 0.1, { ttl })] }),
  });

describe('a reset in answer to a SYN', () => {
  it('is refused when the host sent it', () => {
    const hosts = [hostInfo(SERVER, { tcpTtl: 63 })];
    expect(checkTcpReset(refused(63), captureCase([], { hosts }))).toMatchObject({
      code: 'tcp-refused',
      verdict: 'refused',
    });
  });

  it('is blocked when something on the path sent it', () => {
    const hosts = [hostInfo(SERVER, { tcpTtl: 63 })];
    expect(checkTcpReset(refused(64), captureCase([], { hosts }))).toMatchObject({
      code: 'tcp-reset-by-path',
      verdict: 'blocked',
    });
  });

  it('names nobody when nothing tells who sent it', () => {
    expect(checkTcpReset(refused(64), captureCase([]))).toMatchObject({ verdict: 'undetermined', cause: 'unknown' });
  });

  it('is nothing for connections that opened, and for what is not streaming', () => {
    expect(checkTcpReset(flowCase(), captureCase([]))).toBeNull();
    expect(checkTcpReset({ ...refused(64), isStreaming: false }, captureCase([]))).toBeNull();
  });
});
