import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import {
  blockedRtsp,
  emptyCapture,
  hostileTexts,
  LiveAnalysis,
  manyFlows,
  unansweredFinding,
} from '../../test/live-analysis.ts';
import { sampleFlow } from '../../test/sample-analysis.ts';
import type { Analysis } from '../analysis/snapshot.ts';
import { Controls } from './controls.ts';
import { renderFrame } from './frame.ts';
import { KeyDecoder } from './key-decoder.ts';
import { layOutScreen } from './layout.ts';
import { NO_OFFER } from './saving.ts';
import { Store } from './store.ts';
import { textWidth } from './text-width.ts';
import { createTheme } from './theme.ts';

const THEME = createTheme('dark', 'none', true);
const SIZES = [
  [80, 24],
  [120, 40],
  [200, 50],
] as const;

const SCREENS: Readonly<Record<string, string>> = {
  findings: '',
  'finding-detail': '\r',
  flows: '2',
  'flow-detail': '2j\r',
  'frame-detail': '\r\r',
  streams: '3',
  multicast: '4',
  policy: '5',
  hosts: '6',
  capture: '7',
  summary: '8',
  help: '2?',
  palette: ':',
  filter: '2/port:x',
  columns: '2\x1b[21~j\r',
};

const HOST = { saver: null, copy: () => true, quit: () => {}, suspend: () => {} };

/** The screen after these keys, each with time for the answers that it asks for. */
async function screenAfter(analysis: Analysis, keys: string, columns: number, rows: number): Promise<string> {
  const store = new Store(analysis, { marks: THEME.marks, columns, rows, offer: NO_OFFER, changed: () => {} });
  const controls = new Controls(analysis, store, HOST);
  const decoder = new KeyDecoder();
  await answers();
  for (const input of decoder.push(keys)) {
    controls.input(input);
    await answers();
  }
  const screen = renderFrame(layOutScreen(store.scene), columns, THEME);
  store.close();
  return stripVTControlCharacters(screen);
}

