import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ControlRecord } from '../control-record.ts';
import type { PayloadContext, Recognition } from '../dissector.ts';
import { rtcp } from './rtcp.ts';

function bytesOf(hex: string): Uint8Array {
  return new Uint8Array(Buffer.from(hex.replaceAll(' ', ''), 'hex'));
}

function contextOf(bytes: Uint8Array): PayloadContext {
  return {
    transport: 'udp',
    direction: 0,
    sourcePort: 5005,
    destinationPort: 5005,
    isMulticast: false,
    wireLength: bytes.length,
    at: { capture: 0, frame: 7, time: 5 },
  };
}

function recognize(hex: string): Recognition {
  const bytes = bytesOf(hex);
  return rtcp.recognize(bytes, 0, bytes.length, contextOf(bytes));
}

const RECEIVER_REPORT = '81c90007 11111111 deadbeef 00000000 00000001 00000000 00000000 00000000';
const SENDER_REPORT = '80c80006 6895ab97 eeac74fa 7d78a2a9 358f3973 00000022 00006003';
const DESCRIPTION = '81ca0005 6895ab97 0104 75736572 0604 766c6320 0000 0000';

describe('rtcp', () => {
  it('knows a compound that begins with a report', () => {
    expect(recognize(RECEIVER_REPORT)).toBe('yes');
    expect(recognize(SENDER_REPORT + DESCRIPTION)).toBe('yes');
    expect(recognize('80c9000100000000')).toBe('yes');
  });

  it('says no when a length or a count does not fit', () => {
    expect(recognize('81c90001 11111111')).toBe('no');
    expect(recognize('81c90009 11111111 deadbeef 00000000 00000001 00000000 00000000 00000000')).toBe('no');
    expect(recognize('80c80006 6895ab97')).toBe('no');
  });

  it('says maybe to feedback without a report, and yes after a second one of the same sender', () => {
    const feedback = bytesOf('81ce0002 deadbeef 01020304');
    const context = contextOf(feedback);
    expect(rtcp.recognize(feedback, 0, feedback.length, context)).toBe('maybe');
    const confirmation = rtcp.confirm?.();
    expect(confirmation?.accept(feedback, 0, feedback.length, context)).toBe('maybe');
    expect(confirmation?.accept(feedback, 0, feedback.length, context)).toBe('yes');
  });

  it('says maybe to a report that is encrypted after its head', () => {
    expect(recognize(`${SENDER_REPORT} 5f2c9d0177aa23be 80000001 0102030405060708090a`)).toBe('maybe');
  });

  it('tells who sends and when he says goodbye', () => {
    const record = new ControlRecord();
    const bytes = bytesOf(`${SENDER_REPORT + DESCRIPTION} 81cb0001 6895ab97`);
    const context = contextOf(bytes);
    rtcp.open?.(record, context).data(bytes, 0, bytes.length, context);
    expect(Object.fromEntries(record.facts)).toEqual({ cname: 'user', tool: 'vlc ' });
    expect(record.messages.map((message) => message.name)).toEqual(['RTCP sender report', 'RTCP BYE']);
    expect(record.closedAt).toEqual({ capture: 0, frame: 7, time: 5 });
  });

  it('becomes rtp when media shares the flow', () => {
    const dissection = rtcp.open?.(new ControlRecord(), contextOf(bytesOf(SENDER_REPORT)));
    for (let sequence = 0; sequence < 5; sequence++) {
      expect(dissection?.becomes).toBeNull();
      const bytes = bytesOf('8060 0000 00000000 6895ab97 0102');
      bytes.set([0, sequence, 0, 0, sequence], 2);
      dissection?.data(bytes, 0, bytes.length, contextOf(bytes));
    }
    expect(dissection?.becomes).toBe('rtp');
  });

  it('survives whatever follows', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 120 }), (tail) => {
        const bytes = Buffer.concat([bytesOf('81ca0005'), tail]);
        const context = contextOf(bytes);
        rtcp.open?.(new ControlRecord(), context).data(bytes, 0, bytes.length, context);
      }),
    );
  });

  it('never says yes to random bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        return rtcp.recognize(bytes, 0, bytes.length, contextOf(bytes)) !== 'yes';
      }),
    );
  });
});
