import { distance } from 'fastest-levenshtein';
import { comparableName } from '../domain/catalog/names.ts';
import { parseServiceUrl } from '../domain/pagerduty/service-url.ts';
import type { Store } from '../store/database/dynamo.ts';
import { eachMapping } from '../store/mappings/list.ts';

/** A PagerDuty service as people give it: its id, or its address, which they have at hand. */
export const serviceIdOf = (given: string): string => parseServiceUrl(given)?.id ?? given.trim();

/** ` Did you mean PF9KMXH ("Checkout")?`, of the services that were seen: by a slip in the id, or by the name. */
export async function likeService(store: Store, given: string): Promise<string> {
  const like: string[] = [];
  for await (const row of eachMapping(store)) {
    const known = String(row['pagerduty_service_id']);
    const name = row['pagerduty_service_name'];
    const named = typeof name === 'string' && comparableName(name) === comparableName(given);
    if (!named && distance(known.toUpperCase(), given.toUpperCase()) > 2) continue;
    like.push(typeof name === 'string' ? `${known} ("${name}")` : known);
  }
  return like.length > 0 ? ` Did you mean ${like.sort().slice(0, 3).join(' or ')}?` : '';
}
