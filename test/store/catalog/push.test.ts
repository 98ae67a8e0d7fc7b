import type { Unread } from '../../../lib/domain/catalog/definition.ts';
import type { CatalogEntry } from '../../../lib/domain/catalog/entry.ts';
import { listCatalog } from '../../../lib/store/catalog/list.ts';
import { createMatcher } from '../../../lib/store/catalog/matcher.ts';
import { applyPush, planPush, pushCatalog } from '../../../lib/store/catalog/push.ts';
import type { DynamoDb, Store } from '../../../lib/store/database/dynamo.ts';
import { query, remove } from '../../../lib/store/database/request.ts';
import { tableDefinitions } from '../../../lib/store/database/table-definitions.ts';
import { createMemoryDynamoDb } from '../../simulation/dynamodb/memory-dynamodb.ts';
import { service, team } from '../../support/catalog-entries.ts';
import { scan } from '../../support/scan.ts';

const url = (id: string) => `https://acme.pagerduty.com/service-directory/${id}`;
const hour = 3_600_000;

let store: Store;
let now = Date.parse('2026-03-02T10:00:00.000Z');
let tokens = 0;
const clock = { now: () => now, sleep: async () => {} };
const random = { token: () => `t${++tokens}`, unit: () => 0.5 };
const deps = () => ({ store, clock, random });
const push = (
  source: string,
  entries: CatalogEntry[],
  options: { allowEmpty?: boolean; dryRun?: boolean; unread?: Unread[] } = {},
) => pushCatalog(deps(), { source, entries, ...options });
const match = (id: string, name: string, teams: string[] = []) =>
  createMatcher(store).match({
    service: { id, name, url: `https://acme.pagerduty.com/services/${id}` },
    teams: teams.map((teamName) => ({ id: 'PTEAM', name: teamName })),
  });
const allRows = () => scan(store, 'catalog');

/** The same database, with a say in what happens to each command. */
function intercepted(
  act: (command: { constructor: { name: string }; input: unknown }, count: number) => void,
): Store {
  let count = 0;
  const db: DynamoDb = {
    send: async (command) => {
      act(command, ++count);
      return store.db.send(command);
    },
  };
  return { ...store, db };
}

beforeEach(() => {
  const table = (name: string) => `test-${name}`;
  store = { db: createMemoryDynamoDb(tableDefinitions, table), table };
  now = Date.parse('2026-03-02T10:00:00.000Z');
});

describe('an empty catalog', () => {
  it('matches nothing and says by which generation', async () => {
    const { match: result, generation } = await match('PF9KMXH', 'Checkout API');
    expect(result.rule).toBe('none');
    expect(generation).toBe('0000000000');
    expect(await createMatcher(store).currentGeneration()).toBe('0000000000');
  });

  it('matches a pin all the same', async () => {
    const result = await createMatcher(store).match({
      service: { id: 'PF9KMXH' },
      teams: [],
      pin: { services: ['checkout-api'], team: 'payments' },
    });
    expect(result.match).toMatchObject({ rule: 'pinned', services: ['checkout-api'], team: 'payments' });
  });
});

