/**
 * Fast connect (ITU-T H.323 section 8.1.7): the caller's first message offers channels for both ways, and the called end
 * gives back those that it takes, with its own addresses. No acknowledgement follows.
 */

import type { Direction, Moment } from '../dissector.ts';
import { opposite } from '../dissector.ts';
import { scanMediaPair } from './address-scan.ts';
import type { Agreement } from './announce.ts';
import { type Answer, type Offer, type OfferedWay, offerOf } from './channel-terms.ts';
import { openLogicalChannel } from './h245-channels.ts';
import type { LogicalChannels } from './logical-channels.ts';
import { PerReader } from './per-reader.ts';

const MOST_OFFERS = 64;

interface ReadOffer extends Offer {
  readonly certainty: Agreement['certainty'];
}

/** Which way of a channel is meant, as the caller sees it. */
type Half = 'forward' | 'reverse';

export class FastStart {
  readonly #channels: LogicalChannels;
  #offers: readonly ReadOffer[] = [];
  #isAccepted = false;

  constructor(channels: LogicalChannels) {
    this.#channels = channels;
  }

  /** What the caller offers, each an OpenLogicalChannel without the choices around it. */
  offer(items: readonly Uint8Array[]): void {
    this.#offers = items.slice(0, MOST_OFFERS).flatMap(readOffer);
  }

  refuse(): void {
    this.#offers = [];
  }

  /**
   * What the called end takes; `caller` is the direction in which the caller speaks. It may be told again in later messages,
   * but not otherwise.
   */
  accept(items: readonly Uint8Array[], caller: Direction, at: Moment): void {
    if (this.#isAccepted) return;
    this.#isAccepted = true;
    for (const accepted of items.slice(0, MOST_OFFERS).flatMap(readOffer)) {
      const agreement = { at, how: 'H.225 fastStart', certainty: accepted.certainty };
      if (accepted.forward.content.protocol !== null) this.#acceptForward(accepted, caller, agreement);
      if (accepted.reverse && accepted.reverse.content.protocol !== null)
        this.#acceptReverse(accepted, accepted.reverse, opposite(caller), agreement);
    }
  }

  /** The caller sends, and the called end told where it receives. */
  #acceptForward(accepted: Offer, caller: Direction, agreement: Agreement): void {
    const { forward, number, session } = accepted;
    const offered = this.#find(accepted, 'forward')?.forward;
    const terms = { content: forward.content, media: offered?.media ?? null, control: offered?.control ?? null };
    this.#channels.open(caller, plainOffer(number, session, terms), agreement.at);
    this.#channels.accept(caller, number, plainAnswer(session, forward), agreement);
  }

  /** The called end sends to where the caller said that it receives; it numbers this channel itself. */
  #acceptReverse(accepted: Offer, reverse: OfferedWay, called: Direction, agreement: Agreement): void {
    const { number, session } = accepted;
    const offered = this.#find(accepted, 'reverse')?.reverse ?? reverse;
    const terms = { content: reverse.content, media: null, control: reverse.control };
    this.#channels.open(called, plainOffer(number, session, terms), agreement.at);
    this.#channels.accept(called, number, plainAnswer(session, offered), agreement);
  }

  /** The offer that an accepted channel comes from: its number may be new, its session and codec are not. */
  #find(accepted: Offer, half: Half): ReadOffer | undefined {
    const encoding = encodingOf(accepted, half);
    const ofSession = this.#offers.filter(
      (offer) => offer.session === accepted.session && (offer[half]?.content.protocol ?? null) !== null,
    );
    return (
      ofSession.find((offer) => offer.number === accepted.number && encodingOf(offer, half) === encoding) ??
      ofSession.find((offer) => encodingOf(offer, half) === encoding) ??
      ofSession[0]
    );
  }
}

function readOffer(item: Uint8Array): ReadOffer[] {
  const reader = new PerReader(item, 0, item.length);
  const open = openLogicalChannel.read(reader);
  if (open === undefined) return [];
  const offer = offerOf(open);
  const isTold = offer.forward.media !== null || offer.reverse?.media != null;
  const scanned = isTold ? null : scanMediaPair(item);
  if (scanned === null) return [{ ...offer, certainty: 'parsed' }];
  return offer.reverse === null
    ? [{ ...offer, forward: { ...offer.forward, ...scanned }, certainty: 'scanned' }]
    : [{ ...offer, reverse: { ...offer.reverse, ...scanned }, certainty: 'scanned' }];
}

function encodingOf(offer: Offer, half: Half): string {
  return offer[half]?.content.formats[0]?.encoding ?? '';
}

function plainOffer(number: number, session: number, forward: OfferedWay): Offer {
  return { number, session, forward, reverse: null, stack: null };
}

function plainAnswer(session: number, receiver: OfferedWay): Answer {
  const { media, control } = receiver;
  return { session, media, control, reverseControl: null, stack: null, payloadType: undefined, isHeld: false };
}
