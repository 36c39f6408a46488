import { expect, it, vi } from 'vitest';
import { LatestQuestion } from './latest-question.ts';

it('asks one question at a time and then the newest, never those in between', async () => {
  const asked: number[] = [];
  const answered: number[] = [];
  const question = new LatestQuestion(
    async (value: number) => {
      asked.push(value);
      await Promise.resolve();
      return value * 10;
    },
    (answer) => answered.push(answer),
    () => {},
  );
  for (const value of [1, 2, 3, 4]) question.put(value);
  await vi.waitFor(() => expect(answered).toEqual([10, 40]));
  expect(asked).toEqual([1, 4]);
});

it('goes on after an answer that failed', async () => {
  const failed = vi.fn();
  const answered = vi.fn();
  const ask = (value: number) => (value === 1 ? Promise.reject(new Error('gone')) : Promise.resolve(value));
  const question = new LatestQuestion(ask, answered, failed);
  question.put(1);
  question.put(2);
  await vi.waitFor(() => expect(answered).toHaveBeenCalledWith(2, 2));
  expect(failed).toHaveBeenCalledWith(new Error('gone'));
});
