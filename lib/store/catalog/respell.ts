import type { Clock } from '../../ports.ts';
import { batchWrite } from '../database/batch-write.ts';
import type { Store } from '../database/dynamo.ts';
import { pushRows } from './push-rows.ts';
import { readSource } from './reader.ts';
import { asWrittenOnly, type GenerationRow, partOf } from './rows.ts';

/** The sources that were written anew, and which push of each. */
export type Respelled = ReadonlyMap<string, string>;

/**
 * Puts what an older version pushed under the keys it did not know, so that one push after an upgrade is enough,
 * whoever makes it. The rows belong to pushes that are in force: keys they had find at least what they found.
 * Throws `CatalogUnavailable` when a source cannot be read as a whole.
 */
export async function respellOthers(
  store: Store,
  clock: Clock,
  base: GenerationRow,
  own: string,
): Promise<Respelled> {
  const respelled = new Map<string, string>();
  for (const source of asWrittenOnly(base)) {
    const part = partOf(base, source);
    if (source === own || part === undefined) continue;
    const { lookups } = pushRows(source, part.push_id, await readSource(store, source, base));
    await batchWrite(
      store,
      clock,
      'catalog',
      lookups.map((put) => ({ put })),
    );
    respelled.set(source, part.push_id);
  }
  return respelled;
}
