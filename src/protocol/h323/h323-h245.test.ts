import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  acceptChannel,
  bytesOf,
  groupAddress,
  h245,
  h245Address,
  openChannel,
  tpkt,
} from '../../../test/h323-messages.ts';
import { contextOf, converse, type Staging, type Turn } from '../../../test/text-conversation.ts';
import type { AnnouncedMedia, ControlRecord } from '../control-record.ts';
import { h323H245 } from './h323-h245.ts';

const NEAR = '10.0.0.1';
const FAR = '10.0.0.2';
const PCMA = { audioData: { g711Alaw64k: 20 } };
const H261 = {
  videoData: {
    h261VideoCapability: {
      cifMPI: 1,
      temporalSpatialTradeOffCapability: false,
      maxBitRate: 3840,
      stillImageTransmission: false,
    },
  },
};
const CAPABILITIES = h245({
  request: {
    terminalCapabilitySet: {
      sequenceNumber: 1,
      protocolIdentifier: '0.0.8.245.0.7',
      capabilityTable: [
        { capabilityTableEntryNumber: 1, capability: { receiveAudioCapability: PCMA.audioData } },
        {
          capabilityTableEntryNumber: 2,
          capability: {
            receiveRTPAudioTelephonyEventCapability: { dynamicRTPPayloadType: 101, audioTelephoneEvent: '0-16' },
          },
        },
      ],
    },
  },
});

const request = (name: string, body: object): Uint8Array => h245({ request: { [name]: body } });
const response = (name: string, body: object): Uint8Array => h245({ response: { [name]: body } });
const open = (number: number, dataType: object, rtcp: object, session = 1): Uint8Array =>
  request('openLogicalChannel', openChannel(number, session, dataType, { mediaControlChannel: rtcp }));
const accept = (number: number, media: object, control: object): Uint8Array =>
  response(
    'openLogicalChannelAck',
    acceptChannel(number, { sessionID: 1, mediaChannel: media, mediaControlChannel: control }),
  );

/** A call in G.711 both ways, as two common endpoints talk. */
const AUDIO_CALL: readonly Turn[] = [
  [
    'client',
    tpkt(CAPABILITIES, request('masterSlaveDetermination', { terminalType: 50, statusDeterminationNumber: 9 })),
  ],
  ['server', tpkt(CAPABILITIES)],
  ['server', tpkt(response('terminalCapabilitySetAck', { sequenceNumber: 1 }))],
  ['client', tpkt(open(1, PCMA, h245Address(NEAR, 5001)))],
  ['server', tpkt(open(1, PCMA, h245Address(FAR, 6001)))],
  ['server', tpkt(accept(1, h245Address(FAR, 6000), h245Address(FAR, 6001)))],
  ['client', tpkt(accept(1, h245Address(NEAR, 5000), h245Address(NEAR, 5001)))],
];

function play(turns: readonly Turn[], staging: Staging = {}): ControlRecord {
  return converse((record, context) => h323H245.open!(record, context), turns, staging);
}

function flowText({ announcement, state }: AnnouncedMedia): string {
  const { protocol, initiator, responder, sends, media, formats } = announcement;
  const end = (one: typeof initiator) => `${one.address ?? '*'}:${one.port ?? '*'}`;
  const types = formats.map((format) => `${format.encoding}/${format.payloadType}`).join(' ');
  return `${protocol} ${media} ${end(initiator)} ${sends} ${end(responder)} ${types}`.trim().concat(` ${state}`);
}

const flows = (record: ControlRecord): string[] => record.media.map(flowText);

