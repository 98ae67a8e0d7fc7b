import type { Because } from './because.ts';
import type { MeasuredDeployment } from './facts.ts';
import type { Figures } from './figures.ts';
import { ascending, quantile } from './quantile.ts';

/**
 * From the finish of a deployment that failed to the finish of the one that made up for it; where none did, to the
 * end of the last incident it caused.
 */
export function recoveryTime(
  because: Because,
  deployments: readonly MeasuredDeployment[],
): Figures['failed_deployment_recovery_time'] {
  const failed = deployments.filter(({ changeFailure }) => changeFailure === true);
  const seconds = ascending(
    failed.flatMap(({ finishedAtMs, remediatedAtMs, causedEndedAtMs }) => {
      const endMs = remediatedAtMs ?? causedEndedAtMs;
      return endMs === undefined || endMs < finishedAtMs ? [] : [(endMs - finishedAtMs) / 1000];
    }),
  );
  const none =
    failed.length === 0 ? 'no failed deployments' : 'no failed deployment has been recovered from yet';
  const median = quantile(seconds, 0.5);
  return {
    count: seconds.length,
    median_seconds: median ?? because('failed_deployment_recovery_time.median_seconds', none),
  };
}