describe('a pushed catalog', () => {
  it('is found by URL, service name, team name and service name as team', async () => {
    await push('default', [
      service('checkout-api', { team: 'payments', pagerduty: url('PF9KMXH') }),
      service('search', { team: 'discovery' }),
      team('platform', { aliases: ['Platform Engineering'] }),
    ]);
    expect((await match('PF9KMXH', 'Something')).match).toMatchObject({
      rule: 'service_url',
      services: ['checkout-api'],
      team: 'payments',
    });
    expect((await match('P2', ' SEARCH ')).match).toMatchObject({
      rule: 'service_name',
      services: ['search'],
    });
    expect((await match('P3', 'x', ['Discovery'])).match).toMatchObject({
      rule: 'team_name',
      team: 'discovery',
    });
    expect((await match('P4', 'platform engineering')).match).toMatchObject({
      rule: 'service_name_as_team',
      services: [],
      team: 'platform',
    });
  });

  it('is unchanged by pushing the same again, and writes nothing', async () => {
    const entries = [service('a', { team: 't', pagerduty: url('P1') }), service('b'), team('t')];
    await push('default', entries);
    const before = await allRows();
    const again = await push('default', [...entries].reverse());
    expect(again.result).toMatchObject({ rowsWritten: 0 });
    expect(again.difference).toMatchObject({ added: [], changed: [], removed: [], unchanged: 3 });
    expect(await allRows()).toEqual(before);
  });

  it('shows a difference and leaves the table untouched in a dry run', async () => {
    await push('default', [service('a', { team: 't' }), service('b'), service('c')]);
    const before = await allRows();
    const { difference, result } = await push(
      'default',
      [service('a', { team: 'u' }), service('c'), service('d')],
      {
        dryRun: true,
      },
    );
    expect(result).toBeUndefined();
    expect(difference.added.map((entry) => entry.name)).toEqual(['d']);
    expect(difference.removed.map((entry) => entry.name)).toEqual(['b']);
    expect(difference.changed.map((change) => change.changes)).toEqual([
      [{ attribute: 'team', before: 't', after: 'u' }],
    ]);
    expect(await allRows()).toEqual(before);
  });

  it('gets a generation that sorts after the one before with every change', async () => {
    const seen = [await createMatcher(store).currentGeneration()];
    for (let version = 1; version <= 12; version++) {
      seen.push((await push('default', [service(`s${version}`)])).result?.generation ?? '');
    }
    expect([...seen].sort()).toEqual(seen);
    expect(new Set(seen).size).toBe(13);
    expect((await match('P1', 's12')).generation).toBe(seen.at(-1));
  });

  it('forgets what a source no longer defines, and keeps the other sources', async () => {
    await push('one', [service('a'), service('b')]);
    await push('two', [service('c', { team: 'crew' })]);
    await push('one', [service('b')]);
    expect((await match('P1', 'a')).match.rule).toBe('none');
    expect((await match('P1', 'b')).match.rule).toBe('service_name');
    expect((await match('P1', 'c')).match).toMatchObject({ services: ['c'], team: 'crew' });
    expect((await match('P1', 'crew')).match).toMatchObject({ rule: 'service_name_as_team', team: 'crew' });
  });

  it('sees services of several sources behind one URL', async () => {
    await push('one', [service('a', { team: 'payments', pagerduty: url('P1') })]);
    await push('two', [service('b', { team: 'payments', pagerduty: url('P1') })]);
    expect((await match('P1', 'x')).match).toMatchObject({
      rule: 'service_url',
      services: [],
      team: 'payments',
    });
  });

  it('is listed by source and name', async () => {
    await push('two', [service('c', { team: 'crew', displayName: 'See' })]);
    await push('one', [
      team('t', { aliases: ['Tea'] }),
      service('a', { pagerduty: 'P1', otherTeams: ['x'] }),
    ]);
    const listed = await listCatalog(store);
    expect(listed.sources.map(({ source, pushedAt }) => [source, pushedAt])).toEqual([
      ['one', '2026-03-02T10:00:00.000Z'],
      ['two', '2026-03-02T10:00:00.000Z'],
    ]);
    expect(listed.sources[0]?.entries).toEqual([
      service('a', { pagerduty: 'P1', otherTeams: ['x'] }),
      team('t', { aliases: ['Tea'] }),
    ]);
    expect(listed.sources[1]?.entries).toEqual([service('c', { team: 'crew', displayName: 'See' })]);
  });

  it('holds a thousand services behind one URL and a thousand in one source row after the other', async () => {
    const many = Array.from({ length: 1200 }, (_, index) =>
      service(`service-${index}`, { team: 'payments', pagerduty: url('P1'), displayName: 'x'.repeat(200) }),
    );
    await push('default', many);
    expect((await match('P1', 'x')).match).toMatchObject({
      rule: 'service_url',
      services: [],
      team: 'payments',
    });
    const rows = await query(store, 'catalog', {
      keys: '#lookup = :lookup',
      values: { lookup: 'pagerduty_service:P1' },
    });
    expect(rows.length).toBeGreaterThan(1);
    expect((await listCatalog(store)).sources[0]?.entries).toHaveLength(1200);
    expect((await push('default', many)).difference.unchanged).toBe(1200);
  });
});

