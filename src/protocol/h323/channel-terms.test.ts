import { describe, expect, it } from 'vitest';
import { bytesOf } from '../../../test/h323-messages.ts';
import { type Answer, answerOf, type Offer, type OfferedWay, offerOf } from './channel-terms.ts';
import { type Listener, listenerText } from './endpoints.ts';
import { h245Message } from './h245-messages.ts';
import { PerReader } from './per-reader.ts';

/** Messages as different encoders build them; Wireshark 4.0 reads each of them without complaint and to the same values. */
const OFFERS = [
  [
    'G.711 with RTCP alone',
    '03 00 0000 0c 60 13 80 0a 0400 01 00 0a000001 1389',
    '1 audio 0:PCMU/8000, RTCP 10.0.0.1:5001',
  ],
  [
    'G.711 with its own source',
    '03 00 0000 0c 60 13 80 11 1400 01 00 0a000001 1388 00 0a000001 1389',
    '1 audio 0:PCMU/8000, media 10.0.0.1:5000, RTCP 10.0.0.1:5001',
  ],
  [
    'G.711 to a group',
    '03 00 0000 0c 60 13 80 11 1400 01 40 ef010203 1388 40 ef010203 1389',
    '1 audio 0:PCMU/8000, media group 239.1.2.3:5000, RTCP group 239.1.2.3:5001',
  ],
  [
    'video of two ways',
    '0340000008c400800effac000a040002000a00000113894858c01848c00011140002000a000001138a000a000001138b',
    '1 video 34:H263/90000, RTCP 10.0.0.1:5001, back video 31:H261/90000, media 10.0.0.1:5002, RTCP 10.0.0.1:5003',
  ],
  [
    'H.261 with an addition',
    '0300000008684aff00800180800b042002000a000001138900',
    '1 video 31:H261/90000, RTCP 10.0.0.1:5001',
  ],
  [
    'H.263 with every option, as RFC 2429',
    '0300000008ffc00007e80effac07a12003e80f0e02000201800108169a492490049d000100009f0077009f007740101001808011046002000a00000113890c000448097cc2',
    '1 video 97:H263-1998/90000, RTCP 10.0.0.1:5001',
  ],
  [
    'H.264 as a generic capability with nested parameters',
    '030000000a0022700007000881710000014028000302914002a2001d003400f50100770100160209098018046002000a00000113896c000b50080008817100000001da',
    '1 video 109:H264/90000, RTCP 10.0.0.1:5001',
  ],
  [
    'H.264 in the role of slides',
    '030000000a043440018022700007000881710000014028000302914002a2001d003400f5010077010016020909011000060008816f010201001101800c24402001000a000001138920',
    '1 video 100:H264/90000, RTCP 10.0.0.1:5001',
  ],
  [
    'a codec of a vendor, with parameters of the vendor',
    '0300000002b500534c03010203801e4e000280b500534c0301020380b500534c0301020301000a000001138900',
    '1 audio , RTCP 10.0.0.1:5001',
  ],
  [
    'G.723.1 with every parameter, their additions and the last number',
    '0300fffe0d0003c00033b5c00104000a0000011388000a000001138980efbe0b801378b500534c0301020300262a1f3f4005db01400353181303008100',
    '65535 audio 127:G723/8000, media 10.0.0.1:5000, RTCP 10.0.0.1:5001',
  ],
  [
    'a port number and channels that it depends on',
    '0300012bc01267328027800a040001000a0000011389038002fffe020001',
    '300 audio 9:G722/8000, RTCP 10.0.0.1:5001',
  ],
  [
    'an encrypted channel with its key',
    '038000002040113000400960864801650304010214080105800a040001000a000001138904c080900060008b000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f202122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f404142434445464748494a4b4c4d4e4f505152535455565758595a5b5c5d5e5f606162636465666768696a6b6c6d6e6f707172737475767778797a7b7c7d7e7f808182838485868788898a8b090140050008816f0206',
    '1 audio 96:G729/8000 H.235 encrypted, RTCP 10.0.0.1:5001',
  ],
  [
    'redundant audio',
    '0300000020c00f90100c69841310014e0c0300200006800b044001000a0000011389c8',
    '1 audio 121:red 8:PCMA/8000 3:GSM/8000, RTCP 10.0.0.1:5001',
  ],
  [
    'several payloads in one stream',
    '0300000021002000024e18106000060007b835010000f00100120001c49c48060004302d3136ca800a040001000a0000011389',
    '1 audio 98:G7221/16000 101:telephone-event/8000, RTCP 10.0.0.1:5001',
  ],
  [
    'error correction of another channel',
    '0300000021800402100000800b044021000a0000011389d0',
    '1  122:parityfec, RTCP 10.0.0.1:5001',
  ],
  [
    'G.729 with its annexes, over IPv6',
    '030000000e1c034001c080160400010820010db80000000000000000000000011389',
    '1 audio 18:G729/8000, RTCP [2001:db8::1]:5001',
  ],
  [
    'a group of IPv6',
    '030000000d2007802914000150ff1e0000000000000000000000000099138c50ff1e0000000000000000000000000099138d',
    '1 audio 15:G728/8000, media group [ff1e::99]:5004, RTCP group [ff1e::99]:5005',
  ],
  [
    'T.120',
    '03400002101830010040026d8003000003501830010040026d8003000003',
    '3 t120 application , back t120 application ',
  ],
  ['fax', '03000000110404860100100090800a040003000a0000011389', '1 t38 application , RTCP 10.0.0.1:5001'],
  ['camera control', '0300000010630030800b044004000a000001138978', '1 application 111:H224/4800, RTCP 10.0.0.1:5001'],
] as const;

