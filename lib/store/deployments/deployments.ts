import type { Store } from '../database/dynamo.ts';
import type { Row } from '../database/marshalled.ts';
import { get, query, update } from '../database/request.ts';

const table = 'deployments';

/** The row of a deployment by its id, as in DeploymentIdentity. */
export async function readDeployment(store: Store, id: string): Promise<Row | undefined> {
  return get(store, table, { deployment_id: id });
}

/** Writes what is known now, unless somebody has written the row since it was seen; an undefined value is removed. */
export async function writeDeployment(
  store: Store,
  id: string,
  seen: Row | undefined,
  attributes: Row,
): Promise<boolean> {
  const revision = Number(seen?.['revision'] ?? 0);
  const row = await update(
    store,
    table,
    { deployment_id: id },
    {
      set: { ...attributes, revision: revision + 1 },
      when: revision === 0 ? 'attribute_not_exists(#revision)' : '#revision = :seen',
      values: revision === 0 ? {} : { seen: revision },
    },
  );
  return row !== undefined;
}

/** What is kept of a deployment beside its keys in the indexes. */
export interface Neighbour {
  id: string;
  at: string;
  facts: Row;
}

/**
 * The deployments of a service and env next to a moment: the last `before` of those up to it, the first `after` of
 * those from it on. Eventually consistent: the newest may be missing.
 */
export async function neighbours(
  store: Store,
  serviceEnv: string,
  at: string,
  { before, after }: { before: number; after: number },
): Promise<Neighbour[]> {
  const side = (operator: '<=' | '>', limit: number) =>
    query(store, table, {
      index: 'by_service_env',
      keys: `#service_env = :service_env AND #at ${operator} :at`,
      values: { service_env: serviceEnv, at },
      limit,
      descending: operator === '<=',
    });
  const [earlier, later] = await Promise.all([side('<=', before), side('>', after)]);
  return [...earlier, ...later].map((row) => ({
    id: String(row['deployment_id']),
    at: String(row['at']),
    facts: (row['facts'] as Row | undefined) ?? {},
  }));
}

/** Deployments that nobody knows the service of, judged by something else than `judgedBy`. */
export async function heldDeployments(store: Store, judgedBy: string, limit: number): Promise<string[]> {
  const side = (operator: '<' | '>') =>
    query(store, table, {
      index: 'held',
      keys: `#held = :held AND #held_judged_by ${operator} :judged`,
      values: { held: unmatched, judged: judgedBy },
      limit,
    });
  const rows = [...(await side('<')), ...(await side('>'))];
  return rows.slice(0, limit).map((row) => String(row['deployment_id']));
}

/** What `held` says: the one partition of that index. */
export const unmatched = 'unmatched';
