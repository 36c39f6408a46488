/** What an RTSP connection tells of itself: URL, agents, what is played and over which transport. */

import type { ControlRecord } from '../control-record.ts';
import type { SessionDescription } from '../sdp/parse-sdp.ts';
import type { MessageHead } from '../text/message-head.ts';
import type { RequestLine } from '../text/start-line.ts';
import { hidePassword } from '../text/url.ts';
import { parseTransportHeader, type TransportSpec } from './transport-header.ts';

/** How well the URL of a request names the stream: that of SETUP has a track's name behind it. */
const URL_RANKS = new Map([
  ['DESCRIBE', 4],
  ['ANNOUNCE', 4],
  ['PLAY', 3],
  ['RECORD', 3],
  ['OPTIONS', 2],
  ['SETUP', 1],
]);

/** Servers that have no name for a stream fill the line with one of these. */
const NO_NAME = /^(-|\s*|Unnamed|No Name)$/i;

export class RtspFacts {
  readonly #record: ControlRecord;
  #urlRank = 0;
  #hasAnswer = false;
  /** Windows Media: the players call their transports RTSPU and RTSPT. */
  #isMicrosoft = false;
  #agreed: TransportSpec | null = null;

  constructor(record: ControlRecord) {
    this.#record = record;
  }

  request(line: RequestLine, head: MessageHead): void {
    const rank = URL_RANKS.get(line.method) ?? 0;
    if (rank > this.#urlRank && line.url !== '*') {
      this.#urlRank = rank;
      this.#record.replaceFact('url', hidePassword(line.url));
    }
    const agent = head.get('user-agent');
    this.#record.fact('agent', agent);
    this.#record.fact('version', line.version === '2.0' ? 'RTSP 2.0' : '');
    this.#recognizeMicrosoft(/^(WMPlayer|NSPlayer|WMServer|WMCacheProxy)\//.test(agent));
    if (line.method === 'REDIRECT') this.#record.fact('redirect', hidePassword(head.get('location')));
    if (line.method === 'SETUP' && !this.#hasAnswer) this.#offered(head);
  }

  answer(head: MessageHead): void {
    this.#hasAnswer = true;
    this.#record.facts.delete('offered');
    const server = head.get('server');
    this.#record.fact('server', server);
    this.#record.fact('session', head.get('session'));
    this.#record.fact('redirect', hidePassword(head.get('location')));
    this.#ranged(head.get('range'));
    this.#replace('scale', head.get('scale'));
    this.#recognizeMicrosoft(server.startsWith('WMServer/'));
  }

  described(description: SessionDescription): void {
    if (!NO_NAME.test(description.name)) this.#replace('stream', description.name);
    const encodings = description.media.flatMap((media) => media.formats.map((format) => format.encoding));
    this.#replace('codec', [...new Set(encodings)].filter((encoding) => encoding !== '').join(', '));
    this.#record.fact('range', description.range);
  }

  agreed(spec: TransportSpec): void {
    this.#agreed = spec;
    this.#record.replaceFact('transport', nameTransport(spec));
    this.#nameVariant();
  }

  /** Ports that the client asked for, of use where no answer is in the capture: nothing is agreed then. */
  #offered(head: MessageHead): void {
    const known = this.#record.facts.get('offered');
    const offers = parseTransportHeader(head.list('transport')).map((offer) => offer.text);
    this.#record.replaceFact('offered', [...(known ? [known] : []), ...offers].join(', '));
  }

  /** Many servers tell the end of a recording in its description alone, and say `npt=0.000-` of what they play. */
  #ranged(range: string): void {
    const [unit] = range.split('=');
    const known = this.#record.facts.get('range') ?? '';
    const end = range.endsWith('-') && known.startsWith(`${unit}=`) ? known.slice(known.lastIndexOf('-') + 1) : '';
    this.#replace('range', range + end);
  }

  #replace(name: string, value: string): void {
    if (value !== '') this.#record.replaceFact(name, value);
  }

  #recognizeMicrosoft(isMicrosoft: boolean): void {
    if (!isMicrosoft || this.#isMicrosoft) return;
    this.#isMicrosoft = true;
    this.#nameVariant();
  }

  #nameVariant(): void {
    if (!this.#isMicrosoft || !this.#agreed) return;
    this.#record.variant = this.#agreed.lower === 'tcp' ? 'RTSPT' : 'RTSPU';
  }
}

function nameTransport(spec: TransportSpec): string {
  if (spec.isMulticast) return 'multicast';
  return spec.lower === 'tcp' ? 'TCP interleaved' : 'UDP';
}