function answers(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

describe.each(SIZES)('at %i columns and %i rows', (columns, rows) => {
  it.each(Object.entries(SCREENS))('%s looks as it did', async (name, keys) => {
    const screen = await screenAfter(blockedRtsp(), keys, columns, rows);
    await expect(`${screen}\n`).toMatchFileSnapshot(`goldens/${name}-${columns}x${rows}.txt`);
  });

  it('every screen fills the terminal exactly', async () => {
    for (const analysis of [blockedRtsp(), manyFlows(300), hostileTexts(), emptyCapture()]) {
      for (const keys of Object.values(SCREENS)) {
        const lines = (await screenAfter(analysis, keys, columns, rows)).split('\n');
        expect(lines).toHaveLength(rows);
        for (const line of lines) expect(textWidth(line)).toBeLessThanOrEqual(columns);
      }
    }
  });
});

describe('the first screen', () => {
  it('says what is wrong before any key is pressed', async () => {
    const screen = await screenAfter(blockedRtsp(), '', 80, 24);
    expect(screen.replace(/\s+/g, ' ')).toContain(
      'RTSP from 10.10.1.10 to 10.10.2.20:554 is blocked: SYN sent 8 times, never answered',
    );
  });

  it('says since when, where there is no room for how many it hurts', async () => {
    const analysis = blockedRtsp();
    const title = 'RTSP from 10.10.1.10 to 10.10.2.20:554 is blocked: SYN answered by a reset that is not of the host';
    analysis.publish({ findings: [{ ...unansweredFinding(), title }] });
    expect(await screenAfter(analysis, '', 80, 24)).toMatch(/not of the host +10:00:01 *\n/);
    expect(await screenAfter(analysis, '', 200, 50)).toMatch(/not of the host +1 viewer · 10:00:01 *\n/);
  });

  it('names the first capture, and how many there are beside it', async () => {
    const analysis = blockedRtsp();
    const [capture] = analysis.snapshot.captures;
    if (capture === undefined) throw new Error('no capture');
    analysis.publish({ captures: [{ ...capture, file: 'inside.pcap' }, capture, capture] });
    expect(await screenAfter(analysis, '', 120, 24)).toMatch(/^ mediatap {2}inside\.pcap and 2 others {2}120 frames/);
    const { totals } = analysis.snapshot;
    const byVerdict = { blocked: 5, refused: 1, unexpected: 1, undetermined: 0, ok: 11, background: 0 };
    analysis.publish({ totals: { ...totals, byVerdict } });
    expect(await screenAfter(analysis, '', 80, 24)).toMatch(/^ mediatap {2}inside\.pcap \+2 /);
  });

  it('leaves out examples of hosts before how a title ends', async () => {
    const analysis = blockedRtsp();
    const [start, end] = [
      'RTSP from 3,374 hosts',
      'to 10.5.0.1:554 is blocked: SYN sent 12 times over 21 s, never answered',
    ];
    const title = `${start} (10.4.93.200, 10.4.8.50, 10.4.75.50, …) ${end}`;
    const findings = Array.from({ length: 9 }, (_, index) => ({ ...unansweredFinding(), id: `${index}`, title }));
    analysis.publish({ findings });
    const words = async (columns: number) => (await screenAfter(analysis, '', columns, 24)).replace(/\s+/g, ' ');
    expect(await words(80)).toContain(`${start} ${end}`);
    expect(await words(200)).toContain(title);
  });

  it('tells how long reading will take, on a narrow screen too', async () => {
    const analysis = blockedRtsp();
    const progress = { bytesRead: 170e6, bytesTotal: 1.4e9, elapsedMs: 1000 };
    analysis.publish({ phase: 'reading', progress, totals: { ...analysis.snapshot.totals, frames: 214_036 } });
    expect(await screenAfter(analysis, '', 80, 24)).toContain(' 12 %  214,036 frames  170 MB/s  7.2 s left');
  });

  it('lets a long proof go on in the next row', async () => {
    const analysis = blockedRtsp();
    const fact = 'a device on the path answered in the name of 10.10.2.20, with TTL 64 and the MAC of the router';
    const evidence = [{ capture: 0, frame: 7, time: 1e9, fact }];
    analysis.publish({ findings: [{ ...unansweredFinding(), evidence }] });
    const screen = await screenAfter(analysis, '\r', 80, 24);
    expect(screen.replace(/\s+/g, ' ')).toContain(fact);
  });

  it('shows how the media came that it speaks of', async () => {
    const analysis = blockedRtsp();
    analysis.publish({ findings: [{ ...unansweredFinding(), flows: [3] }] });
    const screen = await screenAfter(analysis, '', 120, 40);
    expect(screen).toMatch(/Media +H264 to the initiator/);
    expect(screen).toMatch(/Rate +█+ +█+ {2}at most/);
  });

  it('is no praise where flows cannot be judged', async () => {
    const analysis = blockedRtsp();
    const { totals } = analysis.snapshot;
    const byVerdict = { ...totals.byVerdict, undetermined: 4 };
    analysis.publish({ findings: [], totals: { ...totals, byVerdict } });
    expect(await screenAfter(analysis, '', 80, 24)).toContain('4 flows cannot be judged');
  });

  it('tells what is missing to judge a flow that no finding speaks of', async () => {
    const { snapshot } = blockedRtsp();
    const missing = 'the other direction of this connection';
    const flow = sampleFlow(1, { verdict: 'undetermined', facts: { missing }, protocol: 'rtp', codes: [] });
    const analysis = new LiveAnalysis({ ...snapshot, findings: [] }, [flow]);
    expect(await screenAfter(analysis, '', 80, 24)).toContain(`Missing   ${missing}`);
    for (const keys of ['2', '2\r']) {
      const words = (await screenAfter(analysis, keys, 80, 24)).replace(/\s+/g, ' ');
      expect(words.match(/missing: the other direction of this connection/g)).toHaveLength(1);
    }
  });

  it('tells how well media came where nothing stands out', async () => {
    const analysis = blockedRtsp();
    analysis.publish({ findings: [] });
    expect(await screenAfter(analysis, '', 120, 40)).toMatch(/10\.10\.2\.20:6970 +H264, 963 kbit\/s, 0\.5% lost/);
  });

  it('offers to open something only where there is something', async () => {
    expect(await screenAfter(blockedRtsp(), '', 80, 24)).toContain('Enter detail');
    for (const keys of ['', '2', '3']) {
      expect(await screenAfter(emptyCapture(), keys, 80, 24)).not.toContain('Enter detail');
    }
  });

  it('says so where nothing stands out, or there is nothing to judge', async () => {
    const analysis = emptyCapture();
    for (const [frames, flows, words] of [
      [0, 0, 'There are no frames to judge.'],
      [7, 0, 'There are frames but no flow to judge.'],
      [7, 1, 'Nothing stands out in what was read.'],
    ] as const) {
      analysis.publish({ totals: { ...analysis.snapshot.totals, frames, flows } });
      for (const keys of ['', '8']) expect(await screenAfter(analysis, keys, 80, 24)).toContain(words);
    }
  });
});

describe('streams', () => {
  it('that never came go from who was to send them, whatever opened the path', async () => {
    const { snapshot } = blockedRtsp();
    const media = { transport: 'udp', protocol: 'rtp', protocolLabel: 'RTP', verdict: 'blocked' } as const;
    const ends = { initiator: { address: '10.10.1.11', port: 5004 }, responder: { address: '10.10.2.20', port: 6970 } };
    const punched = { packets: { toResponder: 1, toInitiator: 0 }, bytes: { toResponder: 54, toInitiator: 0 } };
    const flow = sampleFlow(3, { ...media, ...ends, ...punched, announcedDirection: 'toInitiator' });
    const screen = await screenAfter(new LiveAnalysis(snapshot, [flow]), '3', 80, 24);
    expect(screen).toMatch(/blocked +10\.10\.2\.20:6970 +10\.10\.1\.11:5004 +never came/);
    const unclear = new LiveAnalysis(snapshot, [{ ...flow, verdict: 'undetermined' }]);
    expect(await screenAfter(unclear, '3', 80, 24)).toMatch(/undetermined .*:5004 +not seen/);
  });
});

it('facts have the names that people use', async () => {
  const { snapshot } = blockedRtsp();
  const analysis = new LiveAnalysis(snapshot, [sampleFlow(1, { facts: { payloadType: '97' } })]);
  expect(await screenAfter(analysis, '2\r', 120, 40)).toContain('payload type: 97');
});

describe('addresses', () => {
  it('of IPv4 stay whole on a narrow screen, whatever else has to go', async () => {
    const { snapshot } = blockedRtsp();
    const initiator = { address: '192.168.100.101', port: 54_321 };
    const responder = { address: '192.168.200.201', port: 54_322 };
    const flow = sampleFlow(1, { initiator, responder, protocolLabel: 'a protocol with a long name' });
    const analysis = new LiveAnalysis(snapshot, [flow]);
    expect(await screenAfter(analysis, '2', 80, 24)).toMatch(/192\.168\.100\.101:54321 +192\.168\.200\.201:54322/);
  });
});

describe('any screen', () => {
  it('says that the terminal is too small instead of drawing rubbish', async () => {
    const screen = await screenAfter(blockedRtsp(), '', 30, 8);
    expect(screen.split('\n')).toHaveLength(8);
    expect(screen).toContain('mediatap needs');
  });

  it('shows what packets say without letting it act', async () => {
    for (const keys of Object.values(SCREENS)) {
      const store = await screenAfter(hostileTexts(), keys, 120, 40);
      expect(store).not.toContain('\x1b');
      expect(store).not.toContain('\u202e');
    }
  });

  it('keeps its columns straight with wide characters and long IPv6 addresses', async () => {
    const lines = (await screenAfter(hostileTexts(), '2', 120, 40)).split('\n').slice(4, 8);
    const columns = lines.map((line) => textWidth(line.slice(0, line.indexOf(' 10.10.2.20'))));
    expect(new Set(columns).size).toBe(1);
  });
});
