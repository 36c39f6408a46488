/**
 * Entry of the process that captures with libpcap through npm's `cap`, which ends its process when an interface goes away
 * and runs in no worker thread. As dumpcap and tcpdump do, it writes a capture to standard output and its complaints to
 * standard error. Arguments: the interface, and to capture, not only to try it, bytes kept of a frame (0 for all), bytes of
 * the kernel's buffer, and the filter.
 */

import { writeSync } from 'node:fs';
import { createRequire } from 'node:module';
import { ArrivalStream } from './arrival-stream.ts';

interface CapSession {
  /** Throws what libpcap says; gives the name of the link type. */
  open(device: string, filter: string, bufferBytes: number, frame: Buffer): string;
  on(event: 'packet', listener: (capturedLength: number) => void): void;
  close(): void;
}

/** What it takes of a frame at most. */
const MOST_BYTES = 65_535;
const TRIAL_BUFFER_BYTES = 1 << 20;
const STANDARD_OUTPUT = 1;

/** Its names of link types, as numbers of LINKTYPE_; others it calls `Unknown linktype` with their number. */
const LINK_TYPES: Readonly<Record<string, number>> = {
  NULL: 0,
  ETHERNET: 1,
  RAW: 101,
  LINKTYPE_LINUX_SLL: 113,
  IEEE802_11_RADIO: 127,
};

function linkTypeOf(name: string): number {
  return LINK_TYPES[name] ?? Number(/\d+$/.exec(name)?.[0] ?? 0);
}

function forward(session: CapSession, frame: Buffer, stream: ArrivalStream): void {
  const flush = (): void => stream.flush();
  session.on('packet', (capturedLength) => {
    // What comes at once goes on at once.
    if (stream.isEmpty) setImmediate(flush);
    stream.add(frame, capturedLength);
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      session.close();
      flush();
      process.exit(0);
    });
  }
}

/** A reader that is slow holds this process up: meanwhile the kernel's buffer takes the frames. */
function writeAll(bytes: Uint8Array): void {
  try {
    for (let at = 0; at < bytes.length; ) at += writeSync(STANDARD_OUTPUT, bytes, at);
  } catch {
    // Nobody reads any more.
    process.exit(0);
  }
}

const [interfaceName = '', snapLength = '', bufferBytes = TRIAL_BUFFER_BYTES, filter = ''] = process.argv.slice(2);
try {
  const { Cap } = createRequire(import.meta.url)('cap') as { Cap: new () => CapSession };
  const session = new Cap();
  const frame = Buffer.alloc(MOST_BYTES);
  const linkType = linkTypeOf(session.open(interfaceName, filter, Number(bufferBytes), frame));
  const kept = Math.min(Number(snapLength) || MOST_BYTES, MOST_BYTES);
  if (snapLength === '') session.close();
  else forward(session, frame, new ArrivalStream(writeAll, linkType, kept));
} catch (error) {
  process.stderr.write(`cap: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
