import type { ServicesOfRepository } from '../../store/catalog/services-of-repository.ts';
import type { ProcessDeps } from '../freeze/deps.ts';

export interface DeploymentDeps extends ProcessDeps {
  /** Which services are deployed from a repository. */
  servicesOfRepository: ServicesOfRepository;
}
