/** What a logical channel carries, as RTP names it (RFC 3551, and the generic capabilities of H.245 and H.241). */

import type { MediaFormat } from '../control-record.ts';
import { formatOfStaticPayloadType } from '../rtp/payload-types.ts';
import type { AudioCapability, DataApplicationCapability, VideoCapability } from './h245-capabilities.ts';
import type { ChannelParameters, DataType } from './h245-channels.ts';
import type { GenericCapability } from './h245-elements.ts';
import { chosen } from './per-types.ts';

export interface ChannelContent {
  /** Protocol id of what flows; null where nothing does, or nothing that is known. */
  readonly protocol: 'rtp' | 't38' | 't120' | null;
  readonly media: 'audio' | 'video' | 'application' | '';
  readonly formats: readonly MediaFormat[];
  /** True for what only flows when somebody does something: camera control, text, fax. */
  readonly mayBeSilent: boolean;
}

const NOTHING: ChannelContent = { protocol: null, media: '', formats: [], mayBeSilent: false };

/** A static payload type, or an encoding with its clock. */
type Codec = number | readonly [encoding: string, clockRate: number];

const AUDIO_CODECS: Readonly<Record<string, Codec>> = {
  g711Alaw64k: 8,
  g711Alaw56k: 8,
  g711Ulaw64k: 0,
  g711Ulaw56k: 0,
  'g722-64k': 9,
  'g722-56k': 9,
  'g722-48k': 9,
  g7231: 4,
  g7231AnnexCCapability: 4,
  g728: 15,
  g729: 18,
  g729AnnexA: 18,
  g729wAnnexB: 18,
  g729AnnexAwAnnexB: 18,
  g729Extensions: 18,
  gsmFullRate: 3,
  gsmHalfRate: ['GSM-HR-08', 8000],
  gsmEnhancedFullRate: ['GSM-EFR', 8000],
  is11172AudioCapability: 14,
  is13818AudioCapability: 14,
  audioTelephonyEvent: ['telephone-event', 8000],
  audioTone: ['tone', 8000],
};

const VIDEO_CODECS: Readonly<Record<string, Codec>> = {
  h261VideoCapability: 31,
  h262VideoCapability: 32,
  h263VideoCapability: 34,
  is11172VideoCapability: 32,
};

const DATA_CODECS: Readonly<Record<string, Codec>> = { h224: ['H224', 4800], t140: ['t140', 1000] };

/** Generic capabilities by object identifier. */
const GENERIC_CODECS: Readonly<Record<string, Codec>> = {
  '0.0.7.7221.1.0': ['G7221', 16_000],
  '0.0.7.7221.1.1.0': ['G7221', 32_000],
  '0.0.7.7222.1.0': ['AMR-WB', 16_000],
  '0.0.8.224.1.0': ['H224', 4800],
  '0.0.8.241.0.0.1': ['H264', 90_000],
  '0.0.8.245.1.0.0': ['MP4V-ES', 90_000],
  '0.0.8.245.1.1.0': ['MP4A-LATM', 90_000],
  '0.0.8.245.1.1.1': ['AMR', 8000],
  '0.0.8.245.1.1.4': ['EVRC', 8000],
  '0.0.8.245.1.1.9': ['AMR', 8000],
  '0.0.8.245.1.1.10': ['AMR-WB', 16_000],
  '0.0.8.245.1.1.11': ['iLBC', 8000],
};

/** RFC numbers that an RTP payload descriptor uses for the later form of H.263. */
const LATER_H263_RFCS: readonly number[] = [2429, 4629];

/** `parameters` tell payload types that are not static; without them only those are known. */
export function contentOf(dataType: DataType | undefined, parameters?: ChannelParameters): ChannelContent {
  if (dataType?.h235Media) {
    const content = contentOf(dataType.h235Media.mediaType, parameters);
    return { ...content, formats: content.formats.map((format) => ({ ...format, parameters: 'H.235 encrypted' })) };
  }
  if (dataType?.multiplePayloadStream) return mixture(dataType.multiplePayloadStream.elements ?? []);
  if (dataType?.redundancyEncoding) {
    const { primary, secondary = [] } = dataType.redundancyEncoding.rtpRedundancyEncoding ?? {};
    const content = mixture(primary === undefined ? secondary : [primary, ...secondary]);
    const red = { payloadType: payloadTypeIn(parameters), encoding: 'red', clockRate: null, parameters: '' };
    return { ...content, protocol: 'rtp', media: content.media || 'audio', formats: [red, ...content.formats] };
  }
  return plainContent(dataType, payloadTypeIn(parameters), parameters);
}

