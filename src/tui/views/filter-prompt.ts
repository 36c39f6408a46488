/** The filter while it is typed: what it could go on with, and in the row below the tabs what there is to say of it. */

import { compileQuery } from '../../query/compile-query.ts';
import { type Completion, completeQuery } from '../../query/complete-query.ts';
import { type Line, line, lineWidth, type Span, span } from '../line.ts';
import { filterNamed } from '../overlay.ts';
import type { Scene } from './view.ts';

const EXAMPLES = 'Any word, or rtsp verdict:blocked host:10.1/16 loss>1%   Up earlier ones   Tab completes';
/** What can stand in a filter without quotes. */
const PLAIN_WORD = /^[\w.-]+$/;

/** A filter that was kept under this name, else the fields and values that begin so. */
export function completionsOf({ state, data }: Scene, text: string): readonly Completion[] {
  const named = filterNamed(text, state.memory.named);
  if (named !== null) return [{ term: named.text, text: named.text }];
  const { totals, policy } = data.snapshot;
  const protocols = totals.byProtocol
    .map(({ protocol }) => protocol.toLowerCase())
    .filter((name) => PLAIN_WORD.test(name));
  return completeQuery(text, { proto: protocols, rule: policy.map(({ rule }) => rule) });
}

/** What Tab makes of the text: as much as all have in common, else the first of them. */
export function completed(text: string, completions: readonly Completion[]): string {
  const [first] = completions;
  if (first === undefined) return text;
  const common = completions.reduce((prefix, each) => commonStart(prefix, each.text), first.text);
  return common.length > text.length ? common : first.text;
}

function commonStart(one: string, other: string): string {
  let length = 0;
  while (length < one.length && one[length] === other[length]) length++;
  return one.slice(0, length);
}

/** What could follow comes before an error: what is only begun is not yet wrong. */
export function filterHint(scene: Scene, text: string): Line {
  if (text.trim() === '') return line(`  ${EXAMPLES}`, 'dim');
  const completions = completionsOf(scene, text);
  if (completions.length > 0) return [span('  '), span('Tab', 'key'), ...termSpans(completions, scene.width - 6)];
  const compiled = compileQuery(text);
  return compiled.ok ? [] : line(`  ${compiled.error}`, 'error');
}

function termSpans(completions: readonly Completion[], room: number): Span[] {
  const spans: Span[] = [];
  for (const { term } of completions) {
    const next = span(`  ${term}`, 'notice');
    if (lineWidth([...spans, next]) > room) break;
    spans.push(next);
  }
  return spans;
}
