import { describe, expect, it } from 'vitest';
import { captureCase, controlCase, flowCase, mediaCase, seconds } from '../../test/case-builder.ts';
import type { FlowCase } from './flow-case.ts';
import { checkUnannounced } from './unannounced-media.ts';

const stream = (second: number, changes: Partial<FlowCase> = {}) =>
  flowCase({
    transport: 'udp',
    tcp: null,
    protocol: 'rtp',
    label: 'RTP',
    initiator: { address: '10.10.2.20', port: 50_000 },
    responder: { address: '10.10.1.10', port: 40_000 },
    firstTime: seconds(second),
    ...changes,
  });

describe('media that nothing announced', () => {
  it('is unexpected when it began within the capture', () => {
    expect(checkUnannounced(stream(20), captureCase([]))?.verdict).toBe('unexpected');
    expect(checkUnannounced(stream(20, { protocol: 'mmsu' }), captureCase([]))?.verdict).toBe('unexpected');
  });

  it('cannot be judged when it flowed from the start', () => {
    expect(checkUnannounced(stream(1), captureCase([]))?.verdict).toBe('undetermined');
  });

  it('cannot be judged where STUN and DTLS agreed on it', () => {
    const { record } = controlCase(30);
    record.variant = 'WebRTC (STUN and DTLS)';
    const draft = checkUnannounced(stream(20, { record }), captureCase([]));
    expect(draft?.verdict).toBe('undetermined');
    expect(draft?.tell().why).toMatch(/WebRTC/);
  });

  it('is not told beside a control channel of the same hosts that could not be read', () => {
    const flow = stream(20);
    expect(checkUnannounced(flow, captureCase([controlCase(30), flow]))).toBeNull();
    const attempt = controlCase(30, { payload: [0, 0] });
    expect(checkUnannounced(flow, captureCase([attempt, flow]))?.code).toBe('unannounced-media');
    const readable = controlCase(30);
    readable.record.announce(mediaCase(readable).media.announcement);
    expect(checkUnannounced(flow, captureCase([readable, flow]))?.code).toBe('unannounced-media');
  });

  it('is not told of groups, of what was announced, and of what is no medium', () => {
    const capture = captureCase([]);
    expect(checkUnannounced(stream(20, { isMulticast: true }), capture)).toBeNull();
    expect(checkUnannounced(stream(20, { protocol: 'stun' }), capture)).toBeNull();
    expect(checkUnannounced(mediaCase(controlCase(30)), capture)).toBeNull();
  });
});
