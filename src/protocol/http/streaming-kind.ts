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

const WEB_PAGE = 'text/html';

/** Programs that fetch media and little else. */
const PLAYERS =
  /^(NSPlayer|NSServer|WMPlayer|Windows-Media-Player|VLC|LibVLC|Lavf|mpv|MPlayer|QuickTime|iTunes|AppleCoreMedia|GStreamer|ExoPlayer|stagefright|RealMedia|WinampMPEG|Kodi|Roku)/i;

/** Empty when the request does not look like one for a stream. */
export function kindOfRequest(method: string, target: string, head: MessageHead): string {
  if (method === 'SOURCE' || head.has('ice-name')) return 'Icecast source';
  return kindOfPath(target) || (PLAYERS.test(head.get('user-agent')) ? 'progressive download' : '');
}

/** Empty when the answer carries no stream; what is asked for tells more than the type of a segment. */
export function kindOfAnswer(requestKind: string, target: string, head: MessageHead): string {
  const type = mediaTypeOf(head);
  if (type === WEB_PAGE) return '';
  const isRadioServer = /^(icecast|shoutcast)/i.test(head.get('server')) && /^(audio|video)\/|\/ogg$/.test(type);
  if (isRadioServer || head.has('icy-name') || head.has('icy-br') || head.has('icy-metaint')) return 'Icecast';
  const byType = BY_TYPE.find(([pattern]) => pattern.test(type))?.[1] ?? '';
  if (byType !== 'progressive download') return byType || requestKind;
  if (requestKind !== '' && requestKind !== byType) return requestKind;
  if (type !== 'video/mp2t') return byType;
  return head.contentLength !== null && /\.ts$/i.test(pathOf(target)) ? 'HLS' : 'MPEG-TS over HTTP';
}

/** Why an answer that looks well is none to who asked for a stream; empty when it may be one. */
export function describeWebPage(target: string, isStreamForSure: boolean, head: MessageHead): string {
  if (mediaTypeOf(head) !== WEB_PAGE || !(isStreamForSure || kindOfPath(target) !== '')) return '';
  if (/\.(html?|aspx?|php)$/i.test(pathOf(target))) return '';
  return `a web page came instead of the stream, from ${nameServer(head)}: a blocking proxy, a login page or a plain web server`;
}

/** For sentences: whose answer it is. */
export function nameServer(head: MessageHead): string {
  return head.get('server') || 'a server that does not say its name';
}

/** The type without its parameters, in lower case. */
export function mediaTypeOf(head: MessageHead): string {
  return (head.get('content-type').split(';')[0] ?? '').trim().toLowerCase();
}

export function pathOf(target: string): string {
  return target.replace(/^[a-z]+:\/\/[^/]*/i, '').replace(/[?#].*$/, '');
}

function kindOfPath(target: string): string {
  const path = pathOf(target);
  return BY_PATH.find(([pattern]) => pattern.test(path))?.[1] ?? '';
}
