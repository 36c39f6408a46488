/** Writes aligned PER (ITU-T X.691) from the same descriptions that the readers use, and makes values for them up. */

import fc from 'fast-check';
import {
  BitsType,
  BooleanType,
  IntegerType,
  NullType,
  ObjectIdentifierType,
  OctetsType,
  RestType,
  TextType,
} from '../src/protocol/h323/per-leaves.ts';
import type { PerType } from '../src/protocol/h323/per-type.ts';
import { ChoiceType, ListType, NestedType, SequenceType } from '../src/protocol/h323/per-types.ts';

/** A value as the readers give it. */
type Value = unknown;
type Fields = Readonly<Record<string, Value>>;
type AnySequence = SequenceType<Record<string, PerType<unknown>>, Record<string, PerType<unknown>>>;
type AnyChoice = ChoiceType<Record<string, PerType<unknown>>, Record<string, PerType<unknown>>>;

export function writePer(type: PerType<unknown>, value: Value): Uint8Array {
  const writer = new PerWriter();
  writer.write(type, value);
  return writer.finish();
}

class PerWriter {
  readonly #bits: number[] = [];

  finish(): Uint8Array {
    this.#align();
    const bytes = new Uint8Array(Math.max(1, this.#bits.length / 8));
    for (const [i, bit] of this.#bits.entries()) bytes[i >> 3] = (bytes[i >> 3] ?? 0) | (bit << (7 - (i & 7)));
    return bytes;
  }

  write(type: PerType<unknown>, value: Value): void {
    if (type instanceof SequenceType) this.#sequence(type, value as Fields);
    else if (type instanceof ChoiceType) this.#choice(type, value as Fields);
    else if (type instanceof ListType) this.#list(type, value as readonly Value[]);
    else if (type instanceof IntegerType) this.#integer(type, value as number);
    else if (type instanceof BooleanType) this.#put(value ? 1 : 0, 1);
    else if (type instanceof OctetsType) this.#octets(type, value as Uint8Array);
    else if (type instanceof BitsType) this.#bitString(type);
    else if (type instanceof TextType) this.#text(type, value as string);
    else if (type instanceof ObjectIdentifierType) this.#objectIdentifier(value as string);
    else if (type instanceof NestedType) this.write(type.type(), value);
    else if (!(type instanceof NullType)) throw new Error('nothing can be written for this type');
  }

  #sequence(type: AnySequence, value: Fields): void {
    const additions = (type.extensions ?? []).map(([name, addition]) => [addition, value[name]] as const);
    const count = additions.findLastIndex(([, added]) => added !== undefined) + 1;
    if (type.extensions !== null) this.#put(count > 0 ? 1 : 0, 1);
    for (const field of type.root) if (field.isOptional) this.#put(field.name in value ? 1 : 0, 1);
    for (const field of type.root) if (field.name in value) this.write(field.type, value[field.name]);
    if (count === 0) return;
    this.#smallNumber(count - 1);
    for (const [, added] of additions.slice(0, count)) this.#put(added === undefined ? 0 : 1, 1);
    for (const [addition, added] of additions) if (added !== undefined) this.#open(addition, added);
  }

  #choice(type: AnyChoice, value: Fields): void {
    const name = Object.keys(value)[0] ?? '';
    const isCalledSo = (alternative: readonly [string, unknown]) => alternative[0] === name;
    const rooted = type.root.find(isCalledSo);
    const added = type.extensions?.find(isCalledSo);
    if (type.extensions !== null) this.#put(rooted === undefined ? 1 : 0, 1);
    if (rooted !== undefined) {
      this.#number(type.root.indexOf(rooted), 0, type.root.length - 1);
      this.write(rooted[1], value[name]);
    } else if (added !== undefined) {
      this.#smallNumber(type.extensions?.indexOf(added) ?? 0);
      this.#open(added[1], value[name]);
    }
  }

  #list(type: ListType<unknown>, values: readonly Value[]): void {
    this.#length(values.length, type.least, type.most);
    for (const value of values) this.write(type.item, value);
  }

