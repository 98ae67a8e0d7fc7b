import type { Rule } from './rule.ts';
import { pinned } from './rules/pinned.ts';
import { serviceName } from './rules/service-name.ts';
import { serviceNameAsTeam } from './rules/service-name-as-team.ts';
import { serviceUrl } from './rules/service-url.ts';
import { teamName } from './rules/team-name.ts';

/** In order; the first that decides wins. */
export const rules: readonly Rule[] = [pinned, serviceUrl, serviceName, teamName, serviceNameAsTeam];
