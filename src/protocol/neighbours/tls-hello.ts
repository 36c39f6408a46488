/** The first messages of TLS, RFC 8446 section 4.1.2; SNI is RFC 6066 section 3, ALPN RFC 7301. */

import { readLatin1, readUint8, readUint16 } from '../../bytes/read.ts';

export interface ClientHello {
  /** Host name that the client asks for, empty when it names none. */
  readonly serverName: string;
  /** Protocols offered inside, in order of preference. */
  readonly protocols: readonly string[];
}

const SERVER_NAME = 0;
const ALPN = 16;
const SUPPORTED_VERSIONS = 43;
const MOST_PROTOCOLS = 8;
const HANDSHAKE_HEADER_BYTES = 4;
const VERSION_AND_RANDOM_BYTES = 34;

const VERSIONS: ReadonlyMap<number, string> = new Map([
  [0x0300, 'SSL 3.0'],
  [0x0301, 'TLS 1.0'],
  [0x0302, 'TLS 1.1'],
  [0x0303, 'TLS 1.2'],
  [0x0304, 'TLS 1.3'],
]);

type ExtensionVisitor = (type: number, start: number, end: number) => void;

/** [start, end) is the whole handshake message or as much of it as there is; what does not fit is left out. */
export function readClientHello(bytes: Uint8Array, start: number, end: number): ClientHello {
  let serverName = '';
  let protocols: string[] = [];
  let at = start + HANDSHAKE_HEADER_BYTES + VERSION_AND_RANDOM_BYTES;
  at += 1 + readUint8(bytes, at);
  at += 2 + readUint16(bytes, at);
  at += 1 + readUint8(bytes, at);
  visitExtensions(bytes, at, end, (type, from, to) => {
    if (type === SERVER_NAME) serverName = readServerName(bytes, from, to);
    else if (type === ALPN) protocols = readProtocols(bytes, from, to);
  });
  return { serverName, protocols };
}

/** Such as `TLS 1.3`, empty when it is none that is known. */
export function readServerVersion(bytes: Uint8Array, start: number, end: number): string {
  let version = readUint16(bytes, start + HANDSHAKE_HEADER_BYTES);
  const sessionId = start + HANDSHAKE_HEADER_BYTES + VERSION_AND_RANDOM_BYTES;
  // Cipher suite and compression follow the session id.
  visitExtensions(bytes, sessionId + 1 + readUint8(bytes, sessionId) + 3, end, (type, from, to) => {
    if (type === SUPPORTED_VERSIONS && to - from === 2) version = readUint16(bytes, from);
  });
  return VERSIONS.get(version) ?? '';
}

function visitExtensions(bytes: Uint8Array, start: number, end: number, visit: ExtensionVisitor): void {
  if (start + 2 > end) return;
  const listEnd = Math.min(end, start + 2 + readUint16(bytes, start));
  for (let at = start + 2; at + 4 <= listEnd; ) {
    const next = at + 4 + readUint16(bytes, at + 2);
    if (next > listEnd) return;
    visit(readUint16(bytes, at), at + 4, next);
    at = next;
  }
}

/** The list holds one name of type host. */
function readServerName(bytes: Uint8Array, start: number, end: number): string {
  if (end - start < 5 || readUint8(bytes, start + 2) !== 0) return '';
  const nameEnd = start + 5 + readUint16(bytes, start + 3);
  return nameEnd <= end ? readLatin1(bytes, start + 5, nameEnd) : '';
}

function readProtocols(bytes: Uint8Array, start: number, end: number): string[] {
  const protocols: string[] = [];
  for (let at = start + 2; at < end && protocols.length < MOST_PROTOCOLS; ) {
    const next = at + 1 + readUint8(bytes, at);
    if (next > end) break;
    protocols.push(readLatin1(bytes, at + 1, next));
    at = next;
  }
  return protocols;
}
