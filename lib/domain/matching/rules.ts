import { type DecidingRule, ruleNames } from './match.ts';
import type { Rule } from './rule.ts';
import { customField } from './rules/custom-field.ts';
import { pinned } from './rules/pinned.ts';
import { serviceName } from './rules/service-name.ts';
import { serviceNameAsTeam } from './rules/service-name-as-team.ts';
import { serviceUrl } from './rules/service-url.ts';
import { teamName } from './rules/team-name.ts';

/** A name without a rule, or a rule without a name, does not compile. */
const byName: { [Name in DecidingRule]: Rule<Name> } = {
  pinned,
  custom_field: customField,
  service_url: serviceUrl,
  service_name: serviceName,
  team_name: teamName,
  service_name_as_team: serviceNameAsTeam,
};

/** In order; the first that decides wins. */
export const rules: readonly Rule[] = ruleNames.map((name) => byName[name]);
