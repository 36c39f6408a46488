import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesOf, CONFERENCE, call, ENDPOINT, h225Address } from '../../../test/h323-messages.ts';
import { contextOf, converse, type Staging, type Turn } from '../../../test/text-conversation.ts';
import type { AnnouncedMedia, ControlRecord } from '../control-record.ts';
import { h323Q931 } from './h323-q931.ts';

/** Whole messages of version 5, each with the identifiers of its call. */
const SETUP = bytesOf(
  '0300004f 0802 0001 05 7e0043 05 20c0 060008914a0005 00 0a000001 7532 0200 000102030405060708090a0b0c0d0e0f 0015 07 00 0a000001 9c40 11 00 000102030405060708090a0b0c0d0e0f 02800100',
);
const ALERTING = bytesOf(
  '03000035 0802 8001 01 7e0029 05 23c0 060008914a0005 0200 0a000002 7531 01 11 00 000102030405060708090a0b0c0d0e0f 02800100',
);
const CONNECT = bytesOf(
  '03000046 0802 8001 07 7e003a 05 22c0 060008914a0005 00 0a000002 7531 0200 000102030405060708090a0b0c0d0e0f 01 11 00 000102030405060708090a0b0c0d0e0f 02800100',
);
const ADAPTIVE_BUSY = bytesOf(
  '0300002e 0802 0001 5a 7e0022 05 25c0 060008914a0005 48 08 11 00 000102030405060708090a0b0c0d0e0f 02800100',
);
/** A cause element of Q.850. */
const cause = (value: number): readonly number[] => [8, 2, 0x80, 0x80 | value];

const FAR = '10.0.0.2';
const ANSWER = { destinationInfo: ENDPOINT, conferenceID: CONFERENCE };
const OFFER = {
  sourceInfo: ENDPOINT,
  activeMC: false,
  conferenceID: CONFERENCE,
  conferenceGoal: { create: true },
  callType: { pointToPoint: true },
};

function play(turns: readonly Turn[], staging: Staging = {}): ControlRecord {
  return converse((record, context) => h323Q931.open!(record, context), turns, staging);
}

function flowText({ announcement, state }: AnnouncedMedia): string {
  const { protocol, initiator, responder, sends, how, formats } = announcement;
  const end = (one: typeof initiator) => `${one.address ?? '*'}:${one.port ?? '*'}`;
  const codecs = formats.map((format) => `${format.encoding} `).join('');
  return `${protocol} ${end(initiator)} ${sends} ${end(responder)} ${codecs}by ${how}, ${state}`;
}

const flows = (record: ControlRecord): string[] => record.media.map(flowText);
const refusals = (record: ControlRecord): string[] =>
  record.refusals.map(({ direction, request, code, words }) => `${direction} ${request}: ${code}, ${words}`);

