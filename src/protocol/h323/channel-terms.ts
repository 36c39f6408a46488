/** What OpenLogicalChannel offers and its acknowledgement answers, as far as media need it. */

import { type ChannelContent, contentOf, withPayloadType } from './codecs.ts';
import { type Listener, listenerOfH245 } from './endpoints.ts';
import type { ChannelParameters, DataType, OpenLogicalChannel, OpenLogicalChannelAck } from './h245-channels.ts';

/** One way of a channel, with the addresses of the end that speaks. */
export interface OfferedWay {
  readonly content: ChannelContent;
  /** Where that end takes media, or the group that it sends to. */
  readonly media: Listener | null;
  readonly control: Listener | null;
}

export interface Offer {
  readonly number: number;
  readonly session: number;
  /** From the end that opens the channel. */
  readonly forward: OfferedWay;
  /** Back to it; null for a channel of one way. */
  readonly reverse: OfferedWay | null;
  /** Where T.120 is waited for. */
  readonly stack: Listener | null;
}

export interface Answer {
  readonly session: number;
  readonly media: Listener | null;
  readonly control: Listener | null;
  /** Where the answering end takes RTCP for what it sends back. */
  readonly reverseControl: Listener | null;
  readonly stack: Listener | null;
  /** Takes the place of the payload type that was offered. */
  readonly payloadType: number | undefined;
  /** The answering end wants nothing for now. */
  readonly isHeld: boolean;
}

export function offerOf(open: OpenLogicalChannel): Offer {
  const forward = open.forwardLogicalChannelParameters;
  const reverse = open.reverseLogicalChannelParameters;
  const forwardParameters = forward?.multiplexParameters?.h2250LogicalChannelParameters;
  const reverseParameters = reverse?.multiplexParameters?.h2250LogicalChannelParameters;
  const session = forwardParameters?.sessionID ?? reverseParameters?.sessionID ?? 0;
  return {
    number: open.forwardLogicalChannelNumber ?? 0,
    session,
    forward: wayOf(session, forward?.dataType, forwardParameters, open.encryptionSync?.synchFlag),
    reverse: reverse ? wayOf(session, reverse.dataType, reverseParameters) : null,
    stack: listenerOfH245(open.separateStack?.networkAddress?.localAreaAddress),
  };
}

/** `encrypted` is the payload type under which H.235 sends. */
function wayOf(
  session: number,
  dataType: DataType | undefined,
  parameters: ChannelParameters | undefined,
  encrypted?: number,
): OfferedWay {
  const usual = contentOfSession(session);
  const told = dataType === undefined ? usual : contentOf(dataType, parameters);
  const content = { ...told, media: told.media || usual.media };
  return {
    content: dataType?.h235Media ? withPayloadType(content, encrypted) : content,
    media: listenerOfH245(parameters?.mediaChannel),
    control: listenerOfH245(parameters?.mediaControlChannel),
  };
}

export function answerOf(ack: OpenLogicalChannelAck): Answer {
  const forward = ack.forwardMultiplexAckParameters?.h2250LogicalChannelAckParameters;
  const reverse = ack.reverseLogicalChannelParameters?.multiplexParameters?.h2250LogicalChannelParameters;
  const control = listenerOfH245(forward?.mediaControlChannel);
  return {
    session: forward?.sessionID ?? 0,
    media: listenerOfH245(forward?.mediaChannel),
    control,
    reverseControl: listenerOfH245(reverse?.mediaControlChannel) ?? control,
    stack: listenerOfH245(ack.separateStack?.networkAddress?.localAreaAddress),
    payloadType: forward?.dynamicRTPPayloadType ?? ack.encryptionSync?.synchFlag,
    isHeld: forward?.flowControlToZero ?? false,
  };
}

/** The first three sessions have a meaning (ITU-T H.245 section C.1); what else was offered was not seen. */
export function contentOfSession(session: number): ChannelContent {
  const media = (['', 'audio', 'video', 'application'] as const)[session] ?? '';
  return { protocol: 'rtp', media, formats: [], mayBeSilent: media === 'application' };
}
