/** Opens one capture: finds out its compression and format by content. */

import { type ByteInput, ChunkInput, nameOf, readChunks } from './byte-input.ts';
import { ByteWindow } from './byte-window.ts';
import type { CaptureFormat } from './capture-format.ts';
import type { CaptureLog } from './capture-log.ts';
import { CaptureReader } from './capture-reader.ts';
import { COMPRESSIONS, type Compression, chunkBytesFor } from './compression.ts';
import { erf } from './erf.ts';
import { CaptureError } from './frame-batch.ts';
import { netmon } from './netmon.ts';
import { pcap } from './pcap.ts';
import { pcapng } from './pcapng.ts';
import { snoop } from './snoop.ts';
import { describeUnknownContent, isKnownContent } from './unknown-content.ts';

const FORMATS: readonly CaptureFormat[] = [pcap, pcapng, snoop, netmon];
/** Those without a signature, which are only tried on what is known as nothing else. */
const GUESSED_FORMATS: readonly CaptureFormat[] = [erf];

/** Enough for every signature; a pipe may take long to give more than its header, which settles it earlier. */
const SNIFF_BYTES = 4096;

/** Takes over `input`. Fails with a `CaptureError` when it is no capture. */
export async function openCapture(input: ByteInput, log: CaptureLog, index: number): Promise<CaptureReader> {
  try {
    return await openContent(input, log, index);
  } catch (error) {
    await input.close();
    throw error;
  }
}

async function openContent(stored: ByteInput, log: CaptureLog, index: number): Promise<CaptureReader> {
  let input = stored;
  let window = new ByteWindow(input);
  let found: CaptureFormat | Compression | null = await sniff(window, [...FORMATS, ...COMPRESSIONS]);
  if (found !== null && 'decompress' in found) {
    const taken = window.bytes.subarray(window.start, window.end);
    input = new ChunkInput(found.decompress(readChunks(taken, stored), chunkBytesFor(stored.bytesTotal)), stored);
    window = new ByteWindow(input);
    log.compression = found.name;
    found = await sniff(window, FORMATS);
  }
  found ??= guessFormat(window);
  if (found === null) throw new CaptureError(describeNoCapture(window, input, log));
  return new CaptureReader(input, window, found.open(log), log, index);
}

/** Reads no more than it takes to find the one that fits. */
async function sniff<T extends CaptureFormat | Compression>(
  window: ByteWindow,
  candidates: readonly T[],
): Promise<T | null> {
  for (;;) {
    const found = candidates.find((candidate) => candidate.recognize(window.bytes, window.start, window.end));
    if (found !== undefined) return found;
    if (window.isEnded || window.available >= SNIFF_BYTES) return null;
    await window.refill(SNIFF_BYTES);
  }
}

function guessFormat({ bytes, start, end }: ByteWindow): CaptureFormat | null {
  if (isKnownContent(bytes, start, end)) return null;
  return GUESSED_FORMATS.find((format) => format.recognize(bytes, start, end)) ?? null;
}

function describeNoCapture(window: ByteWindow, input: ByteInput, log: CaptureLog): string {
  const name = nameOf(log.info.file);
  if (input.damage !== null)
    return `${name} is damaged ${log.compression} data (${input.damage}): get a new copy of it.`;
  const unpacked = log.compression === null ? '' : `, unpacked with ${log.compression},`;
  return `${name}${unpacked} ${describeUnknownContent(window.bytes, window.start, window.end)}.`;
}