describe('call signalling', () => {
  it('announces H.245 where each side waits for it, once', () => {
    const record = play([
      ['client', SETUP],
      ['server', ALERTING],
      ['server', CONNECT],
    ]);
    expect(flows(record)).toEqual([
      'h323-h245 10.0.0.1:30002 toInitiator *:* by H.225 setup h245Address, announced',
      'h323-h245 *:* toResponder 10.0.0.2:30001 by H.225 alerting h245Address, announced',
    ]);
    expect(record.messages.map((message) => message.name)).toEqual(['H.225 setup', 'H.225 alerting', 'H.225 connect']);
    expect(record.messages[0]?.detail).toBe('10.0.0.1:40000 calls unknown, H.245 at 10.0.0.1:30002');
    expect(record.questions.map((question) => question.answeredAt?.frame)).toEqual([2]);
  });

  it('finds the same however the stream is cut', () => {
    const turns: Turn[] = [
      ['client', SETUP],
      ['server', ALERTING],
      ['server', CONNECT],
      ['client', ADAPTIVE_BUSY],
    ];
    for (const pieceBytes of [1, 4, 5, 30]) expect(flows(play(turns, { pieceBytes }))).toEqual(flows(play(turns)));
  });

  it('knows the caller by SETUP, by the flag of the call reference, and on a connection that the called end opened', () => {
    expect(play([['client', SETUP]]).clientDirection).toBe(0);
    expect(play([['server', CONNECT]]).clientDirection).toBe(0);
    expect(play([['client', SETUP]], { isServerInitiator: true }).clientDirection).toBe(1);
    expect(flows(play([['server', CONNECT]], { isServerInitiator: true }))).toEqual([
      'h323-h245 10.0.0.2:30001 toInitiator *:* by H.225 connect h245Address, announced',
    ]);
  });

  it('reads H.245 addresses behind long descriptions of the other end, and in a facility', () => {
    const destinationInfo = {
      vendor: {
        vendor: { t35CountryCode: 181, t35Extension: 0, manufacturerCode: 18 },
        productId: new Uint8Array(Buffer.from('Gateway\0')),
        versionId: new Uint8Array(Buffer.from('4.1')),
      },
      gateway: { protocol: [{ voice: {} }, { h323: {} }] },
      ...ENDPOINT,
    };
    const record = play([
      ['client', call('setup', OFFER)],
      ['server', call('callProceeding', { destinationInfo, h245Address: h225Address(FAR, 30001) }, { from: 'called' })],
      [
        'server',
        call('facility', { reason: { startH245: true }, h245Address: h225Address(FAR, 30009) }, { from: 'called' }),
      ],
    ]);
    expect(flows(record).map((flow) => flow.split(' by ')[0])).toEqual([
      'h323-h245 *:* toResponder 10.0.0.2:30001',
      'h323-h245 *:* toResponder 10.0.0.2:30009',
    ]);
    expect(record.facts.get('server')).toBe('Gateway 4.1');
  });

  it('tells who calls whom, with names before numbers', () => {
    const named = {
      ...OFFER,
      sourceAddress: [{ 'h323-ID': 'Ада' }, { dialledDigits: '4711' }],
      destinationAddress: [{ 'url-ID': 'h323:desk@example.org' }],
    };
    const facts = play([['client', call('setup', named, { elements: [0x28, 4, 0x41, 0x64, 0x61, 0] })]]).facts;
    expect(Object.fromEntries(facts)).toMatchObject({
      caller: 'Ада, 4711',
      called: 'h323:desk@example.org',
      display: 'Ada',
    });
    const numbers = [...[0x6c, 4, 0x00, 0x80, 0x31, 0x32], ...[0x70, 3, 0x80, 0x33, 0x34]];
    expect(play([['client', call('setup', OFFER, { elements: numbers })]]).messages[0]?.detail).toBe('12 calls 34');
  });

  it('announces where a facility sends the call', () => {
    const moved = { reason: { routeCallToGatekeeper: true }, alternativeAddress: h225Address('10.0.0.9', 2720) };
    const record = play([
      ['client', call('setup', OFFER)],
      ['server', call('facility', moved, { from: 'called' })],
    ]);
    expect(flows(record)).toEqual([
      'h323-q931 *:* toResponder 10.0.0.9:2720 by H.225 facility alternativeAddress, announced',
    ]);
    expect(record.messages[1]?.detail).toBe('routeCallToGatekeeper, 10.0.0.9:2720');
  });
});

describe('the end of a call', () => {
  const release = (elements: readonly number[], reason: string | null, from = 'called'): Uint8Array =>
    call('releaseComplete', reason === null ? {} : { reason: { [reason]: true } }, { from, elements });
  const refused = (...ends: Uint8Array[]): string[] =>
    refusals(play([['client', call('setup', OFFER)], ...ends.map((end): Turn => ['server', end])]));

  it('is a refusal for every cause but normal clearing', () => {
    expect(refused(release(cause(16), null))).toEqual([]);
    expect(refused(release(cause(17), 'inConf'))).toEqual(['1 call setup: cause 17, user busy']);
    expect(refused(release(cause(21), null))).toEqual(['1 call setup: cause 21, call rejected']);
    expect(refused(release([8, 3, 0x00, 0x80, 0xff], null))).toEqual(['1 call setup: cause 127, interworking']);
  });

  it('is told by its reason where no cause is there', () => {
    expect(refused(release([], 'noPermission'))).toEqual([
      "1 call setup: noPermission, the called party's gatekeeper does not permit the call",
    ]);
    expect(refused(release([], 'destinationRejection'))).toEqual([
      '1 call setup: destinationRejection, rejected at the destination',
    ]);
    expect(refused(release([], 'adaptiveBusy'))).toEqual([
      '1 call setup: adaptiveBusy, the network is too crowded for the call',
    ]);
  });

  it('is ordinary for a call that was up, unless something broke', () => {
    const up = call('connect', ANSWER, { from: 'called' });
    expect(refused(up, release([], 'undefinedReason'))).toEqual([]);
    expect(refused(up, release([], 'destinationRejection'))).toEqual([]);
    expect(refused(up, release([], null))).toEqual([]);
    expect(refused(up, release(cause(41), null))).toEqual(['1 call: cause 41, temporary failure']);
  });

  it('is no refusal by a caller that gives up, whatever cause it names', () => {
    for (const end of [call('releaseComplete', {}), ADAPTIVE_BUSY]) {
      const turns: Turn[] = [
        ['client', SETUP],
        ['client', end],
      ];
      expect(refusals(play(turns))).toEqual([]);
    }
  });

  it('closes the session and ends what was announced, until the next call', () => {
    const turns: Turn[] = [
      ['client', SETUP],
      ['server', CONNECT],
      ['client', ADAPTIVE_BUSY],
    ];
    const record = play(turns);
    expect(record.media.map((media) => media.state)).toEqual(['ended', 'ended']);
    expect(record.closedAt?.frame).toBe(3);
    const next = play([...turns, ['client', call('setup', OFFER, { reference: 2 })]]);
    expect(next.closedAt).toBeNull();
  });
});

