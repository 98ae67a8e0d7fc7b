import { type LocalServer, startServer } from '../outgoing-http/local-server.ts';
import { after, body, keys, rendered } from './datadog-fixture.ts';
import { destinationOf, payloadOf } from './fake-context.ts';
import { changed, merged, triggered } from './incident-events.ts';

describe('sending to Datadog', () => {
  let server: LocalServer;
  let behave: Parameters<typeof startServer>[0];
  const at = (rest = '') =>
    destinationOf(
      `{ name: d, type: datadog, api_key: "env:API", application_key: "env:APP", base_url: "${server.url}", ${rest} }`,
      keys,
    );

  beforeEach(async () => {
    behave = (answer) => answer.writeHead(202).end('{"data":{"id":"x","type":"dora_failure"}}');
    server = await startServer((answer, request) => behave(answer, request));
  });
  afterEach(() => server.stop());

  it('posts the failure with the API key, and only with that', async () => {
    const destination = at();
    expect(await destination.send(payloadOf(destination, triggered), 0)).toEqual({
      outcome: 'delivered',
      statusCode: 202,
    });
    expect(server.received).toMatchObject([
      {
        method: 'POST',
        path: '/api/v2/dora/failure',
        headers: { 'dd-api-key': 'CANARYAPIKEY', 'content-type': 'application/json' },
      },
    ]);
    expect(server.received[0]?.headers).not.toHaveProperty('dd-application-key');
    expect(server.received[0]?.body).toBe(body(rendered(destination, triggered)));
  });

  it('deletes with both keys, then posts', async () => {
    const destination = at();
    const moved = changed(triggered, { services: ['cart'] });
    await destination.send(payloadOf(destination, moved, after(destination, triggered)), 0);
    expect(server.received).toMatchObject([
      {
        method: 'DELETE',
        path: '/api/v2/dora/failure/pagerduty:Q2CKYRLH85UNN4',
        headers: { 'dd-api-key': 'CANARYAPIKEY', 'dd-application-key': 'CANARYAPPKEY' },
      },
      { method: 'POST' },
    ]);
  });

  it('posts nothing while the old failure cannot be deleted', async () => {
    behave = (answer, { method }) => answer.writeHead(method === 'DELETE' ? 500 : 202).end();
    const destination = at();
    const moved = changed(triggered, { services: ['cart'] });
    const result = await destination.send(payloadOf(destination, moved, after(destination, triggered)), 0);
    expect(result).toMatchObject({ outcome: 'retry', statusCode: 500 });
    expect(server.received).toHaveLength(1);
  });

  it('takes a failure that is already gone for deleted', async () => {
    behave = (answer) => answer.writeHead(404).end();
    const destination = at();
    const payload = payloadOf(destination, merged, after(destination, triggered));
    expect(await destination.send(payload, 0)).toEqual({ outcome: 'delivered', statusCode: 404 });
  });

  const is = (status: number): Parameters<typeof startServer>[0] => {
    return (answer) => answer.writeHead(status).end();
  };
  /** What is answered to failures, and to the question whether the key is valid. */
  const taking = (failure: number[], validKey: number): Parameters<typeof startServer>[0] => {
    const left = [...failure];
    return (answer, { path }) =>
      answer.writeHead(path === '/api/v1/validate' ? validKey : (left.shift() ?? 500)).end();
  };

  it.each<[string, number[], number, string, boolean]>([
    ['is not there any more', [404], 500, 'refused', true],
    ['is gone', [410], 500, 'refused', true],
    ['forbids it although the key is valid', [403], 200, 'refused', true],
    ['refuses a valid key', [401], 200, 'refused', true],
    ['forbids it and does not know the key', [403], 403, 'retry', false],
    ['forbids it and nobody can say whether the key is valid', [403], 500, 'retry', false],
    ['refuses what it took before, too', [400, 400], 200, 'refused', true],
    ['refuses what it took before, too, in other words', [422, 410], 200, 'refused', true],
    ['takes what it took before, and not this', [400, 202], 200, 'refused', false],
    ['refuses this, and then has too much to do', [400, 429], 200, 'refused', false],
    ['refuses this, and then fails', [400, 500], 200, 'refused', false],
    ['has too much to do', [429, 410], 200, 'retry', false],
    ['fails', [500, 410], 200, 'retry', false],
  ])('of an endpoint that %s', async (_, failure, validKey, outcome, ends) => {
    behave = taking(failure, validKey);
    const destination = at();
    const worse = changed(triggered, { severity: 'P1+' });
    const result = await destination.send(payloadOf(destination, worse, after(destination, triggered)), 0);
    expect(result).toMatchObject({ outcome, statusCode: failure[0] });
    expect('retired' in result).toBe(ends);
  });

  it('asks again with nothing but the picture that was taken, and never brings back one that is replaced', async () => {
    behave = is(400);
    const destination = at();
    const taken = body(rendered(destination, triggered));
    const memory = after(destination, triggered);
    await destination.send(payloadOf(destination, changed(triggered, { severity: 'P1+' }), memory), 0);
    expect(server.received[1]?.body).toBe(taken);
    server.received.length = 0;
    behave = (answer, { method }) => answer.writeHead(method === 'DELETE' ? 202 : 400).end();
    await destination.send(payloadOf(destination, changed(triggered, { services: ['cart'] }), memory), 0);
    expect(server.received.map(({ method }) => method)).toEqual(['DELETE', 'POST']);
  });

  it.each<[Record<string, string>, number | undefined]>([
    [{ 'x-ratelimit-reset': '40' }, 40_000],
    [{ 'x-ratelimit-reset': '40', 'retry-after': '60' }, 60_000],
    [{ 'x-ratelimit-reset': 'soon' }, undefined],
  ])('waits for the rate limit: %j', async (headers, retryAfterMs) => {
    behave = (answer) => answer.writeHead(429, headers).end();
    const destination = at();
    const result = await destination.send(payloadOf(destination, triggered), 0);
    expect(result).toMatchObject({ outcome: 'retry', statusCode: 429 });
    expect((result as { retryAfterMs?: number }).retryAfterMs).toBe(retryAfterMs);
  });

  it.each([
    [400, 'refused'],
    [403, 'retry'],
    [500, 'retry'],
    [302, 'refused'],
  ])('a %i means %s, without the keys if the answer repeats them', async (status, outcome) => {
    behave = (answer, { headers }) => answer.writeHead(status).end(`no: ${headers['dd-api-key']}`);
    const destination = at();
    const result = await destination.send(payloadOf(destination, triggered), 0);
    expect(result).toMatchObject({ outcome, statusCode: status });
    expect(JSON.stringify(result)).not.toContain('CANARY');
  });

  it('spends its whole timeout once, however many requests there are', async () => {
    behave = () => undefined;
    const destination = at('timeout_seconds: 1');
    const moved = changed(triggered, { services: ['cart'] });
    const started = Date.now();
    const result = await destination.send(payloadOf(destination, moved, after(destination, triggered)), 0);
    expect(result).toMatchObject({ outcome: 'retry', timedOut: true });
    expect(Date.now() - started).toBeLessThan(1500);
  });

  it('waits when a key cannot be read', async () => {
    const destination = destinationOf(
      `{ name: d, type: datadog, api_key: "env:GONE", base_url: "${server.url}" }`,
    );
    expect(await destination.send(payloadOf(destination, triggered), 0)).toMatchObject({ outcome: 'retry' });
    expect(server.received).toEqual([]);
  });
});
