import { prefixed } from './subject-kind.ts';

/** A fact that this bridge sent somebody and that comes back in: under its event's id, kept and never counted. */
export const echo = prefixed('echo', 'echo');
