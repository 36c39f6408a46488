/** What H.245 messages say, for people. */

import type { Answer, Offer } from './channel-terms.ts';
import { listenerText } from './endpoints.ts';

const REJECT_WORDS: Readonly<Record<string, string>> = {
  unsuitableReverseParameters: 'the way back does not suit the other end',
  dataTypeNotSupported: 'the other end does not support the codec',
  dataTypeNotAvailable: 'the other end cannot take the codec now',
  unknownDataType: 'the other end does not know the codec',
  dataTypeALCombinationNotSupported: 'the other end does not support the codec in this form',
  multicastChannelNotAllowed: 'the other end does not take multicast',
  insufficientBandwidth: 'there is no bandwidth left for the channel',
  separateStackEstablishmentFailed: 'the connection for the channel could not be made',
  invalidSessionID: 'the session is not the right one',
  masterSlaveConflict: 'both ends opened channels that exclude each other',
  waitForCommunicationMode: 'the conference has not told its mode yet',
  invalidDependentChannel: 'the channel that it depends on is not there',
  replacementForRejected: 'the other channel cannot be replaced',
  securityDenied: 'the security settings do not fit',
  identicalNumbers: 'both ends drew the same number',
  undefinedTableEntryUsed: 'a capability refers to one that was not told',
  descriptorCapacityExceeded: 'the other end cannot hold so many combinations',
  tableEntryCapacityExceeded: 'the other end cannot hold so many capabilities',
};

export function rejectCauseInWords(cause: string): string {
  return REJECT_WORDS[cause] ?? 'no reason was given';
}

export function channelText(message: { readonly forwardLogicalChannelNumber?: number }): string {
  return `channel ${message.forwardLogicalChannelNumber ?? 0}`;
}

export function offerText(offer: Offer): string {
  const { content, control } = offer.forward;
  const codecs = content.formats.map((format) => format.encoding).join(', ') || (content.protocol ?? 'no media');
  const rtcp = control === null ? '' : `, RTCP at ${listenerText(control)}`;
  return `channel ${offer.number}: ${[content.media, codecs].filter((word) => word !== '').join(' ')}${rtcp}`;
}

export function answerText(answer: Answer): string {
  const { media, control, stack } = answer;
  return [
    media === null ? '' : `, media to ${listenerText(media)}`,
    control === null ? '' : `, RTCP at ${listenerText(control)}`,
    stack === null ? '' : `, T.120 at ${listenerText(stack)}`,
  ].join('');
}
