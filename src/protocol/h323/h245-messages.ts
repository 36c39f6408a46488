/** The messages of H.245 (ITU-T H.245 version 16, "Top level messages"). Messages that only their names are wanted of end there. */

import { audioCapability, dataApplicationCapability, videoCapability } from './h245-capabilities.ts';
import { openLogicalChannel, openLogicalChannelAck, openLogicalChannelReject } from './h245-channels.ts';
import { genericCapability, logicalChannelNumber, nonStandardParameter } from './h245-elements.ts';
import { boolean, ia5String, integer, nothing, objectIdentifier, skipped } from './per-leaves.ts';
import type { ValueOf } from './per-type.ts';
import { choice, list, sequence } from './per-types.ts';

const sequenceNumber = integer(0, 255);
const tableEntryNumber = integer(1, 65535);
const alternatives = list(tableEntryNumber, 1, 256);

const capability = choice(
  {
    nonStandard: nonStandardParameter,
    receiveVideoCapability: videoCapability,
    transmitVideoCapability: videoCapability,
    receiveAndTransmitVideoCapability: videoCapability,
    receiveAudioCapability: audioCapability,
    transmitAudioCapability: audioCapability,
    receiveAndTransmitAudioCapability: audioCapability,
    receiveDataApplicationCapability: dataApplicationCapability,
    transmitDataApplicationCapability: dataApplicationCapability,
    receiveAndTransmitDataApplicationCapability: dataApplicationCapability,
    h233EncryptionTransmitCapability: boolean,
    h233EncryptionReceiveCapability: sequence({ h233IVResponseTime: integer(0, 255) }, {}),
  },
  {
    conferenceCapability: skipped,
    h235SecurityCapability: skipped,
    maxPendingReplacementFor: skipped,
    receiveUserInputCapability: skipped,
    transmitUserInputCapability: skipped,
    receiveAndTransmitUserInputCapability: skipped,
    genericControlCapability: skipped,
    receiveMultiplexedStreamCapability: skipped,
    transmitMultiplexedStreamCapability: skipped,
    receiveAndTransmitMultiplexedStreamCapability: skipped,
    receiveRTPAudioTelephonyEventCapability: sequence(
      { dynamicRTPPayloadType: integer(96, 127), audioTelephoneEvent: ia5String() },
      {},
    ),
  },
);

const terminalCapabilitySet = sequence(
  {
    sequenceNumber,
    protocolIdentifier: objectIdentifier,
    'multiplexCapability?': choice(
      { nonStandard: nonStandardParameter, h222Capability: skipped, h223Capability: skipped, v76Capability: skipped },
      { h2250Capability: skipped, genericMultiplexCapability: genericCapability },
    ),
    'capabilityTable?': list(
      sequence({ capabilityTableEntryNumber: tableEntryNumber, 'capability?': capability }),
      1,
      256,
    ),
    'capabilityDescriptors?': list(
      sequence({
        capabilityDescriptorNumber: integer(0, 255),
        'simultaneousCapabilities?': list(alternatives, 1, 256),
      }),
      1,
      256,
    ),
  },
  {},
);
export type TerminalCapabilitySet = ValueOf<typeof terminalCapabilitySet>;

const capabilityReject = sequence(
  {
    sequenceNumber,
    cause: choice(
      {
        unspecified: nothing,
        undefinedTableEntryUsed: nothing,
        descriptorCapacityExceeded: nothing,
        tableEntryCapacityExceeded: choice({ highestEntryNumberProcessed: tableEntryNumber, noneProcessed: nothing }),
      },
      {},
    ),
  },
  {},
);

const oneChannel = sequence({ forwardLogicalChannelNumber: logicalChannelNumber }, {});
const oneNumber = sequence({ sequenceNumber }, {});
const empty = sequence({}, {});

const request = choice(
  {
    nonStandard: sequence({ nonStandardData: nonStandardParameter }, {}),
    masterSlaveDetermination: sequence(
      { terminalType: integer(0, 255), statusDeterminationNumber: integer(0, 16777215) },
      {},
    ),
    terminalCapabilitySet,
    openLogicalChannel,
    closeLogicalChannel: sequence(
      { forwardLogicalChannelNumber: logicalChannelNumber, source: choice({ user: nothing, lcse: nothing }) },
      {},
    ),
    requestChannelClose: oneChannel,
    multiplexEntrySend: skipped,
    requestMultiplexEntry: skipped,
    requestMode: skipped,
    roundTripDelayRequest: oneNumber,
    maintenanceLoopRequest: skipped,
  },
  {
    communicationModeRequest: skipped,
    conferenceRequest: skipped,
    multilinkRequest: skipped,
    logicalChannelRateRequest: skipped,
    genericRequest: skipped,
  },
);

