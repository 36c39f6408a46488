import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

/** Makes objects that live for some collections, and prints the bytes of the young generation that these have led to. */
const SCRIPT = `
  import { getHeapSpaceStatistics } from 'node:v8';
  import { holdYoungGeneration } from './young-generation.ts';
  let kept = [];
  for (let i = 0; i < 2e6; i++) {
    kept.push({ of: [i] });
    if (kept.length > 1e5) kept = kept.slice(5e4);
    if (process.env.HELD === '1' && i % 1000 === 0) holdYoungGeneration();
  }
  process.stdout.write(String(getHeapSpaceStatistics().find((space) => space.space_name === 'new_space').space_size));
`;

function grownTo(isHeld: boolean): number {
  const options = { cwd: fileURLToPath(new URL('.', import.meta.url)), encoding: 'utf8' } as const;
  const env = { ...process.env, HELD: isHeld ? '1' : '0' };
  return Number(
    execFileSync(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', SCRIPT], { ...options, env }),
  );
}

it('stops growing once it has its size', () => {
  expect(grownTo(true)).toBeLessThan(20e6);
  expect(grownTo(false)).toBeGreaterThan(20e6);
});
