/** A talk in H.245, on its own connection or in a tunnel: what is asked, answered and refused, and the channels it opens. */

import { type ControlRecord, keep, type MediaFormat, type Question, type Refusal } from '../control-record.ts';
import { type Direction, type Moment, opposite } from '../dissector.ts';
import { scanMediaPair } from './address-scan.ts';
import { type Answer, answerOf, offerOf } from './channel-terms.ts';
import { contentOf } from './codecs.ts';
import { type H245Message, h245Message, type TerminalCapabilitySet } from './h245-messages.ts';
import { answerText, channelText, offerText, rejectCauseInWords } from './h245-words.ts';
import { LogicalChannels } from './logical-channels.ts';
import { PerReader } from './per-reader.ts';
import { chosen } from './per-types.ts';

/** Some encoders put several messages into one packet. */
const MOST_MESSAGES_PER_PACKET = 16;
const MOST_REFUSALS = 64;
const MOST_EVENT_FORMATS = 4;

export class H245Conversation {
  readonly channels: LogicalChannels;
  readonly #record: ControlRecord;
  readonly #how: string;
  readonly #questions = new Map<string, Question>();
  /** Telephone events that the speaker of each direction takes. */
  readonly #events: [MediaFormat[], MediaFormat[]] = [[], []];
  /** Refusals that nothing has overcome, by what was refused: a request, or a kind of media from one end. */
  #refused: readonly { readonly what: string; readonly refusal: Refusal }[] = [];

  /** `place` follows the names of announcements, such as ` (tunnelled)`. */
  constructor(record: ControlRecord, place: string, channels = new LogicalChannels(record)) {
    this.#record = record;
    this.#how = `H.245 openLogicalChannelAck${place}`;
    this.channels = channels;
  }

  /** The messages in [start, end), one after another. */
  packet(bytes: Uint8Array, start: number, end: number, direction: Direction, at: Moment): void {
    const reader = new PerReader(bytes, start, end);
    for (let i = 0; i < MOST_MESSAGES_PER_PACKET && reader.remainingBytes > 0 && !reader.failed; i++) {
      const from = end - reader.remainingBytes;
      const message = h245Message.read(reader);
      if (message === undefined) return;
      reader.align();
      const to = reader.failed ? end : end - reader.remainingBytes;
      this.#message(message, bytes.subarray(from, to), direction, at);
    }
  }

  close(at: Moment): void {
    this.channels.closeAll(at);
  }

