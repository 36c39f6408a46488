/** Requests and their answers on one RTSP connection: what each means for the media and for the record. */

import { type ControlRecord, keep, type Question } from '../control-record.ts';
import { type Direction, type Moment, opposite } from '../dissector.ts';
import { parseSdp, type SdpMedia, type SessionDescription } from '../sdp/parse-sdp.ts';
import type { MessageHead } from '../text/message-head.ts';
import type { AnswerLine, RequestLine } from '../text/start-line.ts';
import { hidePassword } from '../text/url.ts';
import type { Agreement } from './announce-track.ts';
import { findMedia } from './control-url.ts';
import { PendingRequests, type Request } from './pending-requests.ts';
import { RtspFacts } from './rtsp-facts.ts';
import { RtspRefusals } from './rtsp-refusals.ts';
import { type Scope, Tracks } from './tracks.ts';
import { parseTransportHeader, type TransportSpec } from './transport-header.ts';

/** Only a client sends these, whichever end opened the connection. */
const CLIENT_METHODS = new Set(['DESCRIBE', 'SETUP', 'PLAY', 'PAUSE', 'RECORD', 'TEARDOWN']);
/** Without an answer to these, the client gets no media; others may go unanswered. */
const QUESTIONS = new Set(['OPTIONS', 'DESCRIBE', 'ANNOUNCE', 'SETUP', 'PLAY', 'RECORD']);
/** Where a server says why it speaks: X-Notice of MS-RTSP, Notice of servers of films, Notify-Reason of RFC 7826 section 13.5.1. */
const NOTICES = ['x-notice', 'notice', 'notify-reason'];
const END_OF_STREAM = /^2101\b|end-of-stream/i;
/** Nanoseconds without a message; one that breaks off sooner than this after an answer was not idle. */
const IDLE_NS = 10e9;

export interface ConversationOptions {
  /** False where answers come on another connection, so that a missing one is no silence. */
  readonly hasQuestions?: boolean;
}

export class RtspConversation {
  readonly #record: ControlRecord;
  readonly #tracks: Tracks;
  readonly #facts: RtspFacts;
  readonly #refusals: RtspRefusals;
  readonly #hasQuestions: boolean;
  /** By direction of the request. */
  readonly #pending = [new PendingRequests(), new PendingRequests()] as const;
  #description: SessionDescription | null = null;
  #isClientSending = false;
  #hasAnswers = false;
  #hasPlayed = false;

  constructor(record: ControlRecord, { hasQuestions = true }: ConversationOptions) {
    this.#record = record;
    this.#hasQuestions = hasQuestions;
    this.#tracks = new Tracks(record);
    this.#facts = new RtspFacts(record);
    this.#refusals = new RtspRefusals(record);
  }

