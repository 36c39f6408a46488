/** SSH by its version exchange, RFC 4253 section 4.2. */

import { readLatin1 } from '../../bytes/read.ts';
import type { ControlRecord } from '../control-record.ts';
import { type Direction, type Dissection, type PayloadContext, TO_RESPONDER } from '../dissector.ts';
import { firstBytesOf } from '../first-bytes.ts';
import { matchOpening, nameProtocol } from './neighbour.ts';

const BANNERS = ['SSH-2.0-', 'SSH-1.'];
const MOST_BANNER_BYTES = 255;

class SshDissection implements Dissection {
  readonly #record: ControlRecord;
  /** What each side has sent of its line so far; null once that is over. */
  readonly #lines: [string | null, string | null] = ['', ''];

  constructor(record: ControlRecord) {
    this.#record = record;
  }

  get isDone(): boolean {
    return this.#lines[0] === null && this.#lines[1] === null;
  }

  data(bytes: Uint8Array, start: number, end: number, { direction, at }: PayloadContext): void {
    const begun = this.#lines[direction];
    if (begun === null) return;
    const text = begun + readLatin1(bytes, start, Math.min(end, start + MOST_BANNER_BYTES - begun.length));
    const length = text.indexOf('\n');
    const isOpen = length < 0 && text.length < MOST_BANNER_BYTES;
    this.#lines[direction] = isOpen ? text : null;
    if (length < 0 || !BANNERS.some((banner) => text.startsWith(banner))) return;
    const banner = text.slice(0, length).trimEnd();
    this.#record.message(at, direction, 'version', banner);
    this.#record.fact(direction === TO_RESPONDER ? 'agent' : 'server', banner);
  }

  /** What follows is no part of the line. */
  gap(direction: Direction): void {
    this.#lines[direction] = null;
  }
}

export const ssh = nameProtocol(
  'ssh',
  'SSH',
  ['tcp'],
  (bytes, start, end) => matchOpening(bytes, start, end, BANNERS),
  { firstBytes: { tcp: firstBytesOf(BANNERS) }, open: (record) => new SshDissection(record) },
);
