/** Writes a capture anew with other port numbers in all TCP and UDP headers; what control messages say stays. */

import { collectFrames } from '../fixtures/encode/collect-frames.ts';
import { encodePcapng } from '../fixtures/encode/pcapng.ts';
import { viewOf } from '../src/bytes/read.ts';
import { FrameBatch } from '../src/capture/frame-batch.ts';
import { openCaptures } from '../src/capture/open-captures.ts';
import { PacketDecoder } from '../src/packet/decode-frame.ts';
import { DecodedPacket } from '../src/packet/decoded-packet.ts';

/** Exclusive or is its own inverse. */
const MASK = 0x5a5a;

export function renumberedPort(port: number): number {
  return port === MASK || port === 0 ? port : port ^ MASK;
}

/** Times keep their nanoseconds; comments and names are lost. */
export async function renumberCapture(path: string): Promise<Uint8Array> {
  const frames = await collectFrames(await openCaptures([path]));
  const linkTypes = [...new Set(frames.map(({ linkType }) => linkType))];
  const decoder = new PacketDecoder();
  const packet = new DecodedPacket();
  const renumbered = frames.map((frame) => {
    const batch = new FrameBatch();
    batch.bytes = Uint8Array.from(frame.bytes);
    batch.view = viewOf(batch.bytes);
    batch.count = 1;
    batch.capturedLengths[0] = batch.wireLengths[0] = frame.bytes.length;
    batch.linkTypes[0] = frame.linkType;
    decoder.decode(batch, 0, packet);
    const hasPorts = (packet.isTcp || packet.isUdp) && !packet.reassembled && packet.fragmentOffset === 0;
    if (hasPorts && packet.transportStart >= 0 && packet.sourcePort > 0) writePorts(batch, packet);
    return { ...frame, bytes: batch.bytes, interface: linkTypes.indexOf(frame.linkType) };
  });
  const interfaces = linkTypes.map((linkType) => ({ linkType, resolution: 9 }));
  return encodePcapng(renumbered, { interfaces });
}

function writePorts({ view }: FrameBatch, { transportStart, sourcePort, destinationPort }: DecodedPacket): void {
  view.setUint16(transportStart, renumberedPort(sourcePort));
  view.setUint16(transportStart + 2, renumberedPort(destinationPort));
}
