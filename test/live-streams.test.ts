/** Live capture of real media: ffmpeg sends it through a real router. */

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isStarted, LiveRun, type News, until, VIAS } from './live-run.ts';
import { CLIENT_SIDE, NetworkLab, SERVER, SERVER_SIDE } from './network-lab.ts';

const TEST_MS = 120_000;
/** Longer than any test. */
const PATTERN = ['-re', '-f', 'lavfi', '-i', 'testsrc=size=160x120:rate=25', '-t', '150', '-c:v', 'mpeg4'];
/** Some dozens of its packets, which tell how often they come. */
const ENOUGH_BYTES = 20_000;
const PUBLISHED = `rtsp://${SERVER}:8554/live`;

const probe = NetworkLab.make();
probe?.close();

describe.skipIf(probe === null)('live capture of real media', { timeout: TEST_MS }, () => {
  let lab: NetworkLab;

  beforeEach(() => {
    lab = NetworkLab.make() as NetworkLab;
  });

  afterEach(() => lab.close());

  function ffmpeg(host: 'client' | 'server', ...args: readonly string[]): void {
    lab.start(host, 'ffmpeg', '-nostdin', '-v', 'error', ...args);
  }

  it.each(VIAS)('sees by %s that a stream works, is cut by a rule of the router, and works again', async (via) => {
    const live = new LiveRun(lab, SERVER_SIDE, '--via', via);
    await live.see('start', isStarted);
    ffmpeg('server', '-rtsp_flags', 'listen', '-i', PUBLISHED, '-f', 'null', '-');
    await lab.waitForPort('server', 8554);
    ffmpeg('client', ...PATTERN, '-f', 'rtsp', '-rtsp_transport', 'udp', PUBLISHED);
    await live.seeProtocol('RTP', ENOUGH_BYTES);
    expect(live.news.filter(isCut)).toEqual([]);
    lab.block('1024-65535', 'udp');
    const { finding } = await live.see('finding', (news) => isCut(news) && news.state !== 'passed');
    expect(finding?.title).toContain(SERVER);
    lab.unblock();
    // That it was undetermined before it was blocked has passed long ago.
    await live.see('end of the finding', (news) => isCut(news) && news.state === 'passed');
  });

  it('knows a stream of RTP that a real program sends', async () => {
    lab.run('router', 'ip', 'link', 'set', 'lo', 'up');
    const live = new LiveRun(lab, CLIENT_SIDE, '--metrics', '9464');
    await live.see('start', isStarted);
    ffmpeg('client', ...PATTERN, '-f', 'rtp', `rtp://${SERVER}:5004`);
    await live.seeProtocol('RTP');
    const scrape = "fetch('http://127.0.0.1:9464/metrics').then((it) => it.text()).then(console.log)";
    await until('the stream in the metrics', () => {
      const metrics = lab.run('router', process.execPath, '-e', scrape);
      return new RegExp(`mediatap_rtp_packets_total\\{.*destination="${SERVER}",destination_port="5004"`).test(metrics);
    });
  });
});

function isCut({ finding }: News): boolean {
  return finding?.code === 'media-cut' && finding.verdict === 'blocked';
}
