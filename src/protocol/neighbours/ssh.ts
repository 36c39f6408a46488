/** SSH by its version exchange, RFC 4253 section 4.2. */

import { indexOfAscii, readLatin1 } from '../../bytes/read.ts';
import type { ControlRecord } from '../control-record.ts';
import { type Dissection, type PayloadContext, TO_RESPONDER } from '../dissector.ts';
import { firstBytesOf } from '../first-bytes.ts';
import { matchOpening, nameProtocol } from './neighbour.ts';

const BANNERS = ['SSH-2.0-', 'SSH-1.'];
const MOST_BANNER_BYTES = 255;

class SshDissection implements Dissection {
  readonly #record: ControlRecord;
  #banners = 0;

  constructor(record: ControlRecord) {
    this.#record = record;
  }

  get isDone(): boolean {
    return this.#banners >= 2;
  }

  data(bytes: Uint8Array, start: number, end: number, context: PayloadContext): void {
    this.#banners++;
    const line = indexOfAscii(bytes, start, Math.min(end, start + MOST_BANNER_BYTES), '\n');
    if (line < 0 || matchOpening(bytes, start, end, BANNERS) !== 'yes') return;
    const banner = readLatin1(bytes, start, line).trimEnd();
    this.#record.message(context.at, context.direction, 'version', banner);
    this.#record.fact(context.direction === TO_RESPONDER ? 'agent' : 'server', banner);
  }
}

export const ssh = nameProtocol(
  'ssh',
  'SSH',
  ['tcp'],
  (bytes, start, end) => matchOpening(bytes, start, end, BANNERS),
  { firstBytes: { tcp: firstBytesOf(BANNERS) }, open: (record) => new SshDissection(record) },
);
