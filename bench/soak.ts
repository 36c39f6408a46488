/**
 * `npm run soak`: a day of a span port in minutes, by the clock of the packets. Every ten seconds new players on new hosts
 * open sessions, get media and leave; others try in vain; groups come and go. Prints memory by the hour, and fails when it
 * has not become flat. Option: `--hours N` (24).
 */

import { parseArgs } from 'node:util';
import { batchOf } from '../fixtures/frames/batch.ts';
import { ethernet, MAC } from '../fixtures/frames/ethernet.ts';
import { ipv4 } from '../fixtures/frames/ip.ts';
import { igmp, tcp, udp } from '../fixtures/frames/transport.ts';
import { judgePipeline } from '../src/analysis/judgement.ts';
import { Pipeline } from '../src/analysis/pipeline.ts';

const { values: options } = parseArgs({ options: { hours: { type: 'string', default: '24' } } });

const TICK_SECONDS = 10;
const HOUR_SECONDS = 3600;
const SESSIONS = 24;
const VAIN_ATTEMPTS = 6;
const GROUPS = 12;
const MEDIA_PACKETS = 8;
const SERVER = '10.0.0.1';
const RTSP = 554;
const JOIN = 0x16;
const LEAVE = 0x17;
/** What memory may grow by from an early hour, when every table is full, to the last one. */
const MOST_GROWTH = 1.1;
const SETTLED_HOUR = 8;

type Frame = Uint8Array;

/** A host that was never there before, with a link address of its own. */
class Player {
  readonly #address: string;
  readonly #mac: string;
  readonly #port: number;
  readonly #sequence = { player: 1, server: 1 };

  constructor(index: number) {
    const octets = [10, 1 + ((index >>> 16) & 0x7f), (index >>> 8) & 0xff, index & 0xff];
    this.#address = octets.join('.');
    this.#mac = ['02', '01', ...octets.map((octet) => octet.toString(16).padStart(2, '0'))].join(':');
    this.#port = 20_000 + (index % 20_000) * 2;
  }

