/** What RTSP status codes mean for a stream, RFC 2326 section 7.1.1 and RFC 7826 section 17. */

const WORDS = new Map<number, string>([
  [400, 'the server did not understand the request'],
  [401, 'the server asks for a user name and password'],
  [402, 'payment required'],
  [403, 'the server forbids it'],
  [404, 'no such stream on the server'],
  [405, 'the server does not allow this method here'],
  [406, 'the server has no description that the client accepts'],
  [407, 'a proxy asks for a user name and password'],
  [408, 'the server waited too long for the request'],
  [410, 'the stream is gone for good'],
  [412, 'a condition of the request does not hold'],
  [413, 'the request is too long for the server'],
  [414, 'the URL is too long for the server'],
  [415, 'the server does not know the type of the body'],
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
  [500, 'the server failed'],
  [501, 'the server does not know the method'],
  [502, 'the gateway got no proper answer from the server behind it'],
  [503, 'the server is overloaded or the stream is stopped'],
  [504, 'the gateway waited in vain for the server behind it'],
  [505, 'the server does not speak this version of RTSP'],
  [551, 'the server does not support a required option'],
]);

/** The code in words, else the server's own reason. */
export function wordsOfStatus(status: number, reason: string): string {
  return WORDS.get(status) ?? (reason || (status >= 500 ? 'the server failed' : 'the server refused'));
}
