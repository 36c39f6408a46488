/** Makes a `DecodedPacket` empty again, over the bytes that it will be filled from. */

import { clearLink, clearNetwork } from './cursor.ts';
import type { DecodedPacket } from './decoded-packet.ts';

export function resetPacket(out: DecodedPacket, bytes: Uint8Array, view: DataView): void {
  out.bytes = bytes;
  out.view = view;
  out.tunnel = 0;
  out.reassembled = false;
  out.frames = 1;
  out.stopLayer = null;
  out.stopReason = '';
  out.stopOffset = 0;
  out.stopNeeded = 0;
  out.stopAvailable = 0;
  clearLink(out);
  clearNetwork(out);
}
