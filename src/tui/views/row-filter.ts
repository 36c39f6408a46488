/** Which rows the filter leaves of a list that the screen has whole: the expression that selects flows, read on what a row says. */

import { compileQuery } from '../../query/compile-query.ts';
import type { QuerySubject } from '../../query/query-subject.ts';
import { isProblem, type Verdict } from '../../verdict/finding.ts';
import type { Scene } from './view.ts';

/** How a row is asked. */
export interface Filtered<T> {
  /** Null for what was never seen. */
  verdict(row: T): Verdict | null;
  /** The row as flows, of which one has to match. */
  subjects(row: T, scene: Scene): readonly QuerySubject[];
}

/** What a row says nothing of. */
export const NOTHING_SAID: QuerySubject = {
  id: 0,
  transport: '',
  protocol: null,
  protocolLabel: '',
  confidence: '',
  verdict: '',
  codes: [],
  outcome: '',
  rule: null,
  initiatorAddress: '',
  responderAddress: '',
  initiatorPort: 0,
  responderPort: 0,
  vlans: [],
  packets: 0,
  bytes: 0,
  loss: null,
  firstTime: null,
  lastTime: null,
  text: '',
};

export function isFiltered({ filter, isProblemsOnly }: Scene['state']): boolean {
  return filter.trim() !== '' || isProblemsOnly;
}

/** Keeps the last selection from each list, since a screen asks for it several times over. */
export function rowFilter<T>(how: Filtered<T>): (rows: readonly T[], scene: Scene) => readonly T[] {
  const selections = new WeakMap<readonly T[], { readonly key: string; readonly rows: readonly T[] }>();
  return (rows, scene) => {
    if (!isFiltered(scene.state)) return rows;
    const key = `${scene.state.isProblemsOnly} ${scene.state.filter}`;
    const known = selections.get(rows);
    if (known?.key === key) return known.rows;
    const selected = select(rows, how, scene);
    selections.set(rows, { key, rows: selected });
    return selected;
  };
}

/** A filter that cannot be understood leaves all. */
function select<T>(rows: readonly T[], { verdict, subjects }: Filtered<T>, scene: Scene): readonly T[] {
  const { state, data } = scene;
  const { originSeconds, totals } = data.snapshot;
  const seconds = (time: number | null) => originSeconds + (time ?? 0) / 1e9;
  const query = compileQuery(state.filter, { start: seconds(totals.firstTime), end: seconds(totals.lastTime) });
  return rows.filter((row) => {
    if (state.isProblemsOnly && !isProblem(verdict(row) ?? 'ok')) return false;
    return !query.ok || subjects(row, scene).some((subject) => query.matches(subject));
  });
}