describe('an H.245 call', () => {
  it('announces one flow of RTP both ways and one of RTCP, from the acknowledgement on', () => {
    const record = play(AUDIO_CALL);
    expect(flows(record)).toEqual([
      'rtp audio 10.0.0.1:5000 both 10.0.0.2:6000 PCMA/8 telephone-event/101 playing',
      'rtcp audio 10.0.0.1:5001 both 10.0.0.2:6001 playing',
    ]);
    expect(record.media.map(({ rtcp }) => rtcp)).toEqual([record.media[1], null]);
    expect(record.media[0]?.startedAt?.frame).toBe(6);
    expect(record.media[0]?.announcement.how).toBe('H.245 openLogicalChannelAck');
    expect(record.media[0]?.announcement.certainty).toBe('parsed');
    expect(record.media[1]?.announcement.mayBeSilent).toBe(true);
    expect(record.facts.get('codec')).toBe('PCMA, telephone-event');
  });

  it('names its messages and matches answers to requests', () => {
    const record = play(AUDIO_CALL);
    expect(record.messages.map(({ direction, name, detail }) => `${direction} ${name} ${detail}`.trim())).toEqual([
      '0 H.245 terminalCapabilitySet PCMA, telephone-event',
      '0 H.245 masterSlaveDetermination',
      '1 H.245 terminalCapabilitySet PCMA, telephone-event',
      '1 H.245 terminalCapabilitySetAck',
      '0 H.245 openLogicalChannel channel 1: audio PCMA, RTCP at 10.0.0.1:5001',
      '1 H.245 openLogicalChannel channel 1: audio PCMA, RTCP at 10.0.0.2:6001',
      '1 H.245 openLogicalChannelAck channel 1, media to 10.0.0.2:6000, RTCP at 10.0.0.2:6001',
      '0 H.245 openLogicalChannelAck channel 1, media to 10.0.0.1:5000, RTCP at 10.0.0.1:5001',
    ]);
    const unanswered = record.questions.filter((question) => question.answeredAt === null);
    expect(unanswered.map((question) => question.request)).toEqual([
      'H.245 masterSlaveDetermination',
      'H.245 terminalCapabilitySet',
    ]);
  });

  it('says the same however the stream is cut', () => {
    for (const pieceBytes of [1, 3, 4, 7])
      expect(flows(play(AUDIO_CALL, { pieceBytes }))).toEqual(flows(play(AUDIO_CALL)));
  });

  it('is found in a capture that starts with the acknowledgement, whose codec is then unknown', () => {
    const record = play(AUDIO_CALL.slice(5, 6));
    expect(flows(record)).toEqual([
      'rtp audio *:* toResponder 10.0.0.2:6000 playing',
      'rtcp audio *:* both 10.0.0.2:6001 playing',
    ]);
  });

  it('goes on after lost bytes', () => {
    const lost: Turn = ['server', 40];
    const torn: Turn = ['server', tpkt(CAPABILITIES).subarray(9)];
    const record = play([...AUDIO_CALL.slice(0, 2), lost, torn, ...AUDIO_CALL.slice(3)]);
    expect(flows(record)).toEqual(flows(play(AUDIO_CALL)));
  });

  it('ends one way with its channel and all with the session', () => {
    const closing: Turn = [
      'client',
      tpkt(request('closeLogicalChannel', { forwardLogicalChannelNumber: 1, source: { user: true } })),
    ];
    expect(flows(play([...AUDIO_CALL, closing]))[0]).toBe(
      'rtp audio 10.0.0.1:5000 toInitiator 10.0.0.2:6000 PCMA/8 telephone-event/101 playing',
    );
    const ending: Turn = ['server', tpkt(h245({ command: { endSessionCommand: { disconnect: true } } }))];
    const ended = play([...AUDIO_CALL, ending]);
    expect(ended.media.map((media) => media.state)).toEqual(['ended', 'ended']);
    expect(ended.closedAt?.frame).toBe(8);
  });

  it('expects nothing of a muted sender until it is heard again', () => {
    const indicate = (type: string): Turn => [
      'client',
      tpkt(h245({ indication: { miscellaneousIndication: { logicalChannelNumber: 1, type: { [type]: true } } } })),
    ];
    const muted = [...AUDIO_CALL, indicate('logicalChannelInactive')];
    expect(flows(play(muted))[0]).toContain('toInitiator');
    expect(flows(play([...muted, indicate('logicalChannelActive')]))[0]).toContain('both');
  });

  it('expects nothing of a channel that its receiver stopped', () => {
    const limit = (restriction: object): Turn => [
      'server',
      tpkt(h245({ command: { flowControlCommand: { scope: { logicalChannelNumber: 1 }, restriction } } })),
    ];
    const oneWay = AUDIO_CALL.slice(0, 6);
    expect(flows(play([...oneWay, limit({ maximumBitRate: 0 })]))[0]).toContain('paused');
    expect(flows(play([...oneWay, limit({ maximumBitRate: 0 }), limit({ noRestriction: true })]))[0]).toContain(
      'playing',
    );
  });

  it('follows a group that the sender chose', () => {
    const parameters = {
      mediaChannel: groupAddress('239.1.2.3', 5000),
      mediaControlChannel: groupAddress('239.1.2.3', 5001),
    };
    const record = play([
      ['server', tpkt(request('openLogicalChannel', openChannel(9, 2, H261, parameters)))],
      ['client', tpkt(response('openLogicalChannelAck', acceptChannel(9, { sessionID: 2 })))],
    ]);
    expect(flows(record)).toEqual([
      'rtp video *:* toResponder 239.1.2.3:5000 H261/31 playing',
      'rtcp video *:* both 239.1.2.3:5001 playing',
    ]);
    expect(record.media.every((media) => media.announcement.isMulticast)).toBe(true);
  });

  it('follows both ways of one channel', () => {
    const reverse = {
      dataType: H261,
      multiplexParameters: {
        h2250LogicalChannelParameters: {
          sessionID: 2,
          mediaChannel: h245Address(NEAR, 5002),
          mediaControlChannel: h245Address(NEAR, 5003),
        },
      },
    };
    const opened = openChannel(4, 2, H261, { mediaControlChannel: h245Address(NEAR, 5003) });
    const record = play([
      ['client', tpkt(request('openLogicalChannel', { ...opened, reverseLogicalChannelParameters: reverse }))],
      ['server', tpkt(accept(4, h245Address(FAR, 6002), h245Address(FAR, 6003)))],
    ]);
    expect(flows(record)).toEqual([
      'rtp video 10.0.0.1:5002 both 10.0.0.2:6002 H261/31 playing',
      'rtcp video 10.0.0.1:5003 both 10.0.0.2:6003 playing',
    ]);
  });

  it('keeps different ports of the two ways apart', () => {
    const turns: Turn[] = [
      ...AUDIO_CALL.slice(0, 6),
      ['client', tpkt(accept(1, h245Address(NEAR, 5040), h245Address(NEAR, 5041)))],
    ];
    expect(flows(play(turns)).filter((flow) => flow.startsWith('rtp '))).toEqual([
      'rtp audio 10.0.0.1:5000 toResponder 10.0.0.2:6000 PCMA/8 telephone-event/101 playing',
      'rtp audio 10.0.0.1:5040 toInitiator 10.0.0.2:6000 PCMA/8 telephone-event/101 playing',
    ]);
  });

  it('announces the connection of T.120 toward the end that waits for it', () => {
    const t120 = { data: { application: { t120: { separateLANStack: true } }, maxBitRate: 640 } };
    const stack = { networkAddress: { localAreaAddress: h245Address(FAR, 1503) }, associateConference: false };
    const record = play([
      ['client', tpkt(request('openLogicalChannel', openChannel(3, 3, t120, {})))],
      ['server', tpkt(response('openLogicalChannelAck', { forwardLogicalChannelNumber: 3, separateStack: stack }))],
    ]);
    expect(flows(record)).toEqual(['t120 application *:* toResponder 10.0.0.2:1503 playing']);
    expect(record.media[0]?.announcement.transport).toBe('tcp');
  });

  it('tells a refused channel, and that another codec overcame it', () => {
    const reject: Turn = [
      'server',
      tpkt(
        response('openLogicalChannelReject', { forwardLogicalChannelNumber: 1, cause: { dataTypeNotSupported: true } }),
      ),
    ];
    const refused = play([...AUDIO_CALL.slice(0, 4), reject]);
    expect(
      refused.refusals.map(({ request: asked, code, words, overcomeAt }) => [asked, code, words, overcomeAt]),
    ).toEqual([['H.245 openLogicalChannel', 'dataTypeNotSupported', 'the other end does not support the codec', null]]);
    const video: Turn[] = [
      ['client', tpkt(open(2, H261, h245Address(NEAR, 5003), 2))],
      ['server', tpkt(accept(2, h245Address(FAR, 6002), h245Address(FAR, 6003)))],
    ];
    expect(play([...AUDIO_CALL.slice(0, 4), reject, ...video]).refusals[0]?.overcomeAt).toBeNull();
    const again: Turn[] = [
      ['client', tpkt(open(5, PCMA, h245Address(NEAR, 5001)))],
      ['server', tpkt(accept(5, h245Address(FAR, 6000), h245Address(FAR, 6001)))],
    ];
    expect(play([...AUDIO_CALL.slice(0, 4), reject, ...again]).refusals[0]?.overcomeAt?.frame).toBe(7);
  });

  it('searches for addresses where an acknowledgement cannot be read, and says so', () => {
    // The choice before the addresses takes an alternative that no version has.
    const broken = bytesOf('22c0 0000 0280 14 9c 12 00 0000 0a000002 1770 00 0a000002 1771 0000');
    const record = play([['server', tpkt(broken)]]);
    expect(flows(record)[0]).toContain('10.0.0.2:6000');
    expect(record.media[0]?.announcement.certainty).toBe('scanned');
  });

  it('keeps its bounds whatever the bytes are', () => {
    const anything = fc.array(fc.tuple(fc.constantFrom('client', 'server'), fc.uint8Array({ maxLength: 60 })), {
      maxLength: 12,
    });
    fc.assert(
      fc.property(anything, fc.nat(), fc.nat(), (noise, flip, at) => {
        const turns: Turn[] = AUDIO_CALL.map(([side, said], turn) => {
          const bytes = Uint8Array.from(said as Uint8Array);
          if (turn === at % AUDIO_CALL.length) bytes[(flip >> 3) % bytes.length]! ^= 1 << (flip & 7);
          return [side, bytes];
        });
        const record = play([...turns, ...(noise as Turn[]), ...turns]);
        expect(record.media.length).toBeLessThanOrEqual(256);
      }),
    );
    const many = Array.from(
      { length: 600 },
      (_, i): Turn => ['client', tpkt(open(i + 1, PCMA, h245Address(NEAR, 5001)))],
    );
    expect(play(many).questions.length).toBeLessThanOrEqual(64);
  });
});

