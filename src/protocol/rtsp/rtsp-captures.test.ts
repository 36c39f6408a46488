import { describe, expect, it } from 'vitest';
import { hasSharedCaptures, replaySharedCapture } from '../../../test/replay-capture.ts';
import { endsOf } from '../../../test/rtsp-conversation.ts';
import type { Dissector } from '../dissector.ts';
import { rtsp } from './rtsp.ts';

/** Interleaved packets by protocol and channel. */
async function countEmbedded(path: string): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  const listening: Dissector = {
    ...rtsp,
    open: (record, context) => {
      record.onEmbeddedMedia = (protocol, channel) => {
        const name = `${protocol} ${channel}`;
        counts[name] = (counts[name] ?? 0) + 1;
      };
      return rtsp.open?.(record, context) ?? { data: () => {} };
    },
  };
  await replaySharedCapture(path, listening);
  return counts;
}

/** Expected values are those of another dissector on the same frames. */
describe.skipIf(!hasSharedCaptures)('RTSP in captures of real programs', () => {
  it('has each message in its frame, with its URL or transport', async () => {
    const [flow] = await replaySharedCapture('lab/03a-rtsp-udp-dropped-fallback-clientside.pcap', rtsp);
    const told = flow?.record.messages.map((one) => `${one.at.frame} ${one.name} ${one.detail}`.trim());
    expect(told).toEqual([
      '4 OPTIONS rtsp://10.10.2.20:554/live',
      '6 200 OK',
      '8 DESCRIBE rtsp://10.10.2.20:554/live',
      '9 200 OK',
      '10 SETUP RTP/AVP/UDP;unicast;client_port=15964-15965',
      '11 200 OK RTP/AVP;unicast;client_port=15964-15965;server_port=52202-52203;ssrc=268AAACD;mode="PLAY"',
      '12 SETUP RTP/AVP/UDP;unicast;client_port=15966-15967',
      '13 200 OK RTP/AVP;unicast;client_port=15966-15967;server_port=55212-55213;ssrc=7D3EBBB0;mode="PLAY"',
      '18 PLAY rtsp://10.10.2.20:554/live/',
      '19 200 OK',
      '24 PAUSE rtsp://10.10.2.20:554/live/',
      '25 200 OK',
      '27 SETUP RTP/AVP/TCP;unicast;interleaved=0-1',
      '28 200 OK RTP/AVP/TCP;unicast;interleaved=0-1;ssrc=AF03A9E7;mode="PLAY"',
      '29 SETUP RTP/AVP/TCP;unicast;interleaved=2-3',
      '30 200 OK RTP/AVP/TCP;unicast;interleaved=2-3;ssrc=A849D104;mode="PLAY"',
      '31 PLAY rtsp://10.10.2.20:554/live/',
      '32 200 OK',
      '538 TEARDOWN rtsp://10.10.2.20:554/live/',
      '540 200 OK',
    ]);
    expect(flow?.record.media.map((one) => one.fallBack?.at.frame)).toEqual([27, 27, 29, 29]);
  });

  it('has as many interleaved packets on each channel', async () => {
    expect(await countEmbedded('lab/02-rtsp-tcp-interleaved-ok.pcap')).toEqual({
      'rtp 0': 120,
      'rtcp 1': 1,
      'rtp 2': 262,
      'rtcp 3': 1,
    });
    expect(await countEmbedded('lab/19c-cut-rtsp-tcp-drop-clientside.pcap')).toEqual({
      'rtp 0': 93,
      'rtcp 1': 1,
      'rtp 2': 210,
      'rtcp 3': 1,
    });
  });

  it('announces the flows that carry the media', async () => {
    const [gstreamer] = await replaySharedCapture('lab/01-rtsp-udp-ok.pcap', rtsp);
    expect(gstreamer?.record.media.map(endsOf)).toEqual([
      'rtp :5004 :37304',
      'rtcp :5005 :37305',
      'rtp :5006 :56494',
      'rtcp :5007 :56495',
    ]);
    const flows = await replaySharedCapture('protocols/rtsp.pcap', rtsp);
    expect(flows).toHaveLength(7);
    expect(flows[1]?.record.media.map(endsOf)).toEqual([
      'rtp :55664 :58547',
      'rtcp :55665 :58548',
      'rtp :55666 :57431',
      'rtcp :55667 :57432',
    ]);
  });

  it("knows Windows Media's dialect, and its refusal", async () => {
    const flows = await replaySharedCapture('protocols/ipfixprobe_rtsp.pcap', rtsp);
    expect(
      flows.map((flow) => flow.record.refusals.map((one) => `${one.at.frame} ${one.request} ${one.code}`)),
    ).toEqual([['7 DESCRIBE 500'], ['16 DESCRIBE 500']]);
  });
});
