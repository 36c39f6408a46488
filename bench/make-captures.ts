/**
 * The two captures that the bench measures with, made once and kept in `bench/.cache`: `big` is a media network (RTP, RTMP,
 * RTSP, MMS, multicast, unanswered SYNs, DNS, HTTP) and `small` is small packets of many flows in random order, which is
 * the worst for a flow table.
 */

import { closeSync, existsSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';

const SLAB_BYTES = 8 * 1024 * 1024;
const ETHERNET_BYTES = 14;
const IPV4_BYTES = 20;
const UDP_BYTES = 8;
const TCP_BYTES = 20;
const TCP = 6;
const UDP = 17;
const SYN = 0x02;
const PSH_ACK = 0x18;
const SYN_ACK = 0x12;

/** Returns the paths of both captures, made when they are not there. */
export function makeCaptures(folder: string): { readonly big: string; readonly small: string } {
  mkdirSync(folder, { recursive: true });
  const big = join(folder, 'big.pcap');
  const small = join(folder, 'small.pcap');
  if (!existsSync(big)) write(big, writeBig);
  if (!existsSync(small)) write(small, writeSmall);
  return { big, small };
}

function write(path: string, fill: (writer: CaptureWriter) => void): void {
  const writer = new CaptureWriter(`${path}.part`);
  fill(writer);
  writer.close();
  renameSync(`${path}.part`, path);
}

/** A repeatable source of numbers (mulberry32). */
class Random {
  #state = 0x5eed;

  below(limit: number): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let value = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return ((value ^ (value >>> 14)) >>> 0) % limit;
  }
}

interface Header {
  readonly protocol: number;
  readonly source: number;
  readonly destination: number;
  readonly sourcePort: number;
  readonly destinationPort: number;
}

class CaptureWriter {
  readonly #file: number;
  readonly #bytes = Buffer.alloc(SLAB_BYTES);
  #used = 0;
  #micros = 0;
  #ipId = 1;

