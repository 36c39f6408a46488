/** Streaming over HTTP by what requests and answers say of it: HLS (RFC 8216), DASH, Smooth Streaming, HDS, Icecast and plain files. */

import type { MessageHead } from '../text/message-head.ts';

const BY_TYPE: readonly (readonly [pattern: RegExp, kind: string])[] = [
  [/^(application|audio)\/(vnd\.apple\.|x-)mpegurl$/, 'HLS'],
  [/^application\/dash\+xml$/, 'DASH'],
  [/^application\/vnd\.ms-sstr\+xml$/, 'Smooth Streaming'],
  [/^application\/f4m(\+xml)?$/, 'HDS'],
  [/^video\/x-flv$/, 'HTTP-FLV'],
  [/^multipart\/x-mixed-replace$/, 'MJPEG over HTTP'],
  [/^(video|audio)\//, 'progressive download'],
];

const BY_PATH: readonly (readonly [pattern: RegExp, kind: string])[] = [
  [/\.m3u8$/i, 'HLS'],
  [/\.mpd$/i, 'DASH'],
  [/\.isml?\/(manifest|qualitylevels\()/i, 'Smooth Streaming'],
  [/\.f4m$|\/seg\d+-frag\d+$/i, 'HDS'],
  [/\.(m4s|cmf[vat])$/i, 'DASH or HLS segments'],
  [/\.(asf|asx|wm[avx]|nsc)$/i, 'progressive download'],
];

/** Programs that fetch media and little else. */
const PLAYERS =
  /^(NSPlayer|NSServer|WMPlayer|Windows-Media-Player|VLC|LibVLC|Lavf|mpv|MPlayer|QuickTime|iTunes|AppleCoreMedia|GStreamer|ExoPlayer|stagefright|RealMedia|WinampMPEG|Kodi|Roku)/i;

/** Empty when the request does not look like one for a stream. */
export function kindOfRequest(method: string, target: string, head: MessageHead): string {
  if (method === 'SOURCE' || head.has('ice-name')) return 'Icecast source';
  const path = pathOf(target);
  const byPath = BY_PATH.find(([pattern]) => pattern.test(path))?.[1];
  if (byPath !== undefined) return byPath;
  return PLAYERS.test(head.get('user-agent')) ? 'progressive download' : '';
}

/** Empty when the answer carries no stream; what is asked for tells more than the name of a segment's type. */
export function kindOfAnswer(requestKind: string, target: string, head: MessageHead): string {
  if (head.has('icy-name') || head.has('icy-br') || head.has('icy-metaint')) return 'Icecast';
  const type = mediaTypeOf(head);
  const byType = BY_TYPE.find(([pattern]) => pattern.test(type))?.[1] ?? '';
  if (byType !== 'progressive download') return byType || requestKind;
  if (requestKind !== '' && requestKind !== byType) return requestKind;
  if (type !== 'video/mp2t') return byType;
  return head.contentLength !== null && /\.ts$/i.test(pathOf(target)) ? 'HLS' : 'MPEG-TS over HTTP';
}

/** The type without its parameters, in lower case. */
export function mediaTypeOf(head: MessageHead): string {
  return (head.get('content-type').split(';')[0] ?? '').trim().toLowerCase();
}

export function pathOf(target: string): string {
  return target.replace(/^[a-z]+:\/\/[^/]*/i, '').replace(/[?#].*$/, '');
}
