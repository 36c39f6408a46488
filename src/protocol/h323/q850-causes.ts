/** Why a call ended: the cause values of Q.850 and the release reasons of H.225.0 (ITU-T H.225.0 section 7.2.2.8) in words. */

const CAUSES: ReadonlyMap<number, string> = new Map([
  [1, 'unallocated number'],
  [2, 'no route to the transit network'],
  [3, 'no route to the destination'],
  [16, 'normal clearing'],
  [17, 'user busy'],
  [18, 'no user responding'],
  [19, 'no answer from the user'],
  [20, 'subscriber absent'],
  [21, 'call rejected'],
  [22, 'number changed'],
  [26, 'non-selected user clearing'],
  [27, 'destination out of order'],
  [28, 'invalid number format'],
  [29, 'facility rejected'],
  [30, 'answer to a status enquiry'],
  [31, 'normal, unspecified'],
  [34, 'no circuit or channel available'],
  [38, 'network out of order'],
  [41, 'temporary failure'],
  [42, 'congestion of the switching equipment'],
  [43, 'access information discarded'],
  [44, 'requested circuit or channel not available'],
  [47, 'resources unavailable'],
  [49, 'quality of service unavailable'],
  [50, 'facility not subscribed'],
  [55, 'incoming calls barred'],
  [57, 'bearer capability not authorized'],
  [58, 'bearer capability not available now'],
  [63, 'service or option not available'],
  [65, 'bearer capability not implemented'],
  [69, 'requested facility not implemented'],
  [79, 'service or option not implemented'],
  [81, 'invalid call reference'],
  [87, 'user not member of the closed group'],
  [88, 'incompatible destination'],
  [95, 'invalid message'],
  [96, 'mandatory information element missing'],
  [97, 'message type not implemented'],
  [98, 'message not compatible with the state of the call'],
  [99, 'information element not implemented'],
  [100, 'invalid contents of an information element'],
  [101, 'message not compatible with the state of the call'],
  [102, 'recovery after a timer ran out'],
  [111, 'protocol error'],
  [127, 'interworking'],
]);

export const NORMAL_CLEARING = 16;
export const NORMAL_UNSPECIFIED = 31;

export function causeInWords(cause: number): string {
  return CAUSES.get(cause) ?? 'a cause without a meaning in Q.850';
}

/** Each with the cause that stands for it where there is no cause element. */
const REASONS: Readonly<Record<string, readonly [number, string]>> = {
  noBandwidth: [34, 'no bandwidth, or it was taken away'],
  gatekeeperResources: [47, 'the gatekeeper has no resources left'],
  unreachableDestination: [3, 'no path to the destination'],
  destinationRejection: [NORMAL_CLEARING, 'rejected at the destination'],
  invalidRevision: [88, 'the versions of H.323 do not fit'],
  noPermission: [127, "the called party's gatekeeper does not permit the call"],
  unreachableGatekeeper: [38, 'the gatekeeper cannot be reached'],
  gatewayResources: [42, 'the gateway has no resources left'],
  badFormatAddress: [28, 'the address cannot be used'],
  adaptiveBusy: [41, 'the network is too crowded for the call'],
  inConf: [17, 'the called party is busy'],
  undefinedReason: [NORMAL_UNSPECIFIED, 'no reason was given'],
  facilityCallDeflection: [NORMAL_CLEARING, 'the call was sent elsewhere'],
  securityDenied: [NORMAL_UNSPECIFIED, 'the security settings do not fit'],
  calledPartyNotRegistered: [20, 'the called party is not registered'],
  callerNotRegistered: [NORMAL_UNSPECIFIED, 'the caller is not registered'],
  newConnectionNeeded: [47, 'the call needs a connection of its own'],
  nonStandardReason: [127, 'a reason of the vendor'],
  replaceWithConferenceInvite: [NORMAL_UNSPECIFIED, 'replaced by an invitation to a conference'],
  genericDataReason: [NORMAL_UNSPECIFIED, 'a reason told as generic data'],
  neededFeatureNotSupported: [NORMAL_UNSPECIFIED, 'a feature that is needed is missing'],
  tunnelledSignallingRejected: [127, 'tunnelled signalling was rejected'],
  invalidCID: [3, 'the identifier of the call is not known'],
  securityError: [NORMAL_UNSPECIFIED, 'the security of a message was not accepted'],
  hopCountExceeded: [3, 'the call passed too many gatekeepers'],
};

/** The cause that H.225.0 table 5 gives for a release reason; null for reasons from a later version. */
export function causeOfReason(reason: string): number | null {
  return REASONS[reason]?.[0] ?? null;
}

export function reasonInWords(reason: string): string {
  return REASONS[reason]?.[1] ?? reason;
}
