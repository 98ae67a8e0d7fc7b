import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createDynamoDb, workerTiming } from '../../lib/adapters/aws/dynamodb-client.ts';
import { createSecrets } from '../../lib/adapters/aws/secrets.ts';
import { createParameterReader } from '../../lib/adapters/aws/ssm-parameter.ts';
import { createSdkClients } from '../../lib/adapters/destinations/aws/sdk-clients.ts';
import { createDestinations } from '../../lib/adapters/destinations/create-destinations.ts';
import { createNodeHttp } from '../../lib/adapters/outgoing-http/node-http.ts';
import { createTelemetry } from '../../lib/adapters/telemetry/telemetry.ts';
import { sign } from '../../lib/domain/pagerduty/signature.ts';
import { createForward } from '../../lib/flow/forward/forward-events.ts';
import { createReceive } from '../../lib/flow/receive/receive-webhook.ts';
import type { WorkDeps } from '../../lib/flow/subjects/deps.ts';
import { createSweep } from '../../lib/flow/sweep/sweep.ts';
import { createMatcher } from '../../lib/store/catalog/matcher.ts';
import { createServicesOfRepository } from '../../lib/store/catalog/services-of-repository.ts';
import type { Store } from '../../lib/store/database/dynamo.ts';
import { tableDefinitions } from '../../lib/store/database/table-definitions.ts';
import { canary, canaryKey, createAviary, secretParts } from '../flow/deliver/canaries.ts';
import { type EchoServer, startEchoServer } from '../flow/deliver/echo-server.ts';
import { fiveEvents } from '../flow/deliver/five-events.ts';
import { createFixture, type Fixture, minutes } from '../flow/deliver/fixture.ts';
import { testConfig } from '../support/bridge.ts';
import type { WebhookBody } from '../support/webhooks.ts';

/** The functions as they are wired on AWS: JSON log lines, secrets from SSM, credentials from the environment. */
const aviary = createAviary();
const signing = aviary.add('signing secret', canary('signing'));
const next = aviary.add('next signing secret', canary('next'));
const apiKey = aviary.add('API key', canary('api'));
const parameters: Record<string, string> = {
  '/signing': `${signing}, ${next}`,
  '/api': apiKey,
  '/hook': aviary.add('webhook secret', canaryKey()),
  '/wrong': aviary.add('webhook secret of a wrong shape', canary('wrong')),
  '/dd': aviary.add('Datadog API key', canary('dd')),
};
process.env['AWS_ACCESS_KEY_ID'] = 'AKIDOFTHETESTS';
process.env['AWS_SECRET_ACCESS_KEY'] = aviary.add('AWS secret key', canary('aws'));
process.env['AWS_SESSION_TOKEN'] = aviary.add('AWS session token', canary('session'));

let echo: EchoServer;
let fixture: Fixture;
let ssm: { url: string; behave: SsmBehaviour; close(): void };

type SsmBehaviour = 'well' | 'not json' | 'refuses' | 'quotes the request' | 'error' | 'reset';

/** SSM, which when it fails says more than it should: the value itself, or the request it was sent. */
async function startSsm() {
  const started = { url: '', behave: 'well' as SsmBehaviour, close: () => {} };
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const { Name } = JSON.parse(body) as { Name: string };
    const value = parameters[Name];
    const canonical = `x-amz-date:20260302\\nx-amz-security-token:${request.headers['x-amz-security-token']}\\n${request.headers.authorization}`;
    const send = (status: number, text: string) =>
      response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(text);
    const answers: Record<SsmBehaviour, () => unknown> = {
      well: () => send(200, JSON.stringify({ Parameter: { Name, Value: value } })),
      'not json': () => send(200, `<Value>${value}</Value>`),
      refuses: () =>
        send(400, JSON.stringify({ __type: 'AccessDeniedException', Parameter: { Value: value } })),
      'quotes the request': () =>
        send(
          400,
          JSON.stringify({ __type: 'InvalidSignatureException', message: `should have been ${canonical}` }),
        ),
      error: () => send(500, String(value)),
      reset: () => request.socket.resetAndDestroy(),
    };
    answers[value === undefined ? 'refuses' : started.behave]();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  started.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  started.close = () => {
    server.closeAllConnections();
    server.close();
  };
  return started;
}

beforeAll(async () => {
  [echo, ssm, fixture] = await Promise.all([startEchoServer(), startSsm(), createFixture()]);
});
afterAll(async () => {
  await echo.close();
  ssm.close();
});

const lines: string[] = [];
const answers: string[] = [];

