import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { amf0 } from '../../../test/rtmp-messages.ts';
import { decodeAmf0, memberOf, textOf } from './amf0.ts';

function decode(bytes: readonly number[]): ReturnType<typeof decodeAmf0> {
  return decodeAmf0(Uint8Array.from(bytes), 0, bytes.length);
}

describe('AMF0', () => {
  it('reads the connect command of the specification', () => {
    const values = decode(amf0('connect', 1, { app: 'live', tcUrl: 'rtmp://h/live', fpad: false }));
    expect(values.slice(0, 2)).toEqual(['connect', 1]);
    expect(textOf(values[2], 'tcUrl')).toBe('rtmp://h/live');
    expect(memberOf(values[2], 'fpad')).toBe(false);
    expect(memberOf(values[2], 'absent')).toBeNull();
  });

  it('gives back the values that were written', () => {
    const value = fc.oneof(fc.string({ maxLength: 20 }), fc.double({ noNaN: true }), fc.boolean(), fc.constant(null));
    fc.assert(
      fc.property(fc.array(value, { maxLength: 12 }), (values) => {
        expect(decode(amf0(...values))).toEqual(values);
      }),
    );
  });

  it('reads arrays, dates, long strings, references and typed objects', () => {
    const values = decode([
      ...[0x08, 0, 0, 0, 1, 0, 1, 0x77, ...amf0(640), 0, 0, 9],
      ...[0x0a, 0, 0, 0, 2, ...amf0('a'), ...amf0('b')],
      ...[0x0b, 0x40, 0x45, 0, 0, 0, 0, 0, 0, 0, 0],
      ...[0x0c, 0, 0, 0, 2, 0x68, 0x69],
      ...[0x07, 0, 1],
      ...[0x10, 0, 1, 0x43, 0, 1, 0x6e, ...amf0(7), 0, 0, 9],
      ...[0x06, 0x0d],
    ]);
    expect(memberOf(values[0], 'w')).toBe(640);
    expect(values.slice(1, 5)).toEqual([['a', 'b'], 42, 'hi', null]);
    expect(memberOf(values[5], 'n')).toBe(7);
    expect(values).toHaveLength(8);
  });

  it('keeps the members of an object that is cut', () => {
    const whole = amf0('onMetaData', { width: 320, height: 240 });
    const values = decode(whole.slice(0, whole.length - 6));
    expect(memberOf(values[1], 'width')).toBe(320);
    expect(memberOf(values[1], 'height')).toBeNull();
  });

  it('reads AMF3 values behind their marker, strings and traits by reference too', () => {
    const values = decode([
      ...[0x11, 0x06, 0x07, 0x61, 0x62, 0x63],
      ...[0x11, 0x04, 0xff, 0xff, 0xff, 0xff],
      ...[0x11, 0x04, 0x81, 0x00],
      // Array of two objects of one class: {code: 'x'}, then the class and the string by reference.
      ...[0x11, 0x09, 0x05, 0x01],
      ...[0x0a, 0x13, 0x01, 0x09, 0x63, 0x6f, 0x64, 0x65, 0x06, 0x03, 0x78],
      ...[0x0a, 0x01, 0x06, 0x02],
      // Dynamic object without class: {level: 'error'}.
      ...[0x11, 0x0a, 0x0b, 0x01, 0x0b, 0x6c, 0x65, 0x76, 0x65, 0x6c, 0x06, 0x0b, 0x65, 0x72, 0x72, 0x6f, 0x72, 0x01],
    ]);
    expect(values.slice(0, 3)).toEqual(['abc', -1, 128]);
    expect(values[3]).toEqual([new Map([['code', 'x']]), new Map([['code', 'x']])]);
    expect(textOf(values[4], 'level')).toBe('error');
  });

  it('stops at values without end: deep nesting, many members, huge counts', () => {
    const deep = Array.from({ length: 500 }, () => [3, 0, 1, 0x61]).flat();
    const many = [3, ...Array.from({ length: 3000 }, () => [0, 1, 0x61, 5]).flat()];
    const huge = [0x0a, 0xff, 0xff, 0xff, 0xff, ...new Array<number>(4000).fill(5)];
    const traits = [0x11, 0x0a, 0xff, 0xff, 0xff, 0xf3, 1];
    for (const bytes of [deep, many, huge, traits]) expect(decode(bytes).length).toBeLessThan(2);
  });

  it('bears any bytes', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => decode([...bytes]).length <= bytes.length));
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => decode([0x11, ...bytes]).length <= 301));
  });
});
