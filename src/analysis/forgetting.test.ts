/** What a capture without an end needs: tables that stay within their bounds, and findings that pass with their flows. */

import { describe, expect, it } from 'vitest';
import { batchOf } from '../../fixtures/frames/batch.ts';
import { ethernet, MAC } from '../../fixtures/frames/ethernet.ts';
import { ipv4 } from '../../fixtures/frames/ip.ts';
import { tcp, udp } from '../../fixtures/frames/transport.ts';
import { judgePipeline } from './judgement.ts';
import { Pipeline } from './pipeline.ts';

const SERVER = '10.10.2.20';
const RTSP = 554;
const MEDIA = 6970;

type Side = 'client' | 'server';

/** A client's session in which the server is asked for media, or is never heard. */
class Session {
  readonly #client: string;
  readonly #port: number;
  readonly #sequence = { client: 1, server: 1 };
  #id = 1;
  #asked = 1;

  constructor(index: number) {
    this.#client = `10.${20 + ((index >>> 16) & 127)}.${(index >>> 8) & 255}.${index & 255}`;
    this.#port = 10_000 + (index % 40_000);
  }

  segment(from: Side, flags: string, text = ''): Uint8Array {
    const to = from === 'client' ? 'server' : 'client';
    const ports = from === 'client' ? [this.#port, RTSP] : [RTSP, this.#port];
    const [sourcePort = 0, destinationPort = 0] = ports;
    const fields = { sequence: this.#sequence[from], acknowledgement: this.#sequence[to], flags };
    this.#sequence[from] += text.length + (/[SF]/.test(flags) ? 1 : 0);
    return this.#packet(from, tcp({ sourcePort, destinationPort, ...fields }, Buffer.from(text)));
  }

  media(): Uint8Array {
    const ports = { sourcePort: MEDIA, destinationPort: this.#port };
    const header = Buffer.from([0x80, 96, 0, this.#id & 255, 0, 0, 0, 0, 1, 2, 3, 4]);
    return this.#packet('server', udp(ports, Buffer.concat([header, Buffer.alloc(100)])));
  }

  setUp(): Uint8Array[] {
    const transport = `Transport: RTP/AVP;unicast;client_port=${this.#port}-${this.#port + 1}`;
    const request = `SETUP rtsp://${SERVER}/a RTSP/1.0\r\nCSeq: 1\r\n${transport}\r\n\r\n`;
    const answer = `RTSP/1.0 200 OK\r\nCSeq: 1\r\nSession: 7\r\n${transport};server_port=${MEDIA}-${MEDIA + 1}\r\n\r\n`;
    return [
      this.segment('client', 'S'),
      this.segment('server', 'SA'),
      this.segment('client', 'A'),
      this.segment('client', 'PA', request),
      this.segment('server', 'PA', answer),
    ];
  }

  play(): Uint8Array {
    return this.segment('client', 'PA', this.#request('PLAY', 'Session: 7'));
  }

  answerPlay(): Uint8Array {
    return this.#answer('Session: 7');
  }

  keepAlive(): Uint8Array {
    return this.segment('client', 'PA', this.#request('GET_PARAMETER', 'Session: 7'));
  }

  /** The same session once more on the same connection. */
  setUpAgain(): Uint8Array[] {
    const transport = this.#transport();
    const request = this.segment('client', 'PA', this.#request('SETUP', transport));
    return [request, this.#answer('Session: 7', transport)];
  }

  tearDown(): Uint8Array {
    return this.segment('client', 'PA', this.#request('TEARDOWN', 'Session: 7'));
  }

  #transport(): string {
    return `Transport: RTP/AVP;unicast;client_port=${this.#port}-${this.#port + 1};server_port=${MEDIA}-${MEDIA + 1}`;
  }

  #request(method: string, ...lines: readonly string[]): string {
    return [`${method} rtsp://${SERVER}/a RTSP/1.0`, `CSeq: ${++this.#asked}`, ...lines, '', ''].join('\r\n');
  }

  #answer(...lines: readonly string[]): Uint8Array {
    const text = ['RTSP/1.0 200 OK', `CSeq: ${this.#asked}`, ...lines, '', ''].join('\r\n');
    return this.segment('server', 'PA', text);
  }

  #packet(from: Side, body: ReturnType<typeof tcp>): Uint8Array {
    const [source, destination] = from === 'client' ? [this.#client, SERVER] : [SERVER, this.#client];
    const macs = from === 'client' ? [MAC.client, MAC.router] : [MAC.router, MAC.client];
    const [sourceMac = MAC.client, destinationMac = MAC.router] = macs;
    const packet = ipv4({ source, destination, id: this.#id++ }, body);
    return ethernet({ source: sourceMac, destination: destinationMac }, packet).bytes;
  }
}

/** Gives frames to the pipeline, all at `second`. */
function feed(pipeline: Pipeline, second: number, frames: readonly Uint8Array[]): void {
  const batch = batchOf(frames);
  batch.seconds.fill(second, 0, batch.count);
  pipeline.process(batch);
}

function sizes(pipeline: Pipeline): Record<string, number> {
  const { flows, contents, icmpErrors } = pipeline;
  let used = 0;
  for (let slot = 0; slot < flows.slots; slot++) if (flows.isUsed(slot)) used++;
  const announced = contents.announcements.all.length;
  return { used, controls: contents.controls.size, announced, errors: [...icmpErrors.slots()].length };
}

describe('a capture without an end', () => {
  it('keeps all tables within their bound over a day of ever new sessions', () => {
    const pipeline = new Pipeline(128);
    for (let second = 0; second < 86_400; second += 240) {
      const sessions = Array.from({ length: 6 }, (_, index) => new Session(second + index));
      const frames = sessions.flatMap((session) => [...session.setUp(), session.media()]);
      feed(pipeline, second, frames);
    }
    const { used, controls, announced } = sizes(pipeline);
    expect(used).toBeLessThanOrEqual(128);
    expect(controls).toBeLessThanOrEqual(128);
    // Media and its reports are announced at once.
    expect(announced).toBeLessThanOrEqual(256);
    expect(pipeline.contents.announcements.dropped + pipeline.contents.notFollowed).toBe(0);
    expect(pipeline.flows.slots).toBeLessThanOrEqual(128);
  });

  it('forgets what has been silent for long, with all that was known of it', () => {
    const pipeline = new Pipeline();
    for (let index = 0; index < 20; index++) {
      const session = new Session(index);
      feed(pipeline, 0, [...session.setUp(), session.media(), session.segment('server', 'R')]);
    }
    expect(sizes(pipeline)).toMatchObject({ used: 40, announced: 40 });
    feed(pipeline, 400, [new Session(99).segment('client', 'S')]);
    pipeline.forgetSilent();
    expect(sizes(pipeline)).toEqual({ used: 1, controls: 0, announced: 0, errors: 0 });
    expect(pipeline.flows.evicted).toBe(0);
  });

  it('keeps a silent control flow as long as its media goes on', () => {
    const pipeline = new Pipeline();
    const session = new Session(1);
    feed(pipeline, 0, session.setUp());
    for (let second = 0; second <= 20_000; second += 200) {
      feed(pipeline, second, [session.media()]);
      pipeline.forgetSilent();
    }
    expect(sizes(pipeline)).toMatchObject({ used: 2, announced: 2 });
  });

  it('never says of media that came and was forgotten that it did not arrive', () => {
    const pipeline = new Pipeline();
    const session = new Session(1);
    feed(pipeline, 0, [...session.setUp(), session.play(), session.answerPlay()]);
    for (let second = 1; second < 20; second++) feed(pipeline, second, [session.media()]);
    const said: string[] = [];
    // The player keeps its session alive for an hour after the recording has ended.
    for (let second = 60; second < 3600; second += 60) {
      feed(pipeline, second, [session.keepAlive(), session.segment('server', 'A')]);
      pipeline.forgetSilent();
      said.push(...judgePipeline(pipeline).findings.map(({ code }) => code));
    }
    expect(sizes(pipeline)).toMatchObject({ used: 1, controls: 1 });
    expect(said).not.toContain('media-never-arrived');
  });

  it('lets media go that ended, of a control flow that goes on with other media', () => {
    const pipeline = new Pipeline();
    const session = new Session(1);
    feed(pipeline, 0, session.setUp());
    for (let second = 60; second < 7200; second += 60) {
      feed(pipeline, second, [...session.setUpAgain(), session.tearDown(), session.segment('server', 'A')]);
      pipeline.forgetSilent();
    }
    expect(sizes(pipeline)).toMatchObject({ used: 1, controls: 1 });
    expect(sizes(pipeline).announced).toBeLessThan(2 * (300 / 60 + 3));
  });

  it('takes a finding back when the answer comes after all, and lets one pass that nobody tries any more', () => {
    const pipeline = new Pipeline();
    const heard = new Session(1);
    feed(pipeline, 0, [...heard.setUp(), heard.media()]);
    const late = new Session(2);
    const syn = (): Uint8Array => late.segment('client', 'S');
    const codes = (): string[] => judgePipeline(pipeline).findings.map(({ code }) => code);
    feed(pipeline, 10, [syn()]);
    const again = new Session(2);
    feed(pipeline, 11, [shiftId(again.segment('client', 'S'))]);
    expect(codes()).toContain('tcp-unanswered');
    feed(pipeline, 12, [late.segment('server', 'SA'), late.segment('client', 'A')]);
    expect(codes()).not.toContain('tcp-unanswered');
    for (const second of [20, 21]) feed(pipeline, second, [shiftId(new Session(3).segment('client', 'S'), second)]);
    expect(codes()).toContain('tcp-unanswered');
    feed(pipeline, 1_000, [heard.media()]);
    pipeline.forgetSilent();
    expect(codes()).not.toContain('tcp-unanswered');
  });
});

/** The same packet sent again has another IP id; the header's checksum is not looked at. */
function shiftId(frame: Uint8Array, id = 77): Uint8Array {
  frame[19] = id;
  return frame;
}