describe('recognition of H.245', () => {
  const recognize = (bytes: Uint8Array) =>
    h323H245.recognize(bytes, 0, bytes.length, contextOf(0, 'tcp', bytes.length));

  it('is sure with the object identifier, before the message is whole', () => {
    const bytes = tpkt(CAPABILITIES);
    expect(recognize(bytes)).toBe('yes');
    expect(recognize(bytes.subarray(0, 13))).toBe('yes');
    expect(recognize(bytes.subarray(0, 12))).toBe('maybe');
    expect(recognize(bytes.subarray(0, 4))).toBe('maybe');
    expect(recognize(bytes.subarray(0, 1))).toBe('maybe');
  });

  it('needs two short messages, or one that opens a channel', () => {
    const determination = request('masterSlaveDetermination', { terminalType: 50, statusDeterminationNumber: 9 });
    expect(recognize(tpkt(determination))).toBe('maybe');
    expect(recognize(tpkt(determination, CAPABILITIES))).toBe('yes');
    expect(recognize(tpkt(determination, response('terminalCapabilitySetAck', { sequenceNumber: 1 })))).toBe('yes');
    expect(recognize(tpkt(open(1, PCMA, h245Address(NEAR, 5001))))).toBe('yes');
    expect(recognize(tpkt(accept(1, h245Address(FAR, 6000), h245Address(FAR, 6001))))).toBe('yes');
  });

  it.each([
    ['remote desktop', '0300 0013 0e e0 0000 0000 00 0100 0800 03000000'],
    ['its answer', '0300 0013 0e d0 0000 1234 00 0200 0800 02000000'],
    ['the older form of it', '0300 000b 06 e0 0000 0000 00'],
    ['X.224 data with T.125', '0300 0011 02 f0 80 7f65 82 0000 0401 0104 0101'],
    ['call signalling', '0300 0012 0802 0001 05 7e 0006 05 20 80 06 00 08'],
    ['RTMP', '0300 1234 5600 0000 00de adbe ef01'],
    ['RTMP that began at time 0', '0300 0000 0000 0000 00de adbe ef01'],
    ['text', '474554202f20485454502f312e310d0a'],
  ])('does not claim %s', (_, hex) => {
    expect(recognize(bytesOf(hex))).not.toBe('yes');
    for (let length = 0; length < bytesOf(hex).length; length++) {
      expect(recognize(bytesOf(hex).subarray(0, length))).not.toBe('yes');
    }
  });
});
