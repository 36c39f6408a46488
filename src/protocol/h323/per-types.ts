/**
 * Types of aligned PER as values: a message is described once, in the words of its ASN.1, and read by that description.
 * What is read is always partial: a field may be absent, cut off or from a newer version, so each one may be missing.
 */

import { bitsFor, type PerReader } from './per-reader.ts';

export abstract class PerType<T> {
  /** Undefined when the reader failed before anything of the value was known. */
  abstract read(reader: PerReader): T | undefined;
}

export type ValueOf<P> = P extends PerType<infer T> ? T : never;

type Fields = { readonly [name: string]: PerType<unknown> };
type NoFields = Record<never, PerType<unknown>>;
type WithoutMark<K> = K extends `${infer Name}?` ? Name : K;
type FieldValues<F> = { [K in keyof F as WithoutMark<K>]?: ValueOf<F[K]> };

/** A sequence as an object, a choice as an object with one property. */
type Values<Root, Extensions> = FieldValues<Root> & FieldValues<Extensions>;

export class SequenceType<R extends Fields, E extends Fields> extends PerType<Values<R, E>> {
  readonly root: readonly { readonly name: string; readonly type: PerType<unknown>; readonly isOptional: boolean }[];
  /** Null when the type has no extension marker. */
  readonly extensions: readonly (readonly [string, PerType<unknown>])[] | null;
  readonly optionals: number;

  constructor(root: R, extensions: E | null) {
    super();
    this.root = Object.entries(root).map(([name, type]) => ({
      name: name.replace('?', ''),
      type,
      isOptional: name.endsWith('?'),
    }));
    this.extensions = extensions && Object.entries(extensions);
    this.optionals = this.root.filter((field) => field.isOptional).length;
  }

  read(reader: PerReader): Values<R, E> | undefined {
    if (!reader.spend()) return undefined;
    const values: Record<string, unknown> = {};
    const isExtended = this.extensions !== null && reader.flag();
    const present = reader.bits(this.optionals);
    let optionalsLeft = this.optionals;
    for (const { name, type, isOptional } of this.root) {
      if (isOptional && ((present >>> --optionalsLeft) & 1) === 0) continue;
      const value = type.read(reader);
      if (value !== undefined) values[name] = value;
      if (reader.failed) break;
    }
    if (isExtended && !reader.failed) this.#readExtensions(reader, values);
    return values as Values<R, E>;
  }

  /** X.691 section 19.7: a count, a bit for each addition, then each one that is there as an open type. */
  #readExtensions(reader: PerReader, values: Record<string, unknown>): void {
    const count = reader.smallNumber() + 1;
    const present: boolean[] = [];
    for (let i = 0; i < count && reader.spend(); i++) present.push(reader.flag());
    for (let i = 0; i < present.length && !reader.failed; i++) {
      if (!present[i]) continue;
      const [name, type] = this.extensions?.[i] ?? ['', skipped];
      const value = reader.open((inner) => type.read(inner));
      if (value !== undefined && name !== '') values[name] = value;
    }
  }
}

export class ChoiceType<R extends Fields, E extends Fields> extends PerType<Values<R, E>> {
  readonly root: readonly (readonly [string, PerType<unknown>])[];
  /** Null when the type has no extension marker. */
  readonly extensions: readonly (readonly [string, PerType<unknown>])[] | null;

  constructor(root: R, extensions: E | null) {
    super();
    this.root = Object.entries(root);
    this.extensions = extensions && Object.entries(extensions);
  }

  /** An alternative that this description does not know gives an empty object. */
  read(reader: PerReader): Values<R, E> | undefined {
    if (!reader.spend()) return undefined;
    const values: Record<string, unknown> = {};
    if (this.extensions !== null && reader.flag()) {
      const [name, type] = this.extensions[reader.smallNumber()] ?? ['', skipped];
      const value = reader.open((inner) => type.read(inner));
      if (value !== undefined && name !== '') values[name] = value;
      return values as Values<R, E>;
    }
    const alternative = this.root[reader.number(0, this.root.length - 1)];
    if (alternative === undefined) reader.fail();
    if (alternative === undefined || reader.failed) return undefined;
    const value = alternative[1].read(reader);
    if (value !== undefined) values[alternative[0]] = value;
    return values as Values<R, E>;
  }
}

