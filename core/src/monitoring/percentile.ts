/**
 * A percentile of what was counted into buckets, as Prometheus estimates it: evenly spread inside a bucket; what is beyond the last
 * bound is told as that bound.
 * @param counts one more than bounds. @param bounds upper ones, rising. @returns in the unit of the bounds; null where nothing was counted.
 */
export function percentile(counts: readonly number[], bounds: readonly number[], share: number): number | null {
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total === 0) return null;
  const rank = share * total;
  let below = 0;
  for (const [i, bound] of bounds.entries()) {
    const count = counts[i] ?? 0;
    if (count > 0 && below + count >= rank) {
      const from = bounds[i - 1] ?? 0;
      return from + ((rank - below) / count) * (bound - from);
    }
    below += count;
  }
  return bounds.at(-1) ?? null;
}
