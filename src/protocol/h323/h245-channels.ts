/**
 * Logical channels (ITU-T H.245 version 16, "Logical channel signalling"): what they carry and where they are received.
 * Additions behind the last one that is read are not listed: their lengths skip them.
 */

import { audioCapability, dataApplicationCapability, mediaSecurity, videoCapability } from './h245-capabilities.ts';
import { logicalChannelNumber, nonStandardParameter, transportAddress } from './h245-elements.ts';
import { boolean, integer, nothing, objectIdentifier, octets, skipped, stringOf } from './per-leaves.ts';
import type { ValueOf } from './per-type.ts';
import { choice, list, sequence } from './per-types.ts';

const payloadType = integer(0, 127);
const terminalLabel = sequence({ mcuNumber: integer(0, 192), terminalNumber: integer(0, 192) }, {});

const mediaType = { videoData: videoCapability, audioData: audioCapability, data: dataApplicationCapability };

const dataTypes = {
  nonStandard: nonStandardParameter,
  nullData: nothing,
  ...mediaType,
  encryptionData: choice({ nonStandard: nonStandardParameter, h233Encryption: nothing }, {}),
};

const dataTypeAdditions = {
  h235Control: skipped,
  h235Media: sequence(
    {
      encryptionAuthenticationAndIntegrity: mediaSecurity,
      mediaType: choice({ nonStandard: nonStandardParameter, ...mediaType }, {}),
    },
    {},
  ),
  multiplexedStream: skipped,
};

/** What is inside a mixture of payloads: another mixture has no meaning there. */
const plainDataType = choice(dataTypes, dataTypeAdditions);
const element = sequence({ dataType: plainDataType, 'payloadType?': payloadType }, {});

const redundancyEncoding = sequence(
  {
    redundancyEncodingMethod: choice(
      { nonStandard: nonStandardParameter, rtpAudioRedundancyEncoding: nothing },
      { rtpH263VideoRedundancyEncoding: skipped },
    ),
    'secondaryEncoding?': plainDataType,
  },
  { rtpRedundancyEncoding: sequence({ 'primary?': element, 'secondary?': list(element) }, {}) },
);

const dataType = choice(dataTypes, {
  ...dataTypeAdditions,
  redundancyEncoding,
  multiplePayloadStream: sequence({ elements: list(element) }, {}),
  depFec: skipped,
  fec: skipped,
});
export type DataType = ValueOf<typeof dataType>;

const rtpPayloadType = sequence(
  {
    payloadDescriptor: choice(
      { nonStandardIdentifier: nonStandardParameter, 'rfc-number': integer(1, 32768, true), oid: objectIdentifier },
      {},
    ),
    'payloadType?': payloadType,
  },
  {},
);

const h2250LogicalChannelParameters = sequence(
  {
    'nonStandard?': list(nonStandardParameter),
    sessionID: integer(0, 255),
    'associatedSessionID?': integer(1, 255),
    'mediaChannel?': transportAddress,
    'mediaGuaranteedDelivery?': boolean,
    'mediaControlChannel?': transportAddress,
    'mediaControlGuaranteedDelivery?': boolean,
    'silenceSuppression?': boolean,
    'destination?': terminalLabel,
    'dynamicRTPPayloadType?': integer(96, 127),
    'mediaPacketization?': choice({ h261aVideoPacketization: nothing }, { rtpPayloadType }),
  },
  {},
);
export type ChannelParameters = ValueOf<typeof h2250LogicalChannelParameters>;

/** The multiplexes of other networks never run over TPKT; what would follow them is given up. */
const otherMultiplex = skipped;

/** Where T.120 is reached when it does not share the call's own connections. */
const networkAccessParameters = sequence(
  {
    'distribution?': choice({ unicast: nothing, multicast: nothing }, {}),
    networkAddress: choice(
      {
        q2931Address: sequence(
          {
            address: choice({ internationalNumber: stringOf(' 0123456789', 1, 16), nsapAddress: octets(1, 20) }, {}),
            'subaddress?': octets(1, 20),
          },
          {},
        ),
        e164Address: stringOf('#*,0123456789', 1, 128),
        localAreaAddress: transportAddress,
      },
      {},
    ),
    associateConference: boolean,
    'externalReference?': octets(1, 255),
  },
  {},
);

/** A key, and in H.323 the payload type of what is encrypted with it. */
const encryptionSync = sequence(
  { 'nonStandard?': nonStandardParameter, synchFlag: integer(0, 255), h235Key: skipped, 'escrowentry?': skipped },
  {},
);

export const openLogicalChannel = sequence(
  {
    forwardLogicalChannelNumber: logicalChannelNumber,
    forwardLogicalChannelParameters: sequence(
      {
        'portNumber?': integer(0, 65535),
        dataType,
        multiplexParameters: choice(
          {
            h222LogicalChannelParameters: otherMultiplex,
            h223LogicalChannelParameters: otherMultiplex,
            v76LogicalChannelParameters: otherMultiplex,
          },
          { h2250LogicalChannelParameters, none: nothing },
        ),
      },
      {},
    ),
    'reverseLogicalChannelParameters?': sequence(
      {
        dataType,
        'multiplexParameters?': choice(
          { h223LogicalChannelParameters: otherMultiplex, v76LogicalChannelParameters: otherMultiplex },
          { h2250LogicalChannelParameters },
        ),
      },
      {},
    ),
  },
  { separateStack: networkAccessParameters, encryptionSync },
);
export type OpenLogicalChannel = ValueOf<typeof openLogicalChannel>;

const h2250LogicalChannelAckParameters = sequence(
  {
    'nonStandard?': list(nonStandardParameter),
    'sessionID?': integer(1, 255),
    'mediaChannel?': transportAddress,
    'mediaControlChannel?': transportAddress,
    'dynamicRTPPayloadType?': integer(96, 127),
  },
  { flowControlToZero: boolean },
);

export const openLogicalChannelAck = sequence(
  {
    forwardLogicalChannelNumber: logicalChannelNumber,
    'reverseLogicalChannelParameters?': sequence(
      {
        reverseLogicalChannelNumber: logicalChannelNumber,
        'portNumber?': integer(0, 65535),
        'multiplexParameters?': choice(
          { h222LogicalChannelParameters: otherMultiplex },
          { h2250LogicalChannelParameters },
        ),
      },
      {},
    ),
  },
  {
    separateStack: networkAccessParameters,
    forwardMultiplexAckParameters: choice({ h2250LogicalChannelAckParameters }, {}),
    encryptionSync,
  },
);
export type OpenLogicalChannelAck = ValueOf<typeof openLogicalChannelAck>;

export const openLogicalChannelReject = sequence(
  {
    forwardLogicalChannelNumber: logicalChannelNumber,
    cause: choice(
      {
        unspecified: nothing,
        unsuitableReverseParameters: nothing,
        dataTypeNotSupported: nothing,
        dataTypeNotAvailable: nothing,
        unknownDataType: nothing,
        dataTypeALCombinationNotSupported: nothing,
      },
      {
        multicastChannelNotAllowed: nothing,
        insufficientBandwidth: nothing,
        separateStackEstablishmentFailed: nothing,
        invalidSessionID: nothing,
        masterSlaveConflict: nothing,
        waitForCommunicationMode: nothing,
        invalidDependentChannel: nothing,
        replacementForRejected: nothing,
        securityDenied: nothing,
      },
    ),
  },
  {},
);
