/** All flows in a table; only the window on screen is ever asked for. */

import type { FlowRow } from '../../analysis/snapshot.ts';
import { flowRemark } from './finding-words.ts';
import { flowColumns } from './flow-columns.ts';
import { flowPreview } from './flow-page.ts';
import { type Items, tableView } from './table.ts';
import type { Scene } from './view.ts';

export const flowsView = tableView<FlowRow>({
  items: flowItems,
  columns: flowColumns,
  identify: ({ id }) => String(id),
  emptyText({ data, state }) {
    if (data.flows === null) return 'Asking for flows';
    if (state.filter !== '' || state.isProblemsOnly) return 'No flow matches. Esc clears the filter.';
    return data.snapshot.phase === 'reading' ? 'No flow so far.' : 'No flow in what was read.';
  },
  order({ state, marks }, columns) {
    const ordered = columns.find(({ column }) => 'sort' in column && column.sort === state.sort.key);
    return [ordered?.column.title ?? '', state.sort.isDescending ? marks.down : marks.up];
  },
  open: ({ id }) => ({ kind: 'flow', id }),
  copy: ({ id }) => ({ kind: 'flow', id }),
  remark: ({ id }, scene) => flowRemark(id, scene),
  foot: flowPreview,
  footShare: 0.4,
  wants: ({ id }) => [id],
  verdict: ({ verdict }) => verdict,
});

/** The rows of the last answer at their places; before the first one, places alone. */
function flowItems({ data }: Scene): Items<FlowRow> {
  const { flows, snapshot } = data;
  return {
    count: flows?.matched ?? snapshot.totals.flows,
    at: (index) => flows?.rows[index - flows.offset] ?? null,
    findIndex(isWanted) {
      const place = flows?.rows.findIndex(isWanted) ?? -1;
      return place < 0 ? place : place + (flows?.offset ?? 0);
    },
  };
}