  constructor(path: string) {
    this.#file = openSync(path, 'w');
    const header = Buffer.alloc(24);
    header.writeUInt32LE(0xa1b2c3d4, 0);
    header.writeUInt16LE(2, 4);
    header.writeUInt16LE(4, 6);
    header.writeUInt32LE(262_144, 16);
    header.writeUInt32LE(1, 20);
    writeSync(this.#file, header);
  }

  /** Moves the clock of the capture. */
  wait(micros: number): void {
    this.#micros += micros;
  }

  /** Begins a frame and returns where its transport header goes; the payload follows it. */
  begin(header: Header, transportBytes: number): { readonly bytes: Buffer; readonly at: number } {
    const length = ETHERNET_BYTES + IPV4_BYTES + transportBytes;
    if (this.#used + 16 + length > SLAB_BYTES) this.#flush();
    const bytes = this.#bytes;
    let at = this.#used;
    bytes.writeUInt32LE(1_700_000_000 + Math.floor(this.#micros / 1e6), at);
    bytes.writeUInt32LE(this.#micros % 1e6, at + 4);
    bytes.writeUInt32LE(length, at + 8);
    bytes.writeUInt32LE(length, at + 12);
    at += 16;
    bytes.writeUIntBE(0x020000000001, at, 6);
    bytes.writeUIntBE(0x020000000002, at + 6, 6);
    bytes.writeUInt16BE(0x0800, at + 12);
    at += ETHERNET_BYTES;
    bytes.writeUInt16BE(0x4500, at);
    bytes.writeUInt16BE(IPV4_BYTES + transportBytes, at + 2);
    bytes.writeUInt16BE(this.#ipId++ & 0xffff, at + 4);
    bytes.writeUInt16BE(0x4000, at + 6);
    bytes.writeUInt8(64, at + 8);
    bytes.writeUInt8(header.protocol, at + 9);
    bytes.writeUInt16BE(0, at + 10);
    bytes.writeUInt32BE(header.source, at + 12);
    bytes.writeUInt32BE(header.destination, at + 16);
    at += IPV4_BYTES;
    bytes.writeUInt16BE(header.sourcePort, at);
    bytes.writeUInt16BE(header.destinationPort, at + 2);
    this.#used = at + transportBytes;
    return { bytes, at };
  }

  udp(header: Header, payloadBytes: number, fill: (bytes: Buffer, at: number) => void): void {
    const { bytes, at } = this.begin(header, UDP_BYTES + payloadBytes);
    bytes.writeUInt16BE(UDP_BYTES + payloadBytes, at + 4);
    bytes.writeUInt16BE(0, at + 6);
    fill(bytes, at + UDP_BYTES);
  }

  tcp(header: Header, flags: number, sequence: number, acknowledgement: number, payload: Buffer): void {
    const { bytes, at } = this.begin(header, TCP_BYTES + payload.length);
    bytes.writeUInt32BE(sequence >>> 0, at + 4);
    bytes.writeUInt32BE(acknowledgement >>> 0, at + 8);
    bytes.writeUInt16BE(0x5000 | flags, at + 12);
    bytes.writeUInt16BE(64_240, at + 14);
    bytes.writeUInt32BE(0, at + 16);
    payload.copy(bytes, at + TCP_BYTES);
  }

  close(): void {
    this.#flush();
    closeSync(this.#file);
  }

  #flush(): void {
    writeSync(this.#file, this.#bytes, 0, this.#used);
    this.#used = 0;
  }
}

/** One TCP connection that is written packet by packet, in between those of others. */
class Connection {
  readonly #writer: CaptureWriter;
  readonly #header: Header;
  readonly #sequences: [number, number] = [1000, 9000];
  #step = 0;
  readonly #talk: readonly Buffer[];

  constructor(writer: CaptureWriter, header: Header, talk: readonly Buffer[]) {
    this.#writer = writer;
    this.#header = header;
    this.#talk = talk;
  }

  get isOver(): boolean {
    return this.#step >= this.#talk.length + 3;
  }

  next(): void {
    const step = this.#step++;
    const empty = Buffer.alloc(0);
    if (step === 0) this.#send(0, SYN, empty);
    else if (step === 1) this.#send(1, SYN_ACK, empty);
    else if (step === 2) this.#send(0, 0x10, empty);
    else this.#send(step % 2 === 1 ? 0 : 1, PSH_ACK, this.#talk[step - 3] ?? empty);
  }

  #send(side: 0 | 1, flags: number, payload: Buffer): void {
    const { protocol, source, destination, sourcePort, destinationPort } = this.#header;
    const header =
      side === 0
        ? this.#header
        : {
            protocol,
            source: destination,
            destination: source,
            sourcePort: destinationPort,
            destinationPort: sourcePort,
          };
    const other = side === 0 ? 1 : 0;
    this.#writer.tcp(header, flags, this.#sequences[side], flags === SYN ? 0 : this.#sequences[other], payload);
    this.#sequences[side] += payload.length + ((flags & SYN) !== 0 ? 1 : 0);
  }
}

const BIG_FRAMES = 1_750_000;
const RTP_FLOWS = 2_000;

function writeBig(writer: CaptureWriter): void {
  const random = new Random();
  const media = Buffer.alloc(1400, 0xa5);
  const sequences = new Uint16Array(RTP_FLOWS);
  const open: Connection[] = [];
  let opened = 0;
  for (let frame = 0; frame < BIG_FRAMES; frame++) {
    writer.wait(30);
    const dice = random.below(100);
    if (dice < 70) {
      const flow = random.below(RTP_FLOWS);
      writeRtp(writer, flow, sequences, flow % 3 === 0 ? 160 : 1000);
    } else if (dice < 76) {
      const connection = open[random.below(Math.max(1, open.length))];
      connection?.next();
      if (connection?.isOver === true) open.splice(open.indexOf(connection), 1);
      if (open.length < 400) open.push(openMedia(writer, opened++, media));
    } else if (dice < 80) {
      writeSyn(writer, random.below(40_000));
    } else if (dice < 92) {
      writeMulticast(writer, random.below(50), media);
    } else {
      writeDns(writer, random.below(60_000));
    }
  }
}

function writeRtp(writer: CaptureWriter, flow: number, sequences: Uint16Array, payloadBytes: number): void {
  const sequence = sequences[flow] ?? 0;
  sequences[flow] = sequence + 1;
  const header = {
    protocol: UDP,
    source: 0x0a000000 + flow,
    destination: 0x0a010000 + flow,
    sourcePort: 20_000 + flow * 2,
    destinationPort: 30_000,
  };
  writer.udp(header, 12 + payloadBytes, (bytes, at) => {
    bytes.writeUInt16BE(0x8000 | (flow % 3 === 0 ? 0 : 96), at);
    bytes.writeUInt16BE(sequence, at + 2);
    bytes.writeUInt32BE((sequence * 160) >>> 0, at + 4);
    bytes.writeUInt32BE(0x1000 + flow, at + 8);
  });
}

const RTSP_TALK = [
  'OPTIONS rtsp://10.3.0.1/live RTSP/1.0\r\nCSeq: 1\r\n\r\n',
  'RTSP/1.0 200 OK\r\nCSeq: 1\r\nPublic: OPTIONS, DESCRIBE, SETUP, PLAY\r\n\r\n',
  'DESCRIBE rtsp://10.3.0.1/live RTSP/1.0\r\nCSeq: 2\r\n\r\n',
  'RTSP/1.0 404 Not Found\r\nCSeq: 2\r\n\r\n',
].map((text) => Buffer.from(text));
const HTTP_TALK = ['GET / HTTP/1.1\r\nHost: a\r\n\r\n', 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n'].map((text) =>
  Buffer.from(text),
);

function openMedia(writer: CaptureWriter, number: number, media: Buffer): Connection {
  const kind = number % 4;
  const header = {
    protocol: TCP,
    source: 0x0a020000 + (number & 0xffff),
    destination: 0x0a030001 + kind,
    sourcePort: 10_000 + (number % 50_000),
    destinationPort: [554, 80, 1935, 1755][kind] ?? 554,
  };
  if (kind === 0) return new Connection(writer, header, RTSP_TALK);
  if (kind === 1) return new Connection(writer, header, HTTP_TALK);
  const first = kind === 2 ? Buffer.concat([Buffer.from([3]), Buffer.alloc(1399)]) : MMS_CONNECT;
  return new Connection(writer, header, [first, ...Array.from({ length: 60 }, () => media)]);
}

/** LinkViewerToMacConnect of MS-MMSP section 2.2.4.17, without a subscriber name. */
const MMS_CONNECT = Buffer.from(
  '01000000cefa0bb0200000004d4d5320040000000000000000000000000000000200000001000300effff0f00b0004001c0003000000',
  'hex',
);

function writeSyn(writer: CaptureWriter, flow: number): void {
  const header = {
    protocol: TCP,
    source: 0x0a040000 + (flow & 0xffff),
    destination: 0x0a050001,
    sourcePort: 1024 + (flow % 60_000),
    destinationPort: flow % 2 === 0 ? 554 : 1935,
  };
  writer.tcp(header, SYN, flow, 0, Buffer.alloc(0));
}

function writeMulticast(writer: CaptureWriter, group: number, media: Buffer): void {
  const header = {
    protocol: UDP,
    source: 0x0a060000 + group,
    destination: 0xef010100 + group,
    sourcePort: 5000,
    destinationPort: 1234,
  };
  writer.udp(header, 1316, (bytes, at) => {
    media.copy(bytes, at, 0, 1316);
    for (let cell = 0; cell < 1316; cell += 188) bytes.writeUInt32BE(0x47010010, at + cell);
  });
}

function writeDns(writer: CaptureWriter, flow: number): void {
  const header = {
    protocol: UDP,
    source: 0x0a070000 + (flow & 0xffff),
    destination: 0x0a080001,
    sourcePort: 1024 + (flow % 60_000),
    destinationPort: 53,
  };
  writer.udp(header, 29, (bytes, at) => {
    bytes.writeUInt32BE(((flow << 16) | 0x0100) >>> 0, at);
    bytes.writeUInt32BE(0x00010000, at + 4);
    bytes.writeUInt32BE(0, at + 8);
    bytes.write('\x07example\x03com\0\0\x01\0\x01', at + 12, 'latin1');
  });
}

const SMALL_FRAMES = 2_000_000;
const SMALL_FLOWS = 285_000;

function writeSmall(writer: CaptureWriter): void {
  const random = new Random();
  const filler = Buffer.from(Array.from({ length: 280 }, () => random.below(256)));
  for (let frame = 0; frame < SMALL_FRAMES; frame++) {
    writer.wait(20);
    const flow = random.below(SMALL_FLOWS);
    const isForward = random.below(2) === 0;
    const [near, far] = [0x0a000000 + flow, 0x0b000000 + (flow % 997)];
    const [nearPort, farPort] = [1024 + (flow % 50_000), flow % 3 === 0 ? 443 : 8000 + (flow % 100)];
    const header = isForward
      ? { source: near, destination: far, sourcePort: nearPort, destinationPort: farPort }
      : { source: far, destination: near, sourcePort: farPort, destinationPort: nearPort };
    const payloadBytes = random.below(140);
    if (flow % 2 === 0) {
      writer.tcp(
        { protocol: TCP, ...header },
        payloadBytes === 0 ? 0x10 : PSH_ACK,
        frame,
        1,
        filler.subarray(payloadBytes, 2 * payloadBytes),
      );
    } else {
      writer.udp({ protocol: UDP, ...header }, payloadBytes, (bytes, at) =>
        filler.copy(bytes, at, payloadBytes, 2 * payloadBytes),
      );
    }
  }
}
