/** Databases and caches by the first message of either side: TDS, MySQL, PostgreSQL, Oracle, memcached and Redis. */

import {
  indexOfAscii,
  indexOfByte,
  readUint8,
  readUint16,
  readUint16Le,
  readUint32,
  startsWithAscii,
} from '../../bytes/read.ts';
import type { PayloadContext, Recognition } from '../dissector.ts';
import { eachByte, firstBytesOf } from '../first-bytes.ts';
import { matchOpening, nameProtocol } from './neighbour.ts';

const TDS_HEADER_BYTES = 8;
const PRE_LOGIN = 0x12;
const TABULAR_RESULT = 0x04;

/** MS-TDS section 2.2.6.5: a pre-login of options that begins with the version's, and the server's answer to it. */
function recognizeTds(bytes: Uint8Array, start: number, end: number): Recognition {
  if (end - start < TDS_HEADER_BYTES + 6) return 'no';
  const type = readUint8(bytes, start);
  const isPacket = readUint8(bytes, start + 1) === 1 && readUint8(bytes, start + 7) === 0;
  const length = readUint16(bytes, start + 2);
  if (!isPacket || (type !== PRE_LOGIN && type !== TABULAR_RESULT) || length < end - start) return 'no';
  const options = start + TDS_HEADER_BYTES;
  const hasVersion = readUint8(bytes, options) === 0 && readUint16(bytes, options + 3) === 6;
  const offset = readUint16(bytes, options + 1);
  const terminator = options + offset - 1;
  const isTable = offset % 5 === 1 && terminator < end && readUint8(bytes, terminator) === 0xff;
  return hasVersion && isTable ? 'yes' : 'no';
}

const MYSQL_PROTOCOL = 10;

/** The server speaks first: length, sequence 0, protocol 10, its version as text. */
function recognizeMysql(bytes: Uint8Array, start: number, end: number): Recognition {
  if (end - start < 32 || readUint16(bytes, start + 2) !== 0 || readUint8(bytes, start + 4) !== MYSQL_PROTOCOL)
    return 'no';
  const length = readUint16Le(bytes, start);
  const versionEnd = indexOfByte(bytes, start + 5, Math.min(end, start + 64), 0);
  const isText = versionEnd > start + 7 && isDigit(readUint8(bytes, start + 5));
  return isText && length === end - start - 4 ? 'yes' : 'no';
}

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39;
}

const SSL_REQUEST = 0x04d2162f;
const GSS_REQUEST = 0x04d21630;
const PROTOCOL_3 = 0x00030000;

function recognizePostgres(bytes: Uint8Array, start: number, end: number): Recognition {
  if (end - start < 8 || readUint32(bytes, start) !== end - start) return 'no';
  const code = readUint32(bytes, start + 4);
  const isEncryptionRequest = end - start === 8 && (code === SSL_REQUEST || code === GSS_REQUEST);
  return isEncryptionRequest || (code === PROTOCOL_3 && startsWithAscii(bytes, start + 8, end, 'user\0'))
    ? 'yes'
    : 'no';
}

const ORACLE_CONNECT = 1;

/** A connect packet whose length is its own and that holds a connect descriptor. */
function recognizeOracle(bytes: Uint8Array, start: number, end: number): Recognition {
  if (end - start < 34 || readUint8(bytes, start + 4) !== ORACLE_CONNECT || readUint16(bytes, start) !== end - start)
    return 'no';
  const descriptor = start + readUint16(bytes, start + 26);
  return startsWithAscii(bytes, descriptor, end, '(') ? 'yes' : 'no';
}

const MEMCACHED_TEXTS = ['stats\r\n', 'version\r\n', 'VERSION ', 'STAT ', 'VALUE ', 'STORED\r\n'];
/** A key has at most 250 bytes; a slash would be that of an HTTP version or path. */
const LONGEST_MEMCACHED_LINE = 300;
const SLASH = 0x2f;
const MEMCACHED_COMMANDS = ['get ', 'gets ', 'set ', 'add ', 'replace ', 'delete '];

/** Words that other protocols have too count only with the rest of the line; over UDP a frame header stands before them. */
function recognizeMemcached(bytes: Uint8Array, start: number, end: number, context: PayloadContext): Recognition {
  const text = context.transport === 'udp' ? start + 8 : start;
  const isFirstOfOne = readUint32(bytes, start + 2) === 0x00000001;
  if (context.transport === 'udp' && (end - start < 14 || !isFirstOfOne)) return 'no';
  if (matchOpening(bytes, text, end, MEMCACHED_TEXTS) === 'yes') return 'yes';
  if (matchOpening(bytes, text, end, MEMCACHED_COMMANDS) !== 'yes') return 'no';
  const lineEnd = indexOfAscii(bytes, text, Math.min(end, text + LONGEST_MEMCACHED_LINE), '\r\n');
  return lineEnd > text && indexOfByte(bytes, text, lineEnd, SLASH) < 0 ? 'yes' : 'no';
}

/** RESP: an array of counted strings, the first of which is the command. */
function recognizeRedis(bytes: Uint8Array, start: number, end: number): Recognition {
  if (readUint8(bytes, start) !== 0x2a || !isDigit(readUint8(bytes, start + 1))) return 'no';
  const count = indexOfAscii(bytes, start, Math.min(end, start + 8), '\r\n$');
  return count > 0 && isDigit(readUint8(bytes, count + 3)) ? 'yes' : 'no';
}

export const tds = nameProtocol('tds', 'SQL Server (TDS)', ['tcp'], recognizeTds, {
  firstBytes: { tcp: eachByte(PRE_LOGIN, TABULAR_RESULT) },
});
export const mysql = nameProtocol('mysql', 'MySQL', ['tcp'], recognizeMysql, {
  laterBytes: { tcp: { 4: eachByte(MYSQL_PROTOCOL) } },
});
export const postgres = nameProtocol('postgresql', 'PostgreSQL', ['tcp'], recognizePostgres, {
  firstBytes: { tcp: eachByte(0) },
});
export const oracle = nameProtocol('oracle-tns', 'Oracle TNS', ['tcp'], recognizeOracle, {
  laterBytes: { tcp: { 4: eachByte(ORACLE_CONNECT) } },
});
export const memcached = nameProtocol('memcached', 'memcached', ['tcp', 'udp'], recognizeMemcached, {
  firstBytes: { tcp: firstBytesOf([...MEMCACHED_TEXTS, ...MEMCACHED_COMMANDS]) },
  laterBytes: { udp: { 4: eachByte(0) } },
});
export const redis = nameProtocol('redis', 'Redis', ['tcp'], recognizeRedis, {
  firstBytes: { tcp: firstBytesOf(['*']) },
});
