/**
 * Call signalling inside the user-user element of Q.931 (ITU-T H.225.0 version 7 section 7, ASN.1 of H323-MESSAGES).
 * Additions behind the last one that is read are not listed: their lengths skip them.
 */

import {
  aliasAddresses,
  callIdentifier,
  callType,
  conferenceIdentifier,
  endpointType,
  nonStandardParameter,
  qSeriesOptions,
  transportAddress,
} from './h225-elements.ts';
import { clearTokens, cryptoTokens, h245Security } from './h235-tokens.ts';
import { boolean, integer, nothing, objectIdentifier, octets, skipped } from './per-leaves.ts';
import type { ValueOf } from './per-type.ts';
import { choice, list, sequence } from './per-types.ts';

const protocolIdentifier = objectIdentifier;
/** Each one an OpenLogicalChannel of H.245, without the choices around it. */
const fastStart = list(octets());

const setup = sequence(
  {
    protocolIdentifier,
    'h245Address?': transportAddress,
    'sourceAddress?': aliasAddresses,
    sourceInfo: endpointType,
    'destinationAddress?': aliasAddresses,
    'destCallSignalAddress?': transportAddress,
    'destExtraCallInfo?': aliasAddresses,
    'destExtraCRV?': list(integer(0, 65535)),
    activeMC: boolean,
    conferenceID: conferenceIdentifier,
    conferenceGoal: choice(
      { create: nothing, join: nothing, invite: nothing },
      { 'capability-negotiation': nothing, callIndependentSupplementaryService: nothing },
    ),
    'callServices?': qSeriesOptions,
    callType,
  },
  {
    sourceCallSignalAddress: transportAddress,
    remoteExtensionAddress: skipped,
    callIdentifier,
    h245SecurityCapability: skipped,
    tokens: skipped,
    cryptoTokens: skipped,
    fastStart,
    mediaWaitForConnect: skipped,
    canOverlapSend: skipped,
    endpointIdentifier: skipped,
    multipleCalls: skipped,
    maintainConnection: skipped,
    connectionParameters: skipped,
    language: skipped,
    presentationIndicator: skipped,
    screeningIndicator: skipped,
    serviceControl: skipped,
    symmetricOperationRequired: skipped,
    capacity: skipped,
    circuitInfo: skipped,
    desiredProtocols: skipped,
    neededFeatures: skipped,
    desiredFeatures: skipped,
    supportedFeatures: skipped,
    parallelH245Control: list(octets()),
  },
);

const proceedingExtensions = {
  callIdentifier,
  h245SecurityMode: skipped,
  tokens: skipped,
  cryptoTokens: skipped,
  fastStart,
  multipleCalls: skipped,
  maintainConnection: skipped,
};

const callProceeding = sequence(
  { protocolIdentifier, destinationInfo: endpointType, 'h245Address?': transportAddress },
  { ...proceedingExtensions, fastConnectRefused: nothing },
);

const alerting = sequence(
  { protocolIdentifier, destinationInfo: endpointType, 'h245Address?': transportAddress },
  {
    ...proceedingExtensions,
    alertingAddress: skipped,
    presentationIndicator: skipped,
    screeningIndicator: skipped,
    fastConnectRefused: nothing,
  },
);

const connect = sequence(
  {
    protocolIdentifier,
    'h245Address?': transportAddress,
    destinationInfo: endpointType,
    conferenceID: conferenceIdentifier,
  },
  {
    ...proceedingExtensions,
    language: skipped,
    connectedAddress: aliasAddresses,
    presentationIndicator: skipped,
    screeningIndicator: skipped,
    fastConnectRefused: nothing,
  },
);

const progress = sequence(
  {
    protocolIdentifier,
    destinationInfo: endpointType,
    'h245Address?': transportAddress,
    callIdentifier,
    'h245SecurityMode?': h245Security,
    'tokens?': clearTokens,
    'cryptoTokens?': cryptoTokens,
    'fastStart?': fastStart,
  },
  { multipleCalls: skipped, maintainConnection: skipped, fastConnectRefused: nothing },
);

const information = sequence(
  { protocolIdentifier },
  { callIdentifier, tokens: skipped, cryptoTokens: skipped, fastStart, fastConnectRefused: nothing },
);

const releaseComplete = sequence(
  {
    protocolIdentifier,
    'reason?': choice(
      {
        noBandwidth: nothing,
        gatekeeperResources: nothing,
        unreachableDestination: nothing,
        destinationRejection: nothing,
        invalidRevision: nothing,
        noPermission: nothing,
        unreachableGatekeeper: nothing,
        gatewayResources: nothing,
        badFormatAddress: nothing,
        adaptiveBusy: nothing,
        inConf: nothing,
        undefinedReason: nothing,
      },
      {
        facilityCallDeflection: nothing,
        securityDenied: nothing,
        calledPartyNotRegistered: nothing,
        callerNotRegistered: nothing,
        newConnectionNeeded: nothing,
        nonStandardReason: nonStandardParameter,
        replaceWithConferenceInvite: conferenceIdentifier,
        genericDataReason: nothing,
        neededFeatureNotSupported: nothing,
        tunnelledSignallingRejected: nothing,
        invalidCID: nothing,
        securityError: skipped,
        hopCountExceeded: nothing,
      },
    ),
  },
  { callIdentifier },
);

const facility = sequence(
  {
    protocolIdentifier,
    'alternativeAddress?': transportAddress,
    'alternativeAliasAddress?': aliasAddresses,
    'conferenceID?': conferenceIdentifier,
    reason: choice(
      { routeCallToGatekeeper: nothing, callForwarded: nothing, routeCallToMC: nothing, undefinedReason: nothing },
      {
        conferenceListChoice: nothing,
        startH245: nothing,
        noH245: nothing,
        newTokens: nothing,
        featureSetUpdate: nothing,
        forwardedElements: nothing,
        transportedInformation: nothing,
      },
    ),
  },
  {
    callIdentifier,
    destExtraCallInfo: skipped,
    remoteExtensionAddress: skipped,
    tokens: skipped,
    cryptoTokens: skipped,
    conferences: skipped,
    h245Address: transportAddress,
    fastStart,
    multipleCalls: skipped,
    maintainConnection: skipped,
    fastConnectRefused: nothing,
  },
);

/** status, statusInquiry, setupAcknowledge and notify begin alike, and only that is of interest. */
const other = sequence(
  { protocolIdentifier, callIdentifier, 'tokens?': clearTokens, 'cryptoTokens?': cryptoTokens },
  {},
);

const h323UuPdu = sequence(
  {
    'h323-message-body': choice(
      { setup, callProceeding, connect, alerting, information, releaseComplete, facility },
      { progress, empty: nothing, status: other, statusInquiry: other, setupAcknowledge: other, notify: other },
    ),
    'nonStandardData?': nonStandardParameter,
  },
  {
    h4501SupplementaryService: skipped,
    h245Tunnelling: boolean,
    h245Control: list(octets()),
  },
);

export const h323UserInformation = sequence(
  {
    'h323-uu-pdu': h323UuPdu,
    'user-data?': sequence({ 'protocol-discriminator': integer(0, 255), 'user-information': octets(1, 131) }, {}),
  },
  {},
);
export type H323UuPdu = ValueOf<typeof h323UuPdu>;
export type CallBody = NonNullable<H323UuPdu['h323-message-body']>;
