import { expect, it } from 'vitest';
import { ListsByKey } from './lists-by-key.ts';

it('keeps every value under its key, in order', () => {
  const [a, b, c, d] = [{ of: 'a' }, { of: 'b' }, { of: 'c' }, { of: 'd' }];
  const lists = new ListsByKey<string, object>();
  lists.add('many', a);
  lists.add('one', b);
  lists.add('many', c);
  lists.add('many', d);
  expect(lists.get('many')).toEqual([a, c, d]);
  expect(lists.get('one')).toEqual([b]);
  expect(lists.get('none')).toEqual([]);
  expect([...lists.lists()]).toEqual([[a, c, d], [b]]);
  expect([...lists.keys()]).toEqual(['many', 'one']);
});
