import { DeleteTableCommand } from '@aws-sdk/client-dynamodb';
import type { CatalogService } from '../../../lib/domain/catalog/entry.ts';
import type { Check, DoctorDeps, Finding } from '../../../lib/flow/doctor/check.ts';
import { checks } from '../../../lib/flow/doctor/checks.ts';
import { examine } from '../../../lib/flow/doctor/examine.ts';
import { createTables } from '../../../lib/local/create-tables.ts';
import { HttpFault } from '../../../lib/ports.ts';
import { pushCatalog } from '../../../lib/store/catalog/push.ts';
import { putNew, update } from '../../../lib/store/database/request.ts';
import { putPing } from '../../../lib/store/state/put-ping.ts';
import { startTestDatabase, type TestDatabase } from '../../support/dynalite.ts';
import { healthyPatient, healthySubscription, type Patient, webhookUrl } from './fixture.ts';

let database: TestDatabase;
let patient: Patient;
beforeAll(async () => {
  database = await startTestDatabase();
  const entry: CatalogService = {
    type: 'service',
    name: 'checkout-api',
    kind: 'service',
    namespace: 'default',
    format: 'datadog-v3',
  };
  await pushCatalog(
    {
      store: database.store,
      clock: { now: () => Date.parse('2026-03-02T07:00:00Z'), sleep: async () => {} },
      random: { token: () => 'push', unit: () => 0.5 },
    },
    { source: 'default', entries: [entry] },
  );
});
afterAll(() => database.stop());
beforeEach(() => {
  patient = healthyPatient(database.store);
  patient.account.sendPing = ({ id }) => {
    const receivedAt = new Date(patient.deps.clock.now()).toISOString();
    void putPing(database.store, { eventId: `ping-${receivedAt}`, receivedAt, subscriptionId: id });
  };
});

const named = (name: string): Check => {
  const check = checks.find((each) => each.name === name);
  if (!check) throw new Error(`there is no check ${name}`);
  return check;
};
const look = (name: string, changes: Partial<DoctorDeps> = {}): Promise<Finding[]> =>
  named(name).look({ ...patient.deps, ...changes });
const deployment = (changes: Partial<DoctorDeps['deployment']>) => ({
  deployment: { ...patient.deps.deployment, ...changes },
});
const webhooks = (told: { acceptedAt?: string; refusedAt?: string }) =>
  deployment({ webhooks: async () => ({ since: '2026-02-16T08:00:00.000Z', ...told }) });
const withoutAddress = (): DoctorDeps['deployment'] => {
  const { webhookUrl: _, ...rest } = patient.deps.deployment;
  return rest;
};
const secretsThatRead = (...values: string[]) => ({ secrets: { read: async () => values } });
const answering = (status: number, body: string) => ({
  http: { send: async () => ({ status, headers: {}, body }) },
});

it('all is well where all is well', async () => {
  const findings = await examine(patient.deps);
  expect(findings.filter(({ health }) => health !== 'ok')).toEqual([]);
  expect(findings.map(({ check }) => check).sort()).toEqual(checks.map(({ name }) => name).sort());
});

it('the worst comes first, what throws is a fault, and what hangs is named after its limit', async () => {
  const check = (name: string, work: () => Promise<Finding[]>): Check => ({ name, look: work });
  const findings = await examine(patient.deps, [
    check('well', async () => [{ health: 'ok', says: 'well' }]),
    check('not asked', async () => [{ health: 'skipped', says: 'no key' }]),
    check('hangs', () => new Promise(() => {})),
    check('throws', () => Promise.reject(new Error('no right to look'))),
  ]);
  expect(findings.map(({ check: name, health, says }) => [name, health, says])).toEqual([
    ['throws', 'fault', 'could not be looked at: no right to look'],
    ['hangs', 'warning', 'could not be looked at within 5 s'],
    ['not asked', 'skipped', 'no key'],
    ['well', 'ok', 'well'],
  ]);
});

const put = 'aws ssm put-parameter --overwrite --type SecureString --name /signing --value …';
const mend = 'npx pdbridge subscribe';
const disabled = { ...healthySubscription, temporarilyDisabled: true };

