import type { ServicesOfRepository } from '../../store/catalog/services-of-repository.ts';
import type { ProcessDeps } from '../freeze/deps.ts';
import type { MarkedWish } from './lead-time-wish.ts';

export interface DeploymentDeps extends ProcessDeps {
  /** Which services are deployed from a repository. */
  servicesOfRepository: ServicesOfRepository;
  /** Where a sweep gathers the deployments whose commits it will ask for; absent where nobody asks. */
  wishes?: MarkedWish[];
}
