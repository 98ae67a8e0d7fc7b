import { createHmac } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readLocalSettings } from '../../lib/adapters/config/environment.ts';
import { parseDefinitions } from '../../lib/domain/catalog/parse-definitions.ts';
import { type LocalBridge, startBridge } from '../../lib/local/start-bridge.ts';
import { pushCatalog } from '../../lib/store/catalog/push.ts';
import type { Store } from '../../lib/store/database/dynamo.ts';
import type { Row } from '../../lib/store/database/marshalled.ts';
import { fixture } from '../domain/ci/fixture.ts';
import { eventually } from '../local/bridge-process.ts';
import { localClient } from '../local/local-client.ts';
import { temporaryFolder } from '../local/temporary-folder.ts';
import { createTestClock, createTestTelemetry } from '../support/bridge.ts';
import { type Receiver, startReceiver } from '../support/receiver.ts';
import { scan } from '../support/scan.ts';

const definitions = `schema-version: v2.2
dd-service: checkout-api
team: payments
links: [{ name: Code, type: repo, url: "https://github.com/acme/checkout" }]
---
apiVersion: backstage.io/v1alpha1
kind: Component
metadata: { name: cart, annotations: { gitlab.com/project-slug: acme/shop/cart, gitlab.com/instance: gitlab.example.com } }
spec: { type: service, owner: "group:default/shop" }
`;

let bridge: LocalBridge;
let receiver: Receiver;
let store: Store;

beforeAll(async () => {
  receiver = await startReceiver();
  const folder = temporaryFolder();
  const config = join(folder, 'bridge.yml');
  writeFileSync(join(folder, 'services.yaml'), definitions);
  writeFileSync(
    config,
    `ingest:
  github: { secret: "env:HUB" }
  gitlab: { token: "env:LAB" }
  repositories: { "github.com/acme/mono": [billing, search] }
destinations:
  - { name: hook, type: webhook, url: '${receiver.url}', events: ["deployment.finished", "deployment.changed"] }
`,
  );
  const environment = {
    PORT: '0',
    DYNAMODB_PORT: '0',
    BRIDGE_DATA_DIR: 'memory',
    BRIDGE_CONFIG: config,
    BRIDGE_CATALOG: join(folder, 'services.yaml'),
    BRIDGE_SWEEP_SECONDS: '1',
    BRIDGE_INGEST_API_KEYS: 'key-of-the-tests',
    HUB: 'hub',
    LAB: 'lab',
  };
  bridge = await startBridge({
    settings: readLocalSettings(environment),
    environment,
    telemetry: createTestTelemetry(),
    print: () => {},
  });
  const { dynamodb_endpoint, table_prefix } = bridge.ready;
  store = { db: localClient(dynamodb_endpoint), table: (name) => table_prefix + name };
});
afterAll(async () => {
  await bridge.stop();
  await receiver.close();
});

async function post(name: string, body: unknown, headers: Record<string, string>): Promise<unknown> {
  const text = JSON.stringify(body);
  const signature = `sha256=${createHmac('sha256', 'hub').update(text).digest('hex')}`;
  const response = await fetch(`${bridge.ready.api_url}/webhooks/${name}`, {
    method: 'POST',
    headers: { ...headers, ...(name === 'github' ? { 'x-hub-signature-256': signature } : {}) },
    body: text,
  });
  expect(response.status).toBe(202);
  return response.json();
}
const gitHub = (changes: Record<string, unknown> = {}) =>
  post('github', fixture('github-deployment-status', changes), { 'x-github-event': 'deployment_status' });
const gitLab = () => post('gitlab', fixture('gitlab-deployment'), { 'x-gitlab-token': 'lab' });
const cdEvent = (changes: Record<string, unknown> = {}) =>
  post('cdevents', fixture('cdevents-service-deployed', changes), { 'x-api-key': 'key-of-the-tests' });

/** Until what is expected is so. */
const soon = (expected: () => Promise<void> | void) =>
  eventually(
    async () => {
      try {
        await expected();
        return 'as expected';
      } catch (error) {
        return (error as Error).message;
      }
    },
    (seen) => seen === 'as expected',
    20_000,
  );
const rows = async (fits: (row: Row) => boolean): Promise<Row[]> =>
  (await scan(store, 'deployments')).filter(fits);
const finished = (service: string) =>
  receiver.received
    .map(({ json }) => json)
    .filter(({ type, services }) => type === 'deployment.finished' && services?.[0] === service);

