/** Types of aligned PER that hold no others (ITU-T X.691): numbers, bytes, text. */

import { bitsFor, type PerReader } from './per-reader.ts';
import { PerType } from './per-type.ts';

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
