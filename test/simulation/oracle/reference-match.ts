import type { CatalogPlan, Definition } from '../catalog-plan.ts';

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

const same = (a: string, b: string) => a.trim().toLowerCase() === b.trim().toLowerCase();

export function referenceMatch(
  service: MatchedService,
  definitions: readonly Definition[],
  pin: { services: string[]; team?: string } | undefined,
): ReferenceMatch | undefined {
  if (pin) return { rule: 'pinned', services: pin.services, ...(pin.team && { team: pin.team }) };
  const here = definitions.filter(({ pagerduty }) => pagerduty === service.id);
  const [only] = here;
  if (only) {
    const team = only.team && { team: only.team };
    return { rule: 'service_url', services: here.length === 1 ? [only.name] : [], ...team };
  }
  const named = definitions.find(({ name }) => same(name, service.name));
  if (named) return { rule: 'service_name', services: [named.name], ...(named.team && { team: named.team }) };
  const catalogTeams = definitions.flatMap(({ team }) => team ?? []);
  const team = service.teams.map((name) => catalogTeams.find((known) => same(known, name))).find(Boolean);
  if (team) return { rule: 'team_name', services: [], team };
  const asTeam = catalogTeams.find((known) => same(known, service.name));
  return asTeam === undefined ? undefined : { rule: 'service_name_as_team', services: [], team: asTeam };
}

/** Every match that catalog and pins could have led to at some time of the run; undefined stands for none. */
export function possibleMatches(service: MatchedService, plan: CatalogPlan): (ReferenceMatch | undefined)[] {
  const pins = plan.pins.filter(({ serviceId }) => serviceId === service.id);
  const catalogs = [[], ...plan.pushes.map(({ definitions }) => definitions)];
  const found = catalogs
    .slice(1)
    .flatMap((definitions) => [undefined, ...pins].map((pin) => referenceMatch(service, definitions, pin)));
  return [...new Map(found.map((match) => [JSON.stringify(match), match])).values()];
}

/** The match in force at the end of the run. */
export function finalMatch(service: MatchedService, plan: CatalogPlan): ReferenceMatch | undefined {
  const pin = plan.pins.find(({ serviceId }) => serviceId === service.id);
  return referenceMatch(service, plan.pushes.at(-1)?.definitions ?? [], pin);
}
