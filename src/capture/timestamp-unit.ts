/** Splits 64-bit timestamps of any resolution into whole seconds and nanoseconds, exactly, and without BigInt in all that is in use. */

const NANOSECONDS = 1_000_000_000;

/** Timestamps count units of 10^-n or 2^-n seconds; the result of `split` stands in `seconds` and `nanoseconds`. */
export class TimestampUnit {
  seconds = 0;
  nanoseconds = 0;
  readonly #exponent: number;
  readonly #isBinary: boolean;
  readonly #offsetSeconds: number;
  /** Of the upper word seen last, which changes every 71 minutes (microseconds) or 4 seconds (nanoseconds). */
  #upper = -1;
  #upperSeconds = 0;
  #upperUnits = 0;
  readonly #unitsPerSecond: number;
  readonly #nanosecondsPerUnit: number;

  /** `exponent`: at most 19 for decimal, 63 for binary units. `offsetSeconds` is added to every time. */
  constructor(exponent: number, isBinary: boolean, offsetSeconds: number) {
    this.#exponent = exponent;
    this.#isBinary = isBinary;
    this.#offsetSeconds = offsetSeconds;
    this.#unitsPerSecond = 10 ** Math.min(exponent, 9);
    this.#nanosecondsPerUnit = NANOSECONDS / this.#unitsPerSecond;
  }

  split(high: number, low: number): void {
    if (this.#isBinary) this.#splitBinary(high, low);
    else if (this.#exponent > 9) this.#splitFine(high, low);
    else this.#splitDecimal(high, low);
  }

  #splitDecimal(high: number, low: number): void {
    if (high !== this.#upper) this.#setUpper(high);
    const units = this.#upperUnits + low;
    const seconds = Math.floor(units / this.#unitsPerSecond);
    this.seconds = this.#upperSeconds + seconds + this.#offsetSeconds;
    this.nanoseconds = (units - seconds * this.#unitsPerSecond) * this.#nanosecondsPerUnit;
  }

  #setUpper(high: number): void {
    // 16 bits at a time keep every intermediate value below 2^53.
    const first = high * 0x10000;
    const firstSeconds = Math.floor(first / this.#unitsPerSecond);
    const second = (first - firstSeconds * this.#unitsPerSecond) * 0x10000;
    const secondSeconds = Math.floor(second / this.#unitsPerSecond);
    this.#upper = high;
    this.#upperSeconds = firstSeconds * 0x10000 + secondSeconds;
    this.#upperUnits = second - secondSeconds * this.#unitsPerSecond;
  }

  /** Finer than a nanosecond: divided down to nanoseconds first. */
  #splitFine(high: number, low: number): void {
    const divisor = 10 ** (this.#exponent - 9);
    const upper = Math.floor(high / divisor);
    let rest = (high - upper * divisor) * 0x10000 + Math.floor(low / 0x10000);
    const middle = Math.floor(rest / divisor);
    rest = (rest - middle * divisor) * 0x10000 + (low % 0x10000);
    this.#splitDecimal(upper, middle * 0x10000 + Math.floor(rest / divisor));
  }

  #splitBinary(high: number, low: number): void {
    const exponent = this.#exponent;
    if (exponent > 32) {
      this.#splitFineBinary(high, low);
      return;
    }
    const divisor = 2 ** exponent;
    const lowSeconds = Math.floor(low / divisor);
    this.seconds = high * 2 ** (32 - exponent) + lowSeconds + this.#offsetSeconds;
    this.nanoseconds = nanosecondsOfFraction((low - lowSeconds * divisor) * 2 ** (32 - exponent), 'down');
  }

  /** Finer than a quarter of a nanosecond, which no known writer is: this may cost an allocation. */
  #splitFineBinary(high: number, low: number): void {
    const exponent = BigInt(this.#exponent);
    const value = (BigInt(high) << 32n) | BigInt(low);
    const fraction = BigInt.asUintN(this.#exponent, value);
    this.seconds = Number(value >> exponent) + this.#offsetSeconds;
    this.nanoseconds = Number((fraction * BigInt(NANOSECONDS)) >> exponent);
  }
}

/** Nanoseconds in a fraction of a second that counts units of 2^-32; to the nearest it may be a whole second. */
export function nanosecondsOfFraction(fraction: number, rounding: 'down' | 'nearest'): number {
  const half = rounding === 'nearest' ? 2 ** 31 : 0;
  // The product with 10^9 has 62 bits, so the lower half is divided on its own.
  const upper = Math.floor(fraction / 0x10000);
  const lower = Math.floor(((fraction % 0x10000) * NANOSECONDS + half) / 0x10000);
  return Math.floor((upper * NANOSECONDS + lower) / 0x10000);
}
