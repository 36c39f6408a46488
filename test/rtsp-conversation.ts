/** RTSP conversations for tests, request by request and answer by answer, and what the dissection makes of them. */

import type { AnnouncedMedia, ControlRecord } from '../src/protocol/control-record.ts';
import { RtspDissection } from '../src/protocol/rtsp/rtsp-dissection.ts';
import { converse, message, type Staging, type Turn } from './text-conversation.ts';

export const URL = 'rtsp://192.0.2.20/live';
export const SDP = [
  'v=0',
  's=Yard',
  'm=video 0 RTP/AVP 96',
  'a=rtpmap:96 H264/90000',
  'a=control:stream=0',
  'm=audio 0 RTP/AVP 97',
  'a=rtpmap:97 MPEG4-GENERIC/44100/1',
  'a=control:stream=1',
  'm=application 0 RTP/AVP 98',
  'a=rtpmap:98 vnd.onvif.metadata/90000',
  'a=control:stream=2',
  '',
].join('\r\n');

/** Of the last request; an answer repeats it. */
let sequence = 0;

export function ask(method: string, url = URL, ...fields: string[]): Turn {
  return ['client', message([`${method} ${url} RTSP/1.0`, `CSeq: ${++sequence}`, 'User-Agent: player/1', ...fields])];
}

export function say(status: string, ...fields: string[]): Turn {
  const common = [`CSeq: ${sequence}`, 'Server: camera/2', 'Session: 77;timeout=60'];
  return ['server', message([`RTSP/1.0 ${status}`, ...common, ...fields])];
}

/** DESCRIBE and its answer. */
export function describeStream(sdp = SDP): Turn[] {
  const request = ask('DESCRIBE');
  const fields = [`CSeq: ${sequence}`, `Content-Base: ${URL}/`, 'Content-Type: application/sdp'];
  return [request, ['server', message(['RTSP/1.0 200 OK', ...fields], sdp)]];
}

/** SETUP of a track and its answer. */
export function setUp(track: number, offer: string, agreed: string): Turn[] {
  return [ask('SETUP', `${URL}/stream=${track}`, `Transport: ${offer}`), say('200 OK', `Transport: ${agreed}`)];
}

export function setUpUdp(track: number, clientPort: number, serverPort: number): Turn[] {
  const offer = `RTP/AVP;unicast;client_port=${clientPort}-${clientPort + 1}`;
  return setUp(track, offer, `${offer};server_port=${serverPort}-${serverPort + 1}`);
}

export function listen(turns: readonly Turn[], staging?: Staging): ControlRecord {
  return converse((record) => new RtspDissection(record), turns, staging);
}

export function endsOf({ announcement: { protocol, initiator, responder } }: AnnouncedMedia): string {
  return `${protocol} ${initiator.address ?? ''}:${initiator.port} ${responder.address ?? ''}:${responder.port}`;
}
