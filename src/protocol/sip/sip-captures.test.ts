import { describe, expect, it } from 'vitest';
import { hasSharedCaptures, replaySharedCapture } from '../../../test/replay-capture.ts';
import { sip } from './sip.ts';

/** Expected values are those of another dissector on the same frames. */
describe.skipIf(!hasSharedCaptures)('SIP in captures of real programs', () => {
  it('finds every message, and the media of the one call that got so far', async () => {
    const flows = await replaySharedCapture('protocols/ndpi_sip.pcap', sip);
    expect(flows.map(({ record }) => record.messages.length)).toEqual([63, 18]);
    const media = flows.flatMap(({ record }) => record.media);
    expect(
      media.map(({ announcement }) => [announcement.protocol, announcement.initiator, announcement.responder]),
    ).toEqual([
      ['rtp', { address: '192.168.1.2', port: 30000 }, { address: '212.242.33.36', port: 40392 }],
      ['rtcp', { address: '192.168.1.2', port: 30001 }, { address: '212.242.33.36', port: 40393 }],
    ]);
    expect(
      flows[0]?.record.refusals.filter((one) => one.overcomeAt === null).map((one) => `${one.request} ${one.code}`),
    ).toEqual(['REGISTER 403', 'INVITE 403', 'REGISTER 401', 'INVITE 480']);
  });
});
