import fc from 'fast-check';
import { fromLambdaEvent, toLambdaResponse } from '../../../lib/adapters/incoming-http/lambda-event.ts';
import { sign } from '../../../lib/domain/pagerduty/signature.ts';
import { createReceive } from '../../../lib/flow/receive/receive-webhook.ts';
import { maxBodyBytes } from '../../../lib/flow/receive/sources/pagerduty-webhook.ts';
import { scan } from '../../../lib/store/database/request.ts';
import { createTestClock, createTestTelemetry } from '../../support/bridge.ts';
import { startTestDatabase, type TestDatabase } from '../../support/dynalite.ts';
import { webhookBody } from '../../support/webhooks.ts';

const secret = 'the-signing-secret';
const apiKey = 'the-api-key';
const bytes = (text: string) => new TextEncoder().encode(text);

let database: TestDatabase;
beforeAll(async () => {
  database = await startTestDatabase();
});
afterAll(() => database.stop());

interface Setup {
  authenticate?: { signing_secrets?: string; api_keys?: string };
  secrets?: Record<string, string[] | Error>;
  // biome-ignore lint/suspicious/noExplicitAny: stands for the SDK client
  send?: (command: any) => Promise<any>;
}

function createReceiver(setup: Setup = {}) {
  const telemetry = createTestTelemetry();
  const secrets: Record<string, string[] | Error> = {
    'env:SIGNING': ['an-older-secret', secret],
    'env:KEYS': [apiKey],
    ...setup.secrets,
  };
  const receive = createReceive({
    store: setup.send ? { ...database.store, db: { send: setup.send } } : database.store,
    clock: createTestClock(),
    telemetry,
    secrets: {
      read: async (reference) => {
        const value = secrets[reference];
        if (value instanceof Error || value === undefined) throw value ?? new Error('no such secret');
        return value;
      },
    },
    config: {
      authenticate: setup.authenticate ?? { signing_secrets: 'env:SIGNING' },
      retention_days: 400,
    },
  });
  const post = async (
    rawBody: Uint8Array | string,
    headers: Record<string, string> = {},
    method = 'POST',
  ) => {
    const body = typeof rawBody === 'string' ? bytes(rawBody) : rawBody;
    const signed = { 'x-pagerduty-signature': sign(body, secret), ...headers };
    const given = Object.fromEntries(Object.entries(signed).filter(([, value]) => value !== ''));
    const response = await receive({ method, headers: given, rawBody: body, arrivedAtMs: Date.now() });
    return { code: response.status, ...JSON.parse(response.body) };
  };
  return { receive, post, telemetry };
}

const triggered = (id: string) =>
  JSON.stringify(
    webhookBody('incident.triggered', { id, at: '2026-03-02T10:00:00Z', data: { id: `Q${id}` } }),
  );

