/** Requests and answers of one HTTP connection: what they mean, and who listens to their bodies. */

import { type ControlRecord, keep, type Refusal } from '../control-record.ts';
import { type Direction, opposite, type PayloadContext } from '../dissector.ts';
import type { MessageHead } from '../text/message-head.ts';
import type { AnswerLine, RequestLine } from '../text/start-line.ts';
import { wordsOfStatus } from '../text/status-words.ts';
import { hidePassword } from '../text/url.ts';
import { type Exchange, urlOf } from './exchange.ts';
import { type BodyListener, type BodyPlan, UNTIL_CLOSE } from './http-reader.ts';
import { isTunnelHead, RtspTunnel } from './rtsp-tunnel.ts';
import { isStationFile, StationFileListener } from './station-file.ts';
import { describeWebPage, kindOfAnswer, kindOfRequest, mediaTypeOf, nameServer } from './streaming-kind.ts';
import { isWindowsMediaAnswer, isWindowsMediaRequest, WindowsMedia } from './windows-media.ts';

/** Requests that wait for their answer; pipelines are not longer. */
const MOST_PENDING = 64;
/** Messages of a connection that carries no stream: enough to see what it is. */
const MOST_PLAIN_MESSAGES = 12;

const NOTHING: BodyPlan = { length: 0, listener: null };

export class HttpConversation {
  /** True when the connection has become something else whose bytes say nothing. */
  isDone = false;
  readonly #record: ControlRecord;
  readonly #context: () => PayloadContext;
  readonly #pending: Exchange[] = [];
  /** Refusals of streaming that a later success overcomes. */
  #refusals: Refusal[] = [];
  #windowsMedia: WindowsMedia | null = null;
  #tunnel: RtspTunnel | null = null;

  constructor(record: ControlRecord, context: () => PayloadContext) {
    this.#record = record;
    this.#context = context;
  }

