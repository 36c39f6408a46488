/** One call of call signalling, from SETUP to RELEASE COMPLETE (ITU-T H.323 section 8). */

import { type AnnouncedMedia, type ControlRecord, keep, type Question } from '../control-record.ts';
import { type Direction, type Moment, opposite } from '../dissector.ts';
import { announceConnection } from './announce.ts';
import { type CallMessage, calledOf, callerOf, releaseReason, serverOf, transferTarget } from './call-message.ts';
import { type Listener, productText } from './endpoints.ts';
import { FastStart } from './fast-start.ts';
import { H245Conversation } from './h245-conversation.ts';
import { LogicalChannels } from './logical-channels.ts';
import { causeInWords, causeOfReason, NORMAL_CLEARING, NORMAL_UNSPECIFIED, reasonInWords } from './q850-causes.ts';

export class Call {
  readonly #record: ControlRecord;
  /** Direction in which the caller speaks. */
  readonly #caller: Direction;
  readonly #channels: LogicalChannels;
  readonly #fastStart: FastStart;
  readonly #tunnel: H245Conversation;
  readonly #connections: AnnouncedMedia[] = [];
  #question: Question | null = null;
  #isConnected = false;

  constructor(record: ControlRecord, caller: Direction) {
    this.#record = record;
    this.#caller = caller;
    this.#channels = new LogicalChannels(record);
    this.#fastStart = new FastStart(this.#channels);
    this.#tunnel = new H245Conversation(record, ' (tunnelled)', this.#channels);
  }

  /** `scanned`: an address that a search found in a message which could not be read. */
  message(message: CallMessage, direction: Direction, at: Moment, scanned: Listener | null): void {
    const { choice, q931, fastStart } = message;
    const isFromCaller = direction === this.#caller;
    if (choice?.setup || q931.type === 'SETUP') this.#begin(message, direction, at);
    else if (!isFromCaller) this.#question?.answer(at);
    if (!isFromCaller) this.#record.fact('server', serverOf(message));
    this.#announceConnections(message, direction, at, scanned);
    if (message.refusesFastStart) this.#fastStart.refuse();
    else if (fastStart.length > 0 && isFromCaller) this.#fastStart.offer(fastStart);
    else if (fastStart.length > 0) this.#fastStart.accept(fastStart, this.#caller, at);
    for (const octets of message.tunnelled) {
      this.#record.variant = 'H.245 tunnelled';
      this.#tunnel.packet(octets, 0, octets.length, direction, at);
    }
    if (q931.type === 'CONNECT') {
      this.#isConnected = true;
      this.#channels.start(at);
    }
    if (q931.type === 'RELEASE COMPLETE') this.#release(message, direction, at);
  }

  /** The call is over, or its connection is. */
  end(at: Moment): void {
    this.#channels.closeAll(at);
    for (const connection of this.#connections) connection.end(at);
  }

  #begin(message: CallMessage, direction: Direction, at: Moment): void {
    const { choice, q931 } = message;
    this.#question ??= this.#record.ask(at, direction, 'call setup');
    this.#record.closedAt = null;
    this.#record.fact('caller', callerOf(message));
    this.#record.fact('called', calledOf(message));
    this.#record.fact('display', q931.display);
    this.#record.fact('agent', productText(choice?.setup?.sourceInfo));
  }

  /** Connections that the other end is to open: for H.245, or for the call at another place. */
  #announceConnections(message: CallMessage, direction: Direction, at: Moment, scanned: Listener | null): void {
    const toSender = opposite(direction);
    const h245 = message.h245 ?? scanned;
    if (h245 !== null) {
      // With a tunnel or a fast connect the call works without this connection.
      const mayBeSilent = message.pdu?.h245Tunnelling === true || message.fastStart.length > 0;
      const certainty = message.h245 === null ? 'scanned' : 'parsed';
      const agreement = { at, how: `H.225 ${message.body} h245Address`, certainty } as const;
      // The caller may name a place, and the called end another: one connection serves both.
      const isAlternative = direction === this.#caller;
      const quiet = { mayBeSilent, isAlternative };
      this.#keep(announceConnection(this.#record, 'h323-h245', toSender, h245, agreement, quiet));
    }
    const target = transferTarget(message);
    if (target !== null) {
      const agreement = { at, how: 'H.225 facility alternativeAddress', certainty: 'parsed' } as const;
      this.#keep(announceConnection(this.#record, 'h323-q931', toSender, target, agreement));
    }
  }

  #keep(connection: AnnouncedMedia | null): void {
    if (connection !== null && !this.#connections.includes(connection)) this.#connections.push(connection);
  }

  #release(message: CallMessage, direction: Direction, at: Moment): void {
    this.end(at);
    this.#record.closedAt = keep(at);
    // A caller that gives up is refused by nobody, whatever it says of the cause.
    if (direction === this.#caller) return;
    const reason = releaseReason(message);
    const cause = message.q931.cause ?? causeOfReason(reason) ?? NORMAL_UNSPECIFIED;
    const isCauseTold = message.q931.cause !== null;
    const isRejected = reason === 'destinationRejection' && !this.#isConnected && !isCauseTold;
    // A call that was up may end without a reason.
    const isOrdinary = cause === NORMAL_CLEARING || (cause === NORMAL_UNSPECIFIED && this.#isConnected);
    if (isOrdinary && !isRejected) return;
    this.#record.refuse(
      at,
      direction,
      this.#isConnected ? 'call' : 'call setup',
      isCauseTold ? `cause ${cause}` : reason || 'release without a cause',
      isCauseTold ? causeInWords(cause) : reasonInWords(reason),
    );
  }
}
