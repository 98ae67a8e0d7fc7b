import * as z from 'zod/mini';
import { type CatalogEntry, sourceFormats } from '../../domain/catalog/entry.ts';
import type { Row } from '../database/marshalled.ts';

/**
 * The rows of the `catalog` table (hash `lookup`, range `generation`):
 *
 *     lookup                      generation        what it is
 *     current                     current           the pointer: which generation is in force
 *     generation                  0000000007-k3x9   one generation: for each source, which push is part of it
 *     source:<name>               <push id>#0001    what a push defined, in chunks
 *     service:<name>              <push id>#0001    the same entries as incidents look for them: by comparable
 *     team:<name>                 <push id>#0001    name and by PagerDuty service id
 *     service_folded:<name>       <push id>#0001    and by their names without case and separators
 *     team_folded:<name>          <push id>#0001
 *     pagerduty_service:<id>      <push id>#0001
 *     repository:<id>             <push id>#0001    services by where their code is, for deployments
 *
 * Nothing but the pointer ever changes while it can be read, so a reader that has the pointer sees one catalog. The
 * one exception adds to what an older version wrote (respell.ts); readers pass over what they have not asked for.
 */
export const pointerKey = { lookup: 'current', generation: 'current' };
export const generationLookup = 'generation';
export const sourceLookup = (source: string): string => `source:${source}`;
/** The generation before anything has been pushed. */
export const noGeneration = '0000000000';

/** Generations sort by their number; the token tells racing pushes apart, of which only one can win. */
export function generationAfter(base: string, token: string): string {
  return `${String(Number.parseInt(base, 10) + 1).padStart(10, '0')}-${token}`;
}

const format = z.enum(sourceFormats);

/** Only on `source` rows: where an entry comes from is nothing incidents are matched by. */
const provenance = {
  origins: z.optional(z.array(z.object({ file: z.string(), format }))),
  kept_from: z.optional(z.string()),
};

const storedEntry = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('service'),
    name: z.string(),
    kind: z.string(),
    namespace: z.string(),
    team: z.optional(z.string()),
    team_namespace: z.optional(z.string()),
    other_teams: z.optional(z.array(z.string())),
    team_handle: z.optional(z.string()),
    display_name: z.optional(z.string()),
    aliases: z.optional(z.array(z.string())),
    datadog_name: z.optional(z.string()),
    pagerduty_host: z.optional(z.string()),
    pagerduty_service_id: z.optional(z.string()),
    repositories: z.optional(z.array(z.string())),
    format,
    ...provenance,
  }),
  z.object({
    type: z.literal('team'),
    name: z.string(),
    namespace: z.string(),
    aliases: z.array(z.string()),
    defined: z.boolean(),
    format,
    ...provenance,
  }),
]);

const entriesRow = z.object({ source: z.string(), push_id: z.string(), entries: z.array(storedEntry) });

const generationRow = z.object({
  generation: z.string(),
  sources: z.record(
    z.string(),
    z.object({
      push_id: z.string(),
      pushed_at: z.string(),
      services: z.number(),
      teams: z.number(),
      /** Other sources contribute to some of its services. Never wrongly absent, but sometimes still there. */
      shares: z.optional(z.boolean()),
      /** Some of its names are in other namespaces than `default`. */
      namespaced: z.optional(z.boolean()),
      /** Absent on what a version pushed that did not know titles and folded names. */
      folded_names: z.optional(z.literal(true)),
    }),
  ),
});

export type StoredEntry = z.infer<typeof storedEntry>;
/** Which push of each source a generation consists of. */
export type GenerationRow = z.infer<typeof generationRow>;

/** A source's part of a generation. Names come from outside: `constructor` is a source like any other. */
export function partOf(
  { sources }: GenerationRow,
  source: string,
): GenerationRow['sources'][string] | undefined {
  return Object.hasOwn(sources, source) ? sources[source] : undefined;
}

/** Sources whose entries cannot be found by title or folded name yet. */
export function asWrittenOnly({ sources }: GenerationRow): string[] {
  return Object.entries(sources)
    .flatMap(([source, part]) => (part.folded_names === true ? [] : [source]))
    .sort();
}

export function readGenerationRow(row: Row): GenerationRow {
  return generationRow.parse(row);
}

export interface EntriesRow {
  source: string;
  pushId: string;
  entries: CatalogEntry[];
}

export function readEntriesRow(row: Row): EntriesRow {
  const { source, push_id, entries } = entriesRow.parse(row);
  return { source, pushId: push_id, entries: entries.map(fromStored) };
}

export function toStored(entry: CatalogEntry): StoredEntry {
  const { origins, keptFrom, ...known } = entry;
  const from = {
    ...(origins === undefined ? {} : { origins: [...origins] }),
    ...(keptFrom === undefined ? {} : { kept_from: keptFrom }),
  };
  if (known.type === 'team') return { ...known, ...from };
  const { otherTeams, teamHandle, displayName, datadogName, teamNamespace, pagerduty, team, ...others } =
    known;
  const { aliases, ...rest } = others;
  return {
    ...rest,
    ...(team === undefined ? {} : { team }),
    ...(teamNamespace === undefined ? {} : { team_namespace: teamNamespace }),
    ...(otherTeams === undefined ? {} : { other_teams: otherTeams }),
    ...(teamHandle === undefined ? {} : { team_handle: teamHandle }),
    ...(displayName === undefined ? {} : { display_name: displayName }),
    ...(aliases === undefined ? {} : { aliases }),
    ...(datadogName === undefined ? {} : { datadog_name: datadogName }),
    ...(pagerduty?.host === undefined ? {} : { pagerduty_host: pagerduty.host }),
    ...(pagerduty === undefined ? {} : { pagerduty_service_id: pagerduty.id }),
    ...from,
  };
}

export function fromStored(stored: StoredEntry): CatalogEntry {
  const { type, name, namespace, format, origins, kept_from: keptFrom } = stored;
  const from = {
    ...(origins === undefined ? {} : { origins }),
    ...(keptFrom === undefined ? {} : { keptFrom }),
  };
  if (stored.type === 'team') {
    const { aliases, defined } = stored;
    return { type: 'team', name, namespace, aliases, defined, format, ...from };
  }
  const { kind, team, team_namespace, other_teams, display_name, aliases, datadog_name } = stored;
  const { pagerduty_host: host, pagerduty_service_id: id } = stored;
  return {
    type: type as 'service',
    name,
    kind,
    namespace,
    ...(team === undefined ? {} : { team }),
    ...(team_namespace === undefined ? {} : { teamNamespace: team_namespace }),
    ...(other_teams === undefined ? {} : { otherTeams: other_teams }),
    ...(stored.team_handle === undefined ? {} : { teamHandle: stored.team_handle }),
    ...(display_name === undefined ? {} : { displayName: display_name }),
    ...(aliases === undefined ? {} : { aliases }),
    ...(datadog_name === undefined ? {} : { datadogName: datadog_name }),
    ...(id === undefined ? {} : { pagerduty: { ...(host === undefined ? {} : { host }), id } }),
    ...(stored.repositories === undefined ? {} : { repositories: stored.repositories }),
    format,
    ...from,
  };
}
