/** What all types of aligned PER have in common: they can be read. */

import type { PerReader } from './per-reader.ts';

export abstract class PerType<T> {
  /** Undefined when the reader failed before anything of the value was known. */
  abstract read(reader: PerReader): T | undefined;
}

export type ValueOf<P> = P extends PerType<infer T> ? T : never;
