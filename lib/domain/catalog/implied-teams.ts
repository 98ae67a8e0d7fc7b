import type { CatalogEntry, CatalogTeam } from './entry.ts';

/** The entries, and a team entry for every team that services name without its having a definition of its own. */
export function withImpliedTeams(entries: readonly CatalogEntry[]): CatalogEntry[] {
  const defined = new Set<string>();
  for (const entry of entries) if (entry.type === 'team') defined.add(entry.name);

  const implied = new Map<string, CatalogTeam>();
  for (const entry of entries) {
    if (entry.type !== 'service') continue;
    for (const name of [...(entry.team === undefined ? [] : [entry.team]), ...(entry.otherTeams ?? [])]) {
      if (defined.has(name) || implied.has(name)) continue;
      implied.set(name, {
        type: 'team',
        name,
        namespace: entry.namespace,
        aliases: [],
        defined: false,
        format: entry.format,
      });
    }
  }
  return [...entries, ...implied.values()];
}
