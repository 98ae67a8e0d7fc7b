import { prefixed } from './subject-kind.ts';

/** A deployment, whoever reported it. */
export const deployment = prefixed('deployment', 'deployment');
