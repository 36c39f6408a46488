/** BitTorrent: the peer handshake (BEP 3), trackers over UDP (BEP 15), its hash table (BEP 5) and uTP (BEP 29). */

import { readUint8, readUint16, readUint32, startsWithAscii } from '../../bytes/read.ts';
import type { Confirmation, PayloadContext, Recognition } from '../dissector.ts';
import { eachByte, firstBytesOf } from '../first-bytes.ts';
import { matchOpening, nameProtocol } from './neighbour.ts';

const HANDSHAKE = ['\x13BitTorrent protocol'];
const DHT_OPENINGS = ['d1:ad2:id20:', 'd1:rd2:id20:', 'd1:eli20', 'd2:ip6:', 'd2:ip4:'];
const TRACKER_MAGIC = [0x00000417, 0x27101980] as const;

const UTP_HEADER_BYTES = 20;
const LAST_UTP_TYPE = 4;
const LAST_UTP_EXTENSION = 4;
/** Packets that follow each other before uTP, whose header is weak, is believed. */
const UTP_STEPS = 6;
const MOST_DATAGRAMS = 48;
const UDP_FIRST_BYTES = [
  ...firstBytesOf(DHT_OPENINGS),
  ...eachByte(TRACKER_MAGIC[0] >>> 24, 0x01, 0x11, 0x21, 0x31, 0x41),
];

function recognizeBittorrent(bytes: Uint8Array, start: number, end: number, context: PayloadContext): Recognition {
  if (context.transport === 'tcp') return matchOpening(bytes, start, end, HANDSHAKE);
  const isTracker = readUint32(bytes, start) === TRACKER_MAGIC[0] && readUint32(bytes, start + 4) === TRACKER_MAGIC[1];
  if (isTracker && end - start >= 16) return 'yes';
  if (DHT_OPENINGS.some((opening) => startsWithAscii(bytes, start, end, opening))) return 'yes';
  return isUtp(bytes, start, end) ? 'maybe' : 'no';
}

/** Type and version 1, extension, connection id, two times, window, sequence and acknowledgement numbers. */
function isUtp(bytes: Uint8Array, start: number, end: number): boolean {
  const first = readUint8(bytes, start);
  const isHeader =
    (first & 0x0f) === 1 && first >> 4 <= LAST_UTP_TYPE && readUint8(bytes, start + 1) <= LAST_UTP_EXTENSION;
  return isHeader && end - start >= UTP_HEADER_BYTES;
}

/** Connection ids that differ by one between the directions, and a clock of microseconds that goes forward. */
class UtpConfirmation implements Confirmation {
  readonly #ids: [number, number] = [-1, -1];
  readonly #clocks: [number, number] = [0, 0];
  #steps = 0;
  #datagrams = 0;

  accept(bytes: Uint8Array, start: number, end: number, context: PayloadContext): Recognition {
    const recognition = recognizeBittorrent(bytes, start, end, context);
    if (recognition === 'yes') return 'yes';
    if (recognition === 'no' || ++this.#datagrams > MOST_DATAGRAMS) return 'no';
    const clock = readUint32(bytes, start + 4);
    const id = readUint16(bytes, start + 2);
    const isSame = this.#ids[context.direction] === id && ((clock - this.#clocks[context.direction]) | 0) > 0;
    this.#steps = isSame ? this.#steps + 1 : 0;
    this.#ids[context.direction] = id;
    this.#clocks[context.direction] = clock;
    const [one, other] = this.#ids;
    return this.#steps >= UTP_STEPS && Math.abs(one - other) === 1 ? 'yes' : 'maybe';
  }
}

export const bittorrent = nameProtocol('bittorrent', 'BitTorrent', ['tcp', 'udp'], recognizeBittorrent, {
  firstBytes: { tcp: firstBytesOf(HANDSHAKE), udp: UDP_FIRST_BYTES },
  confirm: () => new UtpConfirmation(),
});
