import type { CatalogPlan, Definition } from '../catalog-plan.ts';
import type { Deployment } from '../scenario.ts';

/** The outcome of the four rules, worked out from the plan of the run alone. */
export interface ReferenceMatch {
  rule: string;
  services: string[];
  team?: string;
}

export interface MatchedService {
  id: string;
  name: string;
  teams: string[];
}

/** What of a run decides its matches. */
export interface MatchPlan {
  catalog: CatalogPlan;
  deployments: readonly Pick<Deployment, 'config'>[];
}

type Names = NonNullable<Deployment['config']['names']>;
type Likeness = (a: string, b: string) => boolean;

const same: Likeness = (a, b) => a.trim().toLowerCase() === b.trim().toLowerCase();
/** The names of a run have letters and digits only, apart from what separates their words. */
const bare = (name: string) => [...name.toLowerCase()].filter((sign) => /[a-z0-9]/.test(sign)).join('');
const alike: Likeness = (a, b) => bare(a) === bare(b);

/** The one of a list that is like the name, if there is exactly one. */
function only(list: readonly string[], name: string, like: Likeness): string | undefined {
  const found = new Set(list.filter((each) => like(each, name)));
  return found.size === 1 ? [...found][0] : undefined;
}

const owned = (rule: string, services: string[], team: string | undefined): ReferenceMatch => ({
  rule,
  services,
  ...(team && { team }),
});

/** Rules 2 to 4 with one notion of what is the same name. */
function byNames(service: MatchedService, definitions: readonly Definition[], like: Likeness) {
  const name = only(
    definitions.map((each) => each.name),
    service.name,
    like,
  );
  const team = definitions.find((each) => each.name === name)?.team;
  const teams = definitions.flatMap((each) => each.team ?? []);
  const ofTeams = service.teams.map((each) => only(teams, each, like)).find(Boolean);
  const asTeam = only(teams, service.name, like);
  const service_ = name === undefined ? undefined : owned('service_name', [name], team);
  const team_ =
    (ofTeams === undefined ? undefined : owned('team_name', [], ofTeams)) ??
    (asTeam === undefined ? undefined : owned('service_name_as_team', [], asTeam));
  return { service: service_, team: team_ };
}

export function referenceMatch(
  service: MatchedService,
  definitions: readonly Definition[],
  pin: { services: string[]; team?: string } | undefined,
  names: Names,
): ReferenceMatch | undefined {
  if (pin) return { rule: 'pinned', services: pin.services, ...(pin.team && { team: pin.team }) };
  const here = definitions.filter(({ pagerduty }) => pagerduty === service.id);
  const [first] = here;
  if (first) return owned('service_url', here.length === 1 ? [first.name] : [], first.team);
  const strict = byNames(service, definitions, same);
  if (strict.service) return strict.service;
  const loose = names === 'exact' ? undefined : byNames(service, definitions, alike);
  // Another spelling must not take an incident from the team it has; it may say which of its services it is.
  if (strict.team) return loose?.service?.team === strict.team.team ? loose?.service : strict.team;
  return loose?.service ?? loose?.team;
}

const namesOf = ({ config }: Pick<Deployment, 'config'>): Names => config.names ?? 'folded';

/** Every match that catalog, pins and configuration could have led to at some time of the run; undefined for none. */
export function possibleMatches(service: MatchedService, plan: MatchPlan): (ReferenceMatch | undefined)[] {
  const pins = plan.catalog.pins.filter(({ serviceId }) => serviceId === service.id);
  // A push may land before the one in front of it: then nothing is there to stay of what cannot be read.
  const catalogs = plan.catalog.pushes.flatMap(({ definitions, unread = [] }) => [
    definitions,
    definitions.filter(({ name }) => !unread.includes(name)),
  ]);
  const found = catalogs.flatMap((definitions) =>
    [undefined, ...pins].flatMap((pin) =>
      plan.deployments.map((deployment) => referenceMatch(service, definitions, pin, namesOf(deployment))),
    ),
  );
  return [...new Map(found.map((match) => [JSON.stringify(match), match])).values()];
}

/** The match in force at the end of the run. */
export function finalMatch(service: MatchedService, plan: MatchPlan): ReferenceMatch | undefined {
  const pin = plan.catalog.pins.find(({ serviceId }) => serviceId === service.id);
  const last = plan.deployments.at(-1);
  const definitions = plan.catalog.pushes.at(-1)?.definitions ?? [];
  return referenceMatch(service, definitions, pin, last ? namesOf(last) : 'folded');
}
