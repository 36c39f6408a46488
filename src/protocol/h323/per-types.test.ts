import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { perValue, writePer } from '../../../test/per-writer.ts';
import { h323UserInformation } from './h225-call.ts';
import { rasMessage } from './h225-ras.ts';
import { h245Message } from './h245-messages.ts';
import { bmpString, ia5String, integer, nothing, objectIdentifier, octets, stringOf } from './per-leaves.ts';
import { PerReader } from './per-reader.ts';
import type { PerType } from './per-type.ts';
import { choice, chosen, list, NestedType, sequence } from './per-types.ts';

const MESSAGES = { rasMessage, h323UserInformation, h245Message };

function read<T>(type: PerType<T>, hex: string): { value: T | undefined; reader: PerReader } {
  const bytes = Buffer.from(hex, 'hex');
  const reader = new PerReader(bytes, 0, bytes.length);
  return { value: type.read(reader), reader };
}

describe.each(Object.entries(MESSAGES))('%s', (_, type) => {
  it('is read as it was written, to the last bit', () => {
    fc.assert(
      fc.property(perValue(type), (value) => {
        const bytes = writePer(type, value);
        const reader = new PerReader(bytes, 0, bytes.length);
        expect(type.read(reader)).toEqual(value);
        expect(reader.isExact).toBe(true);
      }),
    );
  });

  it('keeps what came before the end when it is cut anywhere, and says that it failed', () => {
    fc.assert(
      fc.property(perValue(type), fc.nat(), (value, cut) => {
        const bytes = writePer(type, value);
        const reader = new PerReader(bytes, 0, cut % bytes.length);
        type.read(reader);
        expect(reader.isExact).toBe(false);
      }),
    );
  });

  it('survives flipped bits and bytes of any kind, and never reads outside its range', () => {
    fc.assert(
      fc.property(perValue(type), fc.array(fc.nat(), { maxLength: 8 }), fc.uint8Array({ maxLength: 64 }), (...made) => {
        const [value, flips, random] = made;
        const bytes = writePer(type, value);
        for (const flip of flips) bytes[(flip >> 3) % bytes.length]! ^= 1 << (flip & 7);
        const inside = new Uint8Array([...random, ...bytes, ...random]);
        const fromWhole = type.read(new PerReader(bytes, 0, bytes.length));
        const fromInside = type.read(new PerReader(inside, random.length, random.length + bytes.length));
        expect(fromInside).toEqual(fromWhole);
        type.read(new PerReader(random, 0, random.length));
      }),
    );
  });
});

describe('PER types', () => {
  it('read integers by the width of their range', () => {
    expect(read(integer(0, 31), 'a8').value).toBe(21);
    expect(read(sequence({ flag: integer(0, 1), byte: integer(1, 256) }), '80ff').value).toEqual({
      flag: 1,
      byte: 256,
    });
    expect(read(sequence({ flag: integer(0, 1), port: integer(0, 65535) }), '8006b8').value).toEqual({
      flag: 1,
      port: 1720,
    });
    expect(read(integer(0, 0xffffffff), '400280').value).toBe(640);
    expect(read(integer(Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY), '02ff7f').value).toBe(-129);
  });

  it('read strings in the characters they are made of', () => {
    expect(read(stringOf('#*,0123456789', 1, 128), '045670').value).toBe('234');
    expect(read(bmpString(1, 256), '0100470031').value).toBe('G1');
    expect(read(ia5String(1, 512), '000268747470').value).toBe('htt');
    expect(read(objectIdentifier, '060008914a0005').value).toBe('0.0.8.2250.0.5');
  });

  it('skip additions that they do not know', () => {
    const type = sequence({ number: integer(0, 255) }, { known: nothing });
    expect(read(type, '80 05 03 80 01 00 03 aabbcc'.replaceAll(' ', '')).value).toEqual({ number: 5, known: true });
  });

  it('name the alternative of a choice even when it is from a later version', () => {
    const type = choice({ one: nothing, two: integer(0, 255) }, { three: octets(2) });
    expect(chosen(read(type, '40ff').value)).toBe('two');
    expect(read(type, '8002abcd').value).toEqual({ three: Uint8Array.of(0xab, 0xcd) });
    expect(chosen(read(type, '8502abcd').value)).toBe('');
  });

  it('go on behind an addition that cannot be read', () => {
    const type = sequence({}, { broken: octets(4), whole: integer(0, 255) });
    const { value, reader } = read(type, '81c0 02aabb 0107'.replaceAll(' ', ''));
    expect(value).toEqual({ whole: 7 });
    expect(reader.failed).toBe(false);
    expect(reader.isExact).toBe(false);
  });

  it('refuse lengths in fragments, nesting without end and more parts than any message has', () => {
    expect(read(octets(), `c1${'00'.repeat(20_000)}`).reader.failed).toBe(true);
    const endless: PerType<unknown> = choice({ again: new NestedType<unknown>(() => endless), end: nothing });
    expect(read(endless, '00'.repeat(100)).reader.failed).toBe(true);
    const parts = list(list(nothing));
    expect(read(parts, `bfff${'bfff'.repeat(16_000)}`).reader.failed).toBe(true);
  });
});
