/**
 * RAS, the talk between endpoints and gatekeepers (ITU-T H.225.0 version 7 section 7, ASN.1 of H323-MESSAGES). Additions
 * behind the last one that is read are not listed: their lengths skip them.
 */

import {
  aliasAddresses,
  bandWidth,
  callIdentifier,
  callModel,
  callType,
  conferenceIdentifier,
  endpointIdentifier,
  endpointType,
  gatekeeperIdentifier,
  nonStandardParameter,
  qSeriesOptions,
  supportedProtocols,
  transportAddress,
  vendorIdentifier,
} from './h225-elements.ts';
import { clearTokens, cryptoTokens } from './h235-tokens.ts';
import {
  bits,
  boolean,
  choice,
  integer,
  list,
  nothing,
  objectIdentifier,
  sequence,
  skipped,
  type ValueOf,
} from './per-types.ts';
import {
  admissionRejectReason,
  bandRejectReason,
  disengageRejectReason,
  gatekeeperRejectReason,
  infoRequestNakReason,
  locationRejectReason,
  registrationRejectReason,
  unregistrationRejectReason,
} from './ras-reasons.ts';

const requestSeqNum = integer(1, 65535);
const protocolIdentifier = objectIdentifier;
const timeToLive = integer(1, 0xffffffff);
const callReferenceValue = integer(0, 65535);
const nonStandardData = nonStandardParameter;
const transportAddresses = list(transportAddress);

/** What signed messages of the later kind carry in their root. */
const security = {
  'tokens?': clearTokens,
  'cryptoTokens?': cryptoTokens,
  'integrityCheckValue?': sequence({ algorithmOID: objectIdentifier, icv: bits() }),
};

const alternateGatekeeper = sequence(
  {
    rasAddress: transportAddress,
    'gatekeeperIdentifier?': gatekeeperIdentifier,
    needToRegister: boolean,
    priority: integer(0, 127),
  },
  {},
);

const gatekeeperRequest = sequence(
  {
    requestSeqNum,
    protocolIdentifier,
    'nonStandardData?': nonStandardData,
    rasAddress: transportAddress,
    endpointType,
    'gatekeeperIdentifier?': gatekeeperIdentifier,
    'callServices?': qSeriesOptions,
    'endpointAlias?': aliasAddresses,
  },
  {},
);

const gatekeeperConfirm = sequence(
  {
    requestSeqNum,
    protocolIdentifier,
    'nonStandardData?': nonStandardData,
    'gatekeeperIdentifier?': gatekeeperIdentifier,
    rasAddress: transportAddress,
  },
  {},
);

const gatekeeperReject = sequence(
  {
    requestSeqNum,
    protocolIdentifier,
    'nonStandardData?': nonStandardData,
    'gatekeeperIdentifier?': gatekeeperIdentifier,
    rejectReason: gatekeeperRejectReason,
  },
  {},
);

const registrationRequest = sequence(
  {
    requestSeqNum,
    protocolIdentifier,
    'nonStandardData?': nonStandardData,
    discoveryComplete: boolean,
    callSignalAddress: transportAddresses,
    rasAddress: transportAddresses,
    terminalType: endpointType,
    'terminalAlias?': aliasAddresses,
    'gatekeeperIdentifier?': gatekeeperIdentifier,
    endpointVendor: vendorIdentifier,
  },
  {
    alternateEndpoints: skipped,
    timeToLive,
    tokens: skipped,
    cryptoTokens: skipped,
    integrityCheckValue: skipped,
    keepAlive: boolean,
  },
);

const registrationConfirm = sequence(
  {
    requestSeqNum,
    protocolIdentifier,
    'nonStandardData?': nonStandardData,
    callSignalAddress: transportAddresses,
    'terminalAlias?': aliasAddresses,
    'gatekeeperIdentifier?': gatekeeperIdentifier,
    endpointIdentifier,
  },
  { alternateGatekeeper: skipped, timeToLive },
);

const registrationReject = sequence(
  {
    requestSeqNum,
    protocolIdentifier,
    'nonStandardData?': nonStandardData,
    rejectReason: registrationRejectReason,
    'gatekeeperIdentifier?': gatekeeperIdentifier,
  },
  {},
);

const unregistrationRequest = sequence(
  {
    requestSeqNum,
    callSignalAddress: transportAddresses,
    'endpointAlias?': aliasAddresses,
    'nonStandardData?': nonStandardData,
    'endpointIdentifier?': endpointIdentifier,
  },
  {},
);

const admissionRequest = sequence(
  {
    requestSeqNum,
    callType,
    'callModel?': callModel,
    endpointIdentifier,
    'destinationInfo?': aliasAddresses,
    'destCallSignalAddress?': transportAddress,
    'destExtraCallInfo?': aliasAddresses,
    srcInfo: aliasAddresses,
    'srcCallSignalAddress?': transportAddress,
    bandWidth,
    callReferenceValue,
    'nonStandardData?': nonStandardData,
    'callServices?': qSeriesOptions,
    conferenceID: conferenceIdentifier,
    activeMC: boolean,
    answerCall: boolean,
  },
  { canMapAlias: boolean, callIdentifier },
);

const admissionConfirm = sequence(
  {
    requestSeqNum,
    bandWidth,
    callModel,
    destCallSignalAddress: transportAddress,
    'irrFrequency?': integer(1, 65535),
    'nonStandardData?': nonStandardData,
  },
  {},
);

const bandwidthRequest = sequence(
  {
    requestSeqNum,
    endpointIdentifier,
    conferenceID: conferenceIdentifier,
    callReferenceValue,
    'callType?': callType,
    bandWidth,
    'nonStandardData?': nonStandardData,
  },
  {},
);

