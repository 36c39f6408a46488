/** The first place in numbers in rising order whose number is not less than `value`; their length when there is none. */
export function lowerBound(sorted: Uint32Array | Float64Array, value: number): number {
  let from = 0;
  let to = sorted.length;
  while (from < to) {
    const middle = (from + to) >>> 1;
    if ((sorted[middle] as number) < value) from = middle + 1;
    else to = middle;
  }
  return from;
}
