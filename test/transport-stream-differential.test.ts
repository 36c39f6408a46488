/** Transport streams of real recordings: continuity as Wireshark counts it. */

import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { SlotCase } from '../src/analysis/flow-cases.ts';
import { mediaRow } from '../src/analysis/media-rows.ts';
import { readWhole } from './read-whole.ts';

const CAPTURES = fileURLToPath(new URL('../../shared/captures/protocols', import.meta.url));
const hasCaptures = existsSync(CAPTURES);
const hasTshark = spawnSync('tshark', ['--version']).status === 0;

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** Numbers of a field that a frame may have several of. */
function fieldOfTshark(path: string, field: string): number[] {
  const options = ['--enable-heuristic', 'mp2t_udp', '-r', path, '-T', 'fields', '-e', field];
  const { stdout } = spawnSync('tshark', options, { encoding: 'utf8' });
  return stdout
    .split(/[\n,]/)
    .filter((text) => text !== '')
    .map(Number);
}

describe.skipIf(!hasCaptures || !hasTshark)('transport streams of real recordings', () => {
  it.each(['mpeg2_mp2t_with_cc_drop01.pcap', 'mpegts.pcap'])(
    'are as whole as Wireshark finds them: %s',
    async (name) => {
      const path = join(CAPTURES, name);
      const pipeline = await readWhole(path);
      const transports = [];
      for (let slot = 0; slot < pipeline.flows.slots; slot++) {
        for (const { transport } of mediaRow(pipeline, new SlotCase(pipeline, slot))?.streams ?? [])
          transports.push(transport);
      }
      const pids = fieldOfTshark(path, 'mp2t.pid');
      expect(sum(transports.map((transport) => transport?.cells ?? 0))).toBe(pids.length);
      expect(sum(transports.map((transport) => transport?.lostCells ?? 0))).toBe(
        sum(fieldOfTshark(path, 'mp2t.analysis.skips')),
      );
      for (const { pid, cells } of transports.flatMap((transport) => transport?.pids ?? [])) {
        expect(cells).toBe(pids.filter((each) => each === pid).length);
      }
    },
  );
});
