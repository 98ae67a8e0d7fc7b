import type { Searchable } from '../../../domain/dora/query.ts';

/** Clients throw on half of it, so it is whole or absent. Deployments are told by id, failures by URL; both have both. */
export function gitOf(facts: { commit_sha?: unknown; repository_id?: unknown; repository_url?: unknown }) {
  const { commit_sha, repository_id, repository_url } = facts;
  if (typeof commit_sha !== 'string' || typeof repository_id !== 'string') return undefined;
  return { commit_sha, repository_id, repository_url: repository_url ?? `https://${repository_id}` };
}

/** Without the keys whose value is undefined. */
export const named = (attributes: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== undefined));

/** What a thing is searched by: its fields, and its custom tags as fields of their own. Fields go first. */
export function tagged(
  customTags: readonly string[],
  fields: Record<string, string | readonly string[] | undefined>,
): Searchable {
  const found: Record<string, readonly string[]> = Object.create(null);
  for (const tag of customTags) {
    const colon = tag.indexOf(':');
    const key = tag.slice(0, colon).toLowerCase();
    found[key] = [...(found[key] ?? []), tag.slice(colon + 1)];
  }
  for (const [key, value] of Object.entries(fields)) found[key] = value === undefined ? [] : [value].flat();
  return found;
}
