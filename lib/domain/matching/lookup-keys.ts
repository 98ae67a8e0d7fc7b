import { type CatalogEntry, type CatalogTeam, defaultNamespace } from '../catalog/entry.ts';
import { comparableName } from '../catalog/names.ts';
import type { PagerDutyRef } from '../pagerduty/reference.ts';
import { parseServiceId, parseServiceUrl, type ServiceRef } from '../pagerduty/service-url.ts';
import type { MatchInput } from './match.ts';

const byService = (id: string): string => `pagerduty_service:${id}`;

const byName = (kind: 'service' | 'team', name: string | undefined): string[] => {
  const comparable = comparableName(name);
  return comparable === undefined ? [] : [`${kind}:${comparable}`];
};

/** Which PagerDuty service is meant: by URL if it can be read, else by id on an unknown account. */
export function serviceRefOf(service: PagerDutyRef): ServiceRef | undefined {
  return (service.url === undefined ? undefined : parseServiceUrl(service.url)) ?? parseServiceId(service.id);
}

/** The catalog keys one match needs: a handful, however large the catalog is. */
export function lookupKeys(input: MatchInput): string[] {
  const ref = serviceRefOf(input.service);
  return [
    ...new Set([
      ...(ref === undefined ? [] : [byService(ref.id)]),
      ...byName('service', input.service.name),
      ...byName('team', input.service.name),
      ...input.teams.flatMap((team) => byName('team', team.name)),
    ]),
  ];
}

/** The keys under which an entry can be found; `lookupKeys` asks for the same ones. */
export function entryKeys(entry: CatalogEntry): string[] {
  const keys =
    entry.type === 'service'
      ? [
          ...(entry.pagerduty === undefined ? [] : [byService(entry.pagerduty.id)]),
          ...[entry.name, ...(entry.aliases ?? [])].flatMap((name) => byName('service', name)),
        ]
      : [...teamNames(entry), ...entry.aliases].flatMap((name) => byName('team', name));
  return [...new Set(keys)];
}

/** A team in a namespace of its own may have to go by both. */
const teamNames = ({ name, namespace }: CatalogTeam): string[] =>
  namespace === defaultNamespace ? [name] : [name, `${namespace}/${name}`];
