import { dueShards } from '../../../store/database/due.ts';
import type { Store } from '../../../store/database/dynamo.ts';
import { dueDeliveries } from '../../../store/deliveries/deliveries.ts';
import { eachDelivery } from '../../../store/deliveries/list.ts';
import { readHealth } from '../../../store/destinations/destinations.ts';
import { type Check, type Finding, fault, orOk, warning } from '../check.ts';

/** `sweep` comes every minute; what is due for longer waits for something else. */
const overdueMs = 10 * 60_000;

export const destinations: Check = {
  name: 'destinations',
  async look({ config, store, clock }) {
    const names = config.destinations.map(({ name }) => name);
    const found = await Promise.all(names.map((name) => lookAt(store, name, clock.now())));
    const dead = await deadOf(store);
    const given = [...dead].map(([name, count]) =>
      warning(
        `${count === 1 ? '1 delivery' : `${count} deliveries`} to ${name} ${count === 1 ? 'was' : 'were'} given up`,
        `npx pdbridge deliveries redrive --destination ${name} --dry-run`,
      ),
    );
    return orOk([...found.flat(), ...given], `${names.join(', ') || 'none'}: nothing is overdue or given up`);
  },
};

async function lookAt(store: Store, name: string, nowMs: number): Promise<Finding[]> {
  const { breaker } = await readHealth(store, name);
  const next = `npx pdbridge deliveries ls --destination ${name} --status pending`;
  if (breaker.openedAtMs !== undefined) {
    const since = new Date(breaker.openedAtMs).toISOString();
    return [fault(`${name} does not accept deliveries, since ${since}; it is probed`, next)];
  }
  const overdue = await Promise.all(
    Array.from({ length: dueShards }, (_, shard) =>
      dueDeliveries(store, name, String(shard), nowMs - overdueMs, 1),
    ),
  );
  const [oldest] = overdue
    .flat()
    .map(({ dueAt }) => dueAt)
    .sort();
  return oldest === undefined ? [] : [warning(`a delivery to ${name} is overdue since ${oldest}`, next)];
}

async function deadOf(store: Store): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  for await (const row of eachDelivery(store, { status: 'dead' })) {
    const name = String(row['destination']);
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return counts;
}
