import type { CatalogService } from '../../catalog/entry.ts';
import { distinctNames, sameName } from '../../catalog/names.ts';
import { type ServiceRef, sameAccount, showServiceRef } from '../../pagerduty/service-url.ts';
import { knownTeam } from '../known-team.ts';
import { serviceRefOf } from '../lookup-keys.ts';
import type { MatchInput } from '../match.ts';
import { type DecidingName, looseness } from '../name-settings.ts';
import { decision, type Findings, type Rule, type Ruling, undecided } from '../rule.ts';
import { quote, quoteAll, teamPhrase } from '../wording.ts';

/** Rule 1: the PagerDuty service URL is configured on catalog services. */
export const serviceUrl: Rule<'service_url'> = {
  name: 'service_url',
  judge(input, found) {
    const ref = serviceRefOf(input.service);
    if (ref === undefined) {
      return undecided(
        'The PagerDuty service has neither a URL nor an id here, so there is nothing to look up.',
      );
    }
    const sameId = found.services.filter((service) => service.pagerduty?.id === ref.id);
    const here = sameId.filter((service) => sameAccount(service.pagerduty?.host, ref.host));
    if (here.length === 0) return undecided(notConfigured(ref, sameId));

    const accounts = hosts(here);
    if (accounts.length > 1) {
      return undecided(
        `The account of PagerDuty service ${ref.id} is not known here, and the catalog has this id on several (${accounts.join(', ')}).`,
      );
    }
    return judgeServices(here, ref, input, found);
  },
};

function judgeServices(
  services: readonly CatalogService[],
  ref: ServiceRef,
  input: MatchInput,
  found: Findings,
): Ruling {
  const names = distinctNames(services.map((service) => service.name));
  const teams = distinctNames(services.flatMap((service) => service.team ?? []));
  const [team] = teams;
  const [name] = names;
  const url = `PagerDuty service ${showServiceRef(ref)}`;

  if (names.length === 1 && name !== undefined && teams.length <= 1) {
    return decision(
      [name],
      team,
      `${url} is configured on catalog service ${quote(name)}, ${teamPhrase(team)}.`,
    );
  }
  const several = `${url} is configured on ${services.length} catalog services (${quoteAll(names)})`;
  if (team === undefined) return undecided(`${several}, none of which has a team.`);
  if (teams.length === 1) {
    const all = services.every((service) => service.team !== undefined);
    const whose = all ? 'that all belong to team' : 'and the only team among them is';
    return decision(
      [],
      team,
      `${several} ${whose} ${quote(team)}, so the team is known but not the service.`,
    );
  }
  return amongTeams(several, teams, input, found);
}

/** Services of different teams share the URL: the incident's own teams, in their order, can tell which is meant. */
function amongTeams(several: string, teams: string[], input: MatchInput, found: Findings): Ruling {
  const differ = `${several} of different teams (${quoteAll(teams)})`;
  const meant = input.teams.flatMap(({ name }) => ownerCalled(name, teams, found));
  const nearest = Math.min(...meant.map(({ by }) => looseness(by)));
  const owner = meant.find(({ by }) => looseness(by) === nearest);
  if (owner !== undefined) {
    const { name, team, by } = owner;
    return decision([], team, `${differ}; the incident's PagerDuty team ${quote(name)} is one of them.`, by);
  }
  const why =
    input.teams.length === 0
      ? 'the incident has no PagerDuty team'
      : 'no PagerDuty team of the incident is one of them';
  return undecided(`${differ}, and ${why}.`);
}

/** Which of the services' teams a PagerDuty team is. */
function ownerCalled(name: string | undefined, teams: readonly string[], found: Findings) {
  if (name === undefined) return [];
  const written = teams.find((candidate) => sameName(candidate, name));
  if (written !== undefined) {
    const by: DecidingName = { layer: 'written', of: 'team' };
    return [{ name, team: written, by }];
  }
  const known = knownTeam(found.teams, name, found.layers);
  const team = teams.find((candidate) => known.kind === 'one' && sameName(candidate, known.team));
  if (team === undefined || known.kind !== 'one') return [];
  const by: DecidingName = { layer: known.found.layer, of: 'team' };
  return [{ name, team, by }];
}

function notConfigured(ref: ServiceRef, sameId: readonly CatalogService[]): string {
  const none = `No catalog service is configured with PagerDuty service ${showServiceRef(ref)}`;
  if (sameId.length === 0) return `${none}.`;
  const names = distinctNames(sameId.map((service) => service.name));
  return `${none}; ${quoteAll(names)} has this id, but on another account (${hosts(sameId).join(', ')}).`;
}

function hosts(services: readonly CatalogService[]): string[] {
  return [...new Set(services.flatMap((service) => service.pagerduty?.host ?? []))].sort();
}
