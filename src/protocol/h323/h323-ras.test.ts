import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesOf, CONFERENCE, ENDPOINT, H225_VERSION, h225Address, ras } from '../../../test/h323-messages.ts';
import { contextOf, converse, type Turn } from '../../../test/text-conversation.ts';
import type { ControlRecord } from '../control-record.ts';
import { h323Ras } from './h323-ras.ts';
import { RasDissection } from './ras-dissection.ts';

const NEAR = '10.0.0.1';
const FAR = '10.0.0.2';
const GATEKEEPER = '10.0.0.9';
const VENDOR = {
  vendor: { t35CountryCode: 181, t35Extension: 0, manufacturerCode: 18 },
  productId: new Uint8Array(Buffer.from('Room')),
  versionId: new Uint8Array(Buffer.from('6.2')),
};

const discovery = (number: number): Uint8Array =>
  ras({
    gatekeeperRequest: {
      requestSeqNum: number,
      protocolIdentifier: H225_VERSION,
      rasAddress: h225Address(NEAR, 1719),
      endpointType: ENDPOINT,
      endpointAlias: [{ 'h323-ID': 'room' }],
    },
  });
const registration = (number: number, keepAlive = false): Uint8Array =>
  ras({
    registrationRequest: {
      requestSeqNum: number,
      protocolIdentifier: H225_VERSION,
      discoveryComplete: true,
      callSignalAddress: [h225Address(NEAR, 1720)],
      rasAddress: [h225Address(NEAR, 1719)],
      terminalType: ENDPOINT,
      terminalAlias: [{ 'h323-ID': 'room' }, { dialledDigits: '4711' }],
      endpointVendor: VENDOR,
      keepAlive,
    },
  });
const registered = (number: number): Uint8Array =>
  ras({
    registrationConfirm: {
      requestSeqNum: number,
      protocolIdentifier: H225_VERSION,
      callSignalAddress: [h225Address(GATEKEEPER, 1720)],
      gatekeeperIdentifier: 'G1',
      endpointIdentifier: 'E1',
      timeToLive: 60,
    },
  });
const admission = (number: number, conference = 7, answerCall = false): Uint8Array =>
  ras({
    admissionRequest: {
      requestSeqNum: number,
      callType: { pointToPoint: true },
      endpointIdentifier: 'E1',
      destinationInfo: [{ dialledDigits: '0815' }],
      srcInfo: [{ 'h323-ID': 'room' }],
      bandWidth: 640,
      callReferenceValue: 1,
      conferenceID: CONFERENCE.map(() => conference),
      activeMC: false,
      answerCall,
    },
  });
/** To 10.0.0.2:1720, direct, 64 kbit/s. */
const admitted = (number: number): Uint8Array =>
  bytesOf(`2800 ${(number - 1).toString(16).padStart(4, '0')} 40 0280 00 0a000002 06b8`);
const refusedAdmission = (number: number, rest: string): Uint8Array =>
  bytesOf(`2c ${(number - 1).toString(16).padStart(4, '0')} ${rest}`);
const disengage = (number: number): Uint8Array =>
  ras({
    disengageRequest: {
      requestSeqNum: number,
      endpointIdentifier: 'E1',
      conferenceID: CONFERENCE,
      callReferenceValue: 1,
      disengageReason: { normalDrop: true },
    },
  });

function play(turns: readonly Turn[]): ControlRecord {
  return converse((record) => new RasDissection(record), turns, { transport: 'udp' });
}

const messages = (record: ControlRecord): string[] =>
  record.messages.map(({ direction, name, detail }) => `${direction} ${name} ${detail}`.trim());
const refusals = (record: ControlRecord): string[] =>
  record.refusals.map(({ request, code, words }) => `${request}: ${code}, ${words}`);
const questions = (record: ControlRecord): (string | number | undefined)[][] =>
  record.questions.map(({ request, repetitions, answeredAt }) => [request, repetitions, answeredAt?.frame]);

