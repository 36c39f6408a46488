import { describe, expect, it } from 'vitest';
import { ask, describeStream, listen, say, setUp, URL } from '../../../test/rtsp-conversation.ts';
import type { Turn } from '../../../test/text-conversation.ts';

describe('refusals', () => {
  const only = (turns: readonly Turn[]) => {
    const { refusals } = listen(turns);
    return refusals.map((one) => [one.request, one.code, one.words, one.overcomeAt?.frame ?? null]);
  };

  it('stand with the code in words', () => {
    expect(only([ask('DESCRIBE'), say('404 Not Found')])).toEqual([
      ['DESCRIBE', '404', 'no such stream on the server', null],
    ]);
    expect(only([ask('PLAY'), say('453 Not Enough Bandwidth')])).toEqual([
      ['PLAY', '453', 'the server has not enough bandwidth', null],
    ]);
  });

  it('are overcome by a password that is accepted', () => {
    expect(only([ask('DESCRIBE'), say('401 Unauthorized'), ...describeStream()])).toEqual([
      ['DESCRIBE', '401', 'the server asks for a user name and password', 4],
    ]);
    expect(only([ask('OPTIONS'), say('401 Unauthorized'), ...describeStream()])[0]?.[3]).toBe(4);
  });

  it('are overcome by another transport of the same track, not by another track', () => {
    const refused = [
      ask('SETUP', `${URL}/stream=0`, 'Transport: RTP/AVP;unicast;client_port=5004-5005'),
      say('461 Unsupported Transport'),
    ];
    const tcp = 'RTP/AVP/TCP;unicast;interleaved=0-1';
    expect(only([...refused, ...setUp(0, tcp, tcp)])[0]?.[3]).toBe(4);
    expect(only([...refused, ...setUp(1, tcp, tcp), ask('PLAY'), say('200 OK')])[0]?.[3]).toBeNull();
  });

  it('of a whole presentation are overcome by the SETUP of a track of it', () => {
    const transport = 'RTP/AVP/TCP;unicast;interleaved=0-1';
    const refused = (path: string) => [
      ask('SETUP', `${URL}${path}`, `Transport: ${transport}`),
      say('459 Aggregate Operation Not Allowed'),
    ];
    expect(only([...refused(''), ...setUp(0, transport, transport)])[0]?.[3]).toBe(4);
    expect(only([...refused('/'), ...setUp(0, transport, transport)])[0]?.[3]).toBe(4);
    expect(only([...refused('/stream='), ...setUp(0, transport, transport)])[0]?.[3]).toBeNull();
    const unplayed = [ask('PLAY', URL), say('455 Method Not Valid in This State')];
    expect(only([...unplayed, ...setUp(0, transport, transport)])[0]?.[3]).toBeNull();
  });

  it('are overcome by PLAY after the same was asked again, whose answer the capture may lack', () => {
    const refused = [
      ask('SETUP', `${URL}/stream=0`, 'Transport: RTP/AVP;unicast;client_port=5004-5005'),
      say('461 Unsupported Transport'),
    ];
    const again = ask('SETUP', `${URL}/stream=0`, 'Transport: RTP/AVP/TCP;unicast;interleaved=0-1');
    expect(only([...refused, again, ask('PLAY'), say('200 OK')])[0]?.[3]).toBe(5);
    expect(only([...refused, ask('PLAY'), say('200 OK')])[0]?.[3]).toBeNull();
  });

  it('do not arise from keep-alives and goodbyes that a server does not understand', () => {
    expect(
      only([
        ask('GET_PARAMETER'),
        say('501 Not Implemented'),
        ask('OPTIONS', '*'),
        say('405 Method Not Allowed'),
        ask('TEARDOWN'),
        say('454 Session Not Found'),
      ]),
    ).toEqual([]);
    expect(only([ask('GET_PARAMETER'), say('454 Session Not Found')])).toHaveLength(1);
  });
});
