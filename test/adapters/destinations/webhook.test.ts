import { randomBytes } from 'node:crypto';
import { Webhook as StandardWebhook } from 'standardwebhooks';
import { Webhook as SvixWebhook } from 'svix';
import { closedPort, type LocalServer, type Received, startServer } from '../outgoing-http/local-server.ts';
import { destinationOf, payloadOf } from './fake-context.ts';
import { annotated, changed, resolved, triggered } from './incident-events.ts';

const secret = () => `whsec_${randomBytes(32).toString('base64')}`;
const [oldSecret, newSecret] = [secret(), secret()];
const now = Math.floor(Date.now() / 1000) * 1000;
let server: LocalServer;
let behave: Parameters<typeof startServer>[0];

beforeEach(async () => {
  behave = (answer) => answer.end();
  server = await startServer((answer, request) => behave(answer, request));
});
afterEach(() => server.stop());

const webhook = (rest = '', secrets: string[] = []) =>
  destinationOf(`{ name: w, type: webhook, url: "${server.url}/in?a=b", ${rest} }`, {
    secrets: { 'env:S': secrets },
  });
const signed = (...secrets: string[]) => webhook('secret: "env:S"', secrets);
const headersOf = ({ headers }: Received) => headers as Record<string, string>;

describe('a webhook', () => {
  it('posts the event with an id, the time of the attempt and a name', async () => {
    const destination = webhook();
    expect(await destination.send(payloadOf(destination, triggered), now)).toEqual({
      outcome: 'delivered',
      statusCode: 200,
    });
    const [request] = server.received as [Received];
    expect([request.method, request.path, JSON.parse(request.body)]).toEqual(['POST', '/in?a=b', triggered]);
    expect(request.headers).toMatchObject({
      'content-type': 'application/json',
      'user-agent': 'pagerduty-catalog-bridge',
      'webhook-id': triggered.id,
      'webhook-timestamp': String(now / 1000),
    });
    expect(request.headers).not.toHaveProperty('webhook-signature');
  });

  it.each([
    ['standardwebhooks', StandardWebhook],
    ['svix', SvixWebhook],
  ])('is verified by %s', async (_, Verifier) => {
    const destination = signed(newSecret);
    await destination.send(payloadOf(destination, triggered), now);
    const [request] = server.received as [Received];
    expect(new Verifier(newSecret).verify(request.body, headersOf(request))).toEqual(triggered);
    expect(() => new Verifier(oldSecret).verify(request.body, headersOf(request))).toThrow();
    expect(() => new Verifier(newSecret).verify(`${request.body} `, headersOf(request))).toThrow();
  });

  it('is verified by a receiver that knows only one of two secrets, while they rotate', async () => {
    const destination = signed(newSecret, oldSecret);
    await destination.send(payloadOf(destination, triggered), now);
    const [request] = server.received as [Received];
    expect(headersOf(request)['webhook-signature']?.split(' ')).toHaveLength(2);
    for (const known of [newSecret, oldSecret]) {
      expect(() => new StandardWebhook(known).verify(request.body, headersOf(request))).not.toThrow();
    }
  });

  it('accepts a secret without its prefix, as the verifiers do', async () => {
    const destination = signed(newSecret.replace('whsec_', ''));
    await destination.send(payloadOf(destination, triggered), now);
    const [request] = server.received as [Received];
    expect(() => new StandardWebhook(newSecret).verify(request.body, headersOf(request))).not.toThrow();
  });

  it('sends the same again on every attempt, but for the timestamp and its signature', async () => {
    const destination = signed(newSecret);
    for (const at of [now, now + 7_000_000]) await destination.send(payloadOf(destination, triggered), at);
    const [first, second] = server.received.map(({ headers, ...rest }) => {
      const { 'webhook-timestamp': timestamp, 'webhook-signature': signature, ...stable } = headers;
      return { stable, rest, timestamp, signature };
    });
    expect(second?.stable).toEqual(first?.stable);
    expect(second?.rest).toEqual(first?.rest);
    expect(Number(second?.timestamp) - Number(first?.timestamp)).toBe(7000);
    expect(second?.signature).not.toBe(first?.signature);
  });

  it('makes an id that fits into a header of an event id that does not', async () => {
    const destination = webhook();
    await destination.send(payloadOf(destination, changed(triggered, { id: 'naïve id\r\nX: y' })), now);
    expect(server.received[0]?.headers['webhook-id']).toMatch(/^sha256:[0-9a-f]{64}$/);
  });

  it.each<[string, string, string]>([
    ['event', 'application/json', 'undefined'],
    ['cloudevents', 'application/cloudevents+json', 'undefined'],
    ['cdevents', 'application/cloudevents+json', 'undefined'],
    ['cloudevents-binary', 'application/json', 'com.pagerduty.incident.triggered'],
  ])('carries the format %s', async (format, contentType, ceType) => {
    const destination = webhook(`format: ${format}`);
    await destination.send(payloadOf(destination, triggered), now);
    const headers = server.received[0]?.headers;
    expect([headers?.['content-type'], String(headers?.['ce-type'])]).toEqual([contentType, ceType]);
  });

  it('skips what it is not configured for', () => {
    const destination = webhook('events: [incident.triggered, incident.resolved]');
    expect(destination.render(annotated, undefined)).toEqual({ skip: 'filtered' });
    expect(destination.render(resolved, undefined)).toHaveProperty('payload');
  });

  it('skips what its format cannot say', () => {
    const skip = 'no_cdevents_counterpart: incident.annotated';
    expect(webhook('format: cdevents').render(annotated, undefined)).toEqual({ skip });
  });
});

