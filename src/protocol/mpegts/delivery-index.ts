/**
 * The Media Delivery Index of a stream of constant rate, RFC 4445: how much a receiver must buffer against the unevenness of
 * arrival (delay factor), and how many packets of media are missing in a second (media loss rate).
 */

const INTERVAL_NS = 1e9;
const NS_PER_MS = 1e6;

export class DeliveryIndex {
  maxDelayFactorMs = 0;
  /** Cells in the worst second. */
  maxLossRate = 0;
  #sumMs = 0;
  #intervals = 0;
  #start = 0;
  #lost = 0;
  #received = 0;
  #least = 0;
  #most = 0;

  constructor(timeNs: number) {
    this.#start = timeNs;
  }

  /** Null before a whole interval was seen. */
  get meanDelayFactorMs(): number | null {
    return this.#intervals === 0 ? null : this.#sumMs / this.#intervals;
  }

  /** A datagram with `bytes` of media arrives; the receiver drains `bytesPerNs`. Section 3.1. */
  datagram(timeNs: number, bytes: number, lostCells: number, bytesPerNs: number): void {
    if (timeNs - this.#start >= INTERVAL_NS) this.#endInterval(timeNs, bytesPerNs);
    const before = this.#received - (timeNs - this.#start) * bytesPerNs;
    this.#received += bytes;
    this.#lost += lostCells;
    this.#least = Math.min(this.#least, before);
    this.#most = Math.max(this.#most, before + bytes);
  }

  #endInterval(timeNs: number, bytesPerNs: number): void {
    const delayFactorMs = (this.#most - this.#least) / bytesPerNs / NS_PER_MS;
    this.maxDelayFactorMs = Math.max(this.maxDelayFactorMs, delayFactorMs);
    this.maxLossRate = Math.max(this.maxLossRate, this.#lost);
    this.#sumMs += delayFactorMs;
    this.#intervals++;
    this.#start = timeNs;
    this.#lost = 0;
    this.#received = 0;
    this.#least = 0;
    this.#most = 0;
  }
}
