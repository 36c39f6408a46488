import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RtcpReports } from './rtcp-reports.ts';

function feed(reports: RtcpReports, direction: 0 | 1, timeMs: number, hex: string): void {
  const bytes = new Uint8Array(Buffer.from(hex.replaceAll(' ', ''), 'hex'));
  reports.packet(1, direction, bytes, 0, bytes.length, bytes.length, timeMs * 1e6);
}

const SENDER_REPORT = '80c80006 6895ab97 eeac74fa 7d78a2a9 358f3973 00000022 00006003';
/** Of 6895ab97: a quarter lost, -1 in all, highest 0x10005, jitter 40, the report above, half a second after it. */
const ANSWER = '81c90007 11111111 6895ab97 40ffffff 00010005 00000028 74fa7d78 00008000';

describe('RtcpReports', () => {
  it('reads how the far end receives, and the round trip from the capture point', () => {
    const reports = new RtcpReports();
    feed(reports, 1, 1000, SENDER_REPORT);
    feed(reports, 0, 1540, ANSWER);
    const seen = reports.reportsOf(1);
    expect(seen?.senders[0]).toMatchObject({ direction: 1, ssrc: 0x6895ab97, packetsSent: 34, bytesSent: 24_579 });
    expect(seen?.receptions).toEqual([
      {
        direction: 0,
        reporter: 0x11111111,
        source: 0x6895ab97,
        reports: 1,
        lastTime: 1540e6,
        firstCumulativeLost: -1,
        cumulativeLost: -1,
        worstLoss: 0.25,
        highestSequence: 0x10005,
        arrivedAfter: Number.NEGATIVE_INFINITY,
        lastJitter: 40,
        maxJitter: 40,
        roundTripMs: 40,
        maxRoundTripMs: 40,
        voice: null,
      },
    ]);
  });

  it('takes no round trip from a receiver that has heard no report, nor from a sender without a clock', () => {
    const reports = new RtcpReports();
    feed(reports, 1, 1000, SENDER_REPORT.replace('eeac74fa 7d78a2a9', '00000000 00000000'));
    feed(reports, 0, 1540, ANSWER.replace('74fa7d78 00008000', '00000000 00000000'));
    expect(reports.reportsOf(1)?.receptions[0]).toMatchObject({ reports: 1, roundTripMs: null, maxRoundTripMs: null });
  });

  it('sees until when more arrives', () => {
    const reports = new RtcpReports();
    feed(reports, 0, 1000, ANSWER);
    feed(reports, 0, 2000, ANSWER.replace('00010005', '00010305'));
    for (let i = 3; i < 7; i++) feed(reports, 0, i * 1000, ANSWER.replace('00010005', '00010405'));
    expect(reports.reportsOf(1)?.receptions[0]).toMatchObject({ reports: 6, arrivedAfter: 2000e6 });
  });

  it('counts reports that have no block, and none whose block the snap length cut off', () => {
    const reports = new RtcpReports();
    feed(reports, 0, 1000, '80c90001 11111111');
    expect(reports.reportsOf(1)?.senders[0]).toMatchObject({ reports: 1, emptyReports: 1 });
    const cut = new Uint8Array(Buffer.from(ANSWER.replaceAll(' ', ''), 'hex')).subarray(0, 12);
    reports.packet(1, 0, cut, 0, cut.length, 32, 2e9);
    expect(reports.reportsOf(1)).toMatchObject({ senders: [{ reports: 2, emptyReports: 1 }], receptions: [] });
  });

  it('reads no counts of a sender where the snap length cut them off', () => {
    const reports = new RtcpReports();
    const whole = new Uint8Array(Buffer.from(SENDER_REPORT.replaceAll(' ', ''), 'hex'));
    reports.packet(1, 1, whole, 0, 24, whole.length, 1e9);
    expect(reports.reportsOf(1)?.senders[0]).toMatchObject({ reports: 1, packetsSent: null, bytesSent: null });
  });

  it('takes a block on a source of which nothing came for none', () => {
    const reports = new RtcpReports();
    feed(reports, 0, 1000, '81c90007 11111111 22222222 00000000 ffffffff 00000000 00000000 00000000');
    expect(reports.reportsOf(1)).toMatchObject({ senders: [{ reports: 1, emptyReports: 1 }], receptions: [] });
  });

  it('keeps names and goodbyes', () => {
    const reports = new RtcpReports();
    feed(reports, 1, 10, `${SENDER_REPORT} 81ca0003 6895ab97 0104 75736572 0000 81cb0001 6895ab97`);
    expect(reports.reportsOf(1)?.senders[0]).toMatchObject({ cname: 'user', byeTime: 10e6 });
  });

  it('counts what receivers ask for', () => {
    const reports = new RtcpReports();
    feed(
      reports,
      0,
      0,
      '81cd0003 00000001 00000002 00050003 81ce0002 00000001 00000002 84ce0004 00000001 00000002 00000003 01000000',
    );
    const none = { direction: 0, nacks: 0, packetsAskedFor: 0, pictureLoss: 0, fullIntraRequests: 0 };
    expect(reports.reportsOf(1)?.requests).toEqual([
      { ...none, source: 2, nacks: 1, packetsAskedFor: 3, pictureLoss: 1 },
      { ...none, source: 3, fullIntraRequests: 1 },
    ]);
  });

  it('reads what a telephone measures of its call', () => {
    const reports = new RtcpReports();
    const metrics = '07000008 6895ab97 0d1a0000 00000000 00640014 7f7f7f7f 5a7f2927 00000000 00000000';
    feed(reports, 0, 0, `80c90001 11111111 80cf000a 11111111 ${metrics}`);
    expect(reports.reportsOf(1)?.receptions[0]?.voice).toEqual({
      lossPercent: (13 / 256) * 100,
      discardPercent: (26 / 256) * 100,
      roundTripMs: 100,
      listeningScore: 4.1,
      conversationScore: 3.9,
    });
  });

  it('reads nothing into encrypted reports', () => {
    const reports = new RtcpReports();
    feed(reports, 0, 0, `${SENDER_REPORT} 80000001 0102030405060708090a`);
    expect(reports.reportsOf(1)).toBeNull();
  });

  it('survives anything and stays bounded', () => {
    const reports = new RtcpReports();
    const type = fc.integer({ min: 200, max: 207 });
    fc.assert(
      fc.property(type, fc.nat(31), fc.uint8Array({ minLength: 4, maxLength: 400 }), (packetType, count, body) => {
        const bytes = new Uint8Array(4 + (body.length & ~3));
        bytes.set(body.subarray(0, bytes.length - 4), 4);
        bytes.set([0x80 | count, packetType, 0, bytes.length / 4 - 1]);
        reports.packet(1, 0, bytes, 0, bytes.length, bytes.length, 0);
        expect(reports.reportsOf(1)?.receptions.length ?? 0).toBeLessThanOrEqual(64);
      }),
    );
  });
});
