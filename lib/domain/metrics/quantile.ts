/**
 * The quantile of sorted numbers, interpolated linearly between the two it falls between: what SQL calls
 * PERCENTILE_CONT and spreadsheets PERCENTILE. Undefined of nothing.
 */
export function quantile(sorted: readonly number[], share: number): number | undefined {
  const at = (sorted.length - 1) * share;
  const below = sorted[Math.floor(at)];
  const above = sorted[Math.ceil(at)];
  if (below === undefined || above === undefined) return undefined;
  return below + (above - below) * (at - Math.floor(at));
}

export const ascending = (values: readonly number[]): number[] => [...values].sort((a, b) => a - b);
