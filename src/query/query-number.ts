/** Numbers in a filter expression: `554`, `5000-5100`, `1,2,3`, `>1.5M`, `>=1%`. */

import type { FieldCondition } from './field-condition.ts';
import type { QueryPredicate, QuerySubject } from './query-subject.ts';

type NumberTest = (value: number) => boolean;

const NUMBER = /^(\d+(?:\.\d+)?)([kmg]?)%?$/i;
const RANGE = /^(\d+)-(\d+)$/;
const MULTIPLIERS: Readonly<Record<string, number>> = { '': 1, k: 1e3, m: 1e6, g: 1e9 };

export function matchNumber(
  condition: FieldCondition,
  numbersOf: (subject: QuerySubject) => readonly number[],
): QueryPredicate {
  const { comparison } = condition;
  const test = comparison === '!=' ? equalityTest(condition) : comparisonTest(condition);
  const matches: QueryPredicate = (subject) => numbersOf(subject).some(test);
  return comparison === '!=' ? (subject) => !matches(subject) : matches;
}

function comparisonTest(condition: FieldCondition): NumberTest {
  switch (condition.comparison) {
    case '>': {
      const limit = parseNumber(condition.value, condition);
      return (value) => value > limit;
    }
    case '>=': {
      const limit = parseNumber(condition.value, condition);
      return (value) => value >= limit;
    }
    case '<': {
      const limit = parseNumber(condition.value, condition);
      return (value) => value < limit;
    }
    case '<=': {
      const limit = parseNumber(condition.value, condition);
      return (value) => value <= limit;
    }
    default:
      return equalityTest(condition);
  }
}

function equalityTest(condition: FieldCondition): NumberTest {
  const tests = condition.value.split(',').map((part): NumberTest => {
    const range = RANGE.exec(part);
    if (range === null) {
      const wanted = parseNumber(part, condition);
      return (value) => value === wanted;
    }
    const [first, last] = [Number(range[1]), Number(range[2])];
    if (first > last) return condition.fail(`'${part}' ends before it begins`);
    return (value) => first <= value && value <= last;
  });
  return (value) => tests.some((test) => test(value));
}

function parseNumber(text: string, condition: FieldCondition): number {
  const match = NUMBER.exec(text);
  if (match === null) return condition.fail(`'${text}' is not a number`);
  return Number(match[1]) * (MULTIPLIERS[(match[2] ?? '').toLowerCase()] ?? 1);
}
