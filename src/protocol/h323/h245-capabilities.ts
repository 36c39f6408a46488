/**
 * What a channel can carry (ITU-T H.245 version 16, "Video", "Audio" and "Data capabilities"). Most fields are read only to
 * find where they end. Additions behind the last one that is read are not listed: their lengths skip them.
 */

import { dataProtocolCapability, genericCapability, nonStandardParameter } from './h245-elements.ts';
import { type BooleanType, boolean, integer, nothing, objectIdentifier, octets, skipped } from './per-leaves.ts';
import type { ValueOf } from './per-type.ts';
import { choice, list, sequence } from './per-types.ts';

/** Fields in a row that are all BOOLEAN, as the profiles of old codecs have them. */
function booleans(names: string): Record<string, BooleanType> {
  return Object.fromEntries(names.split(' ').map((name) => [name, boolean]));
}

const pictureSize = {
  'videoBitRate?': integer(0, 1073741823),
  'vbvBufferSize?': integer(0, 262143),
  'samplesPerLine?': integer(0, 16383),
  'linesPerFrame?': integer(0, 16383),
  'pictureRate?': integer(0, 15),
  'luminanceSampleRate?': integer(0, 0xffffffff),
};

const videoCodecs = {
  nonStandard: nonStandardParameter,
  h261VideoCapability: sequence(
    {
      'qcifMPI?': integer(1, 4),
      'cifMPI?': integer(1, 4),
      temporalSpatialTradeOffCapability: boolean,
      maxBitRate: integer(1, 19200),
      stillImageTransmission: boolean,
    },
    {},
  ),
  h262VideoCapability: sequence(
    {
      ...booleans('SPatML MPatLL MPatML MPatH-14 MPatHL SNRatLL SNRatML SpatialatH-14 HPatML HPatH-14 HPatHL'),
      ...pictureSize,
    },
    {},
  ),
  h263VideoCapability: sequence(
    {
      'sqcifMPI?': integer(1, 32),
      'qcifMPI?': integer(1, 32),
      'cifMPI?': integer(1, 32),
      'cif4MPI?': integer(1, 32),
      'cif16MPI?': integer(1, 32),
      maxBitRate: integer(1, 192400),
      ...booleans('unrestrictedVector arithmeticCoding advancedPrediction pbFrames temporalSpatialTradeOffCapability'),
      'hrd-B?': integer(0, 524287),
      'bppMaxKb?': integer(0, 65535),
    },
    {},
  ),
  is11172VideoCapability: sequence({ constrainedBitstream: boolean, ...pictureSize }, {}),
};

const plainVideoCapability = choice(videoCodecs, { genericVideoCapability: genericCapability });

export const videoCapability = choice(videoCodecs, {
  genericVideoCapability: genericCapability,
  /** A codec with a role, such as the slides of H.239. */
  extendedVideoCapability: sequence(
    { videoCapability: list(plainVideoCapability), 'videoCapabilityExtension?': list(genericCapability) },
    {},
  ),
});
export type VideoCapability = ValueOf<typeof videoCapability>;

const framesPerPacket = integer(1, 256);
const audioUnits = sequence({ audioUnitSize: framesPerPacket, comfortNoise: boolean, scrambled: boolean }, {});
const MPEG1_AUDIO =
  'audioLayer1 audioLayer2 audioLayer3 audioSampling32k audioSampling44k1 audioSampling48k singleChannel twoChannels';
const MPEG2_AUDIO =
  'audioLayer1 audioLayer2 audioLayer3 audioSampling16k audioSampling22k05 audioSampling24k audioSampling32k ' +
  'audioSampling44k1 audioSampling48k singleChannel twoChannels threeChannels2-1 threeChannels3-0 fourChannels2-0-2-0 ' +
  'fourChannels2-2 fourChannels3-1 fiveChannels3-0-2-0 fiveChannels3-2 lowFrequencyEnhancement multilingual';

export const audioCapability = choice(
  {
    nonStandard: nonStandardParameter,
    g711Alaw64k: framesPerPacket,
    g711Alaw56k: framesPerPacket,
    g711Ulaw64k: framesPerPacket,
    g711Ulaw56k: framesPerPacket,
    'g722-64k': framesPerPacket,
    'g722-56k': framesPerPacket,
    'g722-48k': framesPerPacket,
    g7231: sequence({ 'maxAl-sduAudioFrames': framesPerPacket, silenceSuppression: boolean }),
    g728: framesPerPacket,
    g729: framesPerPacket,
    g729AnnexA: framesPerPacket,
    is11172AudioCapability: sequence({ ...booleans(MPEG1_AUDIO), bitRate: integer(1, 448) }, {}),
    is13818AudioCapability: sequence({ ...booleans(MPEG2_AUDIO), bitRate: integer(1, 1130) }, {}),
  },
  {
    g729wAnnexB: framesPerPacket,
    g729AnnexAwAnnexB: framesPerPacket,
    g7231AnnexCCapability: skipped,
    gsmFullRate: audioUnits,
    gsmHalfRate: audioUnits,
    gsmEnhancedFullRate: audioUnits,
    genericAudioCapability: genericCapability,
    g729Extensions: skipped,
    vbd: skipped,
    audioTelephonyEvent: skipped,
    audioTone: skipped,
  },
);
export type AudioCapability = ValueOf<typeof audioCapability>;

const T84_PROFILE =
  'qcif cif ccir601Seq ccir601Prog hdtvSeq hdtvProg g3FacsMH200x100 g3FacsMH200x200 g4FacsMMR200x100 g4FacsMMR200x200 ' +
  'jbig200x200Seq jbig200x200Prog jbig300x300Seq jbig300x300Prog digPhotoLow digPhotoMedSeq digPhotoMedProg ' +
  'digPhotoHighSeq digPhotoHighProg';

export const dataApplicationCapability = sequence(
  {
    application: choice(
      {
        nonStandard: nonStandardParameter,
        t120: dataProtocolCapability,
        'dsm-cc': dataProtocolCapability,
        userData: dataProtocolCapability,
        t84: sequence({
          t84Protocol: dataProtocolCapability,
          t84Profile: choice({ t84Unrestricted: nothing, t84Restricted: sequence(booleans(T84_PROFILE), {}) }),
        }),
        t434: dataProtocolCapability,
        h224: dataProtocolCapability,
        nlpid: sequence({ nlpidProtocol: dataProtocolCapability, nlpidData: octets() }),
        dsvdControl: nothing,
        h222DataPartitioning: dataProtocolCapability,
      },
      {
        t30fax: dataProtocolCapability,
        t140: dataProtocolCapability,
        t38fax: sequence({
          t38FaxProtocol: dataProtocolCapability,
          t38FaxProfile: sequence({ fillBitRemoval: boolean, transcodingJBIG: boolean, transcodingMMR: boolean }, {}),
        }),
        genericDataCapability: genericCapability,
      },
    ),
    maxBitRate: integer(0, 0xffffffff),
  },
  {},
);
export type DataApplicationCapability = ValueOf<typeof dataApplicationCapability>;

const encryptionAlgorithm = choice({ nonStandard: nonStandardParameter, algorithm: objectIdentifier }, {});

/** How media are protected by H.235. */
export const mediaSecurity = sequence(
  {
    'encryptionCapability?': list(encryptionAlgorithm, 1, 256),
    'authenticationCapability?': sequence({ 'nonStandard?': nonStandardParameter }, {}),
    'integrityCapability?': sequence({ 'nonStandard?': nonStandardParameter }, {}),
  },
  {},
);
