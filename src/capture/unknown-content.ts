/** Says what a file is that is no capture, and what to do about it. */

import { readUint8, startsWithAscii } from '../bytes/read.ts';

const CONVERT = 'convert it with: editcap -F pcapng INPUT OUTPUT.pcapng';
const UNPACK = 'unpack it and give the capture inside';
const NOT_A_CAPTURE = 'give a capture file (pcap, pcapng, snoop, ERF or Network Monitor, also compressed)';

interface KnownContent {
  readonly signature: string;
  readonly offset?: number;
  readonly name: string;
  readonly advice: string;
}

/** Signatures are Latin-1; the first match wins. */
const KNOWN_CONTENTS: readonly KnownContent[] = [
  { signature: 'PK\x03\x04', name: 'a zip archive', advice: UNPACK },
  { signature: '7z\xbc\xaf\x27\x1c', name: 'a 7-Zip archive', advice: UNPACK },
  { signature: 'Rar!\x1a\x07', name: 'a RAR archive', advice: UNPACK },
  { signature: 'ustar', offset: 257, name: 'a tar archive', advice: UNPACK },
  { signature: 'BZh', name: 'compressed with bzip2', advice: 'unpack it with: bunzip2 --keep INPUT' },
  { signature: '\x1f\x8b', name: 'gzip data once more', advice: 'unpack it once with: gzip -d' },
  { signature: '\x28\xb5\x2f\xfd', name: 'zstd data once more', advice: 'unpack it once with: zstd -d' },
  { signature: '\xfd7zXZ\0', name: 'xz data once more', advice: 'unpack it once with: xz -d' },
  { signature: '\x04\x22\x4d\x18', name: 'lz4 data once more', advice: 'unpack it once with: lz4 -d' },
  { signature: 'TRSNIFF data', name: 'a capture of the DOS Sniffer', advice: CONVERT },
  { signature: 'XCP\0', name: 'a capture of NetXRay or Windows Sniffer', advice: CONVERT },
  { signature: 'ObserverPktBuffer', name: 'a capture of Network Instruments Observer', advice: CONVERT },
  { signature: 'iptrace ', name: 'a capture of AIX iptrace', advice: CONVERT },
  { signature: '\x05VNF', name: 'a capture of Visual Networks', advice: CONVERT },
  { signature: '\x7fver', name: 'a capture of Savvius OmniPeek', advice: CONVERT },
  { signature: '\xff\xd8\xff', name: 'a JPEG image', advice: NOT_A_CAPTURE },
  { signature: '\x89PNG', name: 'a PNG image', advice: NOT_A_CAPTURE },
  { signature: 'GIF8', name: 'a GIF image', advice: NOT_A_CAPTURE },
  { signature: '%PDF', name: 'a PDF document', advice: NOT_A_CAPTURE },
  { signature: '\x7fELF', name: 'a program', advice: NOT_A_CAPTURE },
  { signature: 'MZ', name: 'a Windows program', advice: NOT_A_CAPTURE },
  { signature: 'SQLite format 3', name: 'an SQLite database', advice: NOT_A_CAPTURE },
  { signature: 'ftyp', offset: 4, name: 'an MP4 file', advice: NOT_A_CAPTURE },
  { signature: 'RIFF', name: 'an AVI or WAV file', advice: NOT_A_CAPTURE },
  { signature: '\x30\x26\xb2\x75\x8e\x66\xcf\x11', name: 'a Windows Media file', advice: NOT_A_CAPTURE },
];

const TRANSPORT_STREAM_SYNC = 0x47;
const TRANSPORT_STREAM_PACKET_BYTES = 188;

/** True for what is surely no capture of a format that is read here. */
export function isKnownContent(bytes: Uint8Array, start: number, end: number): boolean {
  return findKnownContent(bytes, start, end) !== undefined || isText(bytes, start, end);
}

/** One clause for the first bytes, [start, end), of a file that no reader knows: `is a JPEG image: give ...`. */
export function describeUnknownContent(bytes: Uint8Array, start: number, end: number): string {
  if (start === end) return `is empty: ${NOT_A_CAPTURE}`;
  const known = findKnownContent(bytes, start, end);
  if (known !== undefined) return `is ${known.name}, not a capture that can be read here: ${known.advice}`;
  if (isTransportStream(bytes, start, end))
    return `is an MPEG transport stream, not a capture of the network: ${NOT_A_CAPTURE}`;
  if (isText(bytes, start, end)) return `is a text file, not a capture: ${NOT_A_CAPTURE}`;
  return `is in no format that is known here: ${NOT_A_CAPTURE}, or see whether capinfos knows it and ${CONVERT}`;
}

function findKnownContent(bytes: Uint8Array, start: number, end: number): KnownContent | undefined {
  return KNOWN_CONTENTS.find(({ signature, offset = 0 }) => startsWithAscii(bytes, start + offset, end, signature));
}

function isTransportStream(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start <= TRANSPORT_STREAM_PACKET_BYTES) return false;
  for (let at = start; at < end; at += TRANSPORT_STREAM_PACKET_BYTES) {
    if (readUint8(bytes, at) !== TRANSPORT_STREAM_SYNC) return false;
  }
  return true;
}

/** No control characters but those of text files, in any encoding that extends ASCII, or in UTF-16. */
function isText(bytes: Uint8Array, start: number, end: number): boolean {
  const hasWideMark = startsWithAscii(bytes, start, end, '\xff\xfe') || startsWithAscii(bytes, start, end, '\xfe\xff');
  if (hasWideMark) return true;
  return !bytes.subarray(start, end).some((byte) => byte === 0x7f || (byte < 0x20 && !isTextControl(byte)));
}

/** Tab, line feed, form feed, carriage return, escape. */
function isTextControl(byte: number): boolean {
  return byte === 0x09 || byte === 0x0a || byte === 0x0c || byte === 0x0d || byte === 0x1b;
}
