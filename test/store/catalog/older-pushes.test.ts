import type { CatalogEntry } from '../../../lib/domain/catalog/entry.ts';
import { createMatcher } from '../../../lib/store/catalog/matcher.ts';
import { plannedMatcher } from '../../../lib/store/catalog/planned-matcher.ts';
import { applyPush, planPush, pushCatalog } from '../../../lib/store/catalog/push.ts';
import type { Store } from '../../../lib/store/database/dynamo.ts';
import { tableDefinitions } from '../../../lib/store/database/table-definitions.ts';
import { createMemoryDynamoDb } from '../../simulation/dynamodb/memory-dynamodb.ts';
import { service } from '../../support/catalog-entries.ts';
import { asPushedBefore } from '../../support/older-push.ts';
import { scan } from '../../support/scan.ts';

let store: Store;
let now = 0;
let tokens = 0;
const clock = { now: () => now, sleep: async () => {} };
const random = { token: () => `t${++tokens}`, unit: () => 0.5 };
const push = (source: string, ...entries: CatalogEntry[]) =>
  pushCatalog({ store, clock, random }, { source, entries });
const asked = (name: string) => ({ service: { id: 'PX', name }, teams: [] });
const matched = async (name: string) => (await createMatcher(store).match(asked(name))).match.services;

beforeEach(async () => {
  store = {
    db: createMemoryDynamoDb(tableDefinitions, (name) => `test-${name}`),
    table: (name) => `test-${name}`,
  };
  now = Date.parse('2026-03-02T10:00:00.000Z');
  await push('one', service('checkout-api', { team: 'payments', displayName: 'Till' }));
  await push('two', service('search-api', { team: 'search' }));
});

describe('what an older version pushed', () => {
  it('is found as written, and by nothing else, until somebody pushes once', async () => {
    await asPushedBefore(store, 'one', 'two');
    expect(await matched('Checkout-API')).toEqual(['checkout-api']);
    expect(await matched('Checkout API')).toEqual([]);
    const { result } = await push('two', service('search-api', { team: 'search' }));
    expect(result?.rowsWritten).toBeGreaterThan(0);
    expect(await matched('Checkout API')).toEqual(['checkout-api']);
    expect(await matched('Search API')).toEqual(['search-api']);
    expect(await matched('till')).toEqual(['checkout-api']);
    expect(
      (await push('one', service('checkout-api', { team: 'payments', displayName: 'Till' }))).result,
    ).toMatchObject({
      rowsWritten: 0,
    });
  });

  it('keeps a looser name from deciding while it may hide another candidate', async () => {
    await push('two', service('checkout_api', { team: 'web' }));
    await asPushedBefore(store, 'two');
    const { match } = await createMatcher(store).match(asked('Checkout API'));
    expect(match.rule).toBe('none');
    expect(match.trace.map(({ reason }) => reason).join('\n')).toMatch(/older version pushed source "two"/);
    expect(await matched('Checkout_API')).toEqual(['checkout_api']);
    await push('three', service('other'));
    expect(await matched('Checkout API')).toEqual([]);
    await push('two', service('cart', { team: 'web' }));
    expect(await matched('Checkout API')).toEqual(['checkout-api']);
  });

  it('is not taken for known when its source was pushed by somebody else meanwhile', async () => {
    await asPushedBefore(store, 'one');
    const plan = await planPush(store, { source: 'three', entries: [service('other')] });
    let meddled = false;
    const racing: Store = {
      ...store,
      db: {
        send: async (command) => {
          const key = command.input.Key?.lookup?.S;
          if (!meddled && command.constructor.name === 'UpdateItemCommand' && key === 'current') {
            meddled = true;
            await push('one', service('till', { team: 'payments' }));
            await asPushedBefore(store, 'one');
          }
          return store.db.send(command);
        },
      },
    };
    await applyPush({ store: racing, clock, random }, plan);
    expect(meddled).toBe(true);
    const { match } = await createMatcher(store).match(asked('Ti ll'));
    expect(match.trace.map(({ reason }) => reason).join('\n')).toMatch(/older version pushed source "one"/);
  });

  it('leaves no rows behind when it is superseded', async () => {
    await asPushedBefore(store, 'one');
    await push('one', service('cart', { team: 'payments' }));
    now += 25 * 3_600_000;
    await push('one', service('cart', { team: 'payments' }));
    const lookups = (await scan(store, 'catalog')).map((row) => row['lookup']);
    expect(lookups.filter((lookup) => /checkout|till/.test(String(lookup)))).toEqual([]);
  });
});

describe('a dry run', () => {
  it('matches as the push would, older sources included, and changes nothing', async () => {
    await asPushedBefore(store, 'one', 'two');
    const before = await scan(store, 'catalog');
    const plan = await planPush(store, { source: 'two', entries: [service('find-api'), service('other')] });
    const match = await plannedMatcher(store, plan, {});
    const would = async (name: string) => (await match(asked(name))).services;
    expect(await would('Find API')).toEqual(['find-api']);
    expect(await would('Checkout API')).toEqual(['checkout-api']);
    expect(await would('search-api')).toEqual([]);
    expect(await scan(store, 'catalog')).toEqual(before);
    await applyPush({ store, clock, random }, plan);
    for (const name of ['Find API', 'Checkout API', 'search-api', 'Till']) {
      expect(await matched(name)).toEqual(await would(name));
    }
  });

  it('sees other sources that are up to date where they are', async () => {
    const plan = await planPush(store, { source: 'two', entries: [service('find-api')] });
    const match = await plannedMatcher(store, plan, { names: 'exact' });
    expect((await match(asked('checkout-api'))).services).toEqual(['checkout-api']);
    expect((await match(asked('Checkout API'))).services).toEqual([]);
    expect((await match(asked('search-api'))).services).toEqual([]);
  });
});
