import { describe, expect, it } from 'vitest';
import { CLIENT, captureCase, flowCase, SERVER, tcpCase } from '../../test/case-builder.ts';
import type { FlowCase } from './flow-case.ts';
import { checkNonstandardPort, checkWrongProtocol } from './ports.ts';

const capture = captureCase([]);
const on = (port: number, protocol: string, changes: Partial<FlowCase> = {}) =>
  flowCase({ responder: { address: SERVER, port }, protocol, label: protocol.toUpperCase(), ...changes });

describe('a port that is for another protocol', () => {
  it('is told when the bytes prove it', () => {
    expect(checkWrongProtocol(on(1935, 'ssh'), capture)?.rule).not.toBeNull();
    expect(checkWrongProtocol(on(554, 'http', { isStreaming: false }), capture)?.code).toBe('wrong-protocol');
  });

  it('is not told of MMS in the middle of a connection, where MSBD looks the same', () => {
    const from = (syn: number) => on(7007, 'mms', { tcp: tcpCase({ flags: [0x10 | syn, 0x10 | syn] }) });
    expect(checkWrongProtocol(from(0), capture)).toBeNull();
    expect(checkWrongProtocol(from(0x02), capture)?.code).toBe('wrong-protocol');
  });

  it('is not told of the ephemeral end, of shared ports, and of a port alone', () => {
    const client = { initiator: { address: CLIENT, port: 1935 } };
    expect(checkWrongProtocol(on(22, 'ssh', client), capture)).toBeNull();
    expect(checkWrongProtocol(on(8080, 'ssh'), capture)).toBeNull();
    expect(checkWrongProtocol(on(1935, 'ssh', { confidence: 'port' }), capture)).toBeNull();
  });
});

describe('a streaming protocol on a port that no row lists', () => {
  it('is told', () => {
    expect(checkNonstandardPort(on(8554, 'rtsp'), capture)?.code).toBe('nonstandard-port');
    expect(checkNonstandardPort(on(19_350, 'rtmp'), capture)?.verdict).toBe('unexpected');
  });

  it('is not told of RTSP in the middle of a connection to a web port, which may be within HTTP', () => {
    const from = (syn: number) => on(80, 'rtsp', { tcp: tcpCase({ flags: [0x10 | syn, 0x10 | syn] }) });
    expect(checkNonstandardPort(from(0), capture)).toBeNull();
    expect(checkNonstandardPort(from(0x02), capture)?.code).toBe('nonstandard-port');
  });

  it('is not told of listed ports, and of what is not streaming', () => {
    expect(checkNonstandardPort(on(554, 'rtsp'), capture)).toBeNull();
    expect(checkNonstandardPort(on(8554, 'ssh', { isStreaming: false }), capture)).toBeNull();
    const onPortOfAnother = on(554, 'rtmp');
    expect(checkWrongProtocol(onPortOfAnother, capture)?.code).toBe('wrong-protocol');
    expect(checkNonstandardPort(onPortOfAnother, capture)).toBeNull();
  });
});