describe('what cannot be read', () => {
  it('gives an address of a host that took part, as searched for', () => {
    const setup = call('setup', { ...OFFER, destCallSignalAddress: h225Address(FAR, 1720) });
    // The type of the called end takes an alternative and a length that no version has.
    const broken = bytesOf('0300 0023 0802 8001 02 7e 0017 05 21 c0 060008914a0005 3f ff 00 0a000002 7531 ffffffff');
    const record = play([
      ['client', setup],
      ['server', broken],
    ]);
    expect(flows(record)).toEqual([
      'h323-h245 *:* toResponder 10.0.0.2:30001 by H.225 callProceeding h245Address, announced',
    ]);
    expect(record.media[0]?.announcement.certainty).toBe('scanned');
  });

  it('never throws and keeps its bounds', () => {
    const messages = [SETUP, ALERTING, CONNECT, ADAPTIVE_BUSY];
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(), fc.nat(), fc.nat()), { maxLength: 30 }), (hits) => {
        const turns = hits.map(([which, flip, cut]): Turn => {
          const bytes = Uint8Array.from(messages[which % messages.length]!);
          bytes[(flip >> 3) % bytes.length]! ^= 1 << (flip & 7);
          return [
            which % 2 === 0 ? 'client' : 'server',
            bytes.subarray(0, cut % 3 === 0 ? cut % bytes.length : bytes.length),
          ];
        });
        expect(play(turns).media.length).toBeLessThanOrEqual(256);
      }),
    );
    const many = Array.from({ length: 300 }, (_, i): Turn => ['client', call('setup', OFFER, { reference: i + 1 })]);
    expect(play(many).questions.length).toBeLessThanOrEqual(64);
  });
});

describe('recognition of call signalling', () => {
  const recognize = (bytes: Uint8Array) =>
    h323Q931.recognize(bytes, 0, bytes.length, contextOf(0, 'tcp', bytes.length));

  it('takes a whole message whose elements fill it, also behind empty packets', () => {
    expect(recognize(SETUP)).toBe('yes');
    expect(recognize(bytesOf(`03000004 03000004 ${Buffer.from(CONNECT).toString('hex')}`))).toBe('yes');
    for (let length = 0; length < SETUP.length; length++) expect(recognize(SETUP.subarray(0, length))).toBe('maybe');
    expect(recognize(Uint8Array.from([...SETUP.subarray(0, 10), 0x7f, ...SETUP.subarray(11)]))).toBe('no');
  });

  it.each([
    ['remote desktop', '0300 0013 0e e0 0000 0000 00 0100 0800 03000000'],
    ['X.224 data with T.125', '0300 0011 02 f0 80 7f65 82 0000 0401 0104 0101'],
    ['H.245', '0300 000e 02 70 01 06 0008817500 07 00 00'],
    ['RTMP', '0300 1234 5600 0000 00de adbe ef01'],
    ['RTMP whose time looks like it', '0300 4008 0000 0000 00de adbe ef01 0203'],
  ])('does not claim %s', (_, hex) => expect(recognize(bytesOf(hex))).toBe('no'));
});
