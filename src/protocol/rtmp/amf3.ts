/** AMF3 values (Action Message Format 3, section 3), which appear inside AMF0 where a client asked for them. */

import type { AmfReader, AmfValue } from './amf-reader.ts';

const MARKER = {
  undefined: 0x00,
  null: 0x01,
  false: 0x02,
  true: 0x03,
  integer: 0x04,
  double: 0x05,
  string: 0x06,
  xmlDocument: 0x07,
  date: 0x08,
  array: 0x09,
  object: 0x0a,
  xml: 0x0b,
  byteArray: 0x0c,
} as const;

/** Sealed members of one class; more is no message of a media client. */
const MOST_MEMBERS = 128;

interface Traits {
  readonly members: readonly string[];
  readonly isDynamic: boolean;
}

/** One per AMF3 value inside a message: its tables are what references point into. Bounded by the reader's count of values. */
export class Amf3Decoder {
  readonly #reader: AmfReader;
  readonly #strings: string[] = [];
  readonly #traits: Traits[] = [];

  constructor(reader: AmfReader) {
    this.#reader = reader;
  }

  value(): AmfValue {
    if (!this.#reader.enter()) return null;
    const value = this.#unboundedValue();
    this.#reader.leave();
    return value;
  }

  #unboundedValue(): AmfValue {
    const reader = this.#reader;
    switch (reader.uint8()) {
      case MARKER.undefined:
      case MARKER.null:
        return null;
      case MARKER.false:
        return false;
      case MARKER.true:
        return true;
      case MARKER.integer:
        return this.#integer();
      case MARKER.double:
        return reader.double();
      case MARKER.string:
        return this.#string();
      case MARKER.xmlDocument:
      case MARKER.xml:
      case MARKER.byteArray:
        return this.#skipBytes();
      case MARKER.date:
        return (this.#unsigned() & 1) === 1 ? reader.double() : null;
      case MARKER.array:
        return this.#array();
      case MARKER.object:
        return this.#object();
      default:
        reader.hasFailed = true;
        return null;
    }
  }

  /** Up to 29 bits in one to four bytes; the fourth has eight of them. */
  #unsigned(): number {
    let value = 0;
    for (let i = 0; i < 3; i++) {
      const byte = this.#reader.uint8();
      value = (value << 7) | (byte & 0x7f);
      if (byte < 0x80) return value;
    }
    return (value << 8) | this.#reader.uint8();
  }

  #integer(): number {
    return (this.#unsigned() << 3) >> 3;
  }

  #string(): string {
    const header = this.#unsigned();
    if ((header & 1) === 0) return this.#strings[header >> 1] ?? '';
    const text = this.#reader.text(header >> 1);
    // The empty string is never sent by reference.
    if (text !== '') this.#strings.push(text);
    return text;
  }

  #skipBytes(): null {
    const header = this.#unsigned();
    if ((header & 1) === 1) this.#reader.skip(header >> 1);
    return null;
  }

  #array(): AmfValue {
    const header = this.#unsigned();
    if ((header & 1) === 0) return null;
    this.#members(new Map());
    const items: AmfValue[] = [];
    for (let i = 0; i < header >> 1 && !this.#reader.hasFailed; i++) items.push(this.value());
    return items;
  }

  #object(): AmfValue {
    const header = this.#unsigned();
    if ((header & 1) === 0) return null;
    const traits = this.#readTraits(header >> 1);
    const members = new Map<string, AmfValue>();
    for (const name of traits.members) members.set(name, this.value());
    if (traits.isDynamic) this.#members(members);
    return members;
  }

  #readTraits(header: number): Traits {
    const known = this.#traits[header >> 1];
    if ((header & 1) === 0 && known !== undefined) return known;
    // Externalizable classes have a body that only their maker knows.
    const isExternalizable = (header & 2) !== 0;
    const count = header >> 3;
    if ((header & 1) === 0 || isExternalizable || count > MOST_MEMBERS) {
      this.#reader.hasFailed = true;
      return { members: [], isDynamic: false };
    }
    this.#string();
    const members: string[] = [];
    for (let i = 0; i < count; i++) members.push(this.#string());
    const traits = { members, isDynamic: (header & 4) !== 0 };
    this.#traits.push(traits);
    return traits;
  }

  /** Names with values up to an empty name. */
  #members(into: Map<string, AmfValue>): void {
    for (let name = this.#string(); name !== '' && !this.#reader.hasFailed; name = this.#string()) {
      into.set(name, this.value());
    }
  }
}
