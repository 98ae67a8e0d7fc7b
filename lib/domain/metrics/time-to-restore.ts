import type { Because } from './because.ts';
import type { MeasuredIncident } from './facts.ts';
import type { Figures } from './figures.ts';
import { ascending, quantile } from './quantile.ts';

/** 5 min, 15 min, 1 h, 4 h, 1 day, 1 week, more. */
const bounds = [300, 900, 3_600, 14_400, 86_400, 604_800, null];

/** Of resolved incidents: active time, so that a day spent resolved before a reopening is not counted as outage. */
export function timeToRestore(
  because: Because,
  resolved: readonly MeasuredIncident[],
): Figures['time_to_restore'] {
  const seconds = ascending(resolved.flatMap(({ timeToRestoreSeconds }) => timeToRestoreSeconds ?? []));
  const none =
    resolved.length === 0 ? 'no resolved incidents' : 'of no resolved incident it is known how long it took';
  const figure = (name: string, value: number | undefined) =>
    value ?? because(`time_to_restore.${name}`, none);
  const mean =
    seconds.length === 0 ? undefined : seconds.reduce((sum, each) => sum + each, 0) / seconds.length;
  return {
    count: seconds.length,
    not_known: resolved.length - seconds.length,
    mean_seconds: figure('mean_seconds', mean),
    median_seconds: figure('median_seconds', quantile(seconds, 0.5)),
    p75_seconds: figure('p75_seconds', quantile(seconds, 0.75)),
    p90_seconds: figure('p90_seconds', quantile(seconds, 0.9)),
    histogram: bounds.map((bound, index) => ({
      up_to_seconds: bound,
      count: seconds.filter((each) => each > (bounds[index - 1] ?? -1) && each <= (bound ?? Infinity)).length,
    })),
  };
}
