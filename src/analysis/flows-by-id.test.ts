import { expect, it } from 'vitest';
import { flowCase } from '../../test/case-builder.ts';
import { FlowsById } from './flows-by-id.ts';

it('gives flows back in order of id, and each by its own', () => {
  const ids = [7, 2 ** 32 - 1, 1, 30];
  const flows = new FlowsById(ids.map((id) => flowCase({ id })));
  expect(flows.flows.map(({ id }) => id)).toEqual([1, 7, 30, 2 ** 32 - 1]);
  for (const id of ids) expect(flows.get(id)?.id).toBe(id);
  for (const id of [0, 2, 31, 2 ** 32]) expect(flows.get(id)).toBeNull();
  expect(new FlowsById([]).get(1)).toBeNull();
});
