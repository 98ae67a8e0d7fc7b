/** One figure. Ratios are what counts: they mean the same on every machine, milliseconds do not. */
export interface Measurement {
  name: string;
  value: number;
  unit: 'ms' | 'ratio' | 'bytes' | 'write units' | 'capacity units' | 'count';
  /** What it should at most be. */
  aim?: number;
}

export interface Bench {
  /** For `--only`. */
  id: string;
  title: string;
  run(report: Report): Promise<void>;
}

/** Takes each figure as soon as there is one. */
export type Report = (measurement: Measurement) => void;

export function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted[Math.floor(sorted.length / 2)];
  if (middle === undefined) throw new Error('no measurement to take the median of');
  return middle;
}
