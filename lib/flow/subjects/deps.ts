import type { DeliverDeps } from '../deliver/deps.ts';
import type { DeploymentDeps } from '../deployments/deps.ts';
import type { ProcessDeps } from '../freeze/deps.ts';

export type WorkDeps = ProcessDeps &
  DeliverDeps &
  DeploymentDeps & {
    /** Where a sweep gathers the incidents that it will ask PagerDuty for; absent where nobody asks. */
    toAskFor?: Set<string>;
    /** The same of services that no event has named. */
    servicesToAskFor?: Set<string>;
  };
