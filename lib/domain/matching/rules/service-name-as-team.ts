import { knownTeam } from '../known-team.ts';
import { decision, type Rule, undecided } from '../rule.ts';
import { isNameOf, quote, quoteAll } from '../wording.ts';

/** Rule 4: the PagerDuty service is named after a catalog team. */
export const serviceNameAsTeam: Rule<'service_name_as_team'> = {
  name: 'service_name_as_team',
  judge({ service }, found) {
    if (service.name === undefined || service.name.trim() === '') {
      return undecided('The PagerDuty service has no name here that could be a catalog team name.');
    }
    const pagerDutyName = `The PagerDuty service name ${quote(service.name)}`;
    const known = knownTeam(found.teams, service.name, found.layers);
    if (known.kind === 'one') {
      const is = isNameOf(pagerDutyName, known.found, 'name');
      return decision([], known.team, `${is} catalog team ${quote(known.team)}.`, {
        layer: known.found.layer,
        of: 'team',
      });
    }
    if (known.kind === 'several') {
      return undecided(`${pagerDutyName} is a name of several catalog teams (${quoteAll(known.teams)}).`);
    }
    return undecided(`${pagerDutyName} is not the name of a catalog team.`);
  },
};
