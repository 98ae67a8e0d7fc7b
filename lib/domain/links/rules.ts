import type { LinkRule } from './rule.ts';
import { commit, deploymentId, version } from './rules/named.ts';
import { person } from './rules/person.ts';
import { time } from './rules/time.ts';

/** In the order of trust: the first that says something decides. */
export const linkRules: readonly LinkRule[] = [person, commit, version, deploymentId, time];
