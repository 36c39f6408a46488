/** All flows in a table; only the window on screen is ever asked for. */

import type { FlowRow } from '../../analysis/snapshot.ts';
import { composeRow, composeTitles, type FittedColumn, fitColumns } from '../columns.ts';
import { isProblem } from '../flow-text.ts';
import { line, span } from '../line.ts';
import type { Position, Shape } from '../scroll.ts';
import { flowRemark } from './finding-list.ts';
import { flowColumns } from './flow-columns.ts';
import { type Row, row, type Scene, type View } from './view.ts';

const GUTTER = 2;

export const flowsView: View = {
  shape: flowShape,
  draw(scene, position) {
    const columns = fitColumns(flowColumns(scene), scene.width - GUTTER - 1);
    const rows = bodyRows(scene, columns, position);
    return [titleRow(scene, columns), ...rows];
  },
  open(scene, cursor) {
    const flow = flowAt(scene, cursor);
    return flow === null ? null : { kind: 'flow', id: flow.id };
  },
  copy(scene, cursor) {
    const flow = flowAt(scene, cursor);
    return flow === null ? null : { kind: 'flow', id: flow.id };
  },
  remark(scene, cursor) {
    const flow = flowAt(scene, cursor);
    return flow === null ? '' : flowRemark(flow.id, scene);
  },
  findProblem(scene, cursor, by) {
    const { flows } = scene.data;
    const { count } = flowShape(scene);
    for (let at = cursor + by; at >= 0 && at < count; at += by) {
      const flow = flows?.rows[at - flows.offset];
      if (flow === undefined) return null;
      if (isProblem(flow.verdict)) return at;
    }
    return null;
  },
};

function flowShape({ data, height }: Scene): Shape {
  return {
    kind: 'list',
    count: data.flows?.matched ?? data.snapshot.totals.flows,
    itemRows: 1,
    room: height - 1,
    titleRows: 1,
  };
}

/** Null while the row is being fetched. */
export function flowAt({ data }: Scene, index: number): FlowRow | null {
  return data.flows?.rows[index - data.flows.offset] ?? null;
}

function titleRow({ state, marks }: Scene, columns: readonly FittedColumn<FlowRow>[]): Row {
  const sorted = flowSortTitle(columns, state.sort.key);
  const arrow = state.sort.isDescending ? marks.down : marks.up;
  return row([span(' '.repeat(GUTTER)), ...composeTitles(columns, sorted, arrow)]);
}

function flowSortTitle(columns: readonly FittedColumn<FlowRow>[], key: string): string {
  const found = columns.find(({ column }) => 'sort' in column && column.sort === key);
  return found?.column.title ?? '';
}

function bodyRows(scene: Scene, columns: readonly FittedColumn<FlowRow>[], { cursor, top }: Position): Row[] {
  const { data, height, marks } = scene;
  if (data.flows === null) return [row(line('  Asking for flows', 'dim'))];
  if (data.flows.matched === 0) return [row(line(emptyText(scene), 'dim'))];
  const last = Math.min(data.flows.matched, top + height - 1);
  const rows: Row[] = [];
  for (let at = top; at < last; at++) {
    const flow = flowAt(scene, at);
    const isSelected = at === cursor;
    const gutter = span(isSelected ? `${marks.cursor} ` : ' '.repeat(GUTTER), 'key');
    rows.push(row([gutter, ...(flow === null ? line(marks.dot, 'dim') : composeRow(columns, flow))], isSelected));
  }
  return rows;
}

function emptyText({ data, state }: Scene): string {
  if (state.filter !== '' || state.isProblemsOnly) return '  No flow matches. Esc clears the filter.';
  return data.snapshot.phase === 'reading' ? '  No flow so far.' : '  No flow in what was read.';
}
