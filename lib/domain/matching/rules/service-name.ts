import { comparableName, distinctNames } from '../../catalog/names.ts';
import { decision, type Rule, undecided } from '../rule.ts';
import { quote, quoteAll, teamPhrase } from '../wording.ts';

/** Rule 2: the PagerDuty service name is a catalog service name. */
export const serviceName: Rule<'service_name'> = {
  name: 'service_name',
  judge({ service }, found) {
    const wanted = comparableName(service.name);
    if (service.name === undefined || wanted === undefined) {
      return undecided('The PagerDuty service has no name here that could be a catalog service name.');
    }
    const named = found.services.filter((candidate) => comparableName(candidate.name) === wanted);
    const [name] = distinctNames(named.map((candidate) => candidate.name));
    const teams = distinctNames(named.flatMap((candidate) => candidate.team ?? []));
    const [team] = teams;
    const pagerDutyName = `The PagerDuty service name ${quote(service.name)}`;

    if (name === undefined) return undecided(`${pagerDutyName} is not the name of a catalog service.`);
    if (teams.length > 1) {
      return undecided(
        `${pagerDutyName} is the name of ${named.length} catalog services of different teams (${quoteAll(teams)}).`,
      );
    }
    return decision(
      [name],
      team,
      `${pagerDutyName} is the name of catalog service ${quote(name)}, ${teamPhrase(team)}.`,
    );
  },
};
