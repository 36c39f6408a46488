/** Builds H.323 messages for tests, in the words of the descriptions that the product reads them by. */

import { h323UserInformation } from '../src/protocol/h323/h225-call.ts';
import { rasMessage } from '../src/protocol/h323/h225-ras.ts';
import { openLogicalChannel } from '../src/protocol/h323/h245-channels.ts';
import { h245Message } from '../src/protocol/h323/h245-messages.ts';
import { writePer } from './per-writer.ts';

export function bytesOf(hex: string): Uint8Array {
  return Uint8Array.from(Buffer.from(hex.replaceAll(' ', ''), 'hex'));
}

export function tpkt(...packets: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(
    packets.flatMap((packet) => [3, 0, (packet.length + 4) >> 8, (packet.length + 4) & 0xff, ...packet]),
  );
}

export function h245(message: object): Uint8Array {
  return writePer(h245Message, message);
}

/** An OpenLogicalChannel as fast connect carries it. */
export function bareChannel(open: object): Uint8Array {
  return writePer(openLogicalChannel, open);
}

export function ras(message: object): Uint8Array {
  return writePer(rasMessage, message);
}

export const H225_VERSION = '0.0.8.2250.0.5';

const MESSAGE_TYPES = {
  setup: 0x05,
  callProceeding: 0x02,
  alerting: 0x01,
  connect: 0x07,
  facility: 0x62,
  releaseComplete: 0x5a,
} as const;

/** A message of call signalling. `pdu` holds what stands beside its body, `elements` what stands before the user-user one. */
export function call(
  kind: keyof typeof MESSAGE_TYPES,
  body: object,
  { from = 'caller', reference = 1, pdu = {}, elements = [] as readonly number[] } = {},
): Uint8Array {
  const content = writePer(h323UserInformation, {
    'h323-uu-pdu': { 'h323-message-body': { [kind]: { protocolIdentifier: H225_VERSION, ...body } }, ...pdu },
  });
  const flag = from === 'caller' ? 0 : 0x80;
  const length = content.length + 1;
  return tpkt(
    Uint8Array.from([
      ...[0x08, 2, flag | (reference >> 8), reference & 0xff, MESSAGE_TYPES[kind]],
      ...elements,
      ...[0x7e, length >> 8, length & 0xff, 5],
      ...content,
    ]),
  );
}

/** Addresses in the form of each protocol. */
export function h225Address(address: string, port: number): object {
  return { ipAddress: { ip: ipv4(address), port } };
}

export function h245Address(address: string, port: number): object {
  return { unicastAddress: { iPAddress: { network: ipv4(address), tsapIdentifier: port } } };
}

export function groupAddress(address: string, port: number): object {
  return { multicastAddress: { iPAddress: { network: ipv4(address), tsapIdentifier: port } } };
}

function ipv4(address: string): Uint8Array {
  return Uint8Array.from(address.split('.').map(Number));
}

/** A channel that one end opens, with where it takes RTCP. */
export function openChannel(number: number, session: number, dataType: object, parameters: object): object {
  return {
    forwardLogicalChannelNumber: number,
    forwardLogicalChannelParameters: {
      dataType,
      multiplexParameters: { h2250LogicalChannelParameters: { sessionID: session, ...parameters } },
    },
  };
}

/** Its acknowledgement, with where media and RTCP are taken. */
export function acceptChannel(number: number, parameters: object): object {
  return {
    forwardLogicalChannelNumber: number,
    forwardMultiplexAckParameters: { h2250LogicalChannelAckParameters: parameters },
  };
}

export const ENDPOINT = { mc: false, undefinedNode: false };
export const CONFERENCE = new Uint8Array(16).fill(7);
