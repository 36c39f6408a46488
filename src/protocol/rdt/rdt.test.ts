import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contextOf } from '../../../test/text-conversation.ts';
import { ControlRecord } from '../control-record.ts';
import { rdt } from './rdt.ts';

function read(hex: string): ControlRecord {
  const record = new ControlRecord();
  const bytes = new Uint8Array(Buffer.from(hex.replaceAll(' ', ''), 'hex'));
  const context = contextOf(1, 'udp', bytes.length);
  rdt.open?.(record, context).data(bytes, 0, bytes.length, context);
  return record;
}

describe('RDT', () => {
  it('is never claimed by its bytes', () => {
    const bytes = new Uint8Array(20);
    expect(rdt.recognize(bytes, 0, 20, contextOf(0, 'udp', 20))).toBe('no');
  });

  it('names the streams of a datagram with several packets, and the end of a stream', () => {
    const record = read('c2 0001 0008 aaaaaa  04 0002 00');
    expect(record.facts.get('streams')).toBe('1, 2');
    expect(read('00 ff06 00').messages).toMatchObject([{ name: 'stream end', direction: 1 }]);
    expect(read('00 ff03').messages).toEqual([]);
  });

  it('never throws, whatever the bytes', () => {
    fc.assert(fc.property(fc.uint8Array(), (bytes) => void read(Buffer.from(bytes).toString('hex'))));
  });
});
