/** Protocols that are only named, so that unexpected traffic has a name; and how their first bytes are compared. */

import { readUint8 } from '../../bytes/read.ts';
import type { Dissector, PayloadContext, Recognition } from '../dissector.ts';

type Recognize = (bytes: Uint8Array, start: number, end: number, context: PayloadContext) => Recognition;

/** A dissector that names a protocol; `more` adds what is known of its first bytes, a confirmation, or a dissection where there are facts to tell. */
export function nameProtocol(
  id: string,
  label: string,
  transports: Dissector['transports'],
  recognize: Recognize,
  more: Pick<Dissector, 'firstBytes' | 'laterBytes' | 'confirm' | 'open'> = {},
): Dissector {
  return { id, label, transports, isStreaming: false, recognize, ...more };
}

/** `yes` when one of `texts` begins the bytes; `maybe` when too few bytes are there to rule all of them out. */
export function matchOpening(bytes: Uint8Array, start: number, end: number, texts: readonly string[]): Recognition {
  if (end <= start) return 'maybe';
  const first = readUint8(bytes, start);
  let recognition: Recognition = 'no';
  for (const text of texts) {
    if (text.charCodeAt(0) !== first) continue;
    const compared = Math.min(text.length, end - start);
    let same = 1;
    while (same < compared && readUint8(bytes, start + same) === text.charCodeAt(same)) same++;
    if (same === text.length) return 'yes';
    if (same === end - start) recognition = 'maybe';
  }
  return recognition;
}
