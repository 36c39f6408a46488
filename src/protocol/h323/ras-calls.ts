/**
 * RAS messages of calls: admission, bandwidth, disengage, location (ITU-T H.225.0 version 7 section 7). Additions behind the
 * last one that is read are not listed: their lengths skip them.
 */

import {
  aliasAddresses,
  bandWidth,
  callIdentifier,
  callModel,
  callReferenceValue,
  callType,
  conferenceIdentifier,
  endpointIdentifier,
  nonStandardParameter,
  qSeriesOptions,
  requestSeqNum,
  transportAddress,
} from './h225-elements.ts';
import { boolean, integer, nothing } from './per-leaves.ts';
import { choice, sequence } from './per-types.ts';

export const admissionRequest = sequence(
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
    'nonStandardData?': nonStandardParameter,
    'callServices?': qSeriesOptions,
    conferenceID: conferenceIdentifier,
    activeMC: boolean,
    answerCall: boolean,
  },
  { canMapAlias: boolean, callIdentifier },
);

export const admissionConfirm = sequence(
  {
    requestSeqNum,
    bandWidth,
    callModel,
    destCallSignalAddress: transportAddress,
    'irrFrequency?': integer(1, 65535),
    'nonStandardData?': nonStandardParameter,
  },
  {},
);

export const bandwidthRequest = sequence(
  {
    requestSeqNum,
    endpointIdentifier,
    conferenceID: conferenceIdentifier,
    callReferenceValue,
    'callType?': callType,
    bandWidth,
    'nonStandardData?': nonStandardParameter,
  },
  {},
);

export const disengageRequest = sequence(
  {
    requestSeqNum,
    endpointIdentifier,
    conferenceID: conferenceIdentifier,
    callReferenceValue,
    disengageReason: choice({ forcedDrop: nothing, normalDrop: nothing, undefinedReason: nothing }, {}),
    'nonStandardData?': nonStandardParameter,
  },
  {},
);

export const locationRequest = sequence(
  {
    requestSeqNum,
    'endpointIdentifier?': endpointIdentifier,
    destinationInfo: aliasAddresses,
    'nonStandardData?': nonStandardParameter,
    replyAddress: transportAddress,
  },
  { sourceInfo: aliasAddresses },
);

export const locationConfirm = sequence(
  {
    requestSeqNum,
    callSignalAddress: transportAddress,
    rasAddress: transportAddress,
    'nonStandardData?': nonStandardParameter,
  },
  {},
);
