import type { Store } from '../../lib/store/database/dynamo.ts';
import { remove, update } from '../../lib/store/database/request.ts';
import { scan } from './scan.ts';

/** Makes the catalog what a version would have left that knew names as they are written only. */
export async function asPushedBefore(store: Store, ...sources: string[]): Promise<void> {
  for (const row of await scan(store, 'catalog')) {
    const { lookup, generation } = row as { lookup: string; generation: string };
    if (/^(service|team)_folded:/.test(lookup) && sources.includes(String(row['source']))) {
      await remove(store, 'catalog', { lookup, generation });
    }
    if (lookup !== 'generation') continue;
    const parts = Object.entries(row['sources'] as Record<string, object>).map(([name, part]) => {
      const { folded_names, ...before } = part as { folded_names?: true };
      return [name, sources.includes(name) ? before : { ...before, folded_names }];
    });
    await update(store, 'catalog', { lookup, generation }, { set: { sources: Object.fromEntries(parts) } });
  }
}
