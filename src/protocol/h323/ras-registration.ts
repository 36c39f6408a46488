/**
 * RAS messages of discovery and registration (ITU-T H.225.0 version 7 section 7, ASN.1 of H323-MESSAGES). Additions behind the
 * last one that is read are not listed: their lengths skip them.
 */

import {
  aliasAddresses,
  endpointIdentifier,
  endpointType,
  gatekeeperIdentifier,
  nonStandardParameter,
  qSeriesOptions,
  requestSeqNum,
  transportAddress,
  transportAddresses,
  vendorIdentifier,
} from './h225-elements.ts';
import { boolean, integer, objectIdentifier, skipped } from './per-leaves.ts';
import { sequence } from './per-types.ts';
import { gatekeeperRejectReason, registrationRejectReason } from './ras-reasons.ts';

const timeToLive = integer(1, 0xffffffff);

export const gatekeeperRequest = sequence(
  {
    requestSeqNum,
    protocolIdentifier: objectIdentifier,
    'nonStandardData?': nonStandardParameter,
    rasAddress: transportAddress,
    endpointType,
    'gatekeeperIdentifier?': gatekeeperIdentifier,
    'callServices?': qSeriesOptions,
    'endpointAlias?': aliasAddresses,
  },
  {},
);

export const gatekeeperConfirm = sequence(
  {
    requestSeqNum,
    protocolIdentifier: objectIdentifier,
    'nonStandardData?': nonStandardParameter,
    'gatekeeperIdentifier?': gatekeeperIdentifier,
    rasAddress: transportAddress,
  },
  {},
);

export const gatekeeperReject = sequence(
  {
    requestSeqNum,
    protocolIdentifier: objectIdentifier,
    'nonStandardData?': nonStandardParameter,
    'gatekeeperIdentifier?': gatekeeperIdentifier,
    rejectReason: gatekeeperRejectReason,
  },
  {},
);

export const registrationRequest = sequence(
  {
    requestSeqNum,
    protocolIdentifier: objectIdentifier,
    'nonStandardData?': nonStandardParameter,
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

export const registrationConfirm = sequence(
  {
    requestSeqNum,
    protocolIdentifier: objectIdentifier,
    'nonStandardData?': nonStandardParameter,
    callSignalAddress: transportAddresses,
    'terminalAlias?': aliasAddresses,
    'gatekeeperIdentifier?': gatekeeperIdentifier,
    endpointIdentifier,
  },
  { alternateGatekeeper: skipped, timeToLive },
);

export const registrationReject = sequence(
  {
    requestSeqNum,
    protocolIdentifier: objectIdentifier,
    'nonStandardData?': nonStandardParameter,
    rejectReason: registrationRejectReason,
    'gatekeeperIdentifier?': gatekeeperIdentifier,
  },
  {},
);

export const unregistrationRequest = sequence(
  {
    requestSeqNum,
    callSignalAddress: transportAddresses,
    'endpointAlias?': aliasAddresses,
    'nonStandardData?': nonStandardParameter,
    'endpointIdentifier?': endpointIdentifier,
  },
  {},
);
