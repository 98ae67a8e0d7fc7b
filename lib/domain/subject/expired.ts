import { prefixed } from './subject-kind.ts';

/** An event older than anything that is kept: under its own id, kept and never counted. */
export const expired = prefixed('expired', 'expired event');