describe('RAS', () => {
  it('tells who is registered with whom', () => {
    const record = play([
      ['client', bytesOf('0000 0000 06 0008914a0004 00 0a000001 06b7 0200')],
      ['server', bytesOf('0480 0000 06 0008914a0005 02 00470031 00 0a000009 06b7')],
      ['client', registration(2)],
      ['server', registered(2)],
      ['client', registration(3, true)],
    ]);
    expect(messages(record)).toEqual([
      '0 RAS gatekeeperRequest',
      '1 RAS gatekeeperConfirm G1 at 10.0.0.9:1719',
      '0 RAS registrationRequest room, 4711 at 10.0.0.1:1720',
      '1 RAS registrationConfirm G1, for 60 s',
      '0 RAS registrationRequest keep-alive',
    ]);
    expect(Object.fromEntries(record.facts)).toEqual({
      aliases: 'room, 4711',
      agent: 'Room 6.2',
      gatekeeper: 'G1',
      rasAddress: '10.0.0.9:1719',
      callSignalAddress: '10.0.0.1:1720',
      gatekeeperCallSignalAddress: '10.0.0.9:1720',
      timeToLive: '60 s',
    });
    expect(record.clientDirection).toBe(0);
  });

  it('announces where an admitted call is to be placed, until it is over', () => {
    const turns: Turn[] = [
      ['client', admission(6)],
      ['server', admitted(6)],
    ];
    const record = play(turns);
    expect(record.media.map((media) => media.announcement)).toMatchObject([
      {
        protocol: 'h323-q931',
        transport: 'tcp',
        initiator: { address: null, port: null },
        responder: { address: FAR, port: 1720 },
        sends: 'toResponder',
        how: 'RAS admissionConfirm',
      },
    ]);
    expect(record.messages[0]?.detail).toBe('room calls 0815');
    expect(record.messages[1]?.detail).toBe('10.0.0.2:1720, direct');
    expect(play([...turns, ['client', disengage(7)]]).media[0]?.state).toBe('ended');
  });

  it('announces nothing to the end that asks whether it may answer', () => {
    const record = play([
      ['client', admission(6, 7, true)],
      ['server', admitted(6)],
    ]);
    expect(record.media).toEqual([]);
  });

  it('counts repetitions, with the same number or a new one, and takes progress for an answer', () => {
    const record = play([
      ['client', discovery(1)],
      ['client', discovery(1)],
      ['client', discovery(2)],
      ['client', admission(5, 1)],
      ['client', admission(6, 2)],
      ['server', ras({ requestInProgress: { requestSeqNum: 6, delay: 4000 } })],
      ['server', admitted(6)],
    ]);
    expect(questions(record)).toEqual([
      ['gatekeeper discovery (GRQ)', 2, undefined],
      ['admission (ARQ)', 0, undefined],
      ['admission (ARQ)', 0, 6],
    ]);
    expect(record.messages[5]?.detail).toBe('up to 4000 ms');
    expect(record.media).toHaveLength(1);
  });

  it('takes the same request much later for a new one', () => {
    const pause = Array.from({ length: 25 }, (): Turn => ['server', bytesOf('ff')]);
    const record = play([['client', registration(1)], ...pause, ['client', registration(2)]]);
    expect(questions(record)).toEqual([
      ['registration (RRQ)', 0, undefined],
      ['registration (RRQ)', 0, undefined],
    ]);
  });

  it('keeps an open question through any number of answered ones', () => {
    const keepAlives = Array.from({ length: 200 }, (_, i): Turn[] => [
      ['client', registration(i + 10, true)],
      ['server', registered(i + 10)],
    ]);
    const record = play([['client', admission(1)], ...keepAlives.flat()]);
    expect(record.questions.filter((question) => question.answeredAt === null)).toHaveLength(1);
    expect(record.questions.length).toBeLessThanOrEqual(64);
  });

  it.each([
    ['40', 'callerNotRegistered, the caller is not registered with the gatekeeper (a matter of configuration)'],
    ['20', 'requestDenied, the gatekeeper does not permit it (a matter of its policy)'],
    ['85 00', 'exceedsCallCapacity, the destination has no capacity for another call (a matter of capacity)'],
    ['30', 'undefinedReason, no reason was given (undefinedReason)'],
  ])('tells why an admission was refused (%s)', (reason, words) => {
    const record = play([
      ['client', admission(6)],
      ['server', refusedAdmission(6, reason)],
    ]);
    expect(refusals(record)).toEqual([`admission (ARQ): ${words}`]);
    expect(record.questions[0]?.answeredAt?.frame).toBe(2);
  });

  it.each([
    ['1400 0005 06 0008914a0005 00', 'registration (RRQ): discoveryRequired'],
    ['0800 0005 06 0008914a0005 20', 'gatekeeper discovery (GRQ): terminalExcluded'],
  ])('reads the reasons of other refusals (%s)', (hex, start) => {
    expect(refusals(play([['server', bytesOf(hex)]]))[0]).toContain(start);
  });

  it('knows a refusal that was overcome', () => {
    const record = play([
      ['client', registration(6)],
      ['server', bytesOf('1400 0005 06 0008914a0005 00')],
      ['client', registration(7)],
      ['server', registered(7)],
      ['client', admission(8, 1)],
      ['server', refusedAdmission(8, '40')],
      ['client', admission(9, 2)],
      ['server', admitted(9)],
    ]);
    expect(record.refusals.map((refusal) => refusal.overcomeAt?.frame)).toEqual([4, undefined]);
  });

  it('never throws and keeps its bounds', () => {
    const known = [discovery(1), registration(2), registered(2), admission(3), admitted(3), disengage(4)];
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(), fc.nat(), fc.nat()), { maxLength: 40 }), (hits) => {
        const turns = hits.map(([which, flip, cut]): Turn => {
          const bytes = Uint8Array.from(known[which % known.length]!);
          bytes[(flip >> 3) % bytes.length]! ^= 1 << (flip & 7);
          return [which % 2 === 0 ? 'client' : 'server', bytes.subarray(0, 1 + (cut % bytes.length))];
        });
        expect(play(turns).media.length).toBeLessThanOrEqual(256);
      }),
    );
  });
});

