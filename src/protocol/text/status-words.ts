/** What status codes that HTTP, RTSP and SIP share mean to whoever wants a stream (RFC 9110 section 15). */

const WORDS = new Map<number, string>([
  [400, 'the server did not understand the request'],
  [401, 'the server asks for a user name and password'],
  [402, 'payment required'],
  [403, 'the server forbids it'],
  [404, 'no such stream on the server'],
  [405, 'the server does not allow this method here'],
  [406, 'the server has nothing that the client accepts'],
  [407, 'a proxy asks for a user name and password'],
  [408, 'the request took too long'],
  [409, 'the request conflicts with the state of the stream'],
  [410, 'the stream is gone for good'],
  [412, 'a condition of the request does not hold'],
  [413, 'the request is too long for the server'],
  [414, 'the URL is too long for the server'],
  [415, 'the server does not know the type of the body'],
  [416, 'the stream has no such range'],
  [426, 'the server demands another protocol'],
  [429, 'the client asks too often'],
  [451, 'not available for legal reasons'],
  [500, 'the server failed'],
  [501, 'the server does not know the method'],
  [502, 'the gateway got no proper answer from the server behind it'],
  [503, 'the server is overloaded or the stream is stopped'],
  [504, 'the gateway waited in vain for the server behind it'],
  [505, 'the server does not speak this version'],
  [511, 'the network demands a login first'],
]);

/** The code in words, else the server's own reason. */
export function wordsOfStatus(status: number, reason: string): string {
  return WORDS.get(status) ?? (reason || (status >= 500 ? 'the server failed' : 'the server refused'));
}