it('a deployment on GitHub, in its states and twice, is one of the service whose code it is', async () => {
  await gitHub({
    'deployment_status.state': 'in_progress',
    'deployment_status.created_at': '2026-03-02T10:01:05Z',
  });
  expect(await gitHub()).toEqual({ status: 'accepted' });
  expect(await gitHub()).toEqual({ status: 'duplicate' });
  await soon(() => expect(finished('checkout-api')).toHaveLength(1));
  expect(await rows(({ service }) => service === 'checkout-api')).toMatchObject([
    {
      deployment_id: 'github:github.com:2481163200',
      team: 'payments',
      env: 'production',
      status: 'succeeded',
      git_commit_sha: '6f1c0a9b7d2e4f5061728394a5b6c7d8e9f01234',
      repository_id: 'github.com/acme/checkout',
      started_at: '2026-03-02T10:01:03.000Z',
      finished_at: '2026-03-02T10:04:12.000Z',
      sources: ['github'],
    },
  ]);
  expect(finished('checkout-api')[0]).toMatchObject({
    team: 'payments',
    env: 'production',
    services: ['checkout-api'],
  });
});

it('GitLab and CDEvents tell of one deployment: one, which names both', async () => {
  await gitLab();
  await cdEvent({
    'subject.content.artifactId':
      'pkg:generic/cart@2.14.0?vcs_url=git%2Bhttps://gitlab.example.com/acme/shop/cart.git%406f1c0a9b7d2e4f5061728394a5b6c7d8e9f01234',
  });
  await soon(async () => {
    const cart = await rows(({ service }) => service === 'cart');
    expect(cart.map(({ same_as }) => same_as).filter(Boolean)).toHaveLength(1);
    expect(cart.find(({ same_as }) => same_as === undefined)).toMatchObject({
      sources: expect.arrayContaining(['cdevents', 'gitlab']),
      env: 'production',
      team: 'shop',
    });
  });
  expect(finished('cart')).toHaveLength(1);
});

it('two services of one repository are two deployments', async () => {
  await gitHub({ 'deployment.id': 77, 'repository.clone_url': 'https://github.com/acme/mono.git' });
  await soon(() => {
    expect(finished('billing')).toHaveLength(1);
    expect(finished('search')).toHaveLength(1);
  });
  const both = await rows(({ service }) => service === 'billing' || service === 'search');
  expect(both.map(({ status, env }) => [status, env])).toEqual([
    ['succeeded', 'production'],
    ['succeeded', 'production'],
  ]);
});

it('a repository that nobody knows is held with a suggestion, and goes out once the catalog knows it', async () => {
  const unknown = 'github.com/acme/loyalty-points';
  await gitHub({ 'deployment.id': 78, 'repository.clone_url': `https://${unknown}.git` });
  const held = () => rows(({ repository_id }) => repository_id === unknown);
  await soon(async () =>
    expect(await held()).toMatchObject([
      {
        held: 'unmatched',
        service_explanation: expect.stringContaining(`ingest.repositories: { "${unknown}": <service> }`),
      },
    ]),
  );
  const text = `schema-version: v2.2\ndd-service: loyalty\nteam: crm\nlinks: [{ name: Code, type: repo, url: "https://${unknown}" }]\n`;
  await pushCatalog(
    { store, clock: createTestClock(), random: { token: () => 'of-the-tests', unit: () => 0.5 } },
    { source: 'crm', entries: parseDefinitions('loyalty.yaml', text).definitions.map(({ entry }) => entry) },
  );
  await soon(() => expect(finished('loyalty')).toHaveLength(1));
  expect(await held()).toMatchObject([{ service: 'loyalty', team: 'crm' }]);
});

it('an incident that CDEvents tell of begins when it was seen first, whatever comes first', async () => {
  const told = (predicate: string, time: string) =>
    post(
      'cdevents',
      fixture('cdevents-incident-detected', {
        'context.type': `dev.cdevents.incident.${predicate}.0.3.0`,
        'context.timestamp': time,
      }),
      { 'x-api-key': 'key-of-the-tests' },
    );
  await told('resolved', '2026-03-02T10:50:00Z');
  await told('reported', '2026-03-02T10:25:00Z');
  await told('detected', '2026-03-02T10:20:00Z');
  await soon(async () =>
    expect(await scan(store, 'incidents')).toMatchObject([
      {
        source: 'cdevents',
        external_id: 'cdevents:/monitoring/eu-1:incident-4711',
        services: ['cart'],
        team: 'shop',
        env: 'production',
        status: 'resolved',
        started_at: '2026-03-02T10:20:00.000Z',
        finished_at: '2026-03-02T10:50:00.000Z',
        time_to_restore_seconds: 1800,
      },
    ]),
  );
});
