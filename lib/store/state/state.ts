import type { Store } from '../database/dynamo.ts';
import type { Row } from '../database/marshalled.ts';
import { get, update } from '../database/request.ts';

const table = 'state';

/** One row of the table: a fact, or a decision, of which there is one under each name. */
export interface State {
  /** Rises with every change; 0 where there is no row. */
  revision: number;
  row: Row;
}

/** Read consistently. */
export async function readState(store: Store, name: string): Promise<State> {
  const row = (await get(store, table, { name })) ?? {};
  return { revision: Number(row['revision'] ?? 0), row };
}

/** Changes the row that was seen; `false` when somebody has changed it since, so that what was decided on it is void. */
export async function changeState(store: Store, name: string, seen: State, set: Row): Promise<boolean> {
  const { revision } = seen;
  const changed = await update(
    store,
    table,
    { name },
    {
      set: { ...set, revision: revision + 1 },
      when: revision === 0 ? 'attribute_not_exists(#revision)' : '#revision = :seen',
      values: revision === 0 ? {} : { seen: revision },
    },
  );
  return changed !== undefined;
}
