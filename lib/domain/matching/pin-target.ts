import { type CatalogEntry, type CatalogService, type CatalogTeam, otherNames } from '../catalog/entry.ts';
import { foldedName } from '../catalog/folded-name.ts';
import { comparableName, distinctNames } from '../catalog/names.ts';
import { suggest } from './suggest.ts';
import { quote, quoteAll } from './wording.ts';

export interface PinTarget {
  services: string[];
  team?: string;
  /** The team was not named, the catalog knows it. */
  teamFilled: boolean;
  /** Names the catalog does not have, with what is like them. They are in the target as they were written. */
  unknown: { type: 'service' | 'team'; name: string; like: string[] }[];
  /** What a person may not expect, a sentence each. */
  remarks: string[];
}

/**
 * What a pin by these names means in the catalog: in its spelling, with the team the services belong to. `catalog`
 * is all of it, with the teams that services imply.
 */
export function pinTarget(
  wanted: { services: readonly string[]; team?: string | undefined },
  catalog: readonly CatalogEntry[],
): PinTarget {
  const services = catalog.filter((entry): entry is CatalogService => entry.type === 'service');
  const teams = catalog.filter((entry): entry is CatalogTeam => entry.type === 'team');
  const unknown: PinTarget['unknown'] = [];
  const named = (type: 'service' | 'team', name: string, spelling: string | undefined): string => {
    if (spelling === undefined) unknown.push({ type, name, like: likeNames(type, name, catalog) });
    return spelling ?? name;
  };
  const found = wanted.services.map((name) => {
    const written = sameNamed(services, name, ({ name }) => [name]);
    const entries = written.length > 0 ? written : spelledAlike(services, name, otherNames);
    return { name: named('service', name, spellingOf(entries, name)), entries };
  });
  const owners = distinctNames(found.flatMap(({ entries }) => entries.flatMap(({ team }) => team ?? [])));
  const given =
    wanted.team === undefined ? undefined : named('team', wanted.team, teamSpelling(teams, wanted.team));
  const [owner] = owners;
  const team = given ?? (owners.length === 1 ? owner : undefined);
  return {
    services: [...new Set(found.map(({ name }) => name))],
    ...(team === undefined ? {} : { team }),
    teamFilled: given === undefined && team !== undefined,
    unknown,
    remarks: remarksOn(owners, given),
  };
}

function remarksOn(owners: readonly string[], given: string | undefined): string[] {
  if (given === undefined) {
    return owners.length > 1
      ? [`The services belong to different teams (${quoteAll(owners)}): no team is pinned, give --team.`]
      : [];
  }
  const other = owners.filter((owner) => comparableName(owner) !== comparableName(given));
  return other.length > 0
    ? [`The catalog has ${quoteAll(other)} as the team of what is pinned, not ${quote(given)}.`]
    : [];
}

function sameNamed<Entry>(entries: readonly Entry[], name: string, namesOf: (entry: Entry) => string[]) {
  const wanted = comparableName(name);
  return entries.filter((entry) => namesOf(entry).some((each) => comparableName(each) === wanted));
}

/** Those whose title it is, else those that are spelled alike; none where that could mean several. */
function spelledAlike<Entry extends { name: string }>(
  entries: readonly Entry[],
  written: string,
  othersOf: (entry: Entry) => string[],
): Entry[] {
  const folded = foldedName(written);
  const titled = sameNamed(entries, written, othersOf);
  const found =
    titled.length > 0
      ? titled
      : entries.filter((entry) =>
          [entry.name, ...othersOf(entry)].some(
            (name) => folded !== undefined && foldedName(name) === folded,
          ),
        );
  return distinctNames(found.map(({ name }) => name)).length === 1 ? found : [];
}

/** Of several spellings the one that was written, else the first. */
function spellingOf(entries: readonly { name: string }[], written: string): string | undefined {
  const exact = entries.find(({ name }) => name === written);
  return exact?.name ?? distinctNames(entries.map(({ name }) => name))[0];
}

/** A team's own name goes before another team's alias, and both before what is only spelled alike. */
function teamSpelling(teams: readonly CatalogTeam[], written: string): string | undefined {
  const own = sameNamed(teams, written, ({ name }) => [name]);
  const defined = own.filter((team) => team.defined);
  const named = defined.length > 0 ? defined : own;
  return spellingOf(
    named.length > 0 ? named : spelledAlike(teams, written, ({ aliases }) => aliases),
    written,
  );
}

function likeNames(type: 'service' | 'team', name: string, catalog: readonly CatalogEntry[]): string[] {
  const input =
    type === 'service'
      ? { service: { id: '', name }, teams: [] }
      : { service: { id: '' }, teams: [{ id: '', name }] };
  return suggest(input, catalog)
    .filter((suggestion) => suggestion.type === type)
    .map((suggestion) => suggestion.name);
}
