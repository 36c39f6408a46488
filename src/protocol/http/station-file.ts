/** Windows Media station files (.nsc) fetched over HTTP: each names a multicast before anyone joins it. */

import { readUtf8 } from '../../bytes/read.ts';
import { formatAddress, isMulticast, parseAddress } from '../../format/address.ts';
import type { ControlRecord } from '../control-record.ts';
import type { Moment } from '../dissector.ts';
import { parseNsc } from '../msb/parse-nsc.ts';
import type { MessageHead } from '../text/message-head.ts';
import type { BodyListener } from './http-reader.ts';
import { mediaTypeOf, pathOf } from './streaming-kind.ts';

const MOST_BYTES = 16 * 1024;

export function isStationFile(target: string, head: MessageHead): boolean {
  return /\.nsc$/i.test(pathOf(target)) || /[/-]nsc$/.test(mediaTypeOf(head));
}

/** Collects the file up to a bound and announces its group. */
export class StationFileListener implements BodyListener {
  readonly #record: ControlRecord;
  readonly #at: () => Moment;
  #text = '';

  constructor(record: ControlRecord, at: () => Moment) {
    this.#record = record;
    this.#at = at;
  }

  data(bytes: Uint8Array, start: number, end: number): boolean {
    this.#text += readUtf8(bytes, start, Math.min(end, start + MOST_BYTES - this.#text.length));
    return this.#text.length < MOST_BYTES;
  }

  end(): void {
    const file = parseNsc(this.#text);
    if (!file) return;
    const record = this.#record;
    record.fact('stream', file.name);
    record.fact('unicastUrl', file.unicastUrl);
    const group = parseAddress(file.address);
    if (!group || !isMulticast(group) || file.port === null) return;
    record.fact('multicast', `${formatAddress(group)}:${file.port}`);
    const source = parseAddress(file.source);
    record.announce({
      at: this.#at(),
      protocol: 'msb',
      transport: 'udp',
      initiator: { address: source && formatAddress(source), port: null },
      responder: { address: formatAddress(group), port: file.port },
      sends: 'toResponder',
      isMulticast: true,
      ttl: file.ttl,
      how: '.nsc file',
      media: '',
      formats: [],
      mayBeSilent: false,
      certainty: 'parsed',
    });
  }
}
