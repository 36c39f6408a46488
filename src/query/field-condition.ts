/** One condition of a filter expression, before its field has read the value. */

import type { QuerySpan } from './query-subject.ts';
import type { Comparison } from './query-token.ts';

export interface FieldCondition {
  readonly comparison: Comparison;
  readonly value: string;
  readonly span: QuerySpan;
  /** Throws the error that points at the value. */
  fail(message: string): never;
}
