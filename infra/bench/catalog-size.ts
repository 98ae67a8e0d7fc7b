import { systemClock, systemRandom } from '../../lib/adapters/aws/lambda-runtime.ts';
import type { CatalogEntry } from '../../lib/domain/catalog/entry.ts';
import { createMatcher } from '../../lib/store/catalog/matcher.ts';
import { applyPush, planPush } from '../../lib/store/catalog/push.ts';
import { startTestDatabase } from '../../test/support/dynalite.ts';
import { median } from './receive-cpu.ts';

export interface CatalogSizeFigures {
  small: number;
  large: number;
  smallMillis: number;
  largeMillis: number;
  ratio: number;
  /** Requests of one resolution, and how many of them wait for another one. */
  requests: number;
  roundTrips: number;
  pushSeconds: number;
}

function entries(count: number): CatalogEntry[] {
  return Array.from({ length: count }, (_, index) => ({
    type: 'service',
    name: `service-${index}`,
    kind: 'service',
    namespace: 'default',
    team: `team-${index % Math.ceil(count / 20)}`,
    pagerduty: { host: 'acme.pagerduty.com', id: `P${index.toString(36).toUpperCase().padStart(6, '0')}` },
    format: 'datadog-v2.2',
  }));
}

/** Resolving one incident against a small and a large catalog, interleaved. */
export async function measureCatalogSize(
  small = 100,
  large = 100_000,
  rounds = 200,
): Promise<CatalogSizeFigures> {
  const databases = [await startTestDatabase(), await startTestDatabase()] as const;
  try {
    const deps = (store: (typeof databases)[0]['store']) => ({
      store,
      clock: systemClock,
      random: systemRandom,
    });
    const [few, many] = databases;
    await applyPush(deps(few.store), await planPush(few.store, { source: 'bench', entries: entries(small) }));
    const startedAt = performance.now();
    await applyPush(
      deps(many.store),
      await planPush(many.store, { source: 'bench', entries: entries(large) }),
    );
    const pushSeconds = (performance.now() - startedAt) / 1000;

    let requests = 0;
    let roundTrips = 0;
    let underway = 0;
    const counted = {
      ...many.store,
      db: {
        send: async (command: unknown) => {
          requests += 1;
          if (underway === 0) roundTrips += 1;
          underway += 1;
          try {
            return await many.store.db.send(command);
          } finally {
            underway -= 1;
          }
        },
      },
    };
    // Found by the last layer of names, with a team beside it: as much as one match may ask for.
    const input = (count: number, index: number) => ({
      service: { id: 'PNOBODY', name: `[P1] Service ${(index * 7919) % count} (prod, eu-west-1)` },
      teams: [{ id: 'PTEAM01', name: 'Nobody On-Call' }],
    });
    const allLayers = { names: 'loose' } as const;
    await createMatcher(counted, allLayers).match(input(large, 1));
    const timed = async (store: typeof few.store, count: number, index: number) => {
      const at = performance.now();
      const { match } = await createMatcher(store, allLayers).match(input(count, index));
      if (match.rule !== 'service_name') throw new Error(`expected a match by name, got ${match.rule}`);
      return performance.now() - at;
    };
    const times: { small: number; large: number }[] = [];
    for (let index = 0; index < rounds; index++) {
      times.push({
        small: await timed(few.store, small, index),
        large: await timed(many.store, large, index),
      });
    }
    const smallMillis = median(times.map((each) => each.small));
    const largeMillis = median(times.map((each) => each.large));
    return {
      small,
      large,
      smallMillis,
      largeMillis,
      ratio: largeMillis / smallMillis,
      requests,
      roundTrips,
      pushSeconds,
    };
  } finally {
    for (const database of databases) await database.stop();
  }
}