const ANSWERS = [
  [
    'media and RTCP',
    '22c0 0000 0280 10 1c0000 0a000002 1770 00 0a000002 1771',
    'session 1, media 10.0.0.2:6000, RTCP 10.0.0.2:6001',
  ],
  [
    'both ways of video',
    '22e00000200006800a040002000a00000217730280101c02000a0000021772000a0000021773',
    'session 2, media 10.0.0.2:6002, RTCP 10.0.0.2:6003',
  ],
  ['a place for T.120', '22e000022000088003000003010ea8000a00000205df000001010120', 'session 0, T.120 10.0.0.2:1503'],
  [
    'everything, over IPv6',
    '22c0fffe04c0397e0180b500534c03010203000820010db800000000000000000000000217700820010db80000000000000000000000021771281c01000200050700610002010203',
    'session 1, media [2001:db8::2]:6000, RTCP [2001:db8::2]:6001, payload type 101',
  ],
] as const;

function read(hex: string) {
  const bytes = bytesOf(hex);
  const reader = new PerReader(bytes, 0, bytes.length);
  const message = h245Message.read(reader);
  expect(reader.isExact).toBe(true);
  return message;
}

function place(name: string, listener: Listener | null): string {
  return listener === null ? '' : `, ${name}${listener.isMulticast ? ' group' : ''} ${listenerText(listener)}`;
}

function wayText({ content, media, control }: OfferedWay): string {
  const formats = content.formats.map(({ payloadType, encoding, clockRate, parameters }) =>
    `${payloadType}:${encoding}${clockRate === null ? '' : `/${clockRate}`} ${parameters}`.trim(),
  );
  const protocol = content.protocol === 'rtp' ? '' : `${content.protocol} `;
  return `${protocol}${content.media} ${formats.join(' ')}${place('media', media)}${place('RTCP', control)}`;
}

function offerText({ number, forward, reverse }: Offer): string {
  return `${number} ${wayText(forward)}${reverse === null ? '' : `, back ${wayText(reverse)}`}`;
}

function answerText({ session, media, control, stack, payloadType }: Answer): string {
  const type = payloadType === undefined ? '' : `, payload type ${payloadType}`;
  return `session ${session}${place('media', media)}${place('RTCP', control)}${place('T.120', stack)}${type}`;
}

describe('OpenLogicalChannel', () => {
  it.each(OFFERS)('offers %s', (_, hex, text) => {
    expect(offerText(offerOf(read(hex)?.request?.openLogicalChannel ?? {}))).toBe(text);
  });
});

describe('OpenLogicalChannelAck', () => {
  it.each(ANSWERS)('answers with %s', (_, hex, text) => {
    expect(answerText(answerOf(read(hex)?.response?.openLogicalChannelAck ?? {}))).toBe(text);
  });
});