type Row = [
  what: string,
  check: string,
  changes: () => Partial<DoctorDeps>,
  health: Finding['health'],
  says: string,
  next: string | undefined,
];
const without = (key: keyof DoctorDeps) => () => ({ [key]: undefined }) as Partial<DoctorDeps>;
const subscriptions =
  (...all: Patient['account']['subscriptions']) =>
  () => {
    patient.account.subscriptions = all;
    return {};
  };

const rows: Row[] = [
  [
    'another configuration',
    'configuration',
    () => deployment({ configFingerprint: 'sha256-other' }),
    'fault',
    'another configuration than bridge.yml',
    'npm run deploy',
  ],
  [
    'a function that failed to update',
    'functions',
    () => deployment({ functions: async () => [{ name: 'receive', fault: 'was not updated (Failed): x' }] }),
    'fault',
    'receive was not updated',
    'npm run deploy',
  ],
  [
    'a secret that is missing',
    'secrets',
    () => ({ secretUses: [{ path: 'destinations[0].secret', reference: 'env:HOOK' }] }),
    'fault',
    'destinations[0].secret cannot be read',
    'set HOOK',
  ],
  ['a placeholder', 'secrets', () => secretsThatRead('not-yet-known'), 'fault', 'the placeholder', put],
  ['quotes', 'secrets', () => secretsThatRead('"a-secret-of-enough-length"'), 'fault', 'quotes', put],
  ['a blank', 'secrets', () => secretsThatRead('a secret of enough length'), 'fault', 'a blank', put],
  [
    'a short one',
    'secrets',
    () => secretsThatRead('long-enough-to-be-one', 'short'),
    'warning',
    'number 2 of 2',
    put,
  ],
  ['no key', 'token', without('pagerDuty'), 'skipped', 'needs a REST API key', 'export PAGERDUTY_TOKEN=…'],
  [
    'a revoked key',
    'token',
    () => {
      patient.account.tokens.clear();
      return {};
    },
    'fault',
    'pagerduty.region: eu',
    'export PAGERDUTY_TOKEN=…',
  ],
  ['no subscription', 'subscription', subscriptions(), 'fault', 'no webhook subscription', mend],
  ['one that PagerDuty disabled', 'subscription', subscriptions(disabled), 'fault', 'for a while', mend],
  [
    'one that is off',
    'subscription',
    subscriptions({ ...healthySubscription, active: false }),
    'fault',
    'switched off',
    mend,
  ],
  [
    'one without some events',
    'subscription',
    subscriptions({ ...healthySubscription, events: healthySubscription.events.slice(2) }),
    'warning',
    'does not send incident.triggered, incident.acknowledged',
    mend,
  ],
  [
    'one of a team',
    'subscription',
    subscriptions({ ...healthySubscription, filter: { type: 'team_reference', id: 'PT' } }),
    'warning',
    'only what belongs to one team',
    mend,
  ],
  [
    'two of them, one with another spelling',
    'subscription',
    subscriptions(healthySubscription, {
      ...healthySubscription,
      id: 'PSUB002',
      url: 'https://BRIDGE.example.com:443/webhooks/pagerduty/',
    }),
    'warning',
    'PSUB001, PSUB002',
    `${mend} --prune`,
  ],
  [
    'no address',
    'subscription',
    () => ({ deployment: withoutAddress() }),
    'skipped',
    'not known',
    '--url URL',
  ],
  [
    'a function that failed yesterday',
    'functions',
    () =>
      deployment({
        functions: async () => [
          {
            name: 'forward',
            failures: { times: 3, lastAt: '2026-03-01T20:00:00.000Z', readWith: 'aws logs' },
          },
        ],
      }),
    'warning',
    'forward failed 3 times in the last day, at last at 2026-03-01T20:00:00.000Z',
    'aws logs',
  ],
  [
    'a table that cannot be set back',
    'tables',
    () => deployment({ backups: async () => [{ table: 'bridge-events', on: false }] }),
    'warning',
    'point-in-time recovery of bridge-events is off',
    'aws dynamodb update-continuous-backups --table-name bridge-events --point-in-time-recovery-specification PointInTimeRecoveryEnabled=true',
  ],
  [
    'credentials that have not matched since the last webhook',
    'last webhook',
    () => webhooks({ acceptedAt: '2026-03-02T06:00:00.000Z', refusedAt: '2026-03-02T07:00:00.000Z' }),
    'fault',
    'was refused at 2026-03-02T07:00:00.000Z, 1 h ago; none was accepted since',
    'docs/operating.md#signatures-do-not-match',
  ],
  [
    'credentials that did not match, before a webhook that did',
    'last webhook',
    () => webhooks({ acceptedAt: '2026-03-02T07:00:00.000Z', refusedAt: '2026-03-02T06:00:00.000Z' }),
    'warning',
    'was refused at 2026-03-02T06:00:00.000Z',
    'docs/operating.md#signatures-do-not-match',
  ],
  [
    'more than a day without a webhook',
    'last webhook',
    () => webhooks({ acceptedAt: '2026-03-01T05:00:00.000Z' }),
    'warning',
    'no webhook has been accepted since 2026-03-01T05:00:00.000Z',
    'npx pdbridge doctor --ping',
  ],
  [
    'no webhook ever',
    'last webhook',
    () => webhooks({}),
    'warning',
    'no webhook has been accepted since 2026-02-16',
    'npx pdbridge doctor --ping',
  ],
  [
    'nobody who asked',
    'ping',
    () => ({ ping: false }),
    'skipped',
    'only with --ping',
    'npx pdbridge doctor --ping',
  ],
  [
    'a ping that does not come',
    'ping',
    () => {
      patient.account.sendPing = () => {};
      return {};
    },
    'fault',
    'its secret is not among ours',
    'docs/operating.md#rotating-secrets',
  ],
  [
    'a page of somebody else',
    'front door',
    () => answering(200, '<html>'),
    'fault',
    'answered 200',
    undefined,
  ],
  [
    'no authenticator',
    'front door',
    () => answering(503, '{"error":"not_configured"}'),
    'fault',
    'no authenticator',
    'npm run deploy',
  ],
  [
    'no answer',
    'front door',
    () => ({ http: { send: () => Promise.reject(new HttpFault('no answer from x')) } }),
    'fault',
    `${webhookUrl} cannot be reached`,
    undefined,
  ],
  [
    'an alarm that is on',
    'alarms',
    () =>
      deployment({
        alarms: async () => [
          { name: 'b-DeliveriesDead', what: 'Given up. What to do: docs/operating.md#a-delivery-is-dead' },
        ],
      }),
    'fault',
    'b-DeliveriesDead is on',
    'docs/operating.md#a-delivery-is-dead',
  ],
  [
    'a clock that is wrong',
    'clock',
    () => ({ clock: { ...patient.deps.clock, now: () => Date.parse('2026-03-02T08:01:00Z') } }),
    'warning',
    '60 s ahead',
    undefined,
  ],
  [
    'a live catalog that is not read any more',
    'catalog',
    () => ({
      config: {
        ...patient.deps.config,
        catalog_sources: [
          { name: 'portal', type: 'backstage', url: 'https://p', token: 'env:P', allow_private: false },
        ],
      },
    }),
    'warning',
    'portal was not read in two days',
    'npx pdbridge catalog sync portal',
  ],
];

