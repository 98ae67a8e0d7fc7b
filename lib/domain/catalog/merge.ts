import { type ServiceRef, sameAccount, showServiceRef } from '../pagerduty/service-url.ts';
import {
  type CatalogEntry,
  type CatalogService,
  type CatalogTeam,
  defaultNamespace,
  type Origin,
} from './entry.ts';
import { distinctNames, sameName } from './names.ts';

/** Two definitions of one entry that cannot both be right; `holds` is what the later one says. */
export interface Contradiction {
  attribute: 'team' | 'PagerDuty service';
  /** Position of the definition that is overruled, among those merged. */
  overruled: number;
  /** Position of the one that holds. */
  holding: number;
  says: string;
  holds: string;
}

export interface Merged {
  entry: CatalogEntry;
  contradictions: Contradiction[];
}

/** Whether two spellings mean one team. */
export type SameTeam = (one: string, other: string) => boolean;

/**
 * One entry from all its definitions, in the order in which they count: where two differ the later one holds, and
 * what only one says is taken from that one. `entries` are of one group and not empty.
 */
export function mergeEntries(entries: readonly CatalogEntry[], sameTeam: SameTeam = sameName): Merged {
  const [first, ...rest] = entries;
  if (first === undefined) throw new Error('There is nothing to merge.');
  let entry = first;
  const contradictions: Contradiction[] = [];
  const said = { team: 0, pagerduty: 0 };
  rest.forEach((later, index) => {
    if (entry.type === 'team' || later.type === 'team') {
      if (entry.type === 'team' && later.type === 'team') entry = mergeTeams(entry, later);
      return;
    }
    for (const { attribute, says, holds } of differences(entry, later, sameTeam)) {
      const overruled = attribute === 'team' ? said.team : said.pagerduty;
      contradictions.push({ attribute, says, holds, overruled, holding: index + 1 });
    }
    if (later.team !== undefined) said.team = index + 1;
    if (later.pagerduty !== undefined) said.pagerduty = index + 1;
    entry = mergeServices(entry, later, sameTeam);
  });
  return { entry, contradictions };
}

function differences(
  before: CatalogService,
  later: CatalogService,
  sameTeam: SameTeam,
): Pick<Contradiction, 'attribute' | 'says' | 'holds'>[] {
  const found: Pick<Contradiction, 'attribute' | 'says' | 'holds'>[] = [];
  if (before.team !== undefined && later.team !== undefined && !isSameTeam(before, later, sameTeam)) {
    found.push({ attribute: 'team', says: teamOf(before), holds: teamOf(later) });
  }
  if (before.pagerduty && later.pagerduty && !isSameRef(before.pagerduty, later.pagerduty)) {
    const [says, holds] = [showServiceRef(before.pagerduty), showServiceRef(later.pagerduty)];
    found.push({ attribute: 'PagerDuty service', says, holds });
  }
  return found;
}

/** A team without a namespace can be of any: Datadog's have none. */
function isSameTeam(one: CatalogService, other: CatalogService, sameTeam: SameTeam): boolean {
  const namespaces = [one.teamNamespace, other.teamNamespace].filter((namespace) => namespace !== undefined);
  return (
    sameTeam(one.team ?? '', other.team ?? '') && (namespaces.length < 2 || namespaces[0] === namespaces[1])
  );
}

const teamOf = ({ team = '', teamNamespace }: CatalogService): string =>
  `"${teamNamespace === undefined ? team : `${teamNamespace}/${team}`}"`;

const isSameRef = (one: ServiceRef, other: ServiceRef): boolean =>
  one.id === other.id && sameAccount(one.host, other.host);

function mergeServices(before: CatalogService, later: CatalogService, sameTeam: SameTeam): CatalogService {
  // The name is that of the catalog that has namespaces; the other's is then an alias there already.
  const named = later.format !== 'backstage' && before.format === 'backstage' ? before : later;
  const same = later.team !== undefined && before.team !== undefined && isSameTeam(before, later, sameTeam);
  const team = later.team ?? before.team;
  const teamNamespace =
    later.team === undefined || same ? (later.teamNamespace ?? before.teamNamespace) : later.teamNamespace;
  const otherTeams = distinct(
    [
      ...(before.team === undefined ? [] : [before.team]),
      ...(before.otherTeams ?? []),
      ...(later.otherTeams ?? []),
    ],
    team,
  );
  // A handle belongs to the team it was given with.
  const teamHandle =
    later.team === undefined || same ? (later.teamHandle ?? before.teamHandle) : later.teamHandle;
  const title = later.displayName ?? before.displayName;
  const aliases = distinct(
    [
      ...(before.displayName === undefined || sameName(before.displayName, title)
        ? []
        : [before.displayName]),
      ...(before.aliases ?? []),
      ...(later.aliases ?? []),
      ...[before.name, later.name].filter((name) => !sameName(name, named.name)),
    ],
    undefined,
  );
  const pagerduty = mergeRefs(before.pagerduty, later.pagerduty);
  const datadogName = later.datadogName ?? before.datadogName;
  const repositories = [...new Set([...(before.repositories ?? []), ...(later.repositories ?? [])])].sort();
  return {
    type: 'service',
    name: named.name,
    kind: named.kind,
    namespace: named.namespace,
    ...(team === undefined ? {} : { team }),
    ...(teamNamespace === undefined || teamNamespace === defaultNamespace ? {} : { teamNamespace }),
    ...(otherTeams.length === 0 ? {} : { otherTeams }),
    ...(teamHandle === undefined ? {} : { teamHandle }),
    ...(title === undefined ? {} : { displayName: title }),
    ...(aliases.length === 0 ? {} : { aliases }),
    ...(datadogName === undefined ? {} : { datadogName }),
    ...(pagerduty === undefined ? {} : { pagerduty }),
    ...(repositories.length === 0 ? {} : { repositories }),
    format: (later.pagerduty === undefined && before.pagerduty !== undefined ? before : later).format,
    ...provenance(before, later),
  };
}

/** Of two that mean one service the one that knows more. */
function mergeRefs(before: ServiceRef | undefined, later: ServiceRef | undefined): ServiceRef | undefined {
  if (before === undefined || later === undefined || !isSameRef(before, later)) return later ?? before;
  return (before.host ?? '').length > (later.host ?? '').length ? before : later;
}

function mergeTeams(before: CatalogTeam, later: CatalogTeam): CatalogTeam {
  const { name, namespace, format } = before.defined && !later.defined ? before : later;
  return {
    type: 'team',
    name,
    namespace,
    aliases: distinct([...before.aliases, ...later.aliases], undefined),
    defined: before.defined || later.defined,
    format,
    ...provenance(before, later),
  };
}

function provenance(
  before: CatalogEntry,
  later: CatalogEntry,
): { origins?: readonly Origin[]; keptFrom?: string } {
  const all = [...(before.origins ?? []), ...(later.origins ?? [])];
  const origins = all.filter(
    (origin, index) =>
      all.findIndex(({ file, format }) => file === origin.file && format === origin.format) === index,
  );
  const kept = [before.keptFrom, later.keptFrom].filter((from) => from !== undefined).sort()[0];
  return { ...(origins.length === 0 ? {} : { origins }), ...(kept === undefined ? {} : { keptFrom: kept }) };
}

const distinct = (names: readonly string[], but: string | undefined): string[] =>
  distinctNames(names).filter((name) => !sameName(name, but));