  session(): Frame[] {
    const ports = `client_port=${this.#port}-${this.#port + 1}`;
    const transport = `Transport: RTP/AVP;unicast;${ports}`;
    return [
      this.#segment('player', 'S'),
      this.#segment('server', 'SA'),
      this.#segment('player', 'A'),
      ...this.#exchange('SETUP', 1, transport, `${transport};server_port=6970-6971`),
      ...this.#exchange('PLAY', 2, 'Session: 7', 'Session: 7'),
      ...Array.from({ length: MEDIA_PACKETS }, (_, i) => this.#media(i)),
      ...this.#exchange('TEARDOWN', 3, 'Session: 7', 'Session: 7'),
      this.#segment('player', 'FA'),
      this.#segment('server', 'FA'),
    ];
  }

  /** A SYN and its repetition, which nobody answers. */
  vainAttempt(): Frame[] {
    return [1, 2].map((id) =>
      this.#packet(true, tcp({ sourcePort: this.#port, destinationPort: 1935, flags: 'S' }), id),
    );
  }

  membership(group: string, type: number): Frame {
    return ethernet({ source: this.#mac }, ipv4({ source: this.#address, destination: group }, igmp({ type, group })))
      .bytes;
  }

  #exchange(method: string, number: number, asked: string, answered: string): Frame[] {
    const request = `${method} rtsp://${SERVER}/a RTSP/1.0\r\nCSeq: ${number}\r\n${asked}\r\n\r\n`;
    const answer = `RTSP/1.0 200 OK\r\nCSeq: ${number}\r\nSession: 7\r\n${answered}\r\n\r\n`;
    return [this.#segment('player', 'PA', request), this.#segment('server', 'PA', answer)];
  }

  #segment(from: 'player' | 'server', flags: string, text = ''): Frame {
    const isPlayer = from === 'player';
    const [sourcePort, destinationPort] = isPlayer ? [this.#port, RTSP] : [RTSP, this.#port];
    const numbers = { sequence: this.#sequence[from], acknowledgement: this.#sequence[isPlayer ? 'server' : 'player'] };
    this.#sequence[from] += text.length + (/[SF]/.test(flags) ? 1 : 0);
    return this.#packet(isPlayer, tcp({ sourcePort, destinationPort, flags, ...numbers }, Buffer.from(text)));
  }

  #media(index: number): Frame {
    const header = Buffer.from([0x80, 96, 0, index, 0, 0, index, 0, 1, 2, 3, 4]);
    const ports = { sourcePort: 6970, destinationPort: this.#port };
    return this.#packet(false, udp(ports, Buffer.concat([header, Buffer.alloc(160)])));
  }

  #packet(isFromPlayer: boolean, body: ReturnType<typeof tcp>, id = 1): Frame {
    const [source, destination] = isFromPlayer ? [this.#address, SERVER] : [SERVER, this.#address];
    const link = isFromPlayer
      ? { source: this.#mac, destination: MAC.server }
      : { source: MAC.server, destination: this.#mac };
    return ethernet(link, ipv4({ source, destination, id }, body)).bytes;
  }
}

function groupOf(index: number): string {
  return `239.${(index >>> 16) & 0xff}.${(index >>> 8) & 0xff}.${index & 0xff}`;
}

function framesOf(tick: number): Frame[] {
  const players = Array.from({ length: SESSIONS }, (_, i) => new Player(tick * (SESSIONS + VAIN_ATTEMPTS) + i));
  const vain = Array.from(
    { length: VAIN_ATTEMPTS },
    (_, i) => new Player(tick * (SESSIONS + VAIN_ATTEMPTS) + SESSIONS + i),
  );
  const memberships = players.slice(0, GROUPS).flatMap((player, i) => {
    const group = groupOf(tick * GROUPS + i);
    return [player.membership(group, JOIN), player.membership(group, LEAVE)];
  });
  return [
    ...players.flatMap((player) => player.session()),
    ...vain.flatMap((player) => player.vainAttempt()),
    ...memberships,
  ];
}

/** In MB of 10^6 bytes. */
function heldMemory(): number {
  globalThis.gc?.();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return (heapUsed + arrayBuffers) / 1e6;
}

if (globalThis.gc === undefined) throw new Error('run it with --expose-gc, as npm run soak does');
const pipeline = new Pipeline();
const hours = Number(options.hours);
const held: number[] = [];
let frames = 0;
process.stdout.write(
  '| hour | frames | flows made | flows held | forgotten hosts | forgotten groups | findings | MB held | MB resident |\n',
);
process.stdout.write('|---|---|---|---|---|---|---|---|---|\n');
for (let second = 0; second < hours * HOUR_SECONDS; second += TICK_SECONDS) {
  const batch = batchOf(framesOf(second / TICK_SECONDS));
  for (let i = 0; i < batch.count; i++) {
    batch.numbers[i] = ++frames;
    batch.seconds[i] = second + Math.floor((i * TICK_SECONDS) / batch.count);
  }
  pipeline.process(batch);
  pipeline.forgetSilent();
  const isFullHour = (second + TICK_SECONDS) % HOUR_SECONDS === 0;
  if (!isFullHour) continue;
  const { findings } = judgePipeline(pipeline);
  const { flows, hosts, multicast } = pipeline;
  let used = 0;
  for (let slot = 0; slot < flows.slots; slot++) if (flows.isUsed(slot)) used++;
  held.push(heldMemory());
  const row = [held.length, frames, flows.made, used, hosts.evicted, multicast.evicted, findings.length];
  const memory = [held.at(-1) ?? 0, process.memoryUsage().rss / 1e6].map((value) => value.toFixed(0));
  process.stdout.write(`| ${[...row, ...memory].join(' | ')} |\n`);
}
const [settled, last] = [held[SETTLED_HOUR - 1], held.at(-1)];
if (settled === undefined || last === undefined || held.length <= SETTLED_HOUR) {
  process.stdout.write(`\nToo short to tell: memory settles in the first ${SETTLED_HOUR} hours.\n`);
} else {
  const growth = last / settled;
  process.stdout.write(
    `\nMemory held after hour ${held.length} is ${growth.toFixed(2)} times that after hour ${SETTLED_HOUR}.\n`,
  );
  if (growth > MOST_GROWTH) process.exitCode = 1;
}