function wire(store: Store) {
  const { clock } = fixture;
  const telemetry = createTelemetry({
    write: (line) => lines.push(line),
    service: 'pagerduty-bridge-test',
    clock,
  });
  const secrets = createSecrets({
    environment: {},
    readParameter: createParameterReader({ region: 'eu-central-1', endpoint: ssm.url, timeoutMs: 300 }),
    clock,
    telemetry,
  });
  const hook = (name: string, secret = 'ssm:/hook') => ({
    name,
    type: 'webhook',
    url: `${echo.url}/${name}`,
    secret,
    timeout_seconds: 0.3,
  });
  const config = {
    ...testConfig,
    authenticate: { signing_secrets: 'ssm:/signing', api_keys: 'ssm:/api' },
    destinations: [
      ...['refused', 'error', 'busy', 'cut', 'redirect', 'hang'].map((name) => hook(name)),
      hook('wrong', 'ssm:/wrong'),
      hook('missing', 'ssm:/missing'),
      { name: 'dd', type: 'datadog', base_url: `${echo.url}/forbidden`, api_key: 'ssm:/dd' },
      { name: 'screen', type: 'console' },
      { name: 'bus', type: 'eventbridge', bus: 'default', endpoint: `${echo.url}/aws_json` },
      {
        name: 'topic',
        type: 'sns',
        topic_arn: 'arn:aws:sns:eu-central-1:1:t',
        endpoint: `${echo.url}/aws_query`,
      },
    ],
  };
  const destinations = createDestinations(config, {
    http: createNodeHttp({ allowLoopback: true }),
    secrets,
    clock,
    print: (line) => lines.push(line),
    aws: createSdkClients({ region: 'eu-central-1' }),
  });
  const deps: WorkDeps = {
    store,
    clock,
    random: { token: () => `claim-${Math.random()}`, unit: () => Math.random() },
    telemetry,
    config,
    matcher: createMatcher(store),
    servicesOfRepository: createServicesOfRepository(store),
    destinations,
    destinationNames: destinations.map(({ name }) => name),
  };
  return {
    receive: createReceive({ store, secrets, clock, telemetry, config }),
    forward: createForward(deps),
    sweep: createSweep(deps),
  };
}

async function post(
  functions: ReturnType<typeof wire>,
  body: WebhookBody | string,
  secret = signing,
  key = apiKey,
) {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const rawBody = new TextEncoder().encode(text);
  const signature = aviary.add('incoming signature', sign(rawBody, secret));
  const answer = await functions.receive({
    method: 'POST',
    headers: { 'x-pagerduty-signature': signature, 'x-api-key': key, authorization: `Bearer ${apiKey}` },
    rawBody,
    arrivedAtMs: fixture.clock.now(),
  });
  answers.push(answer.body);
  return answer.status;
}

function places(): Record<string, string> {
  const found: Record<string, string> = { 'log lines': lines.join('\n'), answers: answers.join('\n') };
  for (const { name } of tableDefinitions) {
    found[`table ${name}`] = JSON.stringify(fixture.rows(name), (_, value) =>
      value instanceof Set ? [...value] : value,
    );
  }
  return found;
}

it('nothing secret is logged, answered or stored by the functions on AWS, whatever goes wrong', async () => {
  const functions = wire(fixture.store);
  for (const body of fiveEvents('QCANARY').slice(0, 2)) expect(await post(functions, body)).toBe(202);
  const [, , forged] = fiveEvents('QCANARY');
  if (!forged) throw new Error('no third event');
  expect(await post(functions, 'not json')).toBe(202);
  expect(await post(functions, forged, aviary.add('secret of somebody else', canary('strange')))).toBe(503);
  expect(await post(functions, forged, signing, aviary.add('wrong API key', canary('wrong_key')))).toBe(503);

  for (let run = 0; run < 6; run++) {
    fixture.clock.advance(minutes(20));
    await functions.sweep(60_000);
  }
  const tried = fixture.rows('deliveries').filter((row) => Number(row['attempts']) > 0);
  const names = [...new Set(fixture.rows('deliveries').map((row) => row['destination']))];
  expect([...new Set(tried.map((row) => row['destination']))].sort()).toEqual(names.sort());

  // SSM in trouble, at first with values to fall back on, then without.
  const troubles: SsmBehaviour[] = ['not json', 'refuses', 'quotes the request', 'error', 'reset'];
  for (const behave of troubles) {
    ssm.behave = behave;
    fixture.clock.advance(minutes(20));
    await post(functions, forged);
    await functions.sweep(60_000);
    const fresh = wire(fixture.store);
    expect(await post(fresh, forged)).toBe(503);
    await fresh.sweep(60_000);
  }

  // DynamoDB answers with what it was asked, as AWS does when a signature is wrong.
  ssm.behave = 'well';
  const db = createDynamoDb({
    region: 'eu-central-1',
    endpoint: `${echo.url}/aws_json`,
    timing: workerTiming,
  });
  const broken = wire({ ...fixture.store, db });
  expect(await post(broken, forged)).toBe(503);
  await broken.sweep(60_000).catch((error) => lines.push(String(error.message)));
  await broken.forward(
    {
      Records: [
        {
          eventName: 'INSERT',
          dynamodb: { SequenceNumber: '1', Keys: { incident_id: { S: 'Q1' }, log_key: { S: 'k' } } },
        },
      ],
    },
    60_000,
  );

  for (const name of ['webhook-signature', 'authorization', 'x-amz-security-token', 'dd-api-key']) {
    const values = echo.headers.get(name);
    expect([name, values?.size ?? 0]).not.toEqual([name, 0]);
    for (const part of [...(values ?? [])].flatMap(secretParts)) aviary.add(`${name} sent`, part);
  }
  for (const text of Object.values(places())) expect(text.length).toBeGreaterThan(1);
  expect(lines.length).toBeGreaterThan(20);
  expect(aviary.seenIn(places())).toEqual([]);
});
