import { fingerprintOf } from '../../../lib/adapters/config/fingerprint.ts';
import { createPagerDutyApi } from '../../../lib/adapters/pagerduty-api/api.ts';
import { tokenCredentials } from '../../../lib/adapters/pagerduty-api/credentials.ts';
import { documentedEvents } from '../../../lib/domain/pagerduty/subscription.ts';
import type { DoctorDeps } from '../../../lib/flow/doctor/check.ts';
import type { Store } from '../../../lib/store/database/dynamo.ts';
import { testConfig } from '../../support/bridge.ts';
import { type Account, createAccount, type StandInSubscription } from '../../support/pagerduty/account.ts';
import { httpTo } from '../../support/pagerduty/reach.ts';

export const webhookUrl = 'https://bridge.example.com/webhooks/pagerduty';

export const healthySubscription: StandInSubscription = {
  id: 'PSUB001',
  url: webhookUrl,
  active: true,
  temporarilyDisabled: false,
  events: [...documentedEvents],
  filter: { type: 'account_reference' },
  description: '',
  headers: [],
  secret: 'whsec',
};

export interface Patient {
  account: Account;
  deps: DoctorDeps;
}

/** A deployment and an account where all is well, and time that only passes while somebody sleeps. */
export function healthyPatient(store: Store, key = 'full-key'): Patient {
  let nowMs = Date.parse('2026-03-02T08:00:00.000Z');
  const clock = {
    now: () => nowMs,
    sleep: async (ms: number) => {
      // A limit is waited for, in less time than it is; a pause passes.
      if (ms >= 1_000) await new Promise((resolve) => setTimeout(resolve, 2_000).unref());
      else {
        await new Promise((resolve) => setImmediate(resolve));
        nowMs += ms;
      }
    },
  };
  const account = createAccount(clock, { subscriptions: [{ ...healthySubscription }] });
  const http = httpTo(account);
  const secrets: Record<string, string[]> = { 'ssm:/signing': ['a-secret-of-enough-length'] };
  const config = { ...testConfig, destinations: [{ name: 'hook', type: 'webhook' }] };
  return {
    account,
    deps: {
      config,
      configFile: 'bridge.yml',
      secretUses: [{ path: 'authenticate.signing_secrets', reference: 'ssm:/signing' }],
      deployment: {
        where: 'the stack',
        webhookUrl,
        isPublic: true,
        applyWith: 'npm run deploy',
        configFingerprint: fingerprintOf(config),
        functions: async () => [{ name: 'receive' }, { name: 'forward' }],
        webhooks: async () => ({ since: '2026-02-16T08:00:00.000Z', acceptedAt: '2026-03-02T07:55:00.000Z' }),
        backups: async () => [{ table: 'bridge-events', on: true }],
        alarms: async () => [],
      },
      store,
      clock,
      http: {
        send: async ({ url }) => {
          if (url !== webhookUrl) throw new Error(`nobody asks ${url}`);
          return { status: 401, headers: {}, body: '{"error":"unauthenticated"}' };
        },
      },
      secrets: {
        read: async (reference) => {
          const values = secrets[reference];
          if (!values) throw new Error(`SSM has no parameter ${reference}`);
          return values;
        },
      },
      pagerDuty: createPagerDutyApi({
        http,
        clock,
        random: { unit: () => 1 },
        credentials: tokenCredentials(async () => key),
        baseUrl: 'https://api.pagerduty.com',
        tries: 1,
      }),
      ping: true,
    },
  };
}
