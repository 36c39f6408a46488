/** Video streams for people and reports, with the parameter sets that a session description gives in advance. */

import type { MediaFormat } from '../protocol/control-record.ts';
import { readH264Parameters } from '../protocol/video/h264-parameters.ts';
import { readH265Parameters } from '../protocol/video/h265-parameters.ts';
import type { VideoParameters } from '../protocol/video/video-parameters.ts';
import type { VideoStream } from '../protocol/video/video-stream.ts';
import type { VideoRow } from './measured-media.ts';

/** RFC 6184 section 8.1 and RFC 7798 section 7.1. */
const PARAMETERS_OF_H264 = /(?:^|[;\s])sprop-parameter-sets=([A-Za-z0-9+/]+=*)/;
const PARAMETERS_OF_H265 = /(?:^|[;\s])sprop-sps=([A-Za-z0-9+/]+=*)/;

/** `format`: what was announced of the stream, null where nothing was. */
export function videoRow(video: VideoStream, format: MediaFormat | null): VideoRow {
  const parameters = video.parameters ?? (format && announcedParameters(video, format.parameters));
  const showsKeyFrames = video.codec !== 'other';
  return {
    frames: video.frames,
    framesPerSecond: video.framesPerSecond,
    keyFrames: showsKeyFrames ? video.keyFrames : null,
    meanKeyFrameIntervalMs: video.meanKeyFrameIntervalMs,
    maxKeyFrameIntervalMs: video.keyFrames > 1 ? video.maxKeyFrameIntervalMs : null,
    width: parameters?.width ?? null,
    height: parameters?.height ?? null,
    profile: parameters?.profile ?? null,
    level: parameters?.level ?? null,
    parameterChanges: video.parameterChanges,
  };
}

function announcedParameters({ codec }: VideoStream, parameters: string): VideoParameters | null {
  const base64 = (codec === 'H264' ? PARAMETERS_OF_H264 : PARAMETERS_OF_H265).exec(parameters)?.[1];
  if (base64 === undefined) return null;
  const bytes = Buffer.from(base64, 'base64');
  return (codec === 'H264' ? readH264Parameters : readH265Parameters)(bytes, 0, bytes.length);
}
