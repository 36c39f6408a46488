/** Sends chunks through one of Node's decompressors. */

import { pipeline, Readable, type Transform } from 'node:stream';

/** Failures of either side reach whoever reads the result, and whoever stops reading ends both. */
export function passThrough(chunks: AsyncIterable<Uint8Array>, transform: Transform): AsyncIterable<Uint8Array> {
  return pipeline(Readable.from(chunks), transform, () => {});
}