it.each(rows)('%s is found (%s)', async (_what, check, changes, health, says, next) => {
  const [finding] = await look(check, changes());
  expect(finding).toMatchObject({ health, says: expect.stringContaining(says) });
  expect(finding?.next).toBe(next);
  expect(JSON.stringify(finding)).not.toContain('of-enough-length');
});

it('a read-only key that may not ask for a ping is no fault', async () => {
  patient = healthyPatient(database.store, 'read-key');
  expect(await look('ping')).toMatchObject([{ health: 'skipped', next: 'export PAGERDUTY_TOKEN=…' }]);
});

describe('an incident of the last day at PagerDuty', () => {
  const at = (createdMs: number, status: string) => ({
    id: 'QMISSED',
    createdMs,
    entries: [],
    shown: {
      id: 'QMISSED',
      incident_number: 1,
      status,
      created_at: new Date(createdMs).toISOString(),
      resolved_at: status === 'resolved' ? new Date(createdMs + 1000).toISOString() : null,
      service: { id: 'PF9KMXH', type: 'service_reference' },
    },
  });
  const hour = 3_600_000;
  const lookAt = (agoMs: number, status: string) => {
    patient.account.incidents = [at(patient.deps.clock.now() - agoMs, status)];
    return look('missed');
  };
  const next = 'npx pdbridge reconcile --since 2026-03-01T08:00:00.000Z';

  it('that is not here is found; one that is too young or too old to say is not', async () => {
    for (const status of ['triggered', 'resolved'])
      expect(await lookAt(hour, status)).toMatchObject([
        { health: 'warning', says: expect.stringContaining('QMISSED'), next },
      ]);
    expect(await lookAt(60_000, 'triggered')).toMatchObject([{ health: 'ok' }]);
    expect(await lookAt(25 * hour, 'triggered')).toMatchObject([{ health: 'ok' }]);
  });

  it('that is open there and over here is found, and none where both say the same', async () => {
    await putNew(database.store, 'incidents', { incident_id: 'QMISSED', status: 'resolved' }, 'incident_id');
    expect(await lookAt(hour, 'acknowledged')).toMatchObject([{ health: 'warning', next }]);
    expect(await lookAt(hour, 'resolved')).toMatchObject([{ health: 'ok' }]);
  });
});