describe('the answers to PagerDuty', () => {
  let post: ReturnType<typeof createReceiver>['post'];
  let telemetry: ReturnType<typeof createReceiver>['telemetry'];
  beforeAll(() => {
    ({ post, telemetry } = createReceiver());
  });
  const ping = JSON.stringify({
    event: { id: 'ping-1', event_type: 'pagey.ping', data: { type: 'ping', message: 'Hello' } },
  });
  const future = JSON.stringify({
    event: {
      id: 'f1',
      event_type: 'incident.abducted',
      occurred_at: '2026-03-02T10:00:00Z',
      data: { type: 'x' },
    },
  });
  const forged = { 'x-pagerduty-signature': `v1=${'0'.repeat(64)}` };
  const unsigned = { 'x-pagerduty-signature': '' };

  it.each<[string, string, Record<string, string>, number, string]>([
    ['a new event', triggered('A1'), {}, 202, 'accepted'],
    ['the same event again', triggered('A1'), {}, 202, 'duplicate'],
    ['a ping', ping, {}, 202, 'pong'],
    ['an unknown event type', future, {}, 202, 'accepted'],
    ['authentic, but not JSON', 'not JSON', {}, 202, 'quarantined'],
    ['authentic, but no v3 event', '{"messages":[]}', {}, 202, 'quarantined'],
    ['authentic, but an empty body', '', {}, 202, 'quarantined'],
    ['a wrong signature', triggered('A2'), forged, 503, 'authentication_failed'],
    [
      'a signature of nothing',
      triggered('A2'),
      { 'x-pagerduty-signature': 'v1=' },
      503,
      'authentication_failed',
    ],
    [
      'a webhook id alone',
      triggered('A2'),
      { ...unsigned, 'x-webhook-id': 'w' },
      503,
      'authentication_failed',
    ],
    ['an API key alone', triggered('A2'), { ...unsigned, 'dd-api-key': 'k' }, 503, 'authentication_failed'],
    ['no credentials', triggered('A2'), unsigned, 401, 'unauthenticated'],
    ['a body of 600 KB', 'x'.repeat(600 * 1024), {}, 413, 'body_too_large'],
  ])('to %s', async (_name, body, headers, code, word) => {
    const answer = await post(body, headers);
    expect([answer.code, answer.status ?? answer.error]).toEqual([code, word]);
  });

  it.each<[string, (command: object) => Promise<never>]>([
    ['fails', () => Promise.reject(new Error('AccessDeniedException'))],
    ['hangs', () => new Promise(() => {})],
  ])('to a ping, also where keeping a trace of it %s', async (_, send) => {
    const started = Date.now();
    const answer = await createReceiver({ send }).post(ping);
    expect([answer.code, answer.status]).toEqual([202, 'pong']);
    expect(Date.now() - started).toBeLessThan(3_000);
  });

  it('to a ping, of which the last one is kept for each subscription', async () => {
    const id = ping.replace('ping-1', 'ping-2');
    const { post } = createReceiver();
    for (const body of [ping, id]) await post(body, { 'x-webhook-subscription': 'PSUB001' });
    await post(ping.replace('ping-1', 'ping-forged'), { ...forged, 'x-webhook-subscription': 'PSUB001' });
    const rows = await scan(database.store, 'state');
    expect(rows.find(({ name }) => name === 'ping:PSUB001')).toMatchObject({
      event_id: 'ping-2',
      subscription_id: 'PSUB001',
    });
    expect(JSON.stringify(await scan(database.store, 'events'))).not.toContain('ping-2');
  });

  it('to another method', async () => {
    const { receive } = createReceiver();
    for (const method of ['GET', 'PUT', 'DELETE', 'OPTIONS', '']) {
      const answer = await receive({ method, headers: {}, rawBody: bytes(''), arrivedAtMs: Date.now() });
      expect([answer.status, answer.headers['allow']]).toEqual([405, 'POST']);
    }
  });

  it('never store what was refused', async () => {
    const rows = await scan(database.store, 'events');
    expect(rows.filter((row) => row['event_id'] === 'A2')).toEqual([]);
    expect(telemetry.count('SignatureMismatches')).toBe(4);
    expect(telemetry.count('WebhooksUnauthenticated')).toBe(1);
    expect(telemetry.count('WebhooksDuplicate')).toBe(1);
  });

  it('a body at the limit is taken, one byte more is not', async () => {
    const frame = JSON.stringify(
      webhookBody('incident.triggered', { id: 'BIG', at: '2026-03-02T10:00:00Z' }),
    );
    const fill = (size: number) => frame.replace(/}$/, `,"fill":"${'x'.repeat(size - frame.length - 10)}"}`);
    expect(bytes(fill(maxBodyBytes)).byteLength).toBe(maxBodyBytes);
    expect((await post(fill(maxBodyBytes))).status).toBe('accepted');
    expect((await post(fill(maxBodyBytes + 1))).error).toBe('body_too_large');
  });
});

describe('authenticators', () => {
  const body = triggered('K1');

  it.each([
    ['DD-API-KEY', { 'dd-api-key': apiKey }],
    ['X-Api-Key', { 'x-api-key': apiKey }],
  ])('an API key in %s lets in without a signature', async (_name, headers) => {
    const { post } = createReceiver({ authenticate: { api_keys: 'env:KEYS' } });
    expect(['accepted', 'duplicate']).toContain(
      (await post(body, { 'x-pagerduty-signature': '', ...headers })).status,
    );
    expect((await post(body, { 'x-pagerduty-signature': '', 'x-api-key': 'wrong' })).error).toBe(
      'authentication_failed',
    );
  });

  it('all that are configured must pass', async () => {
    const { post } = createReceiver({
      authenticate: { signing_secrets: 'env:SIGNING', api_keys: 'env:KEYS' },
    });
    expect((await post(body)).error).toBe('authentication_failed');
    expect((await post(body, { 'dd-api-key': apiKey, 'x-pagerduty-signature': '' })).error).toBe(
      'authentication_failed',
    );
    expect(['accepted', 'duplicate']).toContain((await post(body, { 'dd-api-key': apiKey })).status);
  });

  it('none configured lets nobody in, and PagerDuty sends again', async () => {
    const { post } = createReceiver({ authenticate: {} });
    expect((await post(body)).error).toBe('not_configured');
  });

  it('a secret that cannot be read lets nobody in, and PagerDuty sends again', async () => {
    const { post, telemetry } = createReceiver({ secrets: { 'env:SIGNING': new Error('SSM is down') } });
    expect((await post(body)).error).toBe('unavailable');
    expect(telemetry.count('ReceiveFailed')).toBe(1);
  });
});

