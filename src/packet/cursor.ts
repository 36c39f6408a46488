/** Where decoding stands within one frame; reused for every frame, and shared by all layers. */

import type { DecodedPacket, Layer } from './decoded-packet.ts';
import { LAYER } from './layer.ts';

/** Offsets are absolute in the packet's `bytes`. */
export class Cursor {
  /** First byte of the next header. */
  start = 0;
  /** First byte after those captured, and not beyond `wireEnd`. */
  end = 0;
  /** First byte after those sent, by the shortest of the lengths that the headers so far have told. */
  wireEnd = 0;
  /** Id of the tunnel path around the next header. */
  tunnel = 0;
  /** Tunnels entered so far. */
  depth = 0;
  /** Of the IP header last read. */
  moreFragments = false;
  /** False within a first fragment that awaits the rest: what it carries is decoded when it is whole. */
  mayEnterTunnel = true;
  /** True when the 802.11 header that follows is padded to a multiple of 4. */
  isPadded = false;

  reset(start: number, end: number, wireEnd: number): void {
    this.start = start;
    this.end = end;
    this.wireEnd = wireEnd;
    this.tunnel = 0;
    this.depth = 0;
    this.mayEnterTunnel = true;
    this.isPadded = false;
  }
}

/** Bytes that a header says are its own and its payload's: what follows them is padding or a trailer. */
export function limitLength(cursor: Cursor, start: number, length: number): void {
  const limit = start + length;
  if (limit >= cursor.wireEnd) return;
  cursor.wireEnd = limit;
  if (limit < cursor.end) cursor.end = limit;
}

/** Notes why decoding ends here; the layers that were good stay. `needed` is 0 when bytes are not what is missing. */
export function stopDecoding(
  out: DecodedPacket,
  layer: Layer,
  reason: string,
  offset: number,
  needed = 0,
  available = 0,
): typeof LAYER.done {
  out.stopLayer = layer;
  out.stopReason = reason;
  out.stopOffset = offset;
  out.stopNeeded = needed;
  out.stopAvailable = available;
  return LAYER.done;
}

/** The rest of the frame becomes the payload: of the deepest layer that could be told. */
export function takePayload(cursor: Cursor, out: DecodedPacket, start: number): typeof LAYER.done {
  out.payloadStart = Math.min(start, cursor.end);
  out.payloadEnd = cursor.end;
  out.payloadLength = Math.max(0, cursor.wireEnd - start);
  return LAYER.done;
}

/** The rest of the frame is of a kind that has no decoder. Within a tunnel the outer packet stays what it was. */
export function leaveBody(cursor: Cursor, out: DecodedPacket, start: number): typeof LAYER.done {
  return out.ipVersion === 0 ? takePayload(cursor, out, start) : LAYER.done;
}