/** The same content with another payload type for its first codec. */
export function withPayloadType(content: ChannelContent, payloadType: number | undefined): ChannelContent {
  const [first, ...others] = content.formats;
  if (payloadType === undefined || first === undefined) return content;
  return { ...content, formats: [{ ...first, payloadType }, ...others] };
}

function mixture(elements: readonly { dataType?: DataType; payloadType?: number }[]): ChannelContent {
  const contents = elements.map(({ dataType, payloadType = null }) => plainContent(dataType, payloadType));
  return { ...(contents[0] ?? NOTHING), formats: contents.flatMap((content) => content.formats) };
}

function plainContent(
  dataType: DataType | undefined,
  payloadType: number | null,
  parameters?: ChannelParameters,
): ChannelContent {
  if (dataType?.audioData) return rtp('audio', audioCodec(dataType.audioData), payloadType);
  if (dataType?.videoData) return rtp('video', videoCodec(dataType.videoData, parameters), payloadType);
  if (dataType?.data) return dataContent(dataType.data, payloadType);
  if (dataType?.fec) return { ...rtp('', ['parityfec', 0], payloadType), mayBeSilent: true };
  // Whatever else has no name here still needs a flow, except for the channels of one way that have no other way.
  return dataType === undefined || dataType.nullData ? NOTHING : { ...NOTHING, protocol: 'rtp' };
}

function audioCodec(audio: AudioCapability): Codec {
  if (audio.genericAudioCapability) return genericCodec(audio.genericAudioCapability);
  return AUDIO_CODECS[chosen(audio)] ?? unknownCodec(audio);
}

function videoCodec(video: VideoCapability, parameters?: ChannelParameters): Codec {
  if (video.genericVideoCapability) return genericCodec(video.genericVideoCapability);
  const [extended] = video.extendedVideoCapability?.videoCapability ?? [];
  if (extended !== undefined) return videoCodec(extended, parameters);
  const rfc = parameters?.mediaPacketization?.rtpPayloadType?.payloadDescriptor?.['rfc-number'] ?? 0;
  if (video.h263VideoCapability && LATER_H263_RFCS.includes(rfc)) return ['H263-1998', 90_000];
  return VIDEO_CODECS[chosen(video)] ?? unknownCodec(video);
}

function dataContent(data: DataApplicationCapability, payloadType: number | null): ChannelContent {
  const name = chosen(data.application);
  if (name === 't120') return { ...NOTHING, protocol: 't120', media: 'application' };
  if (name === 't38fax') return { ...NOTHING, protocol: 't38', media: 'application', mayBeSilent: true };
  const generic = data.application?.genericDataCapability;
  const codec = generic ? genericCodec(generic) : DATA_CODECS[name];
  if (codec === undefined) return { ...NOTHING, media: 'application' };
  return { ...rtp('application', codec, payloadType), mayBeSilent: true };
}

function genericCodec(capability: GenericCapability): Codec {
  const { standard } = capability.capabilityIdentifier ?? {};
  if (standard === undefined) return ['non-standard', 0];
  return GENERIC_CODECS[standard] ?? [standard, 0];
}

/** A codec that has no name in RTP keeps the one that H.245 gives it. */
function unknownCodec(capability: object): Codec {
  return [chosen(capability) || 'unknown', 0];
}

function rtp(media: ChannelContent['media'], codec: Codec, payloadType: number | null): ChannelContent {
  const fixed = typeof codec === 'number' ? formatOfStaticPayloadType(codec) : null;
  const [encoding, clockRate] = typeof codec === 'number' ? ['', 0] : codec;
  const format = fixed ?? { payloadType: null, encoding, clockRate: clockRate || null, parameters: '' };
  return {
    protocol: 'rtp',
    media,
    formats: [{ ...format, payloadType: payloadType ?? format.payloadType }],
    mayBeSilent: false,
  };
}

/** The payload type that the channel's parameters name. */
function payloadTypeIn(parameters: ChannelParameters | undefined): number | null {
  const packetization = parameters?.mediaPacketization?.rtpPayloadType;
  return parameters?.dynamicRTPPayloadType ?? packetization?.payloadType ?? null;
}
