/** Asks tshark about a capture. */

import { spawnSync } from 'node:child_process';

const ORACLE = 'tshark';
/** Between the values of a field that a frame has several times. */
const BETWEEN = '|';

export const hasTshark = spawnSync(ORACLE, ['--version']).status === 0;

/** The values of each field in each frame that `filter` shows, in order; `preferences` are options of its own. */
export function askTshark(
  path: string,
  filter: string,
  fields: readonly string[],
  preferences: readonly string[] = [],
): string[][][] {
  const columns = fields.flatMap((field) => ['-e', field]);
  const options = ['-n', ...preferences, '-r', path, '-Y', filter, '-T', 'fields', '-E', `aggregator=${BETWEEN}`];
  const { stdout } = spawnSync(ORACLE, [...options, ...columns], { encoding: 'utf8', maxBuffer: 1 << 28 });
  const lines = stdout.split('\n').filter((line) => line !== '');
  return lines.map((line) => line.split('\t').map((column) => column.split(BETWEEN).filter((value) => value !== '')));
}
