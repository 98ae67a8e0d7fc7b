import { knownTeam } from '../known-team.ts';
import { decision, type Rule, undecided } from '../rule.ts';
import { quote, quoteAll } from '../wording.ts';

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
    const shared: string[] = [];
    for (const name of names) {
      const known = knownTeam(found.teams, name);
      if (known.kind === 'one') {
        return decision(
          [],
          known.team,
          `The PagerDuty team name ${quote(name)} is the name of catalog team ${quote(known.team)}.`,
        );
      }
      if (known.kind === 'several') shared.push(`${quote(name)} could be any of ${quoteAll(known.teams)}`);
    }
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