  request(direction: Direction, line: RequestLine, head: MessageHead, body: string, at: Moment): void {
    const { method, url } = line;
    if (CLIENT_METHODS.has(method)) this.#record.clientDirection = direction;
    else if (head.has('user-agent')) this.#record.clientDirection ??= direction;
    const session = sessionOf(head);
    // Only an answer gives a client its session: it had one, and the capture has none.
    if (session !== '' && !this.#hasAnswers) this.#assumeAgreements(direction, session, at);
    const offers = method === 'SETUP' ? parseTransportHeader(head.list('transport')) : [];
    const request = { method, url, session, offers, question: this.#ask(direction, method, head, at) };
    this.#pending[direction].add(head.get('cseq'), request);
    this.#refusals.asked(method, url);
    this.#record.message(at, direction, method, hidePassword(head.list('transport') || head.get('location') || url));
    this.#facts.request(line, head);
    this.#follow(request, head, at);
    if (body !== '' && method === 'ANNOUNCE') this.#describe(body);
    // A server may announce too: a change of its stream, in a session that is there already.
    if (method === 'ANNOUNCE' && session === '') {
      this.#isClientSending = true;
      this.#record.clientDirection ??= direction;
    }
  }

  answer(direction: Direction, line: AnswerLine, head: MessageHead, body: string, at: Moment): void {
    this.#hasAnswers = true;
    const client = opposite(direction);
    const request = this.#pending[client].take(head.get('cseq'));
    const method = request?.method ?? guessMethod(head);
    if (CLIENT_METHODS.has(method)) this.#record.clientDirection ??= client;
    const status = `${line.status} ${line.reason}`.trimEnd();
    this.#record.message(at, direction, status, hidePassword(head.list('transport') || head.get('location')));
    if (line.status < 200) return;
    request?.question?.answer(at);
    this.#facts.answer(head);
    const scope = { url: request?.url ?? '', session: sessionOf(head) || (request?.session ?? '') };
    if (line.status < 300) {
      this.#refusals.succeeded(method, scope.url, at);
      if (method === 'DESCRIBE' && body !== '') this.#describe(body);
      if (method === 'SETUP') this.#agree(head, scope, request?.offers ?? [], client, at);
      if (method === 'PLAY' || method === 'RECORD') this.#play(scope, at);
      // What was asked is not in the capture: it may have been PAUSE or TEARDOWN.
      if (method === '') this.#tracks.pause(scope, at);
    } else if (line.status >= 400) {
      this.#refusals.refused(method, scope.url, line, direction, at);
      // The server plays on.
      if (method === 'PAUSE') this.#tracks.start(scope, at);
    }
  }

  protocolOfChannel(channel: number, secondByte: number): 'rtp' | 'rtcp' | 'other' {
    return this.#tracks.protocolOfChannel(channel, secondByte);
  }

  close(at: Moment): void {
    if (this.#isIdle(at)) this.#record.closedAt ??= keep(at);
    this.#tracks.endAll(at);
  }

  /** A connection that never played and on which nothing is asked for long is ended by its server, by whatever means. */
  #isIdle(at: Moment): boolean {
    const latest = this.#record.messages.at(-1);
    if (this.#hasPlayed || latest === undefined || this.#pending.some(({ isEmpty }) => !isEmpty)) return false;
    return at.time - latest.at.time >= IDLE_NS;
  }

  /** What a request does before its answer: the client wants no more, or something else, from here on. */
  #follow(request: Request, head: MessageHead, at: Moment): void {
    switch (request.method) {
      case 'SETUP':
        this.#tracks.offer(request.url, request.offers, at);
        break;
      case 'PAUSE':
        this.#tracks.pause(request, at);
        break;
      case 'TEARDOWN':
        if (this.#tracks.end(request, at)) this.#record.closedAt ??= keep(at);
        break;
      case 'REDIRECT':
        // The server sends the client to another place, and need not play on here (RFC 2326 section 10.10).
        this.#tracks.pause(request, at);
        break;
      default:
        if (NOTICES.some((name) => END_OF_STREAM.test(head.get(name)))) this.#tracks.pause(request, at);
    }
  }

  #play(scope: Scope, at: Moment): void {
    this.#hasPlayed = true;
    this.#record.closedAt = null;
    this.#tracks.start(scope, at);
  }

  #agree(head: MessageHead, scope: Scope, offers: readonly TransportSpec[], client: Direction, at: Moment): void {
    const [agreed] = parseTransportHeader(head.list('transport'));
    if (!agreed) return;
    const spec = completeFrom(agreed, offers);
    this.#facts.agreed(spec);
    this.#tracks.agree(scope, this.#agreementOn(spec, scope, client, at));
  }

  /** What was offered alone was agreed on; no answer says so, so its silence will accuse nobody. */
  #assumeAgreements(client: Direction, session: string, at: Moment): void {
    for (const { url, offers } of this.#pending[client].takeSetups()) {
      const [spec, ...others] = offers;
      if (!spec || others.length > 0) continue;
      const agreement = this.#agreementOn(spec, { url, session }, client, at);
      this.#tracks.agree({ url, session }, { ...agreement, isAssumed: true });
    }
  }

  #agreementOn(spec: TransportSpec, scope: Scope, client: Direction, at: Moment): Agreement {
    const described = this.#description?.media ?? [];
    const media = findMedia(scope.url, described);
    const isBackchannel = media !== null && isForSpeaking(media, described);
    return {
      spec,
      media,
      client: this.#record.clientDirection ?? client,
      isClientSending: spec.isRecord || this.#isClientSending || isBackchannel,
      isBackchannel,
      isAssumed: false,
      at,
    };
  }

  #describe(body: string): void {
    this.#description = parseSdp(body);
    this.#facts.described(this.#description);
  }

  /** A repeated request is the same question: over UDP it is sent again until it is answered. */
  #ask(direction: Direction, method: string, head: MessageHead, at: Moment): Question | null {
    const known = this.#pending[direction].find(head.get('cseq'));
    if (known?.method === method && head.has('cseq')) {
      known.question?.repeat(at);
      return known.question;
    }
    return this.#hasQuestions && QUESTIONS.has(method) ? this.#record.ask(at, direction, method) : null;
  }
}

/**
 * A camera's loudspeaker: of its media, the client only receives the others (ONVIF Streaming Specification, 5.3). Alone,
 * `sendonly` proves nothing, since some servers mean themselves.
 */
function isForSpeaking({ direction }: SdpMedia, described: readonly SdpMedia[]): boolean {
  return direction === 'sendonly' && described.some((other) => other.direction === 'recvonly');
}

function sessionOf(head: MessageHead): string {
  return (head.get('session').split(';')[0] ?? '').trim();
}

/** What was asked, where only the answers are in the capture. */
function guessMethod(head: MessageHead): string {
  if (head.has('transport')) return 'SETUP';
  if (head.has('rtp-info')) return 'PLAY';
  return /sdp/i.test(head.get('content-type')) ? 'DESCRIBE' : '';
}

/** Some servers do not repeat the client's ports: what the client offered for the same transport stands. */
function completeFrom(agreed: TransportSpec, offers: readonly TransportSpec[]): TransportSpec {
  const offer = offers.find((one) => one.lower === agreed.lower && one.isMulticast === agreed.isMulticast);
  if (!offer) return agreed;
  return {
    ...agreed,
    clientPorts: agreed.clientPorts ?? offer.clientPorts,
    interleaved: agreed.interleaved ?? offer.interleaved,
    isRecord: agreed.isRecord || offer.isRecord,
  };
}