describe('what may not be pushed', () => {
  it('refuses a service that another source defines otherwise when strict, naming both, and changes nothing', async () => {
    await push('acme/checkout', [service('checkout-api', { team: 'one' })]);
    const before = await allRows();
    const entries = [service('checkout-api', { team: 'two' }), service('other')];
    await expect(pushCatalog(deps(), { source: 'acme/shop', entries, strict: true })).rejects.toMatchObject({
      code: 'catalog_conflict',
      message: expect.stringMatching(
        /"checkout-api" has team "two" in source "acme\/shop" and "one" in source "acme\/checkout"/,
      ),
    });
    expect(await allRows()).toEqual(before);
  });

  it('lets two sources define the same team, and a service and a datastore share a name', async () => {
    await push('one', [team('payments'), service('orders')]);
    await push('two', [team('payments'), service('orders', { kind: 'datastore' })]);
    expect((await match('P1', 'payments')).match.team).toBe('payments');
    expect((await match('P1', 'orders')).match.services).toEqual(['orders']);
  });

  it('lets a service move once the first source has let go of it', async () => {
    await push('one', [service('a'), service('b')]);
    await push('one', [service('b')]);
    await push('two', [service('a', { team: 't' })]);
    expect((await match('P1', 'a')).match.team).toBe('t');
  });

  it.each([
    ['nothing at all', 'default', [], 'catalog_empty'],
    ['one service twice', 'default', [service('a'), service('a', { team: 't' })], 'catalog_duplicate'],
    ['a source without a name', '', [service('a')], 'catalog_source_name'],
    ['a source name with a space', 'my source', [service('a')], 'catalog_source_name'],
  ])('refuses %s', async (_, source, entries, code) => {
    await expect(push(source, entries)).rejects.toMatchObject({ code });
    expect(await allRows()).toEqual([]);
  });

  it('removes a source when asked to push nothing', async () => {
    await push('one', [service('a')]);
    await push('two', [service('b')]);
    await push('one', [], { allowEmpty: true });
    expect((await match('P1', 'a')).match.rule).toBe('none');
    expect((await listCatalog(store)).sources.map(({ source }) => source)).toEqual(['two']);
    await push('two', [service('b'), service('a')]);
    expect((await match('P1', 'a')).match.rule).toBe('service_name');
  });
});