  #integer(type: IntegerType, value: number): void {
    const isInside = value >= type.from && value <= type.to;
    if (type.isExtensible) this.#put(isInside ? 0 : 1, 1);
    if (isInside && type.to < Number.POSITIVE_INFINITY) {
      this.#number(value, type.from, type.to);
      return;
    }
    let bytes = 1;
    while (value >= 2 ** (bytes * 8 - 1) || value < -(2 ** (bytes * 8 - 1))) bytes++;
    this.#length(bytes, 0, Number.POSITIVE_INFINITY);
    this.#put(value < 0 ? value + 2 ** (bytes * 8) : value, bytes * 8);
  }

  #octets(type: OctetsType, value: Uint8Array): void {
    this.#length(value.length, type.least, type.most);
    if (type.least !== type.most || type.most > 2) this.#align();
    for (const octet of value) this.#put(octet, 8);
  }

  /** Bit strings are written as zeros of their shortest length. */
  #bitString(type: BitsType): void {
    this.#length(type.least, type.least, type.most);
    if (type.least !== type.most || type.most > 16) this.#align();
    for (let i = 0; i < type.least; i++) this.#put(0, 1);
  }

  #text(type: TextType, value: string): void {
    this.#length(value.length, type.least, type.most);
    if (type.isAligned) this.#align();
    for (const character of value.split('')) {
      const code = type.alphabet === '' ? character.charCodeAt(0) : type.alphabet.indexOf(character);
      this.#put(code, type.bitsPerCharacter);
    }
  }

  #objectIdentifier(value: string): void {
    const [first = 0, second = 0, ...rest] = value.split('.').map(Number);
    const octets = [first * 40 + second, ...rest].flatMap((arc) => {
      const digits = [arc % 128];
      for (let left = Math.floor(arc / 128); left > 0; left = Math.floor(left / 128))
        digits.unshift((left % 128) | 0x80);
      return digits;
    });
    this.#length(octets.length, 0, Number.POSITIVE_INFINITY);
    for (const octet of octets) this.#put(octet, 8);
  }

  #open(type: PerType<unknown>, value: Value): void {
    const bytes = writePer(type, value);
    this.#length(bytes.length, 0, Number.POSITIVE_INFINITY);
    for (const byte of bytes) this.#put(byte, 8);
  }

  #number(value: number, from: number, to: number): void {
    const range = to - from + 1;
    if (range < 256) {
      this.#put(value - from, Math.ceil(Math.log2(range)));
      return;
    }
    let bytes = range === 256 ? 1 : 2;
    if (range > 65536) {
      bytes = Math.max(1, Math.ceil(Math.log2(value - from + 1) / 8));
      this.#number(bytes, 1, Math.ceil(Math.log2(range) / 8));
    }
    this.#align();
    this.#put(value - from, bytes * 8);
  }

  #smallNumber(value: number): void {
    this.#put(value, 7);
  }

  #length(length: number, least: number, most: number): void {
    if (least === most) return;
    if (most <= 65535) {
      this.#number(length, least, most);
      return;
    }
    this.#align();
    this.#put(length < 128 ? length : length | 0x8000, length < 128 ? 8 : 16);
  }

  #put(value: number, bits: number): void {
    for (let bit = bits - 1; bit >= 0; bit--) this.#bits.push(Math.floor(value / 2 ** bit) % 2);
  }

  #align(): void {
    while (this.#bits.length % 8 !== 0) this.#bits.push(0);
  }
}

/** Values that `writePer` takes and the reader of the type gives back. Parts that are not read are left out. */
export function perValue(type: PerType<unknown>, depth = 0): fc.Arbitrary<Value> {
  if (type instanceof SequenceType) return sequenceValue(type, depth);
  if (type instanceof ChoiceType) return choiceValue(type, depth);
  if (type instanceof ListType) {
    const least = type.least;
    return fc.array(perValue(type.item, depth + 1), { minLength: least, maxLength: Math.min(type.most, least + 2) });
  }
  if (type instanceof IntegerType) {
    const to = Number.isFinite(type.to) ? type.to : 0x7fffffff;
    const from = Number.isFinite(type.from) ? type.from : -0x80000000;
    return fc.oneof(
      fc.constantFrom(from, to),
      fc.integer({ min: 0, max: to - from }).map((offset) => from + offset),
    );
  }
  if (type instanceof BooleanType) return fc.boolean();
  if (type instanceof OctetsType) {
    return fc.uint8Array({ minLength: type.least, maxLength: Math.min(type.most, type.least + 24) });
  }
  if (type instanceof TextType) return textValue(type);
  if (type instanceof ObjectIdentifierType) {
    return fc.constantFrom('0.0.8.2250.0.5', '0.0.8.241.0.0.1', '1.3.6.1.4.1.16128', '2.16.840.1');
  }
  if (type instanceof NestedType) return perValue(type.type(), depth + 3);
  return fc.constant(true);
}

/** What is not read cannot be made up, nor a sequence that must hold it; types that contain themselves end somewhere. */
function isLeftOut(type: PerType<unknown>, depth: number): boolean {
  if (type instanceof SequenceType) return type.root.some((f) => !f.isOptional && f.type instanceof RestType);
  return type instanceof RestType || (depth > 12 && type instanceof NestedType);
}

function sequenceValue(type: AnySequence, depth: number): fc.Arbitrary<Value> {
  const root = type.root.filter((field) => !isLeftOut(field.type, depth));
  const additions = (type.extensions ?? []).filter(([, addition]) => !isLeftOut(addition, depth));
  const model = Object.fromEntries(
    [...root.map((field) => [field.name, field.type] as const), ...additions].map(([name, field]) => [
      name,
      perValue(field, depth + 1),
    ]),
  );
  const requiredKeys = root.filter((field) => !field.isOptional).map((field) => field.name);
  return fc.record(model, { requiredKeys, noNullPrototype: true });
}

function choiceValue(type: AnyChoice, depth: number): fc.Arbitrary<Value> {
  const alternatives = [...type.root, ...(type.extensions ?? [])].filter(([, value]) => !isLeftOut(value, depth));
  return fc.oneof(
    ...alternatives.map(([name, value]) => perValue(value, depth + 1).map((chosen) => ({ [name]: chosen }))),
  );
}

function textValue(type: TextType): fc.Arbitrary<string> {
  const characters = type.alphabet === '' ? 'abcXYZ 019@:/.-' : type.alphabet;
  const maxLength = Math.min(type.most, type.least + 20);
  return fc.string({ unit: fc.constantFrom(...characters.split('')), minLength: type.least, maxLength });
}
