import { prefixed } from './subject-kind.ts';

/** An incident that another program reported (DORA API, CDEvents): under the id it was given, or a derived one. */
export const doraIncident = prefixed('dora', 'incident');
