import { type CatalogEntry, type CatalogService, otherNames } from '../catalog/entry.ts';
import { distinctNames, sameName } from '../catalog/names.ts';
import { nameKeys } from './lookup-keys.ts';
import type { Given, Match } from './match.ts';
import { namesInDatadog, teamInDatadog } from './names-in-datadog.ts';
import { quote, quoteAll } from './wording.ts';

/** The catalog keys that `give` needs. */
export const givenKeys = ({ services }: Given): string[] => [
  ...new Set(services.flatMap((name) => nameKeys('service', name))),
];

/**
 * Whose an incident is that says so itself. Services and team stand as they were given; a team that was not given is
 * the owner of the services, where the catalog knows one and only one. `found` holds at least the entries behind
 * `givenKeys`.
 */
export function give(given: Given, found: readonly CatalogEntry[]): Match {
  const services = distinctNames(given.services);
  const catalog = found.filter((entry): entry is CatalogService => entry.type === 'service');
  const known = services.flatMap((name) => entriesOf(name, catalog));
  const owners = distinctNames(known.flatMap(({ team }) => team ?? []));
  const team = given.team ?? (owners.length === 1 ? owners[0] : undefined);
  const inDatadog = namesInDatadog(services, known);
  const handle = teamInDatadog(team, known);
  const explanation = explain({ ...given, services }, owners);
  return {
    rule: 'given',
    services,
    ...(inDatadog === undefined ? {} : { datadog_services: inDatadog }),
    ...(team === undefined ? {} : { team }),
    ...(handle === undefined ? {} : { datadog_team: handle }),
    explanation,
    trace: [{ rule: 'given', decided: true, reason: explanation }],
  };
}

/** A service's own name goes before what another is called besides. */
function entriesOf(name: string, catalog: readonly CatalogService[]): CatalogService[] {
  const own = catalog.filter((entry) => sameName(name, entry.name));
  return own.length > 0
    ? own
    : catalog.filter((entry) => otherNames(entry).some((other) => sameName(name, other)));
}

function explain({ source, services, team }: Given, owners: readonly string[]): string {
  const named = services.length === 0 ? '' : `service${services.length > 1 ? 's' : ''} ${quoteAll(services)}`;
  if (team !== undefined)
    return `The report (${source}) names ${[named, `team ${quote(team)}`].filter(Boolean).join(' and ')}.`;
  const says = `The report (${source}) names ${named} and no team`;
  const [owner, ...others] = owners;
  if (owner === undefined)
    return `${says}; the catalog knows no team of ${services.length > 1 ? 'theirs' : 'its'}.`;
  if (others.length === 0)
    return `${says}; in the catalog ${services.length > 1 ? 'they belong' : 'it belongs'} to team ${quote(owner)}.`;
  return `${says}; in the catalog they belong to several teams, ${quoteAll(owners)}, so none is taken.`;
}
