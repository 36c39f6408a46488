/** RAS, the talk between endpoints and gatekeepers (ITU-T H.225.0 version 7 section 7, ASN.1 of H323-MESSAGES). */

import {
  aliasAddresses,
  bandWidth,
  callReferenceValue,
  endpointIdentifier,
  endpointType,
  gatekeeperIdentifier,
  nonStandardParameter,
  requestSeqNum,
  supportedProtocols,
  transportAddress,
  transportAddresses,
} from './h225-elements.ts';
import { clearTokens, cryptoTokens } from './h235-tokens.ts';
import { bits, boolean, integer, nothing, objectIdentifier, skipped } from './per-leaves.ts';
import type { ValueOf } from './per-type.ts';
import { choice, list, sequence } from './per-types.ts';
import {
  admissionConfirm,
  admissionRequest,
  bandwidthRequest,
  disengageRequest,
  locationConfirm,
  locationRequest,
} from './ras-calls.ts';
import {
  admissionRejectReason,
  bandRejectReason,
  disengageRejectReason,
  infoRequestNakReason,
  locationRejectReason,
  unregistrationRejectReason,
} from './ras-reasons.ts';
import {
  gatekeeperConfirm,
  gatekeeperReject,
  gatekeeperRequest,
  registrationConfirm,
  registrationReject,
  registrationRequest,
  unregistrationRequest,
} from './ras-registration.ts';

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

const infoRequest = sequence(
  {
    requestSeqNum,
    callReferenceValue,
    'nonStandardData?': nonStandardParameter,
    'replyAddress?': transportAddress,
  },
  {},
);

/** What is read ends before perCallInfo: the calls themselves tell what is up. */
const infoRequestResponse = sequence(
  {
    'nonStandardData?': nonStandardParameter,
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
const plainConfirm = sequence({ requestSeqNum, 'nonStandardData?': nonStandardParameter }, {});
/** Of service control only the numbers matter; nothing is read behind the first part that is skipped. */
const serviceControlIndication = sequence(
  {
    requestSeqNum,
    'nonStandardData?': nonStandardParameter,
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
    'nonStandardData?': nonStandardParameter,
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
      { requestSeqNum, rejectReason: unregistrationRejectReason, 'nonStandardData?': nonStandardParameter },
      {},
    ),
    admissionRequest,
    admissionConfirm,
    admissionReject: sequence(
      { requestSeqNum, rejectReason: admissionRejectReason, 'nonStandardData?': nonStandardParameter },
      {},
    ),
    bandwidthRequest,
    bandwidthConfirm: sequence({ requestSeqNum, bandWidth, 'nonStandardData?': nonStandardParameter }, {}),
    bandwidthReject: sequence(
      {
        requestSeqNum,
        rejectReason: bandRejectReason,
        allowedBandWidth: bandWidth,
        'nonStandardData?': nonStandardParameter,
      },
      {},
    ),
    disengageRequest,
    disengageConfirm: plainConfirm,
    disengageReject: sequence(
      { requestSeqNum, rejectReason: disengageRejectReason, 'nonStandardData?': nonStandardParameter },
      {},
    ),
    locationRequest,
    locationConfirm,
    locationReject: sequence(
      { requestSeqNum, rejectReason: locationRejectReason, 'nonStandardData?': nonStandardParameter },
      {},
    ),
    infoRequest,
    infoRequestResponse,
    nonStandardMessage: sequence({ requestSeqNum, nonStandardData: nonStandardParameter }, {}),
    unknownMessageResponse: sequence({ requestSeqNum }, {}),
  },
  {
    requestInProgress: sequence(
      { requestSeqNum, 'nonStandardData?': nonStandardParameter, ...security, delay: integer(1, 65535) },
      {},
    ),
    resourcesAvailableIndicate: sequence(
      {
        requestSeqNum,
        protocolIdentifier: objectIdentifier,
        'nonStandardData?': nonStandardParameter,
        endpointIdentifier,
        protocols: list(supportedProtocols),
        almostOutOfResources: boolean,
        ...security,
      },
      {},
    ),
    resourcesAvailableConfirm: sequence(
      { requestSeqNum, protocolIdentifier: objectIdentifier, 'nonStandardData?': nonStandardParameter, ...security },
      {},
    ),
    infoRequestAck: sequence({ requestSeqNum, 'nonStandardData?': nonStandardParameter, ...security }, {}),
    infoRequestNak: sequence(
      {
        requestSeqNum,
        'nonStandardData?': nonStandardParameter,
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