describe('recognition of RAS', () => {
  const recognize = (bytes: Uint8Array, port = 40_001) =>
    h323Ras.recognize(bytes, 0, bytes.length, { ...contextOf(0, 'udp', bytes.length), destinationPort: port });
  const confirm = (datagrams: readonly Uint8Array[], cutBytes = 0) => {
    const confirmation = h323Ras.confirm!();
    return datagrams.map((bytes) =>
      confirmation.accept(bytes, 0, bytes.length, contextOf(0, 'udp', bytes.length + cutBytes)),
    );
  };

  it('is sure on any port where the object identifier stands', () => {
    expect(recognize(discovery(1))).toBe('yes');
    expect(recognize(registered(1))).toBe('yes');
    const report = { requestSeqNum: 1, protocolIdentifier: H225_VERSION, endpointIdentifier: 'E1', protocols: [] };
    expect(recognize(ras({ resourcesAvailableIndicate: { ...report, almostOutOfResources: true } }))).toBe('yes');
  });

  it('suspects other messages by their endpoint identifier or the port, and confirms what fills its datagram', () => {
    expect(recognize(admission(1))).toBe('maybe');
    expect(recognize(disengage(1))).toBe('maybe');
    expect(recognize(admitted(1))).toBe('no');
    expect(recognize(admitted(1), 1719)).toBe('maybe');
    expect(confirm([admission(1)])).toEqual(['yes']);
    expect(confirm([bytesOf('40 0005'), bytesOf('40 0006'), bytesOf('40 0007')])).toEqual(['maybe', 'maybe', 'yes']);
    expect(confirm([Uint8Array.from([...admission(1), 1, 2])])).toEqual(['no']);
    expect(confirm([admission(1).subarray(0, 20)], 30)).toEqual(['maybe']);
  });

  it.each([
    ['DNS', '0001 0100 0001 0000 0000 0000 03777777 076578616d706c65 03636f6d 00 0001 0001'],
    ['STUN', '0001 0000 2112a442 000102030405060708090a0b'],
    ['RTP', '8000 0001 00000000 deadbeef d5d5d5d5d5d5d5d5'],
    ['RTCP', '81c9 0007 11111111 deadbeef 00000000 00000001 00000000 00000000 00000000'],
    ['three bytes', '40 00 05'],
  ])('does not suspect %s', (_, hex) => expect(recognize(bytesOf(hex))).toBe('no'));
});
