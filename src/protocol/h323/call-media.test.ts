import { describe, expect, it } from 'vitest';
import {
  acceptChannel,
  bareChannel,
  CONFERENCE,
  call,
  ENDPOINT,
  h225Address,
  h245,
  h245Address,
  openChannel,
} from '../../../test/h323-messages.ts';
import { converse, type Turn } from '../../../test/text-conversation.ts';
import type { AnnouncedMedia, ControlRecord } from '../control-record.ts';
import { h323Q931 } from './h323-q931.ts';

const NEAR = '10.0.0.1';
const FAR = '10.0.0.2';
const PCMU = { audioData: { g711Ulaw64k: 20 } };
const G729 = { audioData: { g729: 2 } };
const ANSWER = { destinationInfo: ENDPOINT, conferenceID: CONFERENCE };
const OFFER = {
  sourceInfo: ENDPOINT,
  activeMC: false,
  conferenceID: CONFERENCE,
  conferenceGoal: { create: true },
  callType: { pointToPoint: true },
};
const RELEASE = call('releaseComplete', { reason: { undefinedReason: true } });

function play(turns: readonly Turn[]): ControlRecord {
  return converse((record, context) => h323Q931.open!(record, context), turns);
}

function flowText({ announcement, state }: AnnouncedMedia): string {
  const { protocol, initiator, responder, sends, how, formats } = announcement;
  const end = (one: typeof initiator) => `${one.address ?? '*'}:${one.port ?? '*'}`;
  const codecs = formats.map((format) => `${format.encoding} `).join('');
  return `${protocol} ${end(initiator)} ${sends} ${end(responder)} ${codecs}by ${how}, ${state}`;
}

const flows = (record: ControlRecord): string[] => record.media.map(flowText);

describe('fast connect', () => {
  const toCalled = (number: number, dataType: object): Uint8Array =>
    bareChannel(openChannel(number, 1, dataType, { mediaControlChannel: h245Address(NEAR, 5001) }));
  const toCaller = (number: number, dataType: object, parameters: object): Uint8Array =>
    bareChannel({
      forwardLogicalChannelNumber: number,
      forwardLogicalChannelParameters: { dataType: { nullData: true }, multiplexParameters: { none: true } },
      reverseLogicalChannelParameters: {
        dataType,
        multiplexParameters: { h2250LogicalChannelParameters: { sessionID: 1, ...parameters } },
      },
    });
  const received = { mediaChannel: h245Address(NEAR, 5000), mediaControlChannel: h245Address(NEAR, 5001) };
  const offered = call('setup', {
    ...OFFER,
    fastStart: [toCalled(1, G729), toCaller(2, G729, received), toCalled(3, PCMU), toCaller(4, PCMU, received)],
  });
  /** The called end numbers its own channel anew. */
  const taken = [
    bareChannel(
      openChannel(3, 1, PCMU, { mediaChannel: h245Address(FAR, 6000), mediaControlChannel: h245Address(FAR, 6001) }),
    ),
    toCaller(101, PCMU, { mediaControlChannel: h245Address(FAR, 6001) }),
  ];
  const BOTH = [
    'rtp 10.0.0.1:5000 both 10.0.0.2:6000 PCMU by H.225 fastStart',
    'rtcp 10.0.0.1:5001 both 10.0.0.2:6001 by H.225 fastStart',
  ];

  it('offers without announcing, and announces what the called end takes', () => {
    expect(flows(play([['client', offered]]))).toEqual([]);
    const record = play([
      ['client', offered],
      ['server', call('connect', { ...ANSWER, fastStart: taken }, { from: 'called' })],
    ]);
    expect(flows(record)).toEqual(BOTH.map((flow) => `${flow}, playing`));
    expect(record.facts.get('codec')).toBe('PCMU');
  });

  it('waits for the connect when the channels are taken before it', () => {
    const turns: Turn[] = [
      ['client', offered],
      ['server', call('alerting', { destinationInfo: ENDPOINT, fastStart: taken }, { from: 'called' })],
    ];
    expect(play(turns).media.map((media) => media.startedAt)).toEqual([null, null]);
    const record = play([...turns, ['server', call('connect', ANSWER, { from: 'called' })]]);
    expect(record.media.map((media) => media.startedAt?.frame)).toEqual([3, 3]);
  });

  it('is taken once, however often it is told', () => {
    const told = { destinationInfo: ENDPOINT, fastStart: taken };
    const record = play([
      ['client', offered],
      ['server', call('callProceeding', told, { from: 'called' })],
      ['server', call('alerting', told, { from: 'called' })],
      ['server', call('connect', { ...ANSWER, fastStart: taken }, { from: 'called' })],
    ]);
    expect(flows(record)).toEqual(BOTH.map((flow) => `${flow}, playing`));
  });

  it('still finds the way to the called end when the offer was not seen', () => {
    const record = play([['server', call('connect', { ...ANSWER, fastStart: taken }, { from: 'called' })]]);
    expect(flows(record).map((flow) => flow.split(' by ')[0])).toEqual([
      'rtp *:* toResponder 10.0.0.2:6000 PCMU',
      'rtcp *:* both 10.0.0.2:6001',
    ]);
  });

  it('ends with the call', () => {
    const record = play([
      ['client', offered],
      ['server', call('connect', { ...ANSWER, fastStart: taken }, { from: 'called' })],
      ['client', RELEASE],
    ]);
    expect(record.media.map((media) => media.state)).toEqual(['ended', 'ended']);
  });
});

describe('H.245 in a tunnel', () => {
  const tunnel = (kind: 'connect' | 'facility', from: string, ...messages: object[]): Uint8Array =>
    call(kind, kind === 'connect' ? ANSWER : { reason: { transportedInformation: true } }, {
      from,
      pdu: { h245Tunnelling: true, h245Control: messages.map(h245) },
    });
  const opened = {
    request: { openLogicalChannel: openChannel(1, 1, PCMU, { mediaControlChannel: h245Address(NEAR, 5001) }) },
  };
  const accepted = {
    response: {
      openLogicalChannelAck: acceptChannel(1, {
        sessionID: 1,
        mediaChannel: h245Address(FAR, 6000),
        mediaControlChannel: h245Address(FAR, 6001),
      }),
    },
  };

  it('is followed as on its own connection', () => {
    const record = play([
      ['client', call('setup', OFFER, { pdu: { h245Tunnelling: true } })],
      ['server', tunnel('connect', 'called')],
      ['client', tunnel('facility', 'caller', opened)],
      ['server', tunnel('facility', 'called', accepted)],
    ]);
    expect(flows(record)).toEqual([
      'rtp 10.0.0.1:5000 toResponder 10.0.0.2:6000 PCMU by H.245 openLogicalChannelAck (tunnelled), playing',
      'rtcp 10.0.0.1:5001 both 10.0.0.2:6001 by H.245 openLogicalChannelAck (tunnelled), playing',
    ]);
    expect(record.variant).toBe('H.245 tunnelled');
    expect(record.messages.map((message) => message.name)).toContain('H.245 openLogicalChannelAck');
  });

  it('makes an own connection optional', () => {
    const address = { h245Address: h225Address(FAR, 30001) };
    const answered = (pdu: object): boolean | undefined =>
      play([['server', call('connect', { ...ANSWER, ...address }, { from: 'called', pdu })]]).media[0]?.announcement
        .mayBeSilent;
    expect(answered({})).toBe(false);
    expect(answered({ h245Tunnelling: true })).toBe(true);
  });
});
