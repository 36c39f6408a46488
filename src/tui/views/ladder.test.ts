import { describe, expect, it } from 'vitest';
import { blockedRtsp } from '../../../test/live-analysis.ts';
import { sampleFlow, sampleStep } from '../../../test/sample-analysis.ts';
import type { FlowDetail, LadderStep } from '../../analysis/snapshot.ts';
import { NO_OFFER } from '../saving.ts';
import { Store } from '../store.ts';
import { textWidth } from '../text-width.ts';
import { createTheme } from '../theme.ts';
import { ladderLines } from './ladder.ts';

const { marks } = createTheme('dark', 'none', true);
const ROW = sampleFlow(1);
const [CLIENT, SERVER] = [ROW.initiator.address, ROW.responder.address];

function drawn(ladder: readonly LadderStep[], columns = 80, row = ROW): string[] {
  const { scene } = new Store(blockedRtsp(), { marks, columns, rows: 24, offer: NO_OFFER, changed: () => {} });
  const detail = { row, ladder, ladderDropped: 0 } as unknown as FlowDetail;
  return ladderLines(detail, scene).map(({ line }) => line.map(({ text }) => text).join(''));
}

function messages(...parties: readonly (readonly [from: string, to: string])[]): LadderStep[] {
  return parties.map(([from, to], index) => sampleStep(ROW, { frame: index + 1, name: 'hello', from, to, flow: 2 }));
}

describe('the ladder on screen', () => {
  it('names the ports only where all its arrows are of one flow', () => {
    expect(drawn([sampleStep(ROW, {})])[0]).toContain('10.10.1.10:38336');
    const [heading] = drawn(messages([CLIENT, SERVER]));
    expect(heading).toMatch(/10\.10\.1\.10 +10\.10\.2\.20$/);
  });

  it('tells the ports of a transport before all else, where there is no room for the whole of it', () => {
    const detail = 'RTP/AVP/UDP;unicast;client_port=15964-15965;server_port=52202-52203';
    const setup = sampleStep(ROW, { name: 'SETUP', detail });
    expect(drawn([setup], 80)[1]).toMatch(/│ client_port=15964-15965;/);
    expect(drawn([setup], 200)[1]).toContain(detail);
  });

  it('has a lane of its own for each further host', () => {
    const [heading, ...steps] = drawn(messages([CLIENT, '10.0.0.5'], ['10.0.0.5', SERVER], [SERVER, CLIENT]));
    expect(heading).toMatch(/10\.10\.1\.10 +10\.10\.2\.20 +10\.0\.0\.5$/);
    expect(steps.map((step) => step.slice(step.indexOf('│')).replace(/─+/g, '─'))).toEqual([
      '│─ hello ─▶│ ',
      expect.stringMatching(/^│ +│◀─ hello ─│ $/),
      expect.stringMatching(/^│◀─ hello ─│ +│ $/),
    ]);
  });

  it('lets those that have no room share the last lane', () => {
    const hosts = ['10.0.0.1', '10.0.0.2', '10.0.0.3', '10.0.0.4'];
    const [heading, ...steps] = drawn(messages(...hosts.map((host) => [CLIENT, host] as const)));
    expect(heading).toMatch(/others$/);
    expect(steps).toHaveLength(4);
  });

  it('leads an error of a router to whoever it was for', () => {
    const error = sampleStep(ROW, { direction: 'from-elsewhere', name: 'ICMP 3/13', from: '10.10.1.1', to: CLIENT });
    expect(drawn([error])[1]).toMatch(/│◀┄+ ICMP 3\/13 ┄+│/);
    expect(drawn([{ ...error, to: SERVER }])[1]).toMatch(/│┄+ ICMP 3\/13 ┄+▶│/);
  });

  it('stays straight with long addresses, and with a host that talks to itself', () => {
    const address = '2001:db8:1234:5678:9abc:def0:1234:5678';
    const row = { ...ROW, initiator: { address, port: 40_000 }, responder: { address, port: 554 } };
    const lines = drawn([sampleStep(row, {}), sampleStep(row, { direction: 'toInitiator' })], 80, row);
    expect(lines[0]).toMatch(/:40000 .*:554$/);
    expect(lines[1]).toMatch(/▶│/);
    expect(lines[2]).toMatch(/│◀/);
    for (const line of lines) expect(textWidth(line)).toBeLessThanOrEqual(80);
  });
});
