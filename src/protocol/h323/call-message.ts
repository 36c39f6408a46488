/** One message of call signalling: the Q.931 frame and what H.225.0 says inside it, made plain. */

import { aliasesText, type Listener, listenerOfH225, listenerText, productText } from './endpoints.ts';
import { type CallBody, type H323UuPdu, h323UserInformation } from './h225-call.ts';
import { PerReader } from './per-reader.ts';
import { chosen } from './per-types.ts';
import { causeInWords, reasonInWords } from './q850-causes.ts';
import { type Q931Message, readQ931 } from './q931-message.ts';

export interface CallMessage {
  readonly q931: Q931Message;
  /** `setup`, `connect`; empty when there is no H.225.0 inside, or none that is known. */
  readonly body: string;
  readonly pdu: H323UuPdu | undefined;
  /** The same body as the one alternative of its choice. */
  readonly choice: CallBody | undefined;
  /** True when H.225.0 could not be read to its end. */
  readonly isCut: boolean;
  /** Where the sender waits for H.245. */
  readonly h245: Listener | null;
  readonly fastStart: readonly Uint8Array[];
  readonly refusesFastStart: boolean;
  readonly tunnelled: readonly Uint8Array[];
}

/** Null for what is no message of Q.931. Octet strings are borrowed from `bytes`. */
export function readCallMessage(bytes: Uint8Array, start: number, end: number): CallMessage | null {
  const q931 = readQ931(bytes, start, end);
  if (q931 === null) return null;
  const reader = new PerReader(bytes, q931.userUserStart, q931.userUserEnd);
  const hasPdu = q931.userUserEnd > q931.userUserStart;
  const pdu = hasPdu ? h323UserInformation.read(reader)?.['h323-uu-pdu'] : undefined;
  const choice = pdu?.['h323-message-body'];
  const answer = choice?.callProceeding ?? choice?.alerting ?? choice?.connect ?? choice?.progress ?? choice?.facility;
  return {
    q931,
    body: chosen(choice),
    pdu,
    choice,
    isCut: hasPdu && (reader.failed || reader.faults > 0),
    h245: listenerOfH225(choice?.setup?.h245Address ?? answer?.h245Address),
    fastStart: choice?.setup?.fastStart ?? answer?.fastStart ?? choice?.information?.fastStart ?? [],
    refusesFastStart: (answer ?? choice?.information)?.fastConnectRefused ?? false,
    tunnelled: [...(choice?.setup?.parallelH245Control ?? []), ...(pdu?.h245Control ?? [])],
  };
}

/** As a ladder shows it. */
export function nameOf({ q931, body }: CallMessage): string {
  return body === '' ? `Q.931 ${q931.type}` : `H.225 ${body === 'empty' ? q931.type.toLowerCase() : body}`;
}

export function detailOf(message: CallMessage): string {
  const { choice, q931, h245, fastStart } = message;
  const parts: string[] = [];
  if (choice?.setup) parts.push(partiesText(message));
  if (choice?.facility) parts.push(chosen(choice.facility.reason), listenerText(transferTarget(message)));
  if (choice?.releaseComplete || q931.cause !== null) parts.push(releaseText(message));
  if (h245 !== null) parts.push(`H.245 at ${listenerText(h245)}`);
  if (fastStart.length > 0) parts.push(`fastStart with ${fastStart.length} channels`);
  return parts.filter((part) => part !== '').join(', ');
}

/** Where a facility sends the call instead. */
export function transferTarget({ choice }: CallMessage): Listener | null {
  return listenerOfH225(choice?.facility?.alternativeAddress);
}

export function callerOf({ choice, q931 }: CallMessage): string {
  const { setup } = choice ?? {};
  return (
    aliasesText(setup?.sourceAddress) ||
    q931.callingNumber ||
    listenerText(listenerOfH225(setup?.sourceCallSignalAddress))
  );
}

export function calledOf({ choice, q931 }: CallMessage): string {
  const { setup } = choice ?? {};
  return (
    aliasesText(setup?.destinationAddress) ||
    q931.calledNumber ||
    listenerText(listenerOfH225(setup?.destCallSignalAddress))
  );
}

/** Product of the called end. */
export function serverOf({ choice }: CallMessage): string {
  const { callProceeding, alerting, connect, progress } = choice ?? {};
  return productText((callProceeding ?? alerting ?? connect ?? progress)?.destinationInfo);
}

export function releaseReason({ choice }: CallMessage): string {
  return chosen(choice?.releaseComplete?.reason);
}

function partiesText(message: CallMessage): string {
  const [caller, called] = [callerOf(message), calledOf(message)];
  return caller === '' && called === '' ? '' : `${caller || 'unknown'} calls ${called || 'unknown'}`;
}

function releaseText(message: CallMessage): string {
  const { cause } = message.q931;
  const reason = releaseReason(message);
  if (cause !== null) return `cause ${cause}: ${causeInWords(cause)}`;
  return reason === '' ? '' : `${reason}: ${reasonInWords(reason)}`;
}
