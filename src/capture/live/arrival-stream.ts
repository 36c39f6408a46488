/** Frames that carry no time of their own, stamped as they arrive and gathered into a classic pcap stream. */

const MAGIC_MICROSECONDS = 0xa1b2c3d4;
const FILE_HEADER_BYTES = 24;
const RECORD_HEADER_BYTES = 16;
const BUFFER_BYTES = 256 << 10;
/** The system's clock was set when it leaves the steady one by this much. */
const LEAP_MS = 1000;

export class ArrivalStream {
  readonly #write: (bytes: Uint8Array) => void;
  readonly #snapLength: number;
  readonly #buffer = new Uint8Array(BUFFER_BYTES);
  readonly #view = new DataView(this.#buffer.buffer);
  #filled = 0;
  /** From `performance.now` to the time since 1970. */
  #offsetMs = performance.timeOrigin;

  /** `write` must take all before it returns. `snapLength`: bytes kept of each frame, less than the buffer. */
  constructor(write: (bytes: Uint8Array) => void, linkType: number, snapLength: number) {
    this.#write = write;
    this.#snapLength = snapLength;
    const view = this.#view;
    view.setUint32(0, MAGIC_MICROSECONDS, true);
    view.setUint16(4, 2, true);
    view.setUint16(6, 4, true);
    view.setUint32(16, snapLength, true);
    view.setUint32(20, linkType, true);
    this.#filled = FILE_HEADER_BYTES;
    this.flush();
  }

  get isEmpty(): boolean {
    return this.#filled === 0;
  }

  /** The frame is the first `length` bytes, which are copied. */
  add(bytes: Uint8Array, length: number): void {
    const kept = Math.min(length, this.#snapLength);
    if (this.#filled + RECORD_HEADER_BYTES + kept > BUFFER_BYTES) this.flush();
    const at = this.#filled;
    const view = this.#view;
    const microseconds = (this.#offsetMs + performance.now()) * 1000;
    view.setUint32(at, Math.floor(microseconds / 1e6), true);
    view.setUint32(at + 4, Math.floor(microseconds % 1e6), true);
    view.setUint32(at + 8, kept, true);
    view.setUint32(at + 12, length, true);
    this.#buffer.set(bytes.subarray(0, kept), at + RECORD_HEADER_BYTES);
    this.#filled = at + RECORD_HEADER_BYTES + kept;
  }

  flush(): void {
    this.#write(this.#buffer.subarray(0, this.#filled));
    this.#filled = 0;
    const offsetMs = Date.now() - performance.now();
    if (Math.abs(offsetMs - this.#offsetMs) > LEAP_MS) this.#offsetMs = offsetMs;
  }
}
