/** Why a gatekeeper says no (ITU-T H.225.0 version 7, the RejectReason types), and whose matter that is. */

import { aliasAddresses } from './h225-elements.ts';
import { nothing, skipped } from './per-leaves.ts';
import type { PerType } from './per-type.ts';
import { choice } from './per-types.ts';

/** A choice of reasons: those of the root say nothing but themselves, whatever an addition holds has a length. */
function reasons(root: readonly string[], additions: readonly string[]) {
  return choice<Record<string, PerType<unknown>>, Record<string, PerType<unknown>>>(
    Object.fromEntries(root.map((name) => [name, name === 'duplicateAlias' ? aliasAddresses : nothing])),
    Object.fromEntries(additions.map((name) => [name, skipped])),
  );
}

export const gatekeeperRejectReason = reasons(
  ['resourceUnavailable', 'terminalExcluded', 'invalidRevision', 'undefinedReason'],
  ['securityDenial', 'genericDataReason', 'neededFeatureNotSupported', 'securityError'],
);

export const registrationRejectReason = reasons(
  [
    'discoveryRequired',
    'invalidRevision',
    'invalidCallSignalAddress',
    'invalidRASAddress',
    'duplicateAlias',
    'invalidTerminalType',
    'undefinedReason',
    'transportNotSupported',
  ],
  [
    'transportQOSNotSupported',
    'resourceUnavailable',
    'invalidAlias',
    'securityDenial',
    'fullRegistrationRequired',
    'additiveRegistrationNotSupported',
    'invalidTerminalAliases',
    'genericDataReason',
    'neededFeatureNotSupported',
    'securityError',
    'registerWithAssignedGK',
  ],
);

export const unregistrationRejectReason = reasons(
  ['notCurrentlyRegistered', 'callInProgress', 'undefinedReason'],
  ['permissionDenied', 'securityDenial', 'securityError'],
);

export const admissionRejectReason = reasons(
  [
    'calledPartyNotRegistered',
    'invalidPermission',
    'requestDenied',
    'undefinedReason',
    'callerNotRegistered',
    'routeCallToGatekeeper',
    'invalidEndpointIdentifier',
    'resourceUnavailable',
  ],
  [
    'securityDenial',
    'qosControlNotSupported',
    'incompleteAddress',
    'aliasesInconsistent',
    'routeCallToSCN',
    'exceedsCallCapacity',
    'collectDestination',
    'collectPIN',
    'genericDataReason',
    'neededFeatureNotSupported',
    'securityError',
    'securityDHmismatch',
    'noRouteToDestination',
    'unallocatedNumber',
    'registerWithAssignedGK',
  ],
);

export const bandRejectReason = reasons(
  [
    'notBound',
    'invalidConferenceID',
    'invalidPermission',
    'insufficientResources',
    'invalidRevision',
    'undefinedReason',
  ],
  ['securityDenial', 'securityError'],
);

export const locationRejectReason = reasons(
  ['notRegistered', 'invalidPermission', 'requestDenied', 'undefinedReason'],
  [
    'securityDenial',
    'aliasesInconsistent',
    'routeCalltoSCN',
    'resourceUnavailable',
    'genericDataReason',
    'neededFeatureNotSupported',
    'hopCountExceeded',
    'incompleteAddress',
    'securityError',
    'securityDHmismatch',
    'noRouteToDestination',
    'unallocatedNumber',
  ],
);

export const disengageRejectReason = reasons(
  ['notRegistered', 'requestToDropOther'],
  ['securityDenial', 'securityError'],
);

export const infoRequestNakReason = reasons(['notRegistered', 'securityDenial', 'undefinedReason'], ['securityError']);

const POLICY = 'a matter of its policy';
const CAPACITY = 'a matter of capacity';
const CONFIGURATION = 'a matter of configuration';
const NORMAL = 'an ordinary step, the endpoint is expected to go on as told';

