import { describe, expect, it } from 'vitest';
import { captureCase, flowCase, mediaCase, tcpCase } from '../../test/case-builder.ts';
import { readSitePolicy } from '../policy/read-site-policy.ts';
import type { SitePolicy } from '../policy/site-policy.ts';
import type { CaptureCase, FlowCase } from './flow-case.ts';
import { checkNotInPolicy } from './not-in-policy.ts';
import { checkWrongDirection } from './wrong-direction.ts';

function flow(from: string, to: string, changes: Partial<FlowCase> = {}): FlowCase {
  return flowCase({ ...endsOf(from, to), protocol: null, isStreaming: false, ...changes });
}

function endsOf(from: string, to: string): Pick<FlowCase, 'initiator' | 'responder'> {
  const [address = '', port] = to.split(':');
  return { initiator: { address: from, port: 40_000 }, responder: { address, port: Number(port) } };
}

function capture(flows: readonly FlowCase[], policy: SitePolicy | null = null): CaptureCase {
  return captureCase(flows, { policy });
}

const call = (to: string) => flow('10.1.0.9', to, { protocol: 'h323-q931' });
const stream = (to: string) => flow('10.1.0.9', to, { protocol: 'rtsp' });

describe('without a policy, a port that a content server keeps to itself', () => {
  it('is told for a host that takes calls and serves streams', () => {
    const asked = flow('10.1.0.9', '10.2.0.30:8008');
    const draft = checkNotInPolicy(asked, capture([asked, call('10.2.0.30:1720'), stream('10.2.0.30:554')]));
    expect(draft).toMatchObject({ code: 'not-in-policy', certainty: 'inferred', rule: 'cs-application' });
    expect(draft?.tell().why).toContain('table 10-1');
  });

  it('is not told for a Chromecast, a camera, or a terminal', () => {
    const asked = flow('10.1.0.9', '10.2.0.30:8008');
    expect(checkNotInPolicy(asked, capture([asked]))).toBeNull();
    expect(checkNotInPolicy(asked, capture([asked, stream('10.2.0.30:554')]))).toBeNull();
    expect(checkNotInPolicy(asked, capture([asked, call('10.2.0.30:1720')]))).toBeNull();
  });

  it('is not told between content servers, nor of an attempt that came to nothing', () => {
    const inside = flow('10.2.0.31', '10.2.0.30:2090');
    const both = ['10.2.0.30', '10.2.0.31'].flatMap((host) => [call(`${host}:1720`), stream(`${host}:554`)]);
    expect(checkNotInPolicy(inside, capture([inside, ...both]))).toBeNull();
    const refused = flow('10.1.0.9', '10.2.0.30:2090', { tcp: tcpCase({ outcome: 'refused' }) });
    expect(checkNotInPolicy(refused, capture([refused, ...both]))).toBeNull();
  });

  it('is not told for any other port', () => {
    const asked = flow('10.1.0.9', '10.2.0.30:3389');
    expect(checkNotInPolicy(asked, capture([asked, call('10.2.0.30:1720'), stream('10.2.0.30:554')]))).toBeNull();
  });
});

const POLICY = readSitePolicy(`
clients: 10.1.0.0/16
servers: { camera: { address: 10.2.0.50, roles: rtsp-camera } }
`);

describe('with a policy', () => {
  const control = flow('10.1.0.9', '10.2.0.50:554', { protocol: 'rtsp', isStreaming: true });
  const media = (from: string, to: string, announcer: FlowCase): FlowCase =>
    mediaCase(announcer, { ...endsOf(from, to), packets: [5, 5] });

  it('media goes with the control channel that announced it', () => {
    const permitted = media('10.1.0.9', '10.2.0.50:50000', control);
    expect(checkNotInPolicy(permitted, capture([control, permitted], POLICY))).toBeNull();
    const stranger = flow('172.16.0.9', '10.2.0.50:554', { protocol: 'rtsp', isStreaming: true });
    const theirs = media('172.16.0.9', '10.2.0.50:50000', stranger);
    expect(checkNotInPolicy(theirs, capture([stranger, theirs], POLICY))).toMatchObject({ verdict: 'unexpected' });
  });

  it('media whose control channel the capture may have missed is told between strangers only', () => {
    const known = { ...media('10.2.0.50', '10.1.0.9:50000', control), announced: [] };
    expect(checkNotInPolicy(known, capture([known], POLICY))).toBeNull();
    const unknown = { ...media('172.16.0.1', '172.16.0.2:50000', control), announced: [] };
    expect(checkNotInPolicy(unknown, capture([unknown], POLICY))).toMatchObject({ rule: null });
  });

  it('the other way round is one finding, not two', () => {
    const back = flow('10.2.0.50', '10.1.0.9:554');
    expect(checkNotInPolicy(back, capture([back], POLICY))).toBeNull();
    expect(checkWrongDirection(back, capture([back], POLICY))).toMatchObject({
      code: 'wrong-direction',
      certainty: 'confirmed',
      rule: 'camera/std-rtsp',
    });
  });

  it('says whether anything came of it, and nothing of a vain knock at a port of no meaning', () => {
    const inVain = { packets: [3, 0], tcp: tcpCase({ outcome: 'unanswered' }) } as const;
    const silent = flow('10.1.0.9', '10.2.0.50:1935', inVain);
    const knock = flow('10.1.0.9', '10.2.0.50:22', inVain);
    const open = flow('10.1.0.9', '10.2.0.50:22');
    const why = (each: FlowCase) => checkNotInPolicy(each, capture([each], POLICY))?.tell().why ?? '';
    expect(why(silent)).toContain('No connection came of it');
    expect(why(open)).toContain('nothing on the path stops it');
    expect(checkNotInPolicy(knock, capture([knock], POLICY))).toBeNull();
  });

  it('is silent on what works as permitted and on background', () => {
    const web = flow('10.1.0.9', '198.51.100.7:443', { protocol: 'tls' });
    for (const each of [control, web]) {
      expect(checkNotInPolicy(each, capture([each], POLICY))).toBeNull();
      expect(checkWrongDirection(each, capture([each], POLICY))).toBeNull();
    }
  });
});
