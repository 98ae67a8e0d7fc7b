import type { CatalogEntry } from '../catalog/entry.ts';
import { comparableName } from '../catalog/names.ts';

/**
 * Catalog keys of whatever else may be said of these entries under other keys: what another source contributes to
 * them, and namesakes in other namespaces, of them and of their teams.
 */
export function companionKeys(entries: readonly CatalogEntry[]): string[] {
  const keys = new Set<string>();
  const add = (kind: 'service' | 'team', name: string | undefined) => {
    const comparable = comparableName(name);
    if (comparable !== undefined) keys.add(`${kind}:${comparable}`);
  };
  for (const entry of entries) {
    add(entry.type, entry.name);
    if (entry.type === 'team') continue;
    add('service', entry.datadogName);
    add('team', entry.team);
  }
  return [...keys];
}
