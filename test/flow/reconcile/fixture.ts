import type { PagerDutyApi } from '../../../lib/adapters/pagerduty-api/api.ts';
import { createPagerDutyApi } from '../../../lib/adapters/pagerduty-api/api.ts';
import { tokenCredentials } from '../../../lib/adapters/pagerduty-api/credentials.ts';
import { enableSubscription } from '../../../lib/adapters/pagerduty-api/subscriptions.ts';
import type { CatalogService } from '../../../lib/domain/catalog/entry.ts';
import { documentedEvents } from '../../../lib/domain/pagerduty/subscription.ts';
import { reconcile } from '../../../lib/flow/reconcile/reconcile.ts';
import type { ReconcileDeps, ReconcileQuestion } from '../../../lib/flow/reconcile/run.ts';
import { pushCatalog } from '../../../lib/store/catalog/push.ts';
import type { Store } from '../../../lib/store/database/dynamo.ts';
import type { SentEvent } from '../../simulation/pagerduty/incident-picture.ts';
import { createTestBridge, createTestClock } from '../../support/bridge.ts';
import { type Account, createAccount, type StandInSubscription } from '../../support/pagerduty/account.ts';
import { httpTo } from '../../support/pagerduty/reach.ts';
import { restViewOf } from '../../support/pagerduty/rest-view.ts';
import { memoryStore } from '../import/fixture.ts';

export const webhookUrl = 'https://bridge.example.com/webhooks/pagerduty';
export const minute = 60_000;

const entry = (name: string, team: string): CatalogService => ({
  type: 'service',
  name,
  kind: 'service',
  namespace: 'default',
  team,
  format: 'datadog-v3',
});
const entries = [entry('Checkout API', 'payments'), entry('Search', 'search')];

export const subscriptionOf = (given: Partial<StandInSubscription> = {}): StandInSubscription => ({
  id: 'PSUB001',
  url: webhookUrl,
  active: true,
  temporarilyDisabled: false,
  events: [...documentedEvents],
  filter: { type: 'account_reference' },
  description: '',
  headers: [],
  secret: 's',
  ...given,
});

export interface Surroundings {
  /** It goes through everything that is sent to the database. */
  tap?(store: Store): Store;
  account?: Partial<Account>;
}

/** A bridge, the account whose webhooks it gets, and reconcile between them; time passes only as told. */
export async function createWorld(
  startMs: number,
  stories: readonly SentEvent[][],
  { tap = (store) => store, account: given = {} }: Surroundings = {},
) {
  const clock = createTestClock(startMs);
  const waiting = { now: clock.now, sleep: async (ms: number) => clock.advance(ms) };
  const store = memoryStore(clock);
  const bridge = createTestBridge(store, {
    clock,
    config: { destinations: [{ name: 'screen', type: 'console' }] },
  });
  await pushCatalog({ ...bridge.deps }, { source: 'default', entries });
  const subscription = subscriptionOf();
  const account = createAccount(clock, { subscriptions: [subscription], ...given });
  const api = (token: string): PagerDutyApi =>
    createPagerDutyApi({
      http: httpTo(account),
      clock: waiting,
      random: { unit: () => 0.5 },
      credentials: tokenCredentials(async () => token),
      baseUrl: 'https://api.pagerduty.com',
    });
  const read = api('read-key');
  const write = api('full-key');
  const deps: ReconcileDeps = {
    api: read,
    store: tap(store),
    clock: waiting,
    telemetry: bridge.deps.telemetry,
    retentionDays: 400,
    webhookUrl,
  };
  const until = (ms: number) => clock.advance(Math.max(0, ms - clock.now()));
  /** PagerDuty shows what has happened so far. */
  const look = () => {
    account.incidents = stories
      .map((story) => story.filter(({ occurredAtMs }) => occurredAtMs <= clock.now()))
      .filter((story) => story.length > 0)
      .map(restViewOf);
  };
  return {
    account,
    bridge,
    clock,
    deps,
    store,
    subscription,
    until,
    telemetry: bridge.deps.telemetry,
    enable: (id: string) => enableSubscription(write, id),
    async webhook({ body, occurredAtMs }: Pick<SentEvent, 'body' | 'occurredAtMs'>) {
      until(occurredAtMs + 1_000);
      await bridge.send(body);
      clock.advance(31_000);
      await bridge.sweep();
    },
    /** Compares, and lets the bridge work on what was found; the requests it took besides. */
    async compare(question: Partial<ReconcileQuestion> = {}, more: Partial<ReconcileDeps> = {}) {
      look();
      const before = account.asked.length;
      const report = await reconcile(
        { ...deps, ...more },
        { stopAtMs: Number.POSITIVE_INFINITY, ...question },
      );
      const requests = account.asked.slice(before);
      clock.advance(31_000);
      await bridge.sweep();
      return { ...report, requests };
    },
  };
}

export type World = Awaited<ReturnType<typeof createWorld>>;