  request(direction: Direction, line: RequestLine, head: MessageHead): BodyPlan {
    const { method, url: target } = line;
    const record = this.#record;
    record.clientDirection ??= direction;
    if (method === 'PRI') return this.#become('HTTP/2');
    const tunnel = isTunnelHead(head) ? this.#openTunnel() : null;
    if (!tunnel && isWindowsMediaRequest(head)) this.#claimWindowsMedia();
    const kind = this.#nameKind(line, head);
    if (kind !== '') this.#markStreaming(kind);
    record.fact('url', hidePassword(urlOf(target, head)));
    record.fact('agent', head.get('user-agent'));
    if (tunnel) record.fact('tunnel', head.get('x-sessioncookie'));

    const purpose = this.#windowsMedia?.request(method, target, head, this.#context().at) ?? '';
    this.#say(direction, method, purpose === '' ? target : `${target} (${purpose})`);
    // The POST of a tunnel is never answered.
    const isAsked = this.#record.carriesMedia && !(tunnel && method === 'POST');
    const question = isAsked ? record.ask(this.#context().at, direction, method) : null;
    if (this.#pending.length >= MOST_PENDING) this.#pending.shift();
    this.#pending.push({ method, target, head, kind, question });

    if (tunnel && method === 'POST') return tunnel.planClientBody();
    return this.#planRequestBody(method, head, purpose);
  }

  answer(direction: Direction, line: AnswerLine, head: MessageHead): BodyPlan {
    const record = this.#record;
    record.clientDirection ??= opposite(direction);
    const isFinal = line.status >= 200 || line.status === 101;
    const exchange = (isFinal ? this.#pending.shift() : this.#pending[0]) ?? null;
    exchange?.question?.answer(this.#context().at);
    const status = `${line.status} ${line.reason}`.trimEnd();
    this.#say(direction, status, head.get('location') || mediaTypeOf(head));
    if (!isFinal) return NOTHING;
    record.fact('server', head.get('server'));
    record.fact('redirect', hidePassword(head.get('location')));
    if (line.status === 101) return this.#become(head.get('upgrade'));
    if (exchange?.method === 'CONNECT' && line.status < 300) return this.#connected(exchange);

    if (isTunnelHead(head)) return this.#openTunnel().planServerBody();
    if (isWindowsMediaAnswer(head)) this.#claimWindowsMedia();
    this.#windowsMedia?.answer(head);
    if (line.status >= 400) this.#refused(exchange, direction, line, head);
    else if (line.status < 300) this.#succeeded(exchange, direction, line, head);
    return this.#planAnswerBody(exchange, line, head);
  }

  /** Packets of Windows Media whose head is not in the capture. */
  planMmshBody(): BodyPlan {
    const windowsMedia = this.#claimWindowsMedia();
    return { length: UNTIL_CLOSE, listener: windowsMedia.listen(this.#context, true) };
  }

  /** `isBetweenMessages`: no body was cut off. Between two exchanges either end may close as it likes (RFC 9112 section 9.5). */
  close(isBetweenMessages: boolean): void {
    this.#tunnel?.close();
    if (isBetweenMessages && this.#pending.length === 0) this.#record.closedAt ??= keep(this.#context().at);
  }

  #succeeded(exchange: Exchange | null, direction: Direction, line: AnswerLine, head: MessageHead): void {
    const record = this.#record;
    const at = this.#context().at;
    const words = exchange ? describeWebPage(exchange.target, this.#windowsMedia !== null, head) : '';
    if (exchange && words !== '') this.#refuse(direction, exchange.method, String(line.status), words);
    const kind = kindOfAnswer(exchange?.kind ?? '', exchange?.target ?? '', head);
    if (kind === '') return;
    this.#markStreaming(kind);
    if (exchange) record.replaceFact('url', hidePassword(urlOf(exchange.target, exchange.head)));
    if (!this.#windowsMedia) record.fact('contentType', mediaTypeOf(head));
    record.fact('stream', head.get('icy-name'));
    record.fact('bitRate', head.has('icy-br') ? `${head.get('icy-br')} kbit/s` : '');
    for (const refusal of this.#refusals) refusal.overcome(at);
    this.#refusals = [];
  }

  /** Only what was to be a stream counts: a page that is not found is no failure of a stream. */
  #refused(exchange: Exchange | null, direction: Direction, line: AnswerLine, head: MessageHead): void {
    if (!exchange || exchange.kind === '') return;
    const words = wordsOfStatus(line.status, line.reason);
    const isForeign = this.#windowsMedia !== null && !isWindowsMediaAnswer(head) && line.status !== 407;
    const whose = isForeign ? ` (the answer is that of ${nameServer(head)}, not of a Windows Media server)` : '';
    this.#refuse(direction, exchange.method, String(line.status), words + whose);
  }

  #refuse(direction: Direction, request: string, code: string, words: string): void {
    const refusal = this.#record.refuse(this.#context().at, direction, request, code, words);
    if (refusal) this.#refusals.push(refusal);
  }

  #nameKind(line: RequestLine, head: MessageHead): string {
    if (this.#tunnel) return 'RTSP over HTTP';
    return this.#windowsMedia ? 'Windows Media' : kindOfRequest(line.method, line.url, head);
  }

  #planRequestBody(method: string, head: MessageHead, purpose: string): BodyPlan {
    const windowsMedia = purpose === 'push start' ? this.#windowsMedia : null;
    const listener = windowsMedia?.listen(this.#context) ?? null;
    if (isChunked(head)) return { length: 'chunked', listener };
    // A source sends until it stops.
    const isEndless = method === 'SOURCE' || (method === 'PUT' && head.has('ice-name'));
    return { length: head.contentLength ?? (isEndless ? UNTIL_CLOSE : 0), listener };
  }

  /** RFC 9112 section 6.3. */
  #planAnswerBody(exchange: Exchange | null, line: AnswerLine, head: MessageHead): BodyPlan {
    if (exchange?.method === 'HEAD' || line.status === 204 || line.status === 304) return NOTHING;
    const listener = line.status < 300 ? this.#listenTo(exchange, head) : null;
    return { length: isChunked(head) ? 'chunked' : (head.contentLength ?? UNTIL_CLOSE), listener };
  }

  #listenTo(exchange: Exchange | null, head: MessageHead): BodyListener | null {
    if (isStationFile(exchange?.target ?? '', head)) {
      return new StationFileListener(this.#record, () => this.#context().at);
    }
    return isWindowsMediaAnswer(head) ? (this.#windowsMedia?.listen(this.#context) ?? null) : null;
  }

  #claimWindowsMedia(): WindowsMedia {
    this.#windowsMedia ??= new WindowsMedia(this.#record);
    this.#record.carriesMedia = true;
    return this.#windowsMedia;
  }

  #openTunnel(): RtspTunnel {
    this.#tunnel ??= new RtspTunnel(this.#record, this.#context);
    return this.#tunnel;
  }

  #markStreaming(kind: string): void {
    this.#record.carriesMedia = true;
    if (this.#windowsMedia || this.#tunnel) return;
    // What is named first may be no more than a file; a manifest or a server's own header says more.
    const isVague = this.#record.variant === '' || this.#record.variant === 'progressive download';
    if (isVague) this.#record.variant = kind;
  }

  #connected(exchange: Exchange): BodyPlan {
    this.#record.fact('tunnelTo', exchange.target);
    return this.#become('CONNECT');
  }

  #become(name: string): BodyPlan {
    this.isDone = true;
    this.#record.variant = name;
    return { length: UNTIL_CLOSE, listener: null };
  }

  #say(direction: Direction, name: string, detail: string): void {
    if (!this.#record.carriesMedia && this.#record.messages.length >= MOST_PLAIN_MESSAGES) return;
    this.#record.message(this.#context().at, direction, name, hidePassword(detail));
  }
}

function isChunked(head: MessageHead): boolean {
  return /\bchunked\b/i.test(head.list('transfer-encoding'));
}
