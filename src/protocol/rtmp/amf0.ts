/** AMF0 values (Action Message Format 0, section 2): the commands and metadata of RTMP. */

import { type AmfObject, AmfReader, type AmfValue } from './amf-reader.ts';
import { Amf3Decoder } from './amf3.ts';

const MARKER = {
  number: 0x00,
  boolean: 0x01,
  string: 0x02,
  object: 0x03,
  null: 0x05,
  undefined: 0x06,
  reference: 0x07,
  ecmaArray: 0x08,
  objectEnd: 0x09,
  strictArray: 0x0a,
  date: 0x0b,
  longString: 0x0c,
  unsupported: 0x0d,
  xmlDocument: 0x0f,
  typedObject: 0x10,
  amf3: 0x11,
} as const;

/** The values of [start, end) one after the other, as many as can be read: cut or broken ones end the list. */
export function decodeAmf0(bytes: Uint8Array, start: number, end: number): AmfValue[] {
  const reader = new AmfReader(bytes, start, end);
  const values: AmfValue[] = [];
  while (!reader.isAtEnd) {
    const value = readValue(reader);
    // What could be read of a cut object is worth having; a failed scalar is not a value at all.
    if (!reader.hasFailed || value instanceof Map) values.push(value);
  }
  return values;
}

/** The member of an object, null when there is none or `value` is not an object. */
export function memberOf(value: AmfValue | undefined, name: string): AmfValue {
  return isObject(value) ? (value.get(name) ?? null) : null;
}

/** The member's text; empty when it is not text. */
export function textOf(value: AmfValue | undefined, name: string): string {
  const member = memberOf(value, name);
  return typeof member === 'string' ? member : '';
}

export function isObject(value: AmfValue | undefined): value is AmfObject {
  return value instanceof Map;
}

function readValue(reader: AmfReader): AmfValue {
  if (!reader.enter()) return null;
  const value = readUnboundedValue(reader);
  reader.leave();
  return value;
}

function readUnboundedValue(reader: AmfReader): AmfValue {
  switch (reader.uint8()) {
    case MARKER.number:
      return reader.double();
    case MARKER.boolean:
      return reader.uint8() !== 0;
    case MARKER.string:
      return reader.text(reader.uint16());
    case MARKER.longString:
    case MARKER.xmlDocument:
      return reader.text(reader.uint32());
    case MARKER.null:
    case MARKER.undefined:
    case MARKER.unsupported:
      return null;
    case MARKER.reference:
      reader.skip(2);
      return null;
    case MARKER.date:
      return readDate(reader);
    case MARKER.object:
      return readMembers(reader);
    case MARKER.ecmaArray:
      // The count is a hint only: the members end as those of an object do.
      reader.skip(4);
      return readMembers(reader);
    case MARKER.typedObject:
      reader.text(reader.uint16());
      return readMembers(reader);
    case MARKER.strictArray:
      return readArray(reader);
    case MARKER.amf3:
      return new Amf3Decoder(reader).value();
    default:
      reader.hasFailed = true;
      return null;
  }
}

/** Milliseconds since 1970; the time zone behind them is reserved. */
function readDate(reader: AmfReader): number {
  const time = reader.double();
  reader.skip(2);
  return time;
}

function readMembers(reader: AmfReader): AmfObject {
  const members = new Map<string, AmfValue>();
  while (!reader.isAtEnd) {
    const name = reader.text(reader.uint16());
    if (name === '') {
      if (reader.uint8() !== MARKER.objectEnd) reader.hasFailed = true;
      break;
    }
    const value = readValue(reader);
    if (!reader.hasFailed || isObject(value)) members.set(name, value);
  }
  return members;
}

function readArray(reader: AmfReader): AmfValue[] {
  const items: AmfValue[] = [];
  for (let left = reader.uint32(); left > 0 && !reader.isAtEnd; left--) items.push(readValue(reader));
  return items;
}
