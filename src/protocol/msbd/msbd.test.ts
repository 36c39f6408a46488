import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ControlRecord } from '../control-record.ts';
import { type Direction, type PayloadContext, TO_INITIATOR, TO_RESPONDER } from '../dissector.ts';
import { msbd } from './msbd.ts';

const REQ_CONNECT = Buffer.from('4d534220060107002200000000000000010000004e0065007400530068006f007700', 'hex');
const RES_CONNECT = Buffer.from('4d5342200601080024000000000000000000000002001388ef0102030000000000000000', 'hex');

function message(id: number, body: Uint8Array = new Uint8Array(0), hresult = 0): Buffer {
  const header = Buffer.alloc(16);
  header.write('MSB ', 'latin1');
  header.writeUInt16LE(0x0106, 4);
  header.writeUInt16LE(id, 6);
  header.writeUInt32LE(16 + body.length, 8);
  header.writeUInt32LE(hresult, 12);
  return Buffer.concat([header, body]);
}

function streamInfo(headerLength: number): Buffer {
  const body = Buffer.alloc(32 + headerLength);
  body.writeUInt32LE(300_000, 8);
  body.writeUInt32LE(headerLength, 28);
  return message(5, body);
}

function context(direction: Direction, frame = 1, transport: 'tcp' | 'udp' = 'tcp', wireLength = 0): PayloadContext {
  const at = { capture: 0, frame, time: frame };
  return { transport, direction, sourcePort: 0, destinationPort: 0, isMulticast: false, wireLength, at };
}

function open(): { record: ControlRecord; send: (direction: Direction, bytes: Uint8Array, frame?: number) => void } {
  const record = new ControlRecord();
  const dissection = msbd.open?.(record, context(TO_RESPONDER));
  return {
    record,
    send: (direction, bytes, frame) => dissection?.data(bytes, 0, bytes.length, context(direction, frame)),
  };
}

describe('MSBD recognition', () => {
  it('knows a message by its header, and says maybe to every beginning of one', () => {
    const ask = (bytes: Uint8Array) => msbd.recognize(bytes, 0, bytes.length, context(TO_RESPONDER));
    for (const bytes of [REQ_CONNECT, RES_CONNECT]) {
      for (let length = 1; length < 16; length++) expect(ask(bytes.subarray(0, length))).toBe('maybe');
      expect(ask(bytes)).toBe('yes');
    }
    for (const [at, value] of [
      [0, 0x4e],
      [4, 9],
      [6, 0x20],
      [8, 4],
      [10, 9],
    ] as const) {
      const wrong = Buffer.from(REQ_CONNECT);
      wrong[at] = value;
      expect(ask(wrong)).toBe('no');
    }
  });

  it('wants a datagram to hold exactly one message', () => {
    const packet = message(10, new Uint8Array(50));
    const ask = (bytes: Uint8Array, length: number) =>
      msbd.recognize(bytes, 0, bytes.length, context(TO_RESPONDER, 1, 'udp', length));
    expect(ask(packet, packet.length)).toBe('yes');
    expect(ask(packet.subarray(0, 30), packet.length)).toBe('yes');
    expect(ask(packet, packet.length + 1)).toBe('no');
    expect(ask(packet.subarray(0, 8), packet.length)).toBe('no');
  });
});

describe('MSBD connection', () => {
  it('announces the group that the server names, and plays it until the end of the stream', () => {
    const { record, send } = open();
    send(TO_RESPONDER, REQ_CONNECT, 1);
    expect(record.questions[0]).toMatchObject({ request: 'REQ_CONNECT', answeredAt: null });
    send(TO_INITIATOR, RES_CONNECT, 2);
    expect(record.media[0]).toMatchObject({
      state: 'announced',
      announcement: {
        protocol: 'msbd',
        transport: 'udp',
        responder: { address: '239.1.2.3', port: 5000 },
        isMulticast: true,
        sends: 'toInitiator',
      },
    });
    send(TO_INITIATOR, streamInfo(70), 3);
    expect(record.media[0]).toMatchObject({ state: 'playing', startedAt: { frame: 3 } });
    send(TO_INITIATOR, Buffer.concat([message(9), streamInfo(0)]), 4);
    expect(record.media[0]?.state).toBe('paused');
    expect(record.closedAt?.frame).toBe(4);
    expect(record.facts.get('bitRate')).toBe('300000 bit/s');
  });

  it('tells a refusal by its HRESULT', () => {
    const { record, send } = open();
    send(TO_RESPONDER, REQ_CONNECT);
    send(TO_INITIATOR, message(8, new Uint8Array(20), 0xc00d001a));
    expect(record.refusals[0]).toMatchObject({ request: 'REQ_CONNECT', code: '0xC00D001A', words: 'file not found' });
    expect(record.media).toHaveLength(0);
  });

  it('skips media however the stream is cut, and finds its way back after a loss', () => {
    const packet = message(10, new Uint8Array(1400).fill(7));
    const whole = Buffer.concat([message(1), packet, packet, message(2), packet, message(9)]);
    fc.assert(
      fc.property(fc.array(fc.nat(whole.length), { maxLength: 12 }), (cuts) => {
        const { record, send } = open();
        const edges = [0, ...cuts.sort((a, b) => a - b), whole.length];
        for (let i = 1; i < edges.length; i++) send(TO_INITIATOR, whole.subarray(edges[i - 1], edges[i]));
        expect(record.messages.map(({ name }) => name)).toEqual([
          'REQ_PING',
          'first IND_PACKET',
          'RES_PING',
          'IND_EOS',
        ]);
      }),
    );
    const record = new ControlRecord();
    const dissection = msbd.open?.(record, context(TO_INITIATOR));
    dissection?.data(packet, 0, 400, context(TO_INITIATOR));
    dissection?.gap?.(TO_INITIATOR, 3000, context(TO_INITIATOR).at);
    dissection?.data(whole, 700, whole.length, context(TO_INITIATOR));
    expect(record.messages.map(({ name }) => name)).toEqual(['first IND_PACKET', 'RES_PING', 'IND_EOS']);
  });
});
