import { dueShards } from '../database/due.ts';
import type { Store } from '../database/dynamo.ts';
import type { Row } from '../database/marshalled.ts';
import { query, queryAs } from '../database/request.ts';
import { isTakenBack } from './taken-back.ts';

export interface IndexedDeployment {
  id: string;
  facts: Row;
}

/** Deployments that were finished on this day (`2026-03-02`, UTC). Eventually consistent, as every index is. */
export const deploymentsOfDay = (store: Store, day: string): Promise<IndexedDeployment[]> =>
  queryAs(store, 'deployments', { index: 'by_day', keys: '#day = :day', values: { day } }, (row) => ({
    id: String(row['deployment_id']),
    facts: (row['facts'] ?? {}) as Row,
  }));

/** Those that are in progress, as far as was told. */
export async function openDeployments(store: Store): Promise<IndexedDeployment[]> {
  const shards = Array.from({ length: dueShards }, (_, shard) => deploymentsOfDay(store, `open#${shard}`));
  return (await Promise.all(shards)).flat();
}

/** Of so many it is enough that one was not taken back. */
const looked = 20;

/** Whether any deployment of this service and env was ever told, and not taken back. */
export async function isEverDeployed(store: Store, serviceEnv: string): Promise<boolean> {
  const rows = await query(store, 'deployments', {
    index: 'by_service_env',
    keys: '#service_env = :service_env',
    values: { service_env: serviceEnv },
    limit: looked,
    descending: true,
  });
  return rows.some((row) => !isTakenBack(row['facts'] as Row | undefined));
}

/**
 * Deployments of a service and env that were finished, or began if they are in progress, between two moments, both
 * included; without them all. Eventually consistent.
 */
export function deploymentsOf(
  store: Store,
  serviceEnv: string,
  between?: { from: string; to: string },
): Promise<IndexedDeployment[]> {
  const wanted = {
    index: 'by_service_env',
    keys: `#service_env = :service_env${between ? ' AND #at BETWEEN :from AND :to' : ''}`,
    values: { service_env: serviceEnv, ...between },
  };
  return queryAs(store, 'deployments', wanted, (row) => ({
    id: String(row['deployment_id']),
    facts: (row['facts'] ?? {}) as Row,
  }));
}
