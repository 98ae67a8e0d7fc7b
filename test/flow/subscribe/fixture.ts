import { createPagerDutyApi } from '../../../lib/adapters/pagerduty-api/api.ts';
import { tokenCredentials } from '../../../lib/adapters/pagerduty-api/credentials.ts';
import { sign } from '../../../lib/domain/pagerduty/signature.ts';
import { documentedEvents } from '../../../lib/domain/pagerduty/subscription.ts';
import { createReceive } from '../../../lib/flow/receive/receive-webhook.ts';
import type { SubscribeDeps, Wish } from '../../../lib/flow/subscribe/deps.ts';
import type { Http, SecretStore } from '../../../lib/ports.ts';
import { createTestTelemetry, testConfig } from '../../support/bridge.ts';
import { type Account, createAccount, type StandInSubscription } from '../../support/pagerduty/account.ts';
import { httpTo } from '../../support/pagerduty/reach.ts';
import { memoryStore } from '../import/fixture.ts';

export const webhookUrl = 'https://bridge.example.com/webhooks/pagerduty';
export const handMadeSecret = 'hand-made-secret-of-the-form';

export const handMade: StandInSubscription = {
  id: 'PFORM01',
  url: webhookUrl,
  active: true,
  temporarilyDisabled: false,
  events: [...documentedEvents],
  filter: { type: 'account_reference' },
  description: 'by hand',
  headers: [],
  secret: handMadeSecret,
};

export const foreign = (number: number): StandInSubscription => ({
  ...handMade,
  id: `PFOREIGN${number}`,
  url: `https://other${number}.example.com/webhooks/pagerduty`,
});

export const plainWish = (
  changes: Partial<Wish['asked']> = {},
  wanted: Partial<Wish['wanted']> = {},
): Wish => ({
  wanted: {
    url: webhookUrl,
    filter: { type: 'account_reference' },
    events: documentedEvents,
    headers: [],
    ...wanted,
  },
  asked: { rotate: false, prune: false, ...changes },
  usualDescription: 'catalog bridge',
  headers: (wanted.headers ?? []).map((name) => ({ name, value: `value of ${name}` })),
});

export interface World {
  account: Account;
  deps: SubscribeDeps;
  /** What is in the secret store. */
  stored: string[];
  /** Whether a webhook of this subscription is taken. */
  takes(subscription: StandInSubscription): Promise<boolean>;
  pass(ms: number): void;
}

/** An account, a bridge that reads the store, and time that passes only while somebody sleeps. */
export function worldWith(given: Partial<Account> = {}, stored: string[] = [], key = 'full-key'): World {
  let nowMs = Date.parse('2026-03-02T08:00:00.000Z');
  const clock = {
    now: () => nowMs,
    sleep: async (ms: number) => {
      await new Promise((resolve) => setImmediate(resolve));
      // Longer than was asked for: whoever waits for a ping need not look so often.
      nowMs += Math.max(ms, 4_000);
    },
  };
  const held = { stored: [...stored] };
  const secrets: SecretStore = {
    where: 'ssm:/signing',
    read: async () => [...held.stored],
    proveWritable: async () => {},
    write: async (all) => {
      held.stored = [...all];
    },
  };
  const store = memoryStore(clock);
  const receive = createReceive({
    store,
    secrets: { read: async () => (held.stored.length > 0 ? held.stored : ['not-yet-known']) },
    clock,
    telemetry: createTestTelemetry(),
    config: testConfig,
  });
  const takes = async ({ id, secret }: StandInSubscription) => {
    const at = new Date(nowMs).toISOString();
    const event = {
      id: `01${id}${nowMs}`,
      event_type: 'pagey.ping',
      resource_type: 'pagey',
      occurred_at: at,
    };
    const rawBody = new TextEncoder().encode(JSON.stringify({ event: { ...event, data: { type: 'ping' } } }));
    const headers = { 'x-pagerduty-signature': sign(rawBody, secret), 'x-webhook-subscription': id };
    return (await receive({ method: 'POST', headers, rawBody, arrivedAtMs: nowMs })).status === 202;
  };
  const account = createAccount(clock, {
    // Whether it sends anything while it is off is not known; it must not matter.
    sendPing: (subscription) => {
      if (subscription.active && !subscription.temporarilyDisabled) void takes(subscription);
    },
    ...given,
    subscriptions: (given.subscriptions ?? []).map((each) => ({ ...each })),
  });
  const http: Http = {
    send: async () => ({ status: 401, headers: {}, body: '{"error":"unauthenticated"}' }),
  };
  return {
    account,
    get stored() {
      return held.stored;
    },
    deps: {
      store,
      secrets,
      http,
      clock,
      api: createPagerDutyApi({
        http: httpTo(account),
        clock,
        random: { unit: () => 1 },
        credentials: tokenCredentials(async () => key),
        baseUrl: 'https://api.pagerduty.com',
        tries: 3,
      }),
    },
    takes,
    pass: (ms) => {
      nowMs += ms;
    },
  };
}

/** Active subscriptions that lead to the bridge. */
export const atWork = ({ account }: World): StandInSubscription[] =>
  account.subscriptions.filter(
    ({ url, active, temporarilyDisabled }) => url === webhookUrl && active && !temporarilyDisabled,
  );