export class ListType<T> extends PerType<readonly T[]> {
  readonly item: PerType<T>;
  readonly least: number;
  readonly most: number;

  constructor(item: PerType<T>, least: number, most: number) {
    super();
    this.item = item;
    this.least = least;
    this.most = most;
  }

  read(reader: PerReader): readonly T[] | undefined {
    const count = reader.lengthBetween(this.least, this.most);
    if (reader.failed) return undefined;
    const items: T[] = [];
    for (let i = 0; i < count && reader.spend(); i++) {
      const item = this.item.read(reader);
      if (item !== undefined) items.push(item);
    }
    return items;
  }
}

export class IntegerType extends PerType<number> {
  readonly from: number;
  readonly to: number;
  readonly isExtensible: boolean;

  constructor(from: number, to: number, isExtensible: boolean) {
    super();
    this.from = from;
    this.to = to;
    this.isExtensible = isExtensible;
  }

  read(reader: PerReader): number | undefined {
    const isBounded = this.to < Number.POSITIVE_INFINITY && !(this.isExtensible && reader.flag());
    const value = isBounded ? reader.number(this.from, this.to) : reader.integer();
    return reader.failed ? undefined : value;
  }
}

export class BooleanType extends PerType<boolean> {
  read(reader: PerReader): boolean | undefined {
    const value = reader.flag();
    return reader.failed ? undefined : value;
  }
}

/** NULL: that it is there is all it says. */
export class NullType extends PerType<true> {
  read(reader: PerReader): true | undefined {
    return reader.failed ? undefined : true;
  }
}

/** OCTET STRING; the bytes are borrowed from the message. */
export class OctetsType extends PerType<Uint8Array> {
  readonly least: number;
  readonly most: number;

  constructor(least: number, most: number) {
    super();
    this.least = least;
    this.most = most;
  }

  read(reader: PerReader): Uint8Array | undefined {
    const value = this.#read(reader);
    return reader.failed ? undefined : value;
  }

  #read(reader: PerReader): Uint8Array {
    // X.691 section 17.6: a fixed length of one or two bytes is not aligned.
    if (this.least === this.most && this.most <= 2) {
      return Uint8Array.from({ length: this.most }, () => reader.bits(8));
    }
    return reader.octets(reader.lengthBetween(this.least, this.most));
  }
}

/** BIT STRING; no message here needs what is in one, only where it ends. */
export class BitsType extends PerType<true> {
  readonly least: number;
  readonly most: number;

  constructor(least: number, most: number) {
    super();
    this.least = least;
    this.most = most;
  }

  read(reader: PerReader): true | undefined {
    const bits = reader.lengthBetween(this.least, this.most);
    if (this.least !== this.most || this.most > 16) reader.align();
    for (let left = bits; left > 0 && !reader.failed; left -= 32) reader.bits(Math.min(left, 32));
    return reader.failed ? undefined : true;
  }
}

/** A string of known characters: those of `alphabet`, or any that fit `bitsPerCharacter`. */
export class TextType extends PerType<string> {
  readonly alphabet: string;
  readonly bitsPerCharacter: number;
  readonly least: number;
  readonly most: number;

  constructor(alphabet: string, bitsPerCharacter: number, least: number, most: number) {
    super();
    this.alphabet = alphabet;
    this.bitsPerCharacter = bitsPerCharacter;
    this.least = least;
    this.most = most;
  }