describe('a push that is killed', () => {
  const first = [service('a', { team: 'old', pagerduty: url('P1') }), service('gone', { team: 'old' })];
  const second = Array.from({ length: 26 }, (_, index) => service(`new-${index}`, { team: 'new' }));

  it('leaves the old catalog or the new one, wherever it dies, and the next push repairs it', async () => {
    let died = 0;
    for (let step = 1; ; step++) {
      const source = `s${step}`;
      const name = (plain: string) => `${source}-${plain}`;
      const renamed = (entries: typeof first) =>
        entries.map((entry) => ({ ...entry, name: name(entry.name) }) as CatalogEntry);
      await push(source, renamed(first));
      const dying = intercepted((_, count) => {
        if (count >= step) throw new Error('killed');
      });
      const outcome = await pushCatalog(
        { ...deps(), store: dying },
        { source, entries: renamed(second) },
      ).then(
        () => 'finished',
        (error: Error) => error.message,
      );
      if (outcome === 'killed') died++;

      const old = (await match('PX', name('gone'))).match.rule === 'service_name';
      const fresh = await Promise.all([0, 10, 25].map((index) => match('PX', name(`new-${index}`))));
      expect(new Set(fresh.map((found) => found.match.rule))).toEqual(
        new Set([old ? 'none' : 'service_name']),
      );

      await push(source, renamed(second));
      expect((await match('PX', name('new-25'))).match.rule).toBe('service_name');
      expect((await match('PX', name('gone'))).match.rule).toBe('none');
      if (outcome === 'finished') break;
    }
    expect(died).toBeGreaterThan(8);
  });

  it('leaves nothing behind for good: a later push marks it, a push after that removes it', async () => {
    await push('default', first);
    let writes = 0;
    const dying = intercepted((command) => {
      if (command.constructor.name === 'BatchWriteItemCommand' && ++writes > 2) throw new Error('killed');
    });
    await expect(
      pushCatalog({ ...deps(), store: dying }, { source: 'default', entries: second }),
    ).rejects.toThrow('killed');
    now += 2 * hour;
    await push('default', [service('final')]);
    const unmarked = (await allRows()).filter(
      (row) => row['expires_at'] === undefined && row['push_id'] !== undefined,
    );
    expect(new Set(unmarked.map((row) => row['lookup']))).toEqual(
      new Set(['source:default', 'service:final', 'service_folded:final']),
    );
    now += 25 * hour;
    await push('default', [service('final')]);
    const kept = (await allRows()).filter((row) => row['push_id'] !== undefined);
    expect(kept.map((row) => row['lookup']).sort()).toEqual([
      'service:final',
      'service_folded:final',
      'source:default',
    ]);
  });
});

describe('a superseded generation', () => {
  it('stays for 24 hours and carries its end', async () => {
    await push('default', [service('a', { team: 't' })]);
    now += hour;
    await push('default', [service('b')]);
    const ends = (now + 24 * hour) / 1000;
    const rows = await allRows();
    const old = rows.filter((row) => row['expires_at'] !== undefined);
    expect(new Set(old.map((row) => row['expires_at']))).toEqual(new Set([ends]));
    expect(old.map((row) => row['lookup']).sort()).toEqual([
      'generation',
      'service:a',
      'service_folded:a',
      'source:default',
      'team:t',
      'team_folded:t',
    ]);
    const pointer = rows.find((row) => row['lookup'] === 'current');
    expect(rows.find((row) => row['generation'] === pointer?.['current'])?.['expires_at']).toBeUndefined();
  });

  it('still answers a reader that read the pointer before the flip', async () => {
    await push('default', [service('a', { team: 'old' })]);
    let flipped = false;
    const slow: Store = {
      ...store,
      db: {
        send: async (command) => {
          const answer = await store.db.send(command);
          if (!flipped && command.input.Key?.lookup?.S === 'current') {
            flipped = true;
            await push('default', [service('a', { team: 'new' })]);
          }
          return answer;
        },
      },
    };
    const { match: result, generation } = await createMatcher(slow).match({
      service: { id: 'P1', name: 'a' },
      teams: [],
    });
    expect(result.team).toBe('old');
    expect(generation < (await createMatcher(store).currentGeneration())).toBe(true);
  });

  it('is read again from the pointer when it is gone, and is never taken for an empty catalog', async () => {
    await push('default', [service('a')]);
    const rows = await allRows();
    const generation = rows.find((row) => row['lookup'] === 'generation');
    await remove(store, 'catalog', { lookup: 'generation', generation: generation?.['generation'] });
    await expect(match('P1', 'a')).rejects.toMatchObject({ code: 'catalog_unavailable' });
    await expect(listCatalog(store)).rejects.toMatchObject({ code: 'catalog_unavailable' });
    await expect(push('default', [service('b')])).rejects.toMatchObject({ code: 'catalog_unavailable' });
  });

  it('is not read as smaller than it is when one of its source rows is gone', async () => {
    await push('default', [service('a')]);
    const row = (await allRows()).find((candidate) => candidate['lookup'] === 'source:default');
    await remove(store, 'catalog', { lookup: 'source:default', generation: row?.['generation'] });
    await expect(push('default', [service('b')])).rejects.toMatchObject({ code: 'catalog_unavailable' });
  });
});

