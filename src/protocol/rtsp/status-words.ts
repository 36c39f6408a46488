/** What status codes of RTSP alone mean for a stream, RFC 2326 section 7.1.1 and RFC 7826 section 17. */

import { wordsOfStatus } from '../text/status-words.ts';

const WORDS = new Map<number, string>([
  [406, 'the server has no description that the client accepts'],
  [451, 'the server does not understand a parameter'],
  [452, 'no such conference'],
  [453, 'the server has not enough bandwidth'],
  [454, 'the server does not know the session: it expired, or the connection was moved to another server'],
  [455, 'the method is not valid in this state'],
  [456, 'a header is not valid for this stream'],
  [457, 'the range is not valid'],
  [458, 'the parameter is read-only'],
  [459, 'the server wants each track by itself'],
  [460, 'the server wants all tracks together'],
  [461, 'the server does not support the transport'],
  [462, 'the server cannot reach the address to which media should go'],
  [463, 'the server does not send to that address'],
  [464, 'the media connection is not ready'],
  [470, 'a proxy must be allowed to connect first'],
  [471, 'the credentials for the connection were not accepted'],
  [472, 'the secure connection could not be set up'],
  [551, 'the server does not support a required option'],
]);

export function wordsOfRtspStatus(status: number, reason: string): string {
  return WORDS.get(status) ?? wordsOfStatus(status, reason);
}
