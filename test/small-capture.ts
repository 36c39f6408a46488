/** A capture small enough to be made in a test: who could not connect to an RTSP server, and who could. */

import { writeFileSync } from 'node:fs';
import { ethernet, MAC } from '../fixtures/frames/ethernet.ts';
import { ipv4 } from '../fixtures/frames/ip.ts';
import { tcp } from '../fixtures/frames/transport.ts';

/** 10.10.1.10; the others follow it. */
const FIRST_CLIENT = 0x0a0a010a;
const SERVER = '10.10.2.20';
const RTSP = 554;
const SYN_SECONDS = [0, 1, 3, 7, 15];

interface TimedFrame {
  readonly second: number;
  readonly bytes: Uint8Array;
}

/** `count` clients, from 10.10.1.10 on, whose SYNs nobody answers, and 10.10.0.9, whose connection is answered. */
export function writeBlockedClients(path: string, count = 1): void {
  const frames = [answeredConnection(), ...Array.from({ length: count }, (_, index) => unansweredSyns(index))].flat();
  writePcap(
    path,
    frames.toSorted((a, b) => a.second - b.second),
  );
}

function unansweredSyns(index: number): TimedFrame[] {
  const client = [24, 16, 8, 0].map((shift) => ((FIRST_CLIENT + index) >> shift) & 255).join('.');
  return SYN_SECONDS.map((second, attempt) => ({
    second: second + (index % 1000) / 10_000,
    bytes: segment(client, SERVER, 40_000, RTSP, { flags: 'S', sequence: 1000 }, attempt + 1),
  }));
}

function answeredConnection(): TimedFrame[] {
  const client = '10.10.0.9';
  const toServer = (second: number, flags: string, sequence: number, acknowledgement: number): TimedFrame => ({
    second,
    bytes: segment(client, SERVER, 41_000, RTSP, { flags, sequence, acknowledgement }, 70 + sequence),
  });
  const toClient = (second: number, flags: string, sequence: number, acknowledgement: number): TimedFrame => ({
    second,
    bytes: segment(SERVER, client, RTSP, 41_000, { flags, sequence, acknowledgement }, 80 + sequence),
  });
  return [
    toServer(0.5, 'S', 1, 0),
    toClient(0.501, 'SA', 1, 2),
    toServer(0.502, 'A', 2, 2),
    toServer(2, 'FA', 2, 2),
    toClient(2.001, 'FA', 2, 3),
    toServer(2.002, 'A', 3, 3),
  ];
}

function segment(
  source: string,
  destination: string,
  sourcePort: number,
  destinationPort: number,
  fields: { flags: string; sequence: number; acknowledgement?: number },
  id: number,
): Uint8Array {
  const packet = ipv4({ source, destination, id }, tcp({ sourcePort, destinationPort, ...fields }));
  const toServer = destination === SERVER;
  return ethernet(
    { source: toServer ? MAC.client : MAC.router, destination: toServer ? MAC.router : MAC.client },
    packet,
  ).bytes;
}

/** Magic, version 2.4, zone, accuracy, snap length, Ethernet. */
const FILE_HEADER = [0xa1b2c3d4, 0x0004_0002, 0, 0, 65_535, 1];

/** Classic pcap, little-endian, microseconds. */
function writePcap(path: string, frames: readonly TimedFrame[]): void {
  const size = frames.reduce((sum, { bytes }) => sum + 16 + bytes.length, 24);
  const file = new Uint8Array(size);
  const view = new DataView(file.buffer);
  for (const [index, word] of FILE_HEADER.entries()) view.setUint32(4 * index, word, true);
  let at = 24;
  for (const { second, bytes } of frames) {
    view.setUint32(at, 1_795_262_400 + Math.floor(second), true);
    view.setUint32(at + 4, Math.round((second % 1) * 1e6), true);
    view.setUint32(at + 8, bytes.length, true);
    view.setUint32(at + 12, bytes.length, true);
    file.set(bytes, at + 16);
    at += 16 + bytes.length;
  }
  writeFileSync(path, file);
}