const response = choice(
  {
    nonStandard: sequence({ nonStandardData: nonStandardParameter }, {}),
    masterSlaveDeterminationAck: sequence({ decision: choice({ master: nothing, slave: nothing }) }, {}),
    masterSlaveDeterminationReject: sequence({ cause: choice({ identicalNumbers: nothing }, {}) }, {}),
    terminalCapabilitySetAck: oneNumber,
    terminalCapabilitySetReject: capabilityReject,
    openLogicalChannelAck,
    openLogicalChannelReject,
    closeLogicalChannelAck: oneChannel,
    requestChannelCloseAck: oneChannel,
    requestChannelCloseReject: sequence(
      { forwardLogicalChannelNumber: logicalChannelNumber, cause: choice({ unspecified: nothing }, {}) },
      {},
    ),
    multiplexEntrySendAck: skipped,
    multiplexEntrySendReject: skipped,
    requestMultiplexEntryAck: skipped,
    requestMultiplexEntryReject: skipped,
    requestModeAck: skipped,
    requestModeReject: skipped,
    roundTripDelayResponse: oneNumber,
    maintenanceLoopAck: skipped,
    maintenanceLoopReject: skipped,
  },
  {
    communicationModeResponse: skipped,
    conferenceResponse: skipped,
    multilinkResponse: skipped,
    logicalChannelRateAcknowledge: skipped,
    logicalChannelRateReject: skipped,
    genericResponse: skipped,
  },
);

/** Which channels a limit of the bit rate is for, and the limit: zero stops them. */
const flowControl = sequence(
  {
    scope: choice({ logicalChannelNumber, resourceID: integer(0, 65535), wholeMultiplex: nothing }),
    restriction: choice({ maximumBitRate: integer(0, 16777215), noRestriction: nothing }),
  },
  {},
);

const command = choice(
  {
    nonStandard: sequence({ nonStandardData: nonStandardParameter }, {}),
    maintenanceLoopOffCommand: empty,
    sendTerminalCapabilitySet: skipped,
    encryptionCommand: skipped,
    flowControlCommand: flowControl,
    endSessionCommand: choice({ nonStandard: nonStandardParameter, disconnect: nothing, gstnOptions: skipped }, {}),
    miscellaneousCommand: sequence(
      {
        logicalChannelNumber,
        type: choice(
          {
            equaliseDelay: nothing,
            zeroDelay: nothing,
            multipointModeCommand: nothing,
            cancelMultipointModeCommand: nothing,
            videoFreezePicture: nothing,
            videoFastUpdatePicture: nothing,
            videoFastUpdateGOB: sequence({ firstGOB: integer(0, 17), numberOfGOBs: integer(1, 18) }),
            videoTemporalSpatialTradeOff: integer(0, 31),
            videoSendSyncEveryGOB: nothing,
            videoSendSyncEveryGOBCancel: nothing,
          },
          { videoFastUpdateMB: skipped },
        ),
      },
      {},
    ),
  },
  {
    communicationModeCommand: skipped,
    conferenceCommand: skipped,
    h223MultiplexReconfiguration: skipped,
    newATMVCCommand: skipped,
    mobileMultilinkReconfigurationCommand: skipped,
    genericCommand: skipped,
  },
);

const indication = choice(
  {
    nonStandard: sequence({ nonStandardData: nonStandardParameter }, {}),
    functionNotUnderstood: skipped,
    masterSlaveDeterminationRelease: empty,
    terminalCapabilitySetRelease: empty,
    openLogicalChannelConfirm: oneChannel,
    requestChannelCloseRelease: oneChannel,
    multiplexEntrySendRelease: skipped,
    requestMultiplexEntryRelease: skipped,
    requestModeRelease: empty,
    miscellaneousIndication: sequence(
      {
        logicalChannelNumber,
        type: choice(
          {
            logicalChannelActive: nothing,
            logicalChannelInactive: nothing,
            multipointConference: nothing,
            cancelMultipointConference: nothing,
            multipointZeroComm: nothing,
            cancelMultipointZeroComm: nothing,
            multipointSecondaryStatus: nothing,
            cancelMultipointSecondaryStatus: nothing,
            videoIndicateReadyToActivate: nothing,
            videoTemporalSpatialTradeOff: integer(0, 31),
          },
          {},
        ),
      },
      {},
    ),
    jitterIndication: skipped,
    h223SkewIndication: skipped,
    newATMVCIndication: skipped,
    userInput: choice({ nonStandard: nonStandardParameter, alphanumeric: ia5String() }, {}),
  },
  {
    h2250MaximumSkewIndication: skipped,
    mcLocationIndication: skipped,
    conferenceIndication: skipped,
    vendorIdentification: skipped,
    functionNotSupported: skipped,
    multilinkIndication: skipped,
    logicalChannelRateRelease: skipped,
    flowControlIndication: flowControl,
    mobileMultilinkReconfigurationIndication: skipped,
    genericIndication: skipped,
  },
);

export const h245Message = choice({ request, response, command, indication }, {});
export type H245Message = ValueOf<typeof h245Message>;