  #message(message: H245Message, bytes: Uint8Array, direction: Direction, at: Moment): void {
    const { request, response, command, indication } = message;
    if (request) this.#request(request, direction, at);
    else if (response) this.#response(response, bytes, direction, at);
    else if (command) this.#command(command, direction, at);
    else if (indication) this.#indication(indication, direction, at);
  }

  #tell(at: Moment, direction: Direction, name: string, detail = ''): void {
    this.#record.message(at, direction, `H.245 ${name || 'unknown message'}`, detail);
  }

  #request(request: NonNullable<H245Message['request']>, direction: Direction, at: Moment): void {
    const name = chosen(request);
    const { openLogicalChannel, closeLogicalChannel, requestChannelClose, terminalCapabilitySet } = request;
    if (terminalCapabilitySet) {
      this.#tell(at, direction, name, this.#takeCapabilities(terminalCapabilitySet, direction));
      this.#ask(at, direction, name);
    } else if (openLogicalChannel) {
      const offer = offerOf(openLogicalChannel);
      this.#tell(at, direction, name, offerText(offer));
      this.#ask(at, direction, name, offer.number);
      this.channels.open(direction, offer, at);
    } else if (closeLogicalChannel) {
      const number = closeLogicalChannel.forwardLogicalChannelNumber ?? 0;
      this.#tell(at, direction, name, `channel ${number}`);
      this.channels.close(direction, number, at);
    } else {
      this.#tell(at, direction, name, requestChannelClose ? channelText(requestChannelClose) : '');
      if (request.masterSlaveDetermination) this.#ask(at, direction, name);
    }
  }

  #response(response: NonNullable<H245Message['response']>, bytes: Uint8Array, direction: Direction, at: Moment): void {
    const name = chosen(response);
    const { openLogicalChannelAck, openLogicalChannelReject } = response;
    const opener = opposite(direction);
    if (openLogicalChannelAck) {
      const number = openLogicalChannelAck.forwardLogicalChannelNumber ?? 0;
      const read = answerOf(openLogicalChannelAck);
      const scanned = read.media === null ? scanMediaPair(bytes) : null;
      const answer: Answer = scanned === null ? read : { ...read, ...scanned };
      this.#tell(at, direction, name, `channel ${number}${answerText(answer)}`);
      this.#answer(at, opener, 'openLogicalChannel', number);
      this.#overcome(at, this.#kindOf(opener, number));
      const certainty = scanned === null ? 'parsed' : 'scanned';
      this.channels.accept(opener, number, answer, { at, how: this.#how, certainty }, this.#events[direction]);
      this.channels.start(at);
    } else if (openLogicalChannelReject) {
      const number = openLogicalChannelReject.forwardLogicalChannelNumber ?? 0;
      const cause = chosen(openLogicalChannelReject.cause);
      this.#tell(at, direction, name, `channel ${number}: ${cause}`);
      this.#answer(at, opener, 'openLogicalChannel', number);
      this.#refuse(at, direction, 'openLogicalChannel', cause, this.#kindOf(opener, number));
      this.channels.close(opener, number, at);
    } else {
      this.#otherResponse(response, name, direction, at);
    }
  }

  #otherResponse(response: NonNullable<H245Message['response']>, name: string, direction: Direction, at: Moment): void {
    const asked = name.replace(/(Ack|Reject)$/, '');
    const cause = chosen(response.terminalCapabilitySetReject?.cause ?? response.masterSlaveDeterminationReject?.cause);
    const decision = chosen(response.masterSlaveDeterminationAck?.decision);
    const closed =
      response.closeLogicalChannelAck ?? response.requestChannelCloseAck ?? response.requestChannelCloseReject;
    this.#tell(at, direction, name, cause || decision || (closed ? channelText(closed) : ''));
    this.#answer(at, opposite(direction), asked);
    if (cause !== '') this.#refuse(at, direction, asked, cause, asked);
    else if (name.endsWith('Ack')) this.#overcome(at, asked);
  }

  #command(command: NonNullable<H245Message['command']>, direction: Direction, at: Moment): void {
    const { miscellaneousCommand, flowControlCommand } = command;
    const name = chosen(command);
    this.#tell(at, direction, name, chosen(miscellaneousCommand?.type));
    const limited = flowControlCommand?.scope?.logicalChannelNumber;
    // The receiver limits what the other end sends to it.
    if (limited !== undefined) {
      this.channels.hold(opposite(direction), limited, flowControlCommand?.restriction?.maximumBitRate === 0, at);
    }
    if (command.endSessionCommand) {
      this.channels.closeAll(at);
      this.#record.closedAt ??= keep(at);
    }
  }

  #indication(indication: NonNullable<H245Message['indication']>, direction: Direction, at: Moment): void {
    const { miscellaneousIndication } = indication;
    const kind = chosen(miscellaneousIndication?.type);
    this.#tell(at, direction, chosen(indication), kind);
    const number = miscellaneousIndication?.logicalChannelNumber ?? 0;
    if (kind === 'logicalChannelInactive') this.channels.hold(direction, number, true, at);
    if (kind === 'logicalChannelActive') this.channels.hold(direction, number, false, at);
  }

  /** Keeps what is needed of an end's capabilities and tells them in short. */
  #takeCapabilities(capabilities: TerminalCapabilitySet, direction: Direction): string {
    const names: string[] = [];
    const events: MediaFormat[] = [];
    for (const { capability } of capabilities.capabilityTable ?? []) {
      const event = capability?.receiveRTPAudioTelephonyEventCapability;
      if (event?.dynamicRTPPayloadType !== undefined) {
        const payloadType = event.dynamicRTPPayloadType;
        events.push({ payloadType, encoding: 'telephone-event', clockRate: 8000, parameters: '' });
      }
      const videoData = capability?.receiveVideoCapability ?? capability?.receiveAndTransmitVideoCapability;
      const audioData = capability?.receiveAudioCapability ?? capability?.receiveAndTransmitAudioCapability;
      const data =
        capability?.receiveDataApplicationCapability ?? capability?.receiveAndTransmitDataApplicationCapability;
      const content = contentOf(videoData ? { videoData } : audioData ? { audioData } : data ? { data } : undefined);
      names.push(...content.formats.map((format) => format.encoding));
    }
    this.#events[direction] = events.slice(0, MOST_EVENT_FORMATS);
    return [...new Set([...names, ...events.map((event) => event.encoding)])].join(', ');
  }

  #ask(at: Moment, direction: Direction, request: string, number = 0): void {
    const question = this.#record.ask(at, direction, `H.245 ${request}`);
    if (question !== null) this.#questions.set(`${direction} ${request} ${number}`, question);
  }

  #answer(at: Moment, asker: Direction, request: string, number = 0): void {
    const key = `${asker} ${request} ${number}`;
    this.#questions.get(key)?.answer(at);
    this.#questions.delete(key);
  }

  #refuse(at: Moment, direction: Direction, request: string, cause: string, what: string): void {
    const words = rejectCauseInWords(cause);
    const refusal = this.#record.refuse(at, direction, `H.245 ${request}`, cause || 'unknown', words);
    if (refusal !== null) this.#refused = [...this.#refused, { what, refusal }].slice(-MOST_REFUSALS);
  }

  /** What was refused before was agreed on now, in another form. */
  #overcome(at: Moment, what: string): void {
    for (const refused of this.#refused) if (refused.what === what) refused.refusal.overcome(at);
    this.#refused = this.#refused.filter((refused) => refused.what !== what);
  }

  #kindOf(opener: Direction, number: number): string {
    return `${opener} ${this.channels.offered(opener, number)?.forward.content.media ?? ''}`;
  }
}
