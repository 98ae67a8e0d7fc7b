import { prefixed } from './subject-kind.ts';

/** A PagerDuty service, of which PagerDuty tells that it was created, changed or deleted. */
export const service = prefixed('service', 'service');