const disengageRequest = sequence(
  {
    requestSeqNum,
    endpointIdentifier,
    conferenceID: conferenceIdentifier,
    callReferenceValue,
    disengageReason: choice({ forcedDrop: nothing, normalDrop: nothing, undefinedReason: nothing }, {}),
    'nonStandardData?': nonStandardData,
  },
  {},
);

const locationRequest = sequence(
  {
    requestSeqNum,
    'endpointIdentifier?': endpointIdentifier,
    destinationInfo: aliasAddresses,
    'nonStandardData?': nonStandardData,
    replyAddress: transportAddress,
  },
  { sourceInfo: aliasAddresses },
);

const locationConfirm = sequence(
  {
    requestSeqNum,
    callSignalAddress: transportAddress,
    rasAddress: transportAddress,
    'nonStandardData?': nonStandardData,
  },
  {},
);

const infoRequest = sequence(
  {
    requestSeqNum,
    callReferenceValue,
    'nonStandardData?': nonStandardData,
    'replyAddress?': transportAddress,
  },
  {},
);

/** What is read ends before perCallInfo: the calls themselves tell what is up. */
const infoRequestResponse = sequence(
  {
    'nonStandardData?': nonStandardData,
    requestSeqNum,
    endpointType,
    endpointIdentifier,
    rasAddress: transportAddress,
    callSignalAddress: transportAddresses,
    'endpointAlias?': aliasAddresses,
    'perCallInfo?': skipped,
  },
  {},
);

/** Confirmations that say no more than yes. */
const plainConfirm = sequence({ requestSeqNum, 'nonStandardData?': nonStandardData }, {});
/** Of service control only the numbers matter; nothing is read behind the first part that is skipped. */
const serviceControlIndication = sequence(
  {
    requestSeqNum,
    'nonStandardData?': nonStandardData,
    serviceControl: skipped,
    'endpointIdentifier?': skipped,
    'callSpecific?': skipped,
    'tokens?': skipped,
    'cryptoTokens?': skipped,
    'integrityCheckValue?': skipped,
    'featureSet?': skipped,
    'genericData?': skipped,
  },
  {},
);

const serviceControlResponse = sequence(
  {
    requestSeqNum,
    'result?': choice(
      {
        started: nothing,
        failed: nothing,
        stopped: nothing,
        notAvailable: nothing,
        neededFeatureNotSupported: nothing,
      },
      {},
    ),
    'nonStandardData?': nonStandardData,
    ...security,
    'featureSet?': skipped,
    'genericData?': skipped,
  },
  {},
);

export const rasMessage = choice(
  {
    gatekeeperRequest,
    gatekeeperConfirm,
    gatekeeperReject,
    registrationRequest,
    registrationConfirm,
    registrationReject,
    unregistrationRequest,
    unregistrationConfirm: plainConfirm,
    unregistrationReject: sequence(
      { requestSeqNum, rejectReason: unregistrationRejectReason, 'nonStandardData?': nonStandardData },
      {},
    ),
    admissionRequest,
    admissionConfirm,
    admissionReject: sequence(
      { requestSeqNum, rejectReason: admissionRejectReason, 'nonStandardData?': nonStandardData },
      {},
    ),
    bandwidthRequest,
    bandwidthConfirm: sequence({ requestSeqNum, bandWidth, 'nonStandardData?': nonStandardData }, {}),
    bandwidthReject: sequence(
      {
        requestSeqNum,
        rejectReason: bandRejectReason,
        allowedBandWidth: bandWidth,
        'nonStandardData?': nonStandardData,
      },
      {},
    ),
    disengageRequest,
    disengageConfirm: plainConfirm,
    disengageReject: sequence(
      { requestSeqNum, rejectReason: disengageRejectReason, 'nonStandardData?': nonStandardData },
      {},
    ),
    locationRequest,
    locationConfirm,
    locationReject: sequence(
      { requestSeqNum, rejectReason: locationRejectReason, 'nonStandardData?': nonStandardData },
      {},
    ),
    infoRequest,
    infoRequestResponse,
    nonStandardMessage: sequence({ requestSeqNum, nonStandardData }, {}),
    unknownMessageResponse: sequence({ requestSeqNum }, {}),
  },
  {
    requestInProgress: sequence(
      { requestSeqNum, 'nonStandardData?': nonStandardData, ...security, delay: integer(1, 65535) },
      {},
    ),
    resourcesAvailableIndicate: sequence(
      {
        requestSeqNum,
        protocolIdentifier,
        'nonStandardData?': nonStandardData,
        endpointIdentifier,
        protocols: list(supportedProtocols),
        almostOutOfResources: boolean,
        ...security,
      },
      {},
    ),
    resourcesAvailableConfirm: sequence(
      { requestSeqNum, protocolIdentifier, 'nonStandardData?': nonStandardData, ...security },
      {},
    ),
    infoRequestAck: sequence({ requestSeqNum, 'nonStandardData?': nonStandardData, ...security }, {}),
    infoRequestNak: sequence(
      {
        requestSeqNum,
        'nonStandardData?': nonStandardData,
        nakReason: infoRequestNakReason,
        'altGKInfo?': sequence({ alternateGatekeeper: list(alternateGatekeeper), altGKisPermanent: boolean }, {}),
        ...security,
      },
      {},
    ),
    serviceControlIndication,
    serviceControlResponse,
    admissionConfirmSequence: list(admissionConfirm),
  },
);
export type RasMessage = ValueOf<typeof rasMessage>;
