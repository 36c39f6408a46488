import { describe, expect, it } from 'vitest';
import { hasSharedCaptures, replaySharedCapture } from '../../../test/replay-capture.ts';
import { http } from './http.ts';
import { mmsh } from './mmsh.ts';

/** Expected values are those of another dissector on the same frames. */
describe.skipIf(!hasSharedCaptures)('HTTP in captures of real programs', () => {
  it('is MMSH where a player speaks to a media server', async () => {
    const flows = await replaySharedCapture('lab/13h-mmsh-http-80-ok.pcap', mmsh);
    expect(flows.map(({ record }) => [record.identity, record.facts.get('agent'), record.facts.get('server')])).toEqual(
      [
        ['mmsh', 'NSPlayer/4.1.0.3856', 'Cougar 4.1.0.3921'],
        ['mmsh', 'NSPlayer/4.1.0.3856', 'Cougar 4.1.0.3921'],
      ],
    );
    expect(flows.map(({ record }) => record.messages.map((one) => one.name))).toEqual([
      ['GET', '200 OK', '$H'],
      ['GET', '200 OK', '$H', '$D'],
    ]);
    expect(await replaySharedCapture('lab/16-http-on-554.pcap', mmsh)).toEqual([]);
  });

  it('is known on any port, with the streams that it carries', async () => {
    const variants = async (path: string) =>
      (await replaySharedCapture(path, http)).map(({ record }) => record.variant);
    expect(await variants('lab/16-http-on-554.pcap')).toEqual(['', '']);
    expect(await variants('protocols/hls.pcapng')).toEqual(['HLS']);
    expect(await variants('protocols/http_on_sip_port.pcap')).toEqual(['HLS']);
    expect(await variants('protocols/ssh-on-port-80.trace')).toEqual([]);
  });

  it('pairs each request with its answer on connections that are used again', async () => {
    const [flow] = await replaySharedCapture('formats/four_ipv6_http_streams.pcap', http);
    expect(flow?.record.messages.map((one) => `${one.name} ${one.detail}`)).toEqual([
      'GET /',
      '200 OK text/html',
      'GET /header.shtml',
      '200 OK text/html',
      'GET /images/logo.jpg',
      '200 OK image/jpeg',
    ]);
  });
});
