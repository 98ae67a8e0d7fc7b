import type { DeliverDeps } from '../deliver/deps.ts';
import type { DeploymentDeps } from '../deployments/deps.ts';
import type { ProcessDeps } from '../freeze/deps.ts';

export type WorkDeps = ProcessDeps & DeliverDeps & DeploymentDeps;