describe('when the database fails', () => {
  it.each(['ProvisionedThroughputExceededException', 'InternalServerError', 'TimeoutError'])(
    '%s is answered 503, never 202',
    async (name) => {
      const send = async () => {
        throw Object.assign(new Error('no'), { name });
      };
      expect((await createReceiver({ send }).post(triggered('D1'))).error).toBe('unavailable');
    },
  );

  it('one that hangs is answered 503 before PagerDuty hangs up', async () => {
    const { receive } = createReceiver({ send: () => new Promise(() => {}) });
    const rawBody = bytes(triggered('D2'));
    const startedAt = Date.now();
    const answer = await receive({
      method: 'POST',
      headers: { 'x-pagerduty-signature': sign(rawBody, secret) },
      rawBody,
      arrivedAtMs: startedAt - 3_000,
    });
    expect(answer.status).toBe(503);
    expect(Date.now() - startedAt).toBeLessThan(1_000);
  });
});

describe('what is kept', () => {
  it('is the body as it was sent, with what the headers tell', async () => {
    const { post } = createReceiver();
    const body = JSON.stringify(
      webhookBody('incident.triggered', {
        id: 'KEPT',
        at: '2026-03-02T11:00:00.5+01:00',
        data: { title: 'Störung ☎' },
      }),
      null,
      2,
    );
    await post(body, { dd_env: ' staging ', 'x-webhook-id': 'w1', 'x-webhook-subscription': 'PXSUIZH' });
    const row = (await scan(database.store, 'events')).find((each) => each['event_id'] === 'KEPT');
    expect(row).toMatchObject({
      body,
      env_header: 'staging',
      webhook_id: 'w1',
      subscription_id: 'PXSUIZH',
      occurred_at: '2026-03-02T10:00:00.500Z',
    });
    expect(row?.['log_key']).toBe('2026-03-02T10:00:00.500Z#0#KEPT');
  });

  it('of an unreadable body is every byte, once', async () => {
    const { post } = createReceiver();
    const rawBody = Uint8Array.from([0xff, 0xfe, 0x00, 0x41]);
    expect((await post(rawBody)).status).toBe('quarantined');
    expect((await post(rawBody)).status).toBe('quarantined');
    const rows = (await scan(database.store, 'events')).filter(
      (row) => row['body_bytes'] instanceof Uint8Array && row['body_bytes'].byteLength === 4,
    );
    expect(rows).toHaveLength(1);
    expect(Buffer.from(rows[0]?.['body_bytes'] as Uint8Array)).toEqual(Buffer.from(rawBody));
  });
});

describe('the Lambda edge', () => {
  const event = (body: string, more: object = {}) => ({
    version: '2.0',
    rawPath: '/webhooks/pagerduty/',
    headers: { 'X-PagerDuty-Signature': sign(bytes(body), secret), DD_ENV: 'prod' },
    requestContext: { http: { method: 'POST' }, timeEpoch: Date.now() },
    body,
    isBase64Encoded: false,
    ...more,
  });
  const handle = async (given: unknown) =>
    toLambdaResponse(await createReceiver().receive(fromLambdaEvent(given, Date.now())));

  it('verifies the bytes of a plain and of a base64 body alike', async () => {
    const body = triggered('Zürich-☃');
    expect((await handle(event(body))).statusCode).toBe(202);
    const base64 = event(Buffer.from(body).toString('base64'), { isBase64Encoded: true });
    base64.headers['X-PagerDuty-Signature'] = sign(bytes(body), secret);
    expect(JSON.parse((await handle(base64)).body).status).toBe('duplicate');
  });

  it('gives a valid HTTP answer to any object at all', async () => {
    const { receive } = createReceiver();
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.anything(),
          fc.record(
            {
              headers: fc.oneof(fc.anything(), fc.dictionary(fc.string(), fc.anything())),
              body: fc.anything(),
              isBase64Encoded: fc.anything(),
              requestContext: fc.oneof(
                fc.anything(),
                fc.record({ http: fc.constant({ method: 'POST' }), timeEpoch: fc.anything() }),
              ),
            },
            { requiredKeys: [] },
          ),
        ),
        async (given) => {
          const answer = toLambdaResponse(await receive(fromLambdaEvent(given, Date.now())));
          expect(answer.statusCode).toBeGreaterThanOrEqual(400);
          expect(typeof JSON.parse(answer.body)).toBe('object');
          expect(answer.headers['content-type']).toBe('application/json');
        },
      ),
      { numRuns: 500 },
    );
  });
});
