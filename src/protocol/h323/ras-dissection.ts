/** RAS on one flow: who is registered, what was asked and granted, and where calls are to be placed. */

import { type AnnouncedMedia, type ControlRecord, keep } from '../control-record.ts';
import { type Direction, type Dissection, type Moment, opposite, type PayloadContext } from '../dissector.ts';
import { announceConnection } from './announce.ts';
import { aliasesText, listenerOfH225 } from './endpoints.ts';
import { type RasMessage, rasMessage } from './h225-ras.ts';
import { PerReader } from './per-reader.ts';
import { chosen } from './per-types.ts';
import { RasExchange, type RasRequest } from './ras-exchange.ts';
import { rejectReasonInWords } from './ras-reasons.ts';
import { detailOfRas, factsOfRas, REQUEST_WORDS, rejectReasonOf } from './ras-text.ts';

const MOST_CALLS = 64;

/** Answers whose names do not tell what they answer. */
const ANSWERED: Readonly<Record<string, string>> = {
  infoRequestResponse: 'infoRequest',
  resourcesAvailableConfirm: 'resourcesAvailableIndicate',
  serviceControlResponse: 'serviceControlIndication',
};

/** Requests that only endpoints send. */
const ENDPOINT_REQUESTS: ReadonlySet<string> = new Set([
  'gatekeeperRequest',
  'registrationRequest',
  'admissionRequest',
]);

export class RasDissection implements Dissection {
  readonly #record: ControlRecord;
  readonly #exchange: RasExchange;
  /** Call signalling that was announced, by call. */
  readonly #calls = new Map<string, AnnouncedMedia>();

  constructor(record: ControlRecord) {
    this.#record = record;
    this.#exchange = new RasExchange(record);
  }

  data(bytes: Uint8Array, start: number, end: number, context: PayloadContext): void {
    const read = rasMessage.read(new PerReader(bytes, start, end));
    if (read === undefined) return;
    // One confirmation for several requests is as good as the first of them.
    const [confirmed] = read.admissionConfirmSequence ?? [];
    this.#message(confirmed ? { admissionConfirm: confirmed } : read, context.direction, context.at);
  }

  #message(message: RasMessage, direction: Direction, at: Moment): void {
    const name = chosen(message);
    this.#record.message(at, direction, `RAS ${name || 'unknown message'}`, detailOfRas(message));
    for (const [fact, value] of Object.entries(factsOfRas(message)))
      if (value !== '') this.#record.replaceFact(fact, value);
    const number = numberOf(message);
    if (number === null) return;
    const words = REQUEST_WORDS[name];
    if (words === undefined) {
      this.#answer(message, name, number, direction, at);
      return;
    }
    if (ENDPOINT_REQUESTS.has(name)) this.#record.clientDirection ??= direction;
    this.#exchange.ask(at, direction, number, requestOf(message, name), words);
    if (message.disengageRequest) this.#endCall(callOf(message), at);
  }

  #answer(message: RasMessage, name: string, number: number, direction: Direction, at: Moment): void {
    const asked = this.#exchange.answer(at, direction, number, name !== 'requestInProgress');
    const askedName = ANSWERED[name] ?? name.replace(/(Confirm|Reject)$/, 'Request');
    const words = REQUEST_WORDS[askedName];
    const call = asked?.name === askedName ? asked.call : '';
    const reason = rejectReasonOf(message);
    if (reason !== '') {
      this.#exchange.refuse(at, direction, words ?? name, call, reason, rejectReasonInWords(reason));
    } else if (words !== undefined) {
      this.#exchange.grant(at, direction, words, call);
    }
    if (message.registrationConfirm) this.#record.closedAt = null;
    if (message.unregistrationConfirm) this.#record.closedAt = keep(at);
    // The end that asks to answer a call is told its own address: nobody connects because of it.
    if (message.admissionConfirm && !asked?.isAnsweringCall) this.#announceCall(message, call, direction, at);
  }

  #announceCall({ admissionConfirm }: RasMessage, call: string, direction: Direction, at: Moment): void {
    const target = listenerOfH225(admissionConfirm?.destCallSignalAddress);
    if (target === null) return;
    const agreement = { at, how: 'RAS admissionConfirm', certainty: 'parsed' } as const;
    const media = announceConnection(this.#record, 'h323-q931', opposite(direction), target, agreement);
    if (media !== null && this.#calls.size < MOST_CALLS) this.#calls.set(call, media);
  }

  #endCall(call: string, at: Moment): void {
    const media = this.#calls.get(call);
    if (media === undefined) return;
    this.#calls.delete(call);
    if (![...this.#calls.values()].includes(media)) media.end(at);
  }
}

function requestOf(message: RasMessage, name: string): RasRequest {
  return { name, call: callOf(message), isAnsweringCall: message.admissionRequest?.answerCall ?? false };
}

/** Requests about different calls are different requests, those about none are not. */
function callOf({ admissionRequest, bandwidthRequest, disengageRequest, locationRequest }: RasMessage): string {
  const conference = (admissionRequest ?? bandwidthRequest ?? disengageRequest)?.conferenceID;
  if (conference !== undefined) return Buffer.from(conference).toString('hex');
  return aliasesText(locationRequest?.destinationInfo);
}

/** Null when the message was cut before its number. */
function numberOf(message: RasMessage): number | null {
  const [body] = Object.values(message);
  return typeof body === 'object' && 'requestSeqNum' in body ? (body.requestSeqNum ?? null) : null;
}
