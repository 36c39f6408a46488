/** Numbers for places where every cell counts. */

/** `9500`, `12k`, `1.2M`. */
export function formatCompact(value: number): string {
  if (value < 10_000) return String(value);
  if (value < 999_500) return `${Math.round(value / 1000)}k`;
  return `${(value / 1_000_000).toFixed(value < 9_950_000 ? 1 : 0)}M`;
}
