import { type CatalogService, otherNames } from '../../catalog/entry.ts';
import { foldedName } from '../../catalog/folded-name.ts';
import { comparableName, distinctNames, sameName } from '../../catalog/names.ts';
import { lookUpName } from '../look-up-name.ts';
import { decision, type Findings, type Rule, undecided } from '../rule.ts';
import { isNameOf, quote, quoteAll, teamPhrase } from '../wording.ts';

const namesOf = {
  name: (service: CatalogService) => service.name,
  others: otherNames,
};

/** Rule 2: the PagerDuty service name is a catalog service name. */
export const serviceName: Rule<'service_name'> = {
  name: 'service_name',
  judge({ service: { name: wanted } }, findings) {
    if (wanted === undefined || comparableName(wanted) === undefined) {
      return undecided('The PagerDuty service has no name here that could be a catalog service name.');
    }
    const pagerDutyName = `The PagerDuty service name ${quote(wanted)}`;
    const { layers, services } = findings;
    const found = lookUpName(wanted, services, namesOf, layers.services, layers.looseness);
    if (found === undefined) {
      return undecided(
        `${pagerDutyName} is not the name of a catalog service.${notTried(layers.asWrittenOnly)}`,
      );
    }
    const [name, ...furtherNames] = distinctNames(found.entries.map((entry) => entry.name));
    const teams = distinctNames(found.entries.flatMap((entry) => entry.team ?? []));
    const [team] = teams;
    const is = isNameOf(pagerDutyName, found, 'title');
    if (name === undefined || furtherNames.length > 0) {
      const names = [...(name === undefined ? [] : [name]), ...furtherNames];
      return undecided(`${is} ${names.length} catalog services (${quoteAll(names)}), and could mean any.`);
    }
    if (teams.length > 1) {
      return undecided(
        `${is} ${found.entries.length} catalog services of different teams (${quoteAll(teams)}).`,
      );
    }
    const rival = found.layer === 'title' ? namedAlike(wanted, name, findings) : undefined;
    if (rival !== undefined) {
      return undecided(
        `${is} catalog service ${quote(name)}, but the name of ${quote(rival)} but for separators and case.`,
      );
    }
    return decision([name], team, `${is} catalog service ${quote(name)}, ${teamPhrase(team)}.`, {
      layer: found.layer,
      of: 'service',
    });
  },
};

/** A title says one service and a name, spelled a little otherwise, says another: neither may decide. */
function namedAlike(wanted: string, titled: string, { services }: Findings): string | undefined {
  const folded = foldedName(wanted);
  return services.find(({ name }) => foldedName(name) === folded && !sameName(name, titled))?.name;
}

function notTried(sources: readonly string[]): string {
  if (sources.length === 0) return '';
  return ` Other spellings were not tried: an older version pushed source ${quoteAll(sources)}, so push any source once more.`;
}
