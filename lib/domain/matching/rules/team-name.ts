import { knownTeam, nearestTeam } from '../known-team.ts';
import { decision, type Rule, undecided } from '../rule.ts';
import { isNameOf, quote, quoteAll } from '../wording.ts';

/** Rule 3: a PagerDuty team of the incident, taken in their order, is a catalog team. */
export const teamName: Rule<'team_name'> = {
  name: 'team_name',
  judge({ teams }, found) {
    const names = teams.flatMap((team) => team.name ?? []);
    if (names.length === 0) {
      return undecided(
        teams.length === 0
          ? 'The incident has no PagerDuty team.'
          : 'The PagerDuty teams of the incident have no names here.',
      );
    }
    const meant = nearestTeam(names, found.teams, found.layers);
    if (meant !== undefined) {
      const { name, team } = meant;
      const is = isNameOf(`The PagerDuty team name ${quote(name)}`, meant.found, 'name');
      return decision([], team, `${is} catalog team ${quote(team)}.`, {
        layer: meant.found.layer,
        of: 'team',
      });
    }
    const shared = names.flatMap((name) => {
      const known = knownTeam(found.teams, name, found.layers);
      return known.kind === 'several' ? [`${quote(name)} could be any of ${quoteAll(known.teams)}`] : [];
    });
    const [only] = names;
    const none =
      names.length === 1
        ? `The PagerDuty team name ${quote(only ?? '')} is not the name of exactly one catalog team`
        : `None of the PagerDuty team names ${quoteAll(names)} is the name of exactly one catalog team`;
    return undecided(
      shared.length === 0 ? `${none.replace('exactly one', 'a')}.` : `${none}: ${shared.join('; ')}.`,
    );
  },
};
