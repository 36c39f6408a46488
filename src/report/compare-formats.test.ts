import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { compareCaptures } from '../analysis/compare/compare-captures.ts';
import type { Comparison } from '../analysis/compare/comparison.ts';
import { Disguise } from './anonymous/disguise.ts';
import { COMPARE_FORMATS, type CompareFormat, writeComparison } from './compare-formats.ts';

const fixtures = fileURLToPath(new URL('../../fixtures/', import.meta.url));
const schema = JSON.parse(readFileSync(new URL('compare.schema.json', import.meta.url), 'utf8'));
const validate = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(schema);
const TOOL = { name: 'mediatap', version: '1.2.3' };

const recorded = (name: string): Promise<Comparison> =>
  compareCaptures(`${fixtures}${name}/inside.pcap`, `${fixtures}${name}/outside.pcap`);

function write(comparison: Comparison, format: CompareFormat, limit = Number.POSITIVE_INFINITY): string {
  return [...writeComparison(comparison, TOOL, format, limit)].join('');
}

describe.each(['recorded-both-legs', 'recorded-both-legs-nat'])('both legs of a firewall in %s', (name) => {
  const comparison = recorded(name);

  it('show what it stops, and nothing else', async () => {
    const { flows, totals } = await comparison;
    const stopped = flows.filter((flow) => flow.stopped !== null);
    expect(stopped.map(({ state, label, stopped }) => `${state} ${label} ${stopped}`)).toEqual([
      'dropped RTP toInitiator',
      'dropped RTCP toInitiator',
      'dropped RTMP toResponder',
      'dropped MMS toResponder',
    ]);
    expect(stopped.every(({ certainty }) => certainty === 'confirmed')).toBe(true);
    expect(totals).toMatchObject({ dropped: 4, cut: 0, lossy: 0, unproven: 0, crosses: 5, local: 1 });
  });

  it('withhold with their addresses what a filter of a side says', async () => {
    const { inside, ...rest } = await comparison;
    const text = 'Captured with the filter host cam.example: what it leaves out is not here, which proves nothing.';
    const quality = [{ code: 'filtered', count: 1, text } as const];
    const told = { ...rest, inside: { ...inside, quality }, notes: [`Inside: ${text}`] };
    const disguised = write(new Disguise(new Uint8Array(32), []).comparison(told), 'markdown');
    expect(disguised).not.toMatch(/cam\.example|10\.77\.[12]\./);
    expect(disguised).toContain('Inside: Captured with a filter, which is withheld');
  });

  it('keep the schema', async () => {
    const json = JSON.parse(write(await comparison, 'json'));
    validate(json);
    expect(validate.errors).toBeNull();
    expect(json.flows).toHaveLength(9);
    expect(json.flows[0].evidence[0].time).toMatch(/^2026-/);
  });
});

describe('a comparison for people', () => {
  it('says first what does not get through, and where it was last seen', async () => {
    const text = write(await recorded('recorded-both-legs-nat'), 'text');
    expect(text).toMatch(/^VERDICT: 4 flows arrived on one side and never left on the other; 5 flows crossed\.\n/);
    expect(text).toContain('DROPPED: RTMP from 10.77.1.10 to 10.77.2.20:1935 arrived inside and never left outside');
    expect(text).toContain('The reset that came back was not seen outside');
    expect(text).toContain('10.77.1.10 is 10.77.2.1 outside (7 flows, ports kept)');
    expect(text).toMatch(/From inside to outside: median 0\.00\d ms, 95 % within/);
  });

  it('fits a ticket, and counts what it leaves out', async () => {
    const comparison = await recorded('recorded-both-legs-nat');
    const text = write(comparison, 'text', 4000);
    expect(text.length).toBeLessThanOrEqual(4000);
    expect(text).toContain('4. DROPPED: MMS');
    expect(text).toMatch(/\d more flows? left out here/);
    const many = Array.from({ length: 200 }, (_, i) => {
      const [flow] = comparison.flows;
      return { ...flow!, label: `RTP ${i}` };
    });
    expect(write({ ...comparison, flows: many }, 'text', 4000).length).toBeLessThanOrEqual(4000);
  });

  it('has each form', async () => {
    const comparison = await recorded('recorded-both-legs');
    const beginnings = COMPARE_FORMATS.map((format) => write(comparison, format).slice(0, 10).trim().split(/\s/)[0]);
    expect(beginnings).toEqual(['VERDICT:', '#', '{', '<!DOCTYPE', 'h1.']);
  });

  it('does not judge captures that have nothing in common', async () => {
    const here = `${fixtures}recorded-both-legs/inside.pcap`;
    const comparison = await compareCaptures(here, `${fixtures}rtsp-dropped/capture.pcap`);
    expect(write(comparison, 'text')).toMatch(/^VERDICT: Undetermined: the captures have no packet in common\./);
    const json = JSON.parse(write(comparison, 'json'));
    validate(json);
    expect(validate.errors).toBeNull();
    expect(json.clocks).toBeNull();
  });
});