/** Reasons of all messages: where two share a name they mean the same. */
const WORDS: Readonly<Record<string, readonly [string, string]>> = {
  additiveRegistrationNotSupported: ['the gatekeeper does not take additional aliases', CONFIGURATION],
  aliasesInconsistent: ['the aliases belong to different people', CONFIGURATION],
  callInProgress: ['a call is still in progress', NORMAL],
  calledPartyNotRegistered: ['the called party is not registered with the gatekeeper', CONFIGURATION],
  callerNotRegistered: ['the caller is not registered with the gatekeeper', CONFIGURATION],
  collectDestination: ['the gatekeeper wants the destination to be dialled', NORMAL],
  collectPIN: ['the gatekeeper wants a PIN to be dialled', NORMAL],
  discoveryRequired: ['the gatekeeper wants to be discovered first', NORMAL],
  duplicateAlias: ['another endpoint has registered the same alias', CONFIGURATION],
  exceedsCallCapacity: ['the destination has no capacity for another call', CAPACITY],
  fullRegistrationRequired: ['the registration has expired and must be made anew', NORMAL],
  hopCountExceeded: ['the location request passed too many gatekeepers', CONFIGURATION],
  incompleteAddress: ['the dialled address is incomplete', CONFIGURATION],
  insufficientResources: ['the bandwidth that was asked for is not free', CAPACITY],
  invalidAlias: ['the alias breaks the rules of the gatekeeper', CONFIGURATION],
  invalidCallSignalAddress: ['the call signalling address is not acceptable', CONFIGURATION],
  invalidConferenceID: ['the gatekeeper does not know this call', CONFIGURATION],
  invalidEndpointIdentifier: ['the gatekeeper does not know this endpoint', CONFIGURATION],
  invalidPermission: ['permission is missing or has expired', POLICY],
  invalidRASAddress: ['the RAS address is not acceptable', CONFIGURATION],
  invalidRevision: ['the gatekeeper does not speak this version of H.323', CONFIGURATION],
  invalidTerminalAliases: ['some of the aliases are not acceptable', CONFIGURATION],
  invalidTerminalType: ['the gatekeeper does not take this kind of endpoint', CONFIGURATION],
  neededFeatureNotSupported: ['the gatekeeper lacks a feature that was asked for', CONFIGURATION],
  noRouteToDestination: ['the gatekeeper has no route to the destination', CONFIGURATION],
  notBound: ['the discovery of the gatekeeper has expired', NORMAL],
  notCurrentlyRegistered: ['the endpoint is not registered', CONFIGURATION],
  notRegistered: ['the endpoint or the called party is not registered', CONFIGURATION],
  permissionDenied: ['the endpoint may not unregister another', POLICY],
  qosControlNotSupported: ['the gatekeeper cannot reserve the quality of service', CONFIGURATION],
  registerWithAssignedGK: ['the endpoint belongs to another gatekeeper', NORMAL],
  requestDenied: ['the gatekeeper does not permit it', POLICY],
  requestToDropOther: ['the endpoint may not end the calls of others', POLICY],
  resourceUnavailable: ['the gatekeeper has no resources left', CAPACITY],
  routeCallToGatekeeper: ['the call must go through the gatekeeper', NORMAL],
  routeCallToSCN: ['the call must go to the telephone network', NORMAL],
  routeCalltoSCN: ['the call must go to the telephone network', NORMAL],
  securityDHmismatch: ['the parameters of the key exchange do not match', CONFIGURATION],
  securityDenial: ['the credentials were not accepted', POLICY],
  securityError: ['the security of the message was not accepted', POLICY],
  terminalExcluded: ['the endpoint is excluded', POLICY],
  transportNotSupported: ['the gatekeeper does not support the transport', CONFIGURATION],
  transportQOSNotSupported: ['the quality of service of the transport is not supported', CONFIGURATION],
  unallocatedNumber: ['the dialled number does not exist', CONFIGURATION],
};

/** The reason in words, with whose matter it is; the name alone where it says no more. */
export function rejectReasonInWords(name: string): string {
  const words = WORDS[name];
  return words === undefined ? `no reason was given (${name})` : `${words[0]} (${words[1]})`;
}
