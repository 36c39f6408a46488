/** Media, lights and files beside the protocols of the catalogue: UFTP (multicast files), NDI, VBAN (audio), Art-Net (lights) and Zoom. */

import { readLatin1, readUint8, readUint32, startsWithAscii } from '../../bytes/read.ts';
import type { PayloadContext, Recognition } from '../dissector.ts';
import { eachByte, firstBytesOf } from '../first-bytes.ts';
import { matchOpening, nameProtocol } from './neighbour.ts';

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

const NDI_OPENINGS = ['<ndi_'];
const VBAN = 'VBAN';
const ARTNET = 'Art-Net\0';

/** Sources and receivers greet each other in XML whose elements carry the protocol's name. */
function recognizeNdi(bytes: Uint8Array, start: number, end: number): Recognition {
  return matchOpening(bytes, start, end, NDI_OPENINGS);
}

function recognizeVban(bytes: Uint8Array, start: number, end: number): Recognition {
  return end - start >= 28 && startsWithAscii(bytes, start, end, VBAN) ? 'yes' : 'no';
}

function recognizeArtnet(bytes: Uint8Array, start: number, end: number): Recognition {
  return end - start >= 12 && startsWithAscii(bytes, start, end, ARTNET) ? 'yes' : 'no';
}

const ZOOM_PROBE = 0x1f020100;
const ZOOM_ADDRESS_OFFSET = 28;

/** Probes between the ends of a meeting: their head, and the counted address that they are meant for. */
function recognizeZoom(bytes: Uint8Array, start: number, end: number): Recognition {
  if (end - start < ZOOM_ADDRESS_OFFSET || readUint32(bytes, start) !== ZOOM_PROBE) return 'no';
  const length = readUint32(bytes, start + ZOOM_ADDRESS_OFFSET - 4);
  const address = readLatin1(bytes, start + ZOOM_ADDRESS_OFFSET, Math.min(end, start + ZOOM_ADDRESS_OFFSET + length));
  return /^\d{1,3}(\.\d{1,3}){3}$/.test(address) ? 'yes' : 'no';
}

export const uftp = nameProtocol('uftp', 'UFTP', ['udp'], recognizeUftp, {
  firstBytes: { udp: eachByte(...UFTP_VERSIONS) },
});
export const ndi = nameProtocol('ndi', 'NDI', ['tcp'], recognizeNdi, {
  firstBytes: { tcp: firstBytesOf(NDI_OPENINGS) },
});
export const vban = nameProtocol('vban', 'VBAN', ['udp'], recognizeVban, { firstBytes: { udp: firstBytesOf([VBAN]) } });
export const zoom = nameProtocol('zoom', 'Zoom', ['udp'], recognizeZoom, {
  firstBytes: { udp: eachByte(ZOOM_PROBE >>> 24) },
});
export const artnet = nameProtocol('artnet', 'Art-Net', ['udp'], recognizeArtnet, {
  firstBytes: { udp: firstBytesOf([ARTNET]) },
});