describe('what is in the tables', () => {
  it('a destination that does not accept, what is overdue there and what was given up is found', async () => {
    const at = '2026-03-02T07:00:00.000Z';
    const own = database.store;
    await update(own, 'destinations', { destination: 'hook' }, { set: { opened_at: at, next_probe_at: at } });
    await putNew(
      own,
      'deliveries',
      { incident_id: 'Q1', delivery_id: 'hook#1', destination: 'hook', status: 'dead' },
      'incident_id',
    );
    expect(await look('destinations')).toMatchObject([
      { health: 'fault', says: `hook does not accept deliveries, since ${at}; it is probed` },
      {
        health: 'warning',
        says: '1 delivery to hook was given up',
        next: 'npx pdbridge deliveries redrive --destination hook --dry-run',
      },
    ]);
    await update(own, 'destinations', { destination: 'hook' }, { remove: ['opened_at', 'next_probe_at'] });
    const due = { due_shard: 'hook#0', due_at: at, status: 'pending' };
    await update(own, 'deliveries', { incident_id: 'Q1', delivery_id: 'hook#1' }, { set: due });
    expect(await look('destinations')).toMatchObject([
      { health: 'warning', says: `a delivery to hook is overdue since ${at}` },
    ]);
  });

  it('what is held is found, and what is in quarantine', async () => {
    const own = database.store;
    await update(
      own,
      'mappings',
      { pagerduty_service_id: 'PHELD' },
      {
        set: { held: 'held', held_at: 'now', pagerduty_service_name: 'Robots' },
      },
    );
    expect(await look('held incidents')).toMatchObject([
      {
        health: 'warning',
        says: expect.stringContaining('Robots'),
        next: 'npx pdbridge incidents ls --held',
      },
    ]);
    const row = { incident_id: 'quarantine:1', log_key: 'quarantined' };
    await putNew(own, 'events', row, 'incident_id');
    expect(await look('quarantine')).toMatchObject([
      {
        health: 'warning',
        says: '1 authentic webhook could not be read',
        next: 'npx pdbridge quarantine ls',
      },
    ]);
    await update(own, 'events', row, { set: { replayed_at: 'now' } });
    expect(await look('quarantine')).toMatchObject([{ health: 'ok' }]);
  });

  it('an empty catalog is found, and a table that is missing', async () => {
    const empty = { db: database.store.db, table: (name: string) => `other-${name}` };
    await createTables(database.store.db, 'other-');
    expect(await look('catalog', { store: empty })).toMatchObject([
      { health: 'fault', next: 'npx pdbridge catalog push PATH' },
    ]);
    await database.store.db.send(new DeleteTableCommand({ TableName: 'other-state' }));
    expect(await look('tables', { store: empty })).toMatchObject([
      { health: 'fault', says: 'the table other-state is missing', next: 'npm run deploy' },
    ]);
  });
});
