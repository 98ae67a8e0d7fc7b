import { type CatalogEntry, type CatalogService, type CatalogTeam, defaultNamespace } from './entry.ts';

/** The entries, and a team entry for every team that services name without its having a definition of its own. */
export function withImpliedTeams(entries: readonly CatalogEntry[]): CatalogEntry[] {
  const defined = new Set<string>();
  const inNamespace = (namespace: string, name: string) => `${namespace}/${name}`;
  for (const entry of entries) {
    if (entry.type === 'team') defined.add(entry.name).add(inNamespace(entry.namespace, entry.name));
  }

  const implied = new Map<string, CatalogTeam>();
  const imply = (service: CatalogService, name: string, namespace: string | undefined) => {
    const key = namespace === undefined ? name : inNamespace(namespace, name);
    if (defined.has(key) || implied.has(key)) return;
    implied.set(key, {
      type: 'team',
      name,
      namespace: namespace ?? service.namespace,
      aliases: [],
      defined: false,
      format: service.format,
    });
  };
  for (const entry of entries) {
    if (entry.type !== 'service') continue;
    // A team of Datadog's is of no namespace, so one of that name in any namespace defines it.
    const namespace = entry.teamNamespace ?? (entry.format === 'backstage' ? defaultNamespace : undefined);
    if (entry.team !== undefined) imply(entry, entry.team, namespace);
    for (const name of entry.otherTeams ?? []) imply(entry, name, undefined);
  }
  return [...entries, ...implied.values()];
}
