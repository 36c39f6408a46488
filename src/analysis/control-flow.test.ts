import { describe, expect, it } from 'vitest';
import { batchOf } from '../../fixtures/frames/batch.ts';
import { ethernet } from '../../fixtures/frames/ethernet.ts';
import { ipv4 } from '../../fixtures/frames/ip.ts';
import { tcp } from '../../fixtures/frames/transport.ts';
import { Pipeline } from './pipeline.ts';

const [CLIENT, SERVER] = ['10.10.1.10', '10.10.2.20'];
const ASKED = 'OPTIONS rtsp://10.10.2.20/a RTSP/1.0\r\nCSeq: 1\r\n\r\n';
const DESCRIBED = 'DESCRIBE rtsp://10.10.2.20/a RTSP/1.0\r\nCSeq: 2\r\n\r\n';
const TORN = 'TEARDOWN rtsp://10.10.2.20/a RTSP/1.0\r\nCSeq: 3\r\n\r\n';
const ANSWERED = 'RTSP/1.0 200 OK\r\nCSeq: 1\r\n\r\n';

interface Said {
  readonly from: 'client' | 'server';
  readonly text?: string;
  readonly flags?: string;
}

/** A connection as its ends said it, of which the capture holds these segments, in this order. */
function recordOf(said: readonly Said[], held: readonly number[], snapLength = 1500) {
  const next = { client: 1, server: 1 };
  const segments = said.map(({ from, text = '', flags = 'PA' }) => {
    const other = from === 'client' ? 'server' : 'client';
    const [sourcePort, destinationPort] = from === 'client' ? [40_000, 554] : [554, 40_000];
    const fields = { sourcePort, destinationPort, flags, sequence: next[from], acknowledgement: next[other] };
    next[from] += text.length + (/[SF]/.test(flags) ? 1 : 0);
    const [source, destination] = from === 'client' ? [CLIENT, SERVER] : [SERVER, CLIENT];
    return ethernet({}, ipv4({ source, destination }, tcp(fields, Buffer.from(text))));
  });
  const pipeline = new Pipeline();
  const frames = held.map((place) => segments[place] as (typeof segments)[number]);
  pipeline.process(batchOf(frames, { snapLength }));
  return pipeline.contents.controls.get(0)?.record;
}

describe('the record of a control connection', () => {
  const whole: readonly Said[] = [
    { from: 'client', flags: 'S' },
    { from: 'server', flags: 'SA' },
    { from: 'client', text: ASKED },
    { from: 'server', text: ANSWERED },
    { from: 'client', text: DESCRIBED },
    { from: 'client', flags: 'FA' },
  ];

  it('lacks nothing where all of it is there, or came out of order', () => {
    expect(recordOf(whole, [0, 1, 2, 3, 4, 5])?.missedAt).toBeNull();
    expect(recordOf(whole, [0, 1, 2, 3, 5, 4])?.missedAt).toBeNull();
  });

  it('tells which packet a snap length cut last', () => {
    expect(recordOf(whole, [0, 1, 2, 3, 4, 5])?.cutAt).toBeNull();
    expect(recordOf(whole, [0, 1, 2, 3, 4, 5], 96)?.cutAt).toMatchObject({ frame: 5 });
  });

  it('tells that what was sent before a FIN is missing', () => {
    expect(recordOf(whole, [0, 1, 2, 3, 5])?.missedAt).toMatchObject({ frame: 5 });
  });

  it('has what a segment acknowledges before what it says', () => {
    const later: readonly Said[] = [
      ...whole.slice(0, 4),
      { from: 'server', text: ANSWERED },
      { from: 'client', flags: 'A' },
      { from: 'client', text: TORN },
    ];
    // The first answer is lost, and the second waits for it until two acknowledgements say that it has arrived.
    const record = recordOf(later, [0, 1, 2, 4, 5, 6]);
    expect(record?.messages.map(({ name }) => name)).toEqual(['OPTIONS', '200 OK', 'TEARDOWN']);
    expect(record?.missedAt).toMatchObject({ frame: 4 });
  });
});