  /** X.691 section 30.5: up to 16 bits are not aligned, less than 16 when the length varies. */
  get isAligned(): boolean {
    const bits = this.most * this.bitsPerCharacter;
    return this.least === this.most ? bits > 16 : bits >= 16;
  }

  read(reader: PerReader): string | undefined {
    const length = reader.lengthBetween(this.least, this.most);
    if (this.isAligned) reader.align();
    let text = '';
    for (let i = 0; i < length && !reader.failed; i++) {
      const code = reader.bits(this.bitsPerCharacter);
      text += this.alphabet === '' ? String.fromCharCode(code) : this.alphabet.charAt(code);
    }
    return reader.failed ? undefined : text;
  }
}

/** OBJECT IDENTIFIER as dotted numbers. */
export class ObjectIdentifierType extends PerType<string> {
  read(reader: PerReader): string | undefined {
    const octets = reader.octets(reader.length());
    if (octets.length === 0) reader.fail();
    if (reader.failed) return undefined;
    const arcs: number[] = [];
    let arc = 0;
    for (const octet of octets) {
      arc = arc * 128 + (octet & 0x7f);
      if (octet >= 0x80) continue;
      // X.690 section 8.19.4: the first number holds the first two.
      if (arcs.length === 0) {
        const first = Math.min(2, Math.floor(arc / 40));
        arcs.push(first, arc - first * 40);
      } else {
        arcs.push(arc);
      }
      arc = 0;
    }
    return arcs.join('.');
  }
}

/** Content that is of no interest. Only right where a length from outside tells its end, or where nothing wanted follows. */
export class RestType extends PerType<true> {
  read(reader: PerReader): true {
    reader.skipRest();
    return true;
  }
}

/** A type that contains itself. */
export class NestedType<T> extends PerType<T> {
  readonly type: () => PerType<T>;

  constructor(type: () => PerType<T>) {
    super();
    this.type = type;
  }

  read(reader: PerReader): T | undefined {
    return reader.nest((inner) => this.type().read(inner));
  }
}

/** A name that ends in `?` is OPTIONAL. `extensions` stands for the extension marker and the additions behind it. */
export function sequence<R extends Fields, E extends Fields = NoFields>(root: R, extensions?: E): SequenceType<R, E> {
  return new SequenceType(root, extensions ?? null);
}

export function choice<R extends Fields, E extends Fields = NoFields>(root: R, extensions?: E): ChoiceType<R, E> {
  return new ChoiceType(root, extensions ?? null);
}

export function list<T>(item: PerType<T>, least = 0, most = Number.POSITIVE_INFINITY): ListType<T> {
  return new ListType(item, least, most);
}

export function integer(from: number, to: number, isExtensible = false): IntegerType {
  return new IntegerType(from, to, isExtensible);
}

export function octets(least = 0, most = least === 0 ? Number.POSITIVE_INFINITY : least): OctetsType {
  return new OctetsType(least, most);
}

export function bits(least = 0, most = Number.POSITIVE_INFINITY): BitsType {
  return new BitsType(least, most);
}

export function ia5String(least = 0, most = Number.POSITIVE_INFINITY): TextType {
  return new TextType('', 8, least, most);
}

export function bmpString(least = 0, most = Number.POSITIVE_INFINITY): TextType {
  return new TextType('', 16, least, most);
}

/** A string of some characters alone, in the order of their codes: each takes as many bits as tell them apart. */
export function stringOf(alphabet: string, least: number, most: number): TextType {
  // The aligned variant rounds up to a power of two (X.691 section 30.5.2); here that is always four bits.
  return new TextType(alphabet, bitsFor(alphabet.length) <= 4 ? 4 : 8, least, most);
}

export const boolean = new BooleanType();
export const nothing = new NullType();
export const objectIdentifier = new ObjectIdentifierType();
export const skipped = new RestType();

/** The name of the alternative that a choice took, or an empty string. */
export function chosen(value: object | undefined): string {
  return value === undefined ? '' : (Object.keys(value)[0] ?? '');
}
