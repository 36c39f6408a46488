/** Media, lights and files beside the protocols of the catalogue: UFTP (multicast files), NDI, VBAN (audio) and Art-Net (lights). */

import { indexOfAscii, readUint8, readUint16, startsWithAscii } from '../../bytes/read.ts';
import type { PayloadContext, Recognition } from '../dissector.ts';
import { nameProtocol } from './neighbour.ts';

const UFTP_HEADER_BYTES = 16;
const UFTP_VERSIONS: ReadonlySet<number> = new Set([0x30, 0x31, 0x40, 0x50]);
const LAST_UFTP_FUNCTION = 20;

/** Version and function, then behind the header the function again with the length of its own header in words. */
function recognizeUftp(bytes: Uint8Array, start: number, end: number, context: PayloadContext): Recognition {
  if (end - start < UFTP_HEADER_BYTES + 4 || !UFTP_VERSIONS.has(readUint8(bytes, start))) return 'no';
  const operation = readUint8(bytes, start + 1);
  const message = start + UFTP_HEADER_BYTES;
  const headerBytes = readUint8(bytes, message + 1) * 4;
  const fits = headerBytes >= 4 && UFTP_HEADER_BYTES + headerBytes <= context.wireLength;
  const isFunction = operation >= 1 && operation <= LAST_UFTP_FUNCTION && readUint8(bytes, message) === operation;
  return isFunction && fits && readUint8(bytes, start + 15) === 0 ? 'yes' : 'no';
}

/** Sources and receivers greet each other in XML whose elements carry the protocol's name. */
function recognizeNdi(bytes: Uint8Array, start: number, end: number): Recognition {
  return indexOfAscii(bytes, start, Math.min(end, start + 128), '<ndi_') >= 0 ? 'yes' : 'no';
}

function recognizeVban(bytes: Uint8Array, start: number, end: number): Recognition {
  return end - start >= 28 && startsWithAscii(bytes, start, end, 'VBAN') ? 'yes' : 'no';
}

const ARTNET_OPCODES_END = 0xfc00;

function recognizeArtnet(bytes: Uint8Array, start: number, end: number): Recognition {
  return startsWithAscii(bytes, start, end, 'Art-Net\0') && readUint16(bytes, start + 8) < ARTNET_OPCODES_END
    ? 'yes'
    : 'no';
}

export const uftp = nameProtocol('uftp', 'UFTP', ['udp'], recognizeUftp);
export const ndi = nameProtocol('ndi', 'NDI', ['tcp'], recognizeNdi);
export const vban = nameProtocol('vban', 'VBAN', ['udp'], recognizeVban);
export const artnet = nameProtocol('artnet', 'Art-Net', ['udp'], recognizeArtnet);
