import { describe, expect, it } from 'vitest';
import { batchOf } from '../../fixtures/frames/batch.ts';
import { ethernet } from '../../fixtures/frames/ethernet.ts';
import { concat, type Header, number } from '../../fixtures/frames/header.ts';
import { ipv4 } from '../../fixtures/frames/ip.ts';
import { udp } from '../../fixtures/frames/transport.ts';
import { SlotCase } from './flow-cases.ts';
import { describeLossPlace } from './loss-place.ts';
import type { MeasuredStreamRow } from './measured-media.ts';
import { mediaRow } from './media-rows.ts';
import { Pipeline } from './pipeline.ts';

const SENDER = '10.0.0.1';
const RECEIVER = '10.0.0.2';
const SSRC = 0xabcd1234;

function datagram(source: string, destination: string, port: number, body: Uint8Array): Header {
  return ethernet({}, ipv4({ source, destination }, udp({ sourcePort: port, destinationPort: port }, body)));
}

function voice(sequence: number): Header {
  const header = [number(0x8008, 2), number(sequence, 2), number(sequence * 160, 4), number(SSRC, 4)];
  return datagram(SENDER, RECEIVER, 5004, concat(...header, new Uint8Array(160)));
}

function report(reporter: string, lost: number): Header {
  const block = [number(SSRC, 4), number(lost, 4), number(99, 4), number(80, 4), number(0, 4), number(0, 4)];
  const other = reporter === RECEIVER ? SENDER : RECEIVER;
  return datagram(reporter, other, 5005, concat(number(0x81c90007, 4), number(7, 4), ...block));
}

/** A hundred packets of voice, and what is reported of them. */
function measure(isMissing: (sequence: number) => boolean, reports: readonly Header[]): MeasuredStreamRow | null {
  const sequences = Array.from({ length: 100 }, (_, sequence) => sequence).filter((each) => !isMissing(each));
  const early = [report(RECEIVER, 0)];
  const pipeline = new Pipeline();
  pipeline.process(batchOf([...early, ...sequences.map(voice), ...reports], { interval: 0.02 }));
  pipeline.finish();
  for (let slot = 0; slot < pipeline.flows.slots; slot++) {
    const [stream] = mediaRow(pipeline, new SlotCase(pipeline, slot))?.streams ?? [];
    if (stream !== undefined) return stream;
  }
  return null;
}

describe('mediaRow', () => {
  it('counts every packet of a stream that took several to be known', () => {
    expect(measure(() => false, [])).toMatchObject({ packets: 100, expected: 100, lost: 0, codec: 'PCMA' });
  });

  it('tells what came and what was lost over time', () => {
    const series = measure((sequence) => sequence >= 50 && sequence < 60, [])?.series;
    expect(series).toMatchObject({ firstTime: 0.02e9, bucketMs: 125 });
    expect(series?.lost.reduce((sum, count) => sum + count)).toBe(10);
    expect(series?.packets.reduce((sum, count) => sum + count)).toBe(90);
  });

  it('holds what the receiver reports on the port beside it against what was seen', () => {
    const stream = measure(() => false, [report(RECEIVER, 20)]);
    expect(stream?.receivers).toMatchObject([{ ssrc: 7, reports: 2, lost: 20, jitterMs: 10, lossPlace: 'after' }]);
    expect(stream && describeLossPlace(stream)).toBe(
      'the receiver reports 20 lost and 0 are missing here: they were lost between this capture point and the receiver',
    );
  });

  it('tells loss before the capture point from loss after it', () => {
    const isTenth = (sequence: number) => sequence % 10 === 5;
    expect(measure(isTenth, [report(RECEIVER, 10)])?.receivers[0]?.lossPlace).toBe('before');
    expect(measure(isTenth, [report(RECEIVER, 30)])?.receivers[0]?.lossPlace).toBe('both');
  });

  it('tells what the receiver asked for, and who it is', () => {
    const nack = concat(number(0x81cd0003, 4), number(7, 4), number(SSRC, 4), number(0x00050001, 4));
    const name = concat(number(0x81ca0003, 4), number(7, 4), number(0x01046d61, 4), number(0x72790000, 4));
    const asked = datagram(RECEIVER, SENDER, 5005, concat(number(0x80c90001, 4), number(7, 4), name, nack));
    const stream = measure(() => false, [asked, report(RECEIVER, 0)]);
    expect(stream?.requests).toEqual({ nacks: 1, packetsAskedFor: 2, pictureLoss: 0, fullIntraRequests: 0 });
    expect(stream?.receivers).toMatchObject([{ ssrc: 7, name: 'mary', goodbyeTime: null, voice: null }]);
    expect(stream?.mos).toBeCloseTo(4.41, 2);
  });

  it('takes no word of the sender about its own stream for a report of a receiver', () => {
    expect(measure(() => false, [report(SENDER, 20)])?.receivers).toHaveLength(1);
  });
});
