/** What RAS messages say, for people. */

import { aliasesText, listenerOfH225, listenerText, vendorText } from './endpoints.ts';
import type { TransportAddress } from './h225-elements.ts';
import type { RasMessage } from './h225-ras.ts';
import { chosen } from './per-types.ts';
import { rejectReasonInWords } from './ras-reasons.ts';

/** What is asked, by the request's name. */
export const REQUEST_WORDS: Readonly<Record<string, string>> = {
  gatekeeperRequest: 'gatekeeper discovery (GRQ)',
  registrationRequest: 'registration (RRQ)',
  unregistrationRequest: 'unregistration (URQ)',
  admissionRequest: 'admission (ARQ)',
  bandwidthRequest: 'bandwidth (BRQ)',
  disengageRequest: 'disengage (DRQ)',
  locationRequest: 'location (LRQ)',
  infoRequest: 'status of the endpoint (IRQ)',
  resourcesAvailableIndicate: 'report of resources (RAI)',
  serviceControlIndication: 'service control (SCI)',
};

/** The one thing worth reading beside a message's name. */
export function detailOfRas(message: RasMessage): string {
  const reason = rejectReasonOf(message);
  if (reason !== '') return `${reason}: ${rejectReasonInWords(reason)}`;
  return discoveryDetail(message) || registrationDetail(message) || callDetail(message) || locationDetail(message);
}

/** Empty when the message rejects nothing. */
export function rejectReasonOf(message: RasMessage): string {
  const { gatekeeperReject, registrationReject, unregistrationReject, admissionReject } = message;
  const { bandwidthReject, disengageReject, locationReject } = message;
  const rejected =
    gatekeeperReject ??
    registrationReject ??
    unregistrationReject ??
    admissionReject ??
    bandwidthReject ??
    disengageReject ??
    locationReject;
  return chosen(rejected?.rejectReason ?? message.infoRequestNak?.nakReason) || (rejected ? 'undefinedReason' : '');
}

/** What is learned of the two ends, by the names of facts. */
export function factsOfRas(message: RasMessage): Readonly<Record<string, string>> {
  const { gatekeeperRequest, gatekeeperConfirm, registrationRequest, registrationConfirm, admissionRequest } = message;
  const { timeToLive } = registrationConfirm ?? {};
  return {
    aliases: aliasesText(
      gatekeeperRequest?.endpointAlias ?? registrationRequest?.terminalAlias ?? registrationConfirm?.terminalAlias,
    ),
    agent: vendorText(registrationRequest?.endpointVendor ?? gatekeeperRequest?.endpointType?.vendor),
    gatekeeper: gatekeeperConfirm?.gatekeeperIdentifier ?? registrationConfirm?.gatekeeperIdentifier ?? '',
    rasAddress: addressesText(gatekeeperConfirm?.rasAddress ? [gatekeeperConfirm.rasAddress] : []),
    callSignalAddress: addressesText(registrationRequest?.callSignalAddress),
    gatekeeperCallSignalAddress: addressesText(registrationConfirm?.callSignalAddress),
    timeToLive: timeToLive === undefined ? '' : `${timeToLive} s`,
    caller: aliasesText(admissionRequest?.srcInfo),
    called: calledText(admissionRequest),
  };
}

function discoveryDetail({ gatekeeperRequest, gatekeeperConfirm }: RasMessage): string {
  if (gatekeeperRequest) return aliasesText(gatekeeperRequest.endpointAlias);
  if (gatekeeperConfirm === undefined) return '';
  const { gatekeeperIdentifier = '', rasAddress } = gatekeeperConfirm;
  return join([gatekeeperIdentifier, addressesText(rasAddress ? [rasAddress] : [])], ' at ');
}

function registrationDetail({ registrationRequest, registrationConfirm, unregistrationRequest }: RasMessage): string {
  if (registrationRequest) {
    const { keepAlive, terminalAlias, callSignalAddress } = registrationRequest;
    if (keepAlive) return 'keep-alive';
    return join([aliasesText(terminalAlias), addressesText(callSignalAddress)], ' at ');
  }
  if (registrationConfirm) {
    const { gatekeeperIdentifier = '', timeToLive } = registrationConfirm;
    return join([gatekeeperIdentifier, timeToLive === undefined ? '' : `for ${timeToLive} s`], ', ');
  }
  return aliasesText(unregistrationRequest?.endpointAlias);
}

function callDetail({ admissionRequest, admissionConfirm, disengageRequest, requestInProgress }: RasMessage): string {
  if (admissionRequest) {
    const parties = join([aliasesText(admissionRequest.srcInfo), calledText(admissionRequest)], ' calls ');
    return admissionRequest.answerCall ? join([parties, 'to be answered'], ', ') : parties;
  }
  if (admissionConfirm) {
    const { destCallSignalAddress, callModel } = admissionConfirm;
    const model = callModel?.gatekeeperRouted ? 'through the gatekeeper' : 'direct';
    return join([addressesText(destCallSignalAddress ? [destCallSignalAddress] : []), model], ', ');
  }
  if (requestInProgress?.delay !== undefined) return `up to ${requestInProgress.delay} ms`;
  return chosen(disengageRequest?.disengageReason);
}

function locationDetail({ locationRequest, locationConfirm }: RasMessage): string {
  const { callSignalAddress } = locationConfirm ?? {};
  return aliasesText(locationRequest?.destinationInfo) || addressesText(callSignalAddress ? [callSignalAddress] : []);
}

function calledText(request: RasMessage['admissionRequest']): string {
  const address = request?.destCallSignalAddress;
  return aliasesText(request?.destinationInfo) || addressesText(address ? [address] : []);
}

function addressesText(addresses: readonly TransportAddress[] | undefined): string {
  return join(
    (addresses ?? []).map((address) => listenerText(listenerOfH225(address))),
    ', ',
  );
}

function join(parts: readonly string[], separator: string): string {
  return parts.filter((part) => part !== '').join(separator);
}
