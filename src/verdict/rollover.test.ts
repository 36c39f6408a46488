import { describe, expect, it } from 'vitest';
import { attempt, captureCase, controlCase, flowCase, mediaCase, seconds } from '../../test/case-builder.ts';
import type { Draft } from './draft.ts';
import type { FlowCase } from './flow-case.ts';
import { DraftGroups } from './group-drafts.ts';
import { checkRollover } from './rollover.ts';
import { followChain } from './rollover-chain.ts';
import { checkTcpUnanswered } from './tcp-unanswered.ts';

const BLOCKED = { code: 'media-never-arrived', verdict: 'blocked' } as const;
const SERVER_80 = { address: '10.10.2.20', port: 80 };

function dropped(port: number, protocol: string, label: string, second: number): FlowCase {
  return attempt([second, second + 1, second + 3], {
    responder: { address: SERVER_80.address, port },
    protocol,
    label,
    firstTime: seconds(second),
  });
}

function tell(flows: readonly FlowCase[]): Draft | undefined {
  const capture = captureCase(flows);
  const drafts = new DraftGroups();
  drafts.addAll(flows.map((flow) => checkTcpUnanswered(flow, capture)).filter((draft) => draft !== null));
  return checkRollover(capture, (ids) => drafts.failures(ids))[0];
}

const rtsp = () => dropped(554, 'rtsp', 'RTSP', 0);
const mms = () => dropped(1755, 'mms', 'MMS', 5);
const served = (changes: Partial<FlowCase> = {}) =>
  flowCase({ responder: SERVER_80, protocol: 'mmsh', label: 'MMSH', firstTime: seconds(10), ...changes });

describe('a player that rolls over', () => {
  it('is told with each step and what served it', () => {
    const draft = tell([rtsp(), mms(), served()]);
    expect(draft?.tell().title).toBe(
      'The player on 10.10.1.10 gave up RTSP and MMS at 10.10.2.20 and was served over MMSH on port 80',
    );
    expect(draft?.tell().nextStep).toContain('TCP 554');
    expect(draft?.tell().why).toContain('does not need port 1755');
    expect(draft?.flows).toEqual([]);
  });

  it('is told when nothing served it in the end', () => {
    expect(tell([rtsp(), mms()])?.tell().title).toContain('was not served at all');
  });

  it('is told with the port that it was sent to', () => {
    const web = controlCase(20, { responder: SERVER_80, protocol: 'mmsh', label: 'MMSH', firstTime: seconds(10) });
    web.record.fact('redirect', 'http://10.10.2.20:8080/live');
    expect(tell([rtsp(), web])?.tell().why).toContain('redirected the player to http://10.10.2.20:8080/live');
  });

  it('is nobody whose stream plays without its reports', () => {
    const control = controlCase(8);
    const reports = mediaCase(control, { announcement: { protocol: 'rtcp' } });
    const capture = captureCase([control, reports, served()]);
    const told = (code: 'reports-one-way' | 'media-one-way') =>
      checkRollover(capture, () => new Map([[reports.id, { code, verdict: 'blocked' }]])).length;
    expect([told('media-one-way'), told('reports-one-way')]).toEqual([1, 0]);
  });

  it('is nobody who then reads a web page, or comes back much later', () => {
    const page = controlCase(20, { responder: SERVER_80, protocol: 'http', label: 'HTTP', firstTime: seconds(10) });
    expect(tell([rtsp(), page])).toBeUndefined();
    expect(tell([rtsp(), served({ firstTime: seconds(500) })])).toBeUndefined();
  });

  it('is nobody whose first protocol works, and a protocol that was not tried is not spoken of', () => {
    expect(tell([flowCase(), served()])).toBeUndefined();
    expect(tell([rtsp(), served()])?.tell().title).not.toContain('MMS ');
  });

  it('asks a second connection for media over UDP too, unless it says otherwise', () => {
    const failed = { ...flowCase(), id: 9001 };
    const blocked = mediaCase(failed);
    const again = { ...flowCase({ firstTime: seconds(20) }), id: 9002 };
    const overUdp = mediaCase(again, { initiator: { address: '10.10.1.10', port: 40_200 } });
    const labelWith = (flows: readonly FlowCase[]): string | undefined => {
      const chain = followChain([failed, again], new Map([[blocked.id, BLOCKED]]), captureCase(flows));
      return chain.at(-1)?.label;
    };
    expect(labelWith([failed, blocked, again])).toBe('RTSPT');
    expect(labelWith([failed, blocked, again, overUdp])).toBe('RTSP');
  });
});
