import { describe, expect, it } from 'vitest';
import {
  at,
  CLIENT,
  captureCase,
  controlCase,
  flowCase,
  hostInfo,
  mediaCase,
  seconds,
  tcpCase,
  tcpEvent,
} from '../../test/case-builder.ts';
import { checkRequestUnanswered, checkServerRefused } from './application.ts';
import type { FlowCase } from './flow-case.ts';

const REACHED = { hosts: [hostInfo(CLIENT, { reached: at(0) })] };

function asking(times: readonly number[], changes: Partial<FlowCase> = {}) {
  const control = controlCase(30, {
    transport: 'udp',
    tcp: null,
    protocol: 'h323-ras',
    label: 'H.323 RAS',
    ...changes,
  });
  const question = control.record.ask(at(times[0] ?? 0), 0, 'gatekeeperRequest');
  for (const time of times.slice(1)) question?.repeat(at(time));
  return { control, question };
}

describe('a request over UDP', () => {
  it('is blocked when it is repeated and answers would show', () => {
    const { control } = asking([0, 3, 6]);
    expect(checkRequestUnanswered(control, captureCase([control], REACHED))?.verdict).toBe('blocked');
  });

  it('cannot be judged where nothing toward its sender is seen, or where an answer came before', () => {
    const { control } = asking([0, 3, 6]);
    expect(checkRequestUnanswered(control, captureCase([control]))?.verdict).toBe('undetermined');
    control.record.ask(at(0), 0, 'registrationRequest')?.answer(at(1));
    expect(checkRequestUnanswered(control, captureCase([control], REACHED))?.verdict).toBe('undetermined');
  });

  it('is nothing when it was answered, or sent once', () => {
    const { control, question } = asking([0, 3]);
    question?.answer(at(4));
    expect(checkRequestUnanswered(control, captureCase([control], REACHED))).toBeNull();
    expect(checkRequestUnanswered(asking([0]).control, captureCase([], REACHED))).toBeNull();
  });

  it('to a group is answered by unicast, on another flow', () => {
    const group = { address: '224.0.1.41', port: 1718 };
    const { control } = asking([0, 3, 6], { responder: group, isMulticast: true });
    expect(checkRequestUnanswered(control, captureCase([control], REACHED))?.verdict).toBe('undetermined');
    const answer = flowCase({
      transport: 'udp',
      tcp: null,
      protocol: 'h323-ras',
      initiator: { address: '10.10.2.5', port: 1719 },
      responder: control.initiator,
      lastTimes: [seconds(6.1), Number.NEGATIVE_INFINITY],
    });
    expect(checkRequestUnanswered(control, captureCase([control, answer], REACHED))).toBeNull();
  });

  it('may be answered from another port of the host that was asked, and not by another host', () => {
    const { control } = asking([0, 3, 6]);
    const answerOf = (address: string) =>
      flowCase({
        transport: 'udp',
        tcp: null,
        protocol: 'h323-ras',
        initiator: { address, port: 61_000 },
        responder: control.initiator,
        lastTimes: [seconds(6.1), Number.NEGATIVE_INFINITY],
      });
    const own = captureCase([control, answerOf(control.responder.address)], REACHED);
    expect(checkRequestUnanswered(control, own)).toBeNull();
    const foreign = captureCase([control, answerOf('10.10.2.5')], REACHED);
    expect(checkRequestUnanswered(control, foreign)?.verdict).toBe('blocked');
  });
});