describe('the answer of a webhook', () => {
  it.each([200, 201, 202, 204, 299])('%i means delivered', async (status) => {
    behave = (answer) => answer.writeHead(status).end();
    const destination = webhook();
    expect(await destination.send(payloadOf(destination, triggered), now)).toEqual({
      outcome: 'delivered',
      statusCode: status,
    });
  });

  it.each([401, 403, 404, 408, 425, 429, 500, 502, 503, 504, 599])('%i means later', async (status) => {
    behave = (answer) => answer.writeHead(status).end('why');
    const destination = webhook();
    const result = await destination.send(payloadOf(destination, triggered), now);
    expect(result).toEqual({ outcome: 'retry', statusCode: status, error: `HTTP ${status}: why` });
  });

  it.each([400, 402, 405, 409, 410, 413, 415, 418, 422, 451])(
    '%i means never, and why is kept',
    async (status) => {
      behave = (answer) => answer.writeHead(status).end('  bad\n  field  ');
      const destination = webhook();
      const result = await destination.send(payloadOf(destination, triggered), now);
      expect(result).toEqual({ outcome: 'refused', statusCode: status, error: `HTTP ${status}: bad field` });
    },
  );

  it.each([301, 302, 303, 307, 308])('%i is not followed and means never', async (status) => {
    behave = (answer) => answer.writeHead(status, { location: 'https://elsewhere.example/?token=x' }).end();
    const destination = webhook();
    expect(await destination.send(payloadOf(destination, triggered), now)).toEqual({
      outcome: 'refused',
      statusCode: status,
      error: `HTTP ${status}: redirects are not followed (to elsewhere.example); configure the final URL`,
    });
  });

  it.each([
    ['seconds', '120', 120_000],
    ['a date', new Date(now + 90_000).toUTCString(), 90_000],
  ])('may ask for patience with %s', async (_, value, retryAfterMs) => {
    behave = (answer) => answer.writeHead(429, { 'retry-after': value }).end();
    const destination = webhook();
    expect(await destination.send(payloadOf(destination, triggered), now)).toMatchObject({
      outcome: 'retry',
      retryAfterMs,
    });
  });

  it('keeps only the beginning of what a receiver says', async () => {
    behave = (answer) => answer.writeHead(400).end('x'.repeat(194) + '😀'.repeat(1000));
    const destination = webhook();
    const result = await destination.send(payloadOf(destination, triggered), now);
    expect(result).toMatchObject({ error: `HTTP 400: ${'x'.repeat(194)}${'😀'.repeat(3)}` });
  });

  it('that never comes means later, and says that it took too long', async () => {
    behave = () => undefined;
    const destination = webhook('timeout_seconds: 1');
    expect(destination.timeoutMs).toBe(1000);
    const result = await destination.send(payloadOf(destination, triggered), now);
    expect(result).toMatchObject({
      outcome: 'retry',
      timedOut: true,
      error: expect.stringContaining('within 1000 ms'),
    });
  });

  it('that is cut off means later, without blaming slowness', async () => {
    behave = (answer) => answer.socket?.resetAndDestroy();
    const destination = webhook();
    const result = await destination.send(payloadOf(destination, triggered), now);
    expect(result.outcome).toBe('retry');
    expect(result).not.toHaveProperty('timedOut');
  });

  it('is none when nobody listens', async () => {
    const destination = destinationOf(
      `{ name: w, type: webhook, url: "http://127.0.0.1:${await closedPort()}" }`,
    );
    const result = await destination.send(payloadOf(destination, triggered), now);
    expect(result).toMatchObject({ outcome: 'retry', error: expect.stringContaining('ECONNREFUSED') });
  });
});

describe('the secrets of a webhook', () => {
  it.each(['whsec_CANARY!', 'CANARY secret', 'whsec_'])(
    'are of no use as %j, which is said without saying it',
    async (bad) => {
      const destination = signed(bad);
      const result = await destination.send(payloadOf(destination, triggered), now);
      expect(result).toEqual({
        outcome: 'retry',
        error: 'the secret env:S is not base64 (expected whsec_ and the base64 of 24 to 64 random bytes)',
      });
      expect(server.received).toEqual([]);
    },
  );

  it('are waited for when they cannot be read', async () => {
    const destination = destinationOf(`{ name: w, type: webhook, url: "${server.url}", secret: "env:GONE" }`);
    expect(await destination.send(payloadOf(destination, triggered), now)).toEqual({
      outcome: 'retry',
      error: 'the environment variable GONE is not set',
    });
  });

  it('and signatures never appear in a result, whatever the receiver echoes', async () => {
    behave = (answer, { headers }) => {
      const signature = String(headers['webhook-signature']);
      const escaped = signature.replaceAll('/', '\\/');
      answer.writeHead(400).end(`${signature} ${escaped} ${encodeURIComponent(signature)} ${newSecret}`);
    };
    const destination = signed(newSecret, oldSecret);
    const result = await destination.send(payloadOf(destination, triggered), now);
    const text = JSON.stringify(result);
    const signatures = String(server.received[0]?.headers['webhook-signature']).match(/v1,(\S+)/g) ?? [];
    expect(signatures).toHaveLength(2);
    for (const canary of [newSecret, ...signatures.map((each) => each.slice(3))]) {
      expect(text).not.toContain(canary.slice(0, 12));
    }
    expect(text).toContain('[redacted]');
  });
});
