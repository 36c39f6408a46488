/**
 * Types of aligned PER as values: a message is described once, in the words of its ASN.1, and read by that description.
 * What is read is always partial: a field may be absent, cut off or from a newer version, so each one may be missing.
 */

import { skipped } from './per-leaves.ts';
import type { PerReader } from './per-reader.ts';
import { PerType, type ValueOf } from './per-type.ts';

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

/** The name of the alternative that a choice took, or an empty string. */
export function chosen(value: object | undefined): string {
  return value === undefined ? '' : (Object.keys(value)[0] ?? '');
}