describe('a request over TCP', () => {
  const connect = (changes: Partial<FlowCase> = {}) => {
    const control = controlCase(30, { protocol: 'rtmp', label: 'RTMP', ...changes });
    control.record.ask(at(1), 0, 'connect');
    return control;
  };

  it('that was delivered and never answered cannot be judged, and is told', () => {
    const control = connect();
    expect(checkRequestUnanswered(control, captureCase([control]))).toMatchObject({
      code: 'request-unanswered',
      verdict: 'undetermined',
    });
  });

  it('is nothing when the capture ends soon, or falls silent', () => {
    const control = connect();
    expect(checkRequestUnanswered(control, captureCase([control], { endSecond: 6 }))).toBeNull();
    const gaps = [{ start: seconds(4), end: seconds(50) }];
    expect(checkRequestUnanswered(control, captureCase([control], { gaps }))).toBeNull();
  });

  it('is nothing when the other end spoke, or its media flows', () => {
    const spoken = connect();
    spoken.record.message(at(2), 1, 'windowAcknowledgementSize');
    expect(checkRequestUnanswered(spoken, captureCase([spoken]))).toBeNull();
    const playing = connect();
    const media = mediaCase(playing, { packets: [0, 500] });
    expect(checkRequestUnanswered(playing, captureCase([playing, media]))).toBeNull();
  });

  describe('and a close in place of an answer', () => {
    const closed = (changes: Partial<FlowCase>, acknowledged: number | null, isMissing = false) => {
      const tcp = { events: [tcpEvent('fin', 2)], acknowledgedBytes: [500, acknowledged] } as const;
      const isEndMissing = [isMissing, false] as const;
      const control = connect({ payload: [500, 0], tcp: tcpCase({ ...tcp, isEndMissing }), ...changes });
      return checkRequestUnanswered(control, captureCase([control]))?.code ?? null;
    };

    it('is a refusal, and so is a page of another protocol', () => {
      expect(closed({}, 0)).toBe('server-refused');
      expect(closed({ payload: [500, 400] }, 400)).toBe('server-refused');
    });

    it('is none where much was said, or where what was said is missing', () => {
      expect(closed({ payload: [500, 5000] }, 5000)).not.toBe('server-refused');
      expect(closed({}, 300)).not.toBe('server-refused');
      expect(closed({}, null)).not.toBe('server-refused');
    });

    it('is none where who asked may have closed first', () => {
      expect(closed({}, 0, true)).not.toBe('server-refused');
    });
  });

  it('is left to the check of cut connections when it was not delivered', () => {
    const run = { count: 5, firstFrame: 1, lastFrame: 9, firstTime: seconds(1), lastTime: seconds(9) };
    const control = connect({ tcp: tcpCase({ runs: [run, null] }) });
    expect(checkRequestUnanswered(control, captureCase([control]))).toBeNull();
  });
});

describe('a refusal', () => {
  it('cannot be told from one that was granted later where part of what was said since is missing', () => {
    const lacking = (second: number, code = '404') => {
      const control = controlCase(30);
      control.record.refuse(at(2), 1, 'DESCRIBE', code, '');
      control.record.missedAt = at(second);
      return checkServerRefused(control, captureCase([control]))?.verdict;
    };
    expect([lacking(3), lacking(1), lacking(1, 'closed')]).toEqual(['undetermined', 'refused', 'undetermined']);
  });

  it('is told in the words of who refused', () => {
    const control = controlCase(5);
    control.record.refuse(at(1), 1, 'SETUP', '453', 'not enough bandwidth');
    expect(checkServerRefused(control, captureCase([]))?.tell().what).toContain('SETUP: 453 not enough bandwidth');
    control.record.refuse(at(2), 1, 'DESCRIBE', '404', 'not found');
    expect(checkServerRefused(control, captureCase([]))?.verdict).toBe('refused');
  });

  it('may have been overcome in what is missing of its sender', () => {
    const refused = (isMissing: boolean) => {
      const control = controlCase(30, { tcp: tcpCase({ isEndMissing: [false, isMissing] }) });
      control.record.refuse(at(2), 1, 'DESCRIBE', '401', 'a password is asked for');
      return checkServerRefused(control, captureCase([control]));
    };
    expect(refused(false)).toMatchObject({ verdict: 'refused', certainty: 'confirmed' });
    expect(refused(true)).toMatchObject({ verdict: 'undetermined', certainty: 'inferred' });
    expect(refused(true)?.tell().why).toContain('may have granted');
  });

  it('sends nobody to the log of a phone whose callee is busy', () => {
    const nextStep = (code: string) => {
      const control = controlCase(30, { protocol: 'sip' });
      control.record.refuse(at(2), 1, 'INVITE', code, '');
      return checkServerRefused(control, captureCase([control]))?.tell().nextStep;
    };
    expect(nextStep('486')).toContain('Call again');
    expect(nextStep('403')).toContain('Look at the log');
  });

  it('stands within sentences without a full stop of its own', () => {
    const control = controlCase(5);
    control.record.refuse(at(1), 1, 'play', 'NetStream.Play.Failed', 'no such stream.');
    expect(checkServerRefused(control, captureCase([]))?.tell().why).toContain('no such stream. The path is open');
  });

  it('is nothing when it was overcome, or is none of streaming', () => {
    const control = controlCase(5);
    control.record.refuse(at(1), 1, 'DESCRIBE', '401', 'unauthorized')?.overcome(at(2));
    expect(checkServerRefused(control, captureCase([]))).toBeNull();
    const page = controlCase(5, { protocol: 'http', isStreaming: false });
    page.record.refuse(at(1), 1, 'GET', '404', 'not found');
    expect(checkServerRefused(page, captureCase([]))).toBeNull();
  });
});
