import { comparableName } from '../catalog/names.ts';
import type { CountedFacts } from './counted-facts.ts';

/** What an incident is chosen by: a list is OR, keys are AND, regardless of case. */
export interface Criteria {
  /** Names of PagerDuty priorities. */
  priorities?: string[] | undefined;
  urgencies?: string[] | undefined;
  incident_types?: string[] | undefined;
  /** Names or ids. */
  pagerduty_services?: string[] | undefined;
  /** Catalog services and teams the incident is attributed to. */
  services?: string[] | undefined;
  teams?: string[] | undefined;
  envs?: string[] | undefined;
  sources?: string[] | undefined;
  /** Whether a person had a hand in it. */
  person?: boolean | undefined;
}

/** `only:` of a destination, or `counts:`. What fits `not`, or one of a list of them, is left out. */
export interface Selection extends Criteria {
  not?: Criteria | Criteria[] | undefined;
}

export function isSelected(selection: Selection, facts: CountedFacts): boolean {
  const { not = [], ...wanted } = selection;
  return fits(wanted, facts) && ![not].flat().some((unwanted) => fits(unwanted, facts));
}

/** What each list is compared with. A fact that is absent is in no list. */
const told: Record<Exclude<keyof Criteria, 'person'>, (facts: CountedFacts) => (string | undefined)[]> = {
  priorities: ({ priority }) => [priority],
  urgencies: ({ urgency }) => [urgency],
  incident_types: ({ incidentType }) => [incidentType],
  pagerduty_services: ({ pagerdutyService }) => [pagerdutyService?.id, pagerdutyService?.name],
  services: ({ services }) => services,
  teams: ({ team }) => [team],
  envs: ({ env }) => [env],
  sources: ({ source }) => [source],
};

function fits({ person, ...lists }: Criteria, facts: CountedFacts): boolean {
  if (person !== undefined && person !== facts.person) return false;
  return Object.entries(lists).every(([key, list]) => namesAny(list, told[key as keyof typeof told](facts)));
}

/** Whether a list names any of the facts; one that is not given is no condition. */
export function namesAny(
  list: readonly string[] | undefined,
  facts: readonly (string | undefined)[],
): boolean {
  if (list === undefined) return true;
  const names = new Set(list.map(comparableName));
  return facts.some((fact) => {
    const name = comparableName(fact);
    return name !== undefined && names.has(name);
  });
}
