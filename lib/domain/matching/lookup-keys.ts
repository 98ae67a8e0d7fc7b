import {
  type CatalogEntry,
  type CatalogService,
  type CatalogTeam,
  defaultNamespace,
  otherNames,
} from '../catalog/entry.ts';
import { foldedName } from '../catalog/folded-name.ts';
import { comparableName } from '../catalog/names.ts';
import type { PagerDutyRef } from '../pagerduty/reference.ts';
import { parseServiceId, parseServiceUrl, type ServiceRef } from '../pagerduty/service-url.ts';
import { keySafe } from '../subject/log-key.ts';
import { looseNames } from './loose-names.ts';
import type { MatchInput } from './match.ts';
import { type NameLayers, nameLayers } from './name-settings.ts';

const byService = (id: string): string => `pagerduty_service:${id}`;

/** Of a repository's id, under which services whose code is in it are found. */
export const byRepository = (id: string): string => `repository:${keySafe(id)}`;

type Kind = 'service' | 'team';

/** Under which an entry of exactly this name is found. */
export const nameKeys = (kind: Kind, name: string | undefined): string[] => {
  const comparable = comparableName(name);
  return comparable === undefined ? [] : [`${kind}:${comparable}`];
};

const byFolded = (kind: Kind, folded: string | undefined): string[] =>
  folded === undefined ? [] : [`${kind}_folded:${folded}`];

/** The keys of a name as it is written, and without case and separators. */
export const bySpelling = (kind: Kind, name: string | undefined): string[] => [
  ...nameKeys(kind, name),
  ...byFolded(kind, foldedName(name)),
];

/** Which PagerDuty service is meant: by URL if it can be read, else by id on an unknown account. */
export function serviceRefOf(service: PagerDutyRef): ServiceRef | undefined {
  return (service.url === undefined ? undefined : parseServiceUrl(service.url)) ?? parseServiceId(service.id);
}

/** The catalog keys one match needs, for all layers: a handful, however large the catalog is. */
export function lookupKeys(input: MatchInput, layers: NameLayers = nameLayers({})): string[] {
  const ref = serviceRefOf(input.service);
  const spelled = (kind: Kind, name: string | undefined): string[] => [
    ...bySpelling(kind, name),
    ...looseNames(name, layers.looseness ?? []).flatMap(({ folded }) => byFolded(kind, folded)),
  ];
  return [
    ...new Set([
      ...(ref === undefined ? [] : [byService(ref.id)]),
      ...spelled('service', input.service.name),
      ...spelled('service', input.customField?.value),
      ...spelled('team', input.service.name),
      ...input.teams.flatMap((team) => spelled('team', team.name)),
    ]),
  ];
}

/** The keys under which an entry can be found; `lookupKeys` asks for the same ones. */
export function entryKeys(entry: CatalogEntry): string[] {
  const names = entry.type === 'team' ? [...teamNames(entry), ...entry.aliases] : serviceNames(entry);
  const { pagerduty: pagerDuty, repositories = [] }: Partial<CatalogService> =
    entry.type === 'service' ? entry : {};
  return [
    ...new Set([
      ...(pagerDuty === undefined ? [] : [byService(pagerDuty.id)]),
      ...names.flatMap((name) => bySpelling(entry.type, name)),
      ...repositories.map(byRepository),
    ]),
  ];
}

const serviceNames = (service: CatalogService): string[] => [service.name, ...otherNames(service)];

/** A team in a namespace of its own may have to go by both. */
const teamNames = ({ name, namespace }: CatalogTeam): string[] =>
  namespace === defaultNamespace ? [name] : [name, `${namespace}/${name}`];