describe('pushes that race', () => {
  it('of different sources all take effect', async () => {
    const sources = Array.from({ length: 12 }, (_, index) => `repo-${index}`);
    await Promise.all(
      sources.map((source) => push(source, [service(`${source}-service`, { team: 'shared' })])),
    );
    expect((await listCatalog(store)).sources.map(({ source }) => source)).toEqual([...sources].sort());
    for (const source of sources) {
      expect((await match('P1', `${source}-service`)).match.team).toBe('shared');
    }
  });

  it('of the same source: the one whose difference is out of date is refused', async () => {
    await push('default', [service('a')]);
    const plan = await planPush(store, { source: 'default', entries: [service('mine')] });
    await push('default', [service('theirs')]);
    await expect(applyPush(deps(), plan)).rejects.toMatchObject({ code: 'catalog_changed' });
    expect((await match('P1', 'theirs')).match.rule).toBe('service_name');
    expect((await match('P1', 'mine')).match.rule).toBe('none');
  });

  it('of different sources with the same new service: both take effect, and the later one is told', async () => {
    const plans = await Promise.all(
      ['one', 'two'].map((source) =>
        planPush(store, { source, entries: [service('same', { team: source })] }),
      ),
    );
    expect(plans.map(({ contradictions }) => contradictions)).toEqual([[], []]);
    const results = await Promise.all(plans.map((plan) => applyPush(deps(), plan)));
    expect(results.flatMap(({ contradictions }) => contradictions)).toEqual([
      'service "same" has team "two" in source "two" and "one" in source "one"; "two" holds, for it comes later by name',
    ]);
    expect((await match('P1', 'same')).match.team).toBe('two');
  });

  it('of different sources with the same new service when strict: one of them is refused', async () => {
    const plans = await Promise.all(
      ['one', 'two'].map((source) =>
        planPush(store, { source, entries: [service('same', { team: source })], strict: true }),
      ),
    );
    const outcomes = await Promise.allSettled(plans.map((plan) => applyPush(deps(), plan)));
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(outcomes.find(({ status }) => status === 'rejected')).toMatchObject({
      reason: { code: 'catalog_conflict' },
    });
  });

  it('counts a flip whose answer got lost as done', async () => {
    await push('default', [service('a')]);
    let lost = false;
    const flaky: Store = {
      ...store,
      db: {
        send: async (command) => {
          const answer = await store.db.send(command);
          if (
            !lost &&
            command.constructor.name === 'UpdateItemCommand' &&
            command.input.Key.lookup.S === 'current'
          ) {
            lost = true;
            // The SDK tries again and meets its own write.
            return store.db.send(command);
          }
          return answer;
        },
      },
    };
    await pushCatalog({ ...deps(), store: flaky }, { source: 'default', entries: [service('b')] });
    expect(lost).toBe(true);
    expect((await match('P1', 'b')).match.rule).toBe('service_name');
  });
});

describe('resolving an incident', () => {
  it.each([10, 2000])('takes two round trips with %d services in the catalog', async (size) => {
    await push(
      'default',
      Array.from({ length: size }, (_, index) => service(`service-${index}`, { team: `team-${index % 7}` })),
    );
    let open = 0;
    let roundTrips = 0;
    let requests = 0;
    const counted: Store = {
      ...store,
      db: {
        send: async (command) => {
          requests++;
          if (open++ === 0) roundTrips++;
          try {
            return await store.db.send(command);
          } finally {
            open--;
          }
        },
      },
    };
    await createMatcher(counted).match({
      service: { id: 'P1', name: 'service-1', url: 'https://acme.pagerduty.com/services/P1' },
      teams: [{ id: 'T1', name: 'Team-1' }],
    });
    expect(roundTrips).toBe(2);
    expect(requests).toBe(9);
  });
});
