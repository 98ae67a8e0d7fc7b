import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { createIngest } from '../../../lib/flow/ingest/create-ingest.ts';
import { otlp } from '../../../lib/flow/ingest/sources/otlp.ts';
import { jsonExport, protobufExport } from '../../support/otlp.ts';
import { apiKey, startIngest } from './support.ts';

const running = { 'service.name': 'checkout', 'service.version': '1', 'deployment.environment.name': 'prod' };
const megabyte = 1024 * 1024;
const bytes = (text: string) => new TextEncoder().encode(text);

/** The source by itself; answers as they are sent. */
function start(options: Parameters<typeof startIngest>[0] = {}) {
  const started = startIngest({ sources: [otlp], ...options });
  const post = (
    path: string,
    rawBody: Uint8Array,
    headers: Record<string, string> = {},
    { method = 'POST', key = apiKey as string | null } = {},
  ) =>
    started.ingest.handle({
      method,
      path,
      query: '',
      headers: { ...(key === null ? {} : { 'x-api-key': key }), ...headers },
      rawBody,
      arrivedAtMs: started.clock.now(),
    });
  return { ...started, post };
}

const json = { 'content-type': 'application/json' };
const protobuf = { 'content-type': 'application/x-protobuf' };
const gzip = { 'content-encoding': 'gzip' };

describe('an export', () => {
  const taken: [string, string, Uint8Array, Record<string, string>, string, string][] = [
    ['traces in JSON', '/v1/traces', jsonExport([running]), json, '{}', 'application/json'],
    [
      'metrics in JSON',
      '/v1/metrics',
      jsonExport([running], 'resourceMetrics'),
      json,
      '{}',
      'application/json',
    ],
    ['logs in JSON', '/v1/logs/', jsonExport([running], 'resourceLogs'), json, '{}', 'application/json'],
    ['protobuf', '/v1/metrics', protobufExport([running]), protobuf, '', 'application/x-protobuf'],
    [
      'protobuf, compressed',
      '//v1/metrics',
      gzipSync(protobufExport([running])),
      { ...protobuf, ...gzip },
      '',
      'application/x-protobuf',
    ],
    [
      'JSON, compressed',
      '/v1/metrics',
      gzipSync(jsonExport([running])),
      { ...json, 'content-encoding': ' GZIP ' },
      '{}',
      'application/json',
    ],
    [
      'JSON, compressed, not called JSON',
      '/v1/logs',
      gzipSync(jsonExport([running])),
      gzip,
      '{}',
      'application/json',
    ],
    [
      'protobuf that says it is not compressed',
      '/v1/metrics',
      protobufExport([running]),
      { ...protobuf, 'content-encoding': 'identity' },
      '',
      'application/x-protobuf',
    ],
    [
      'just 4 MB',
      '/v1/traces',
      protobufExport([running], 4 * megabyte - 400),
      protobuf,
      '',
      'application/x-protobuf',
    ],
  ];
  it.each(taken)('of %s is taken', async (_what, path, body, headers, answered, type) => {
    const { post, logged, clock } = start();
    expect(await post(path, body, headers)).toEqual({
      status: 200,
      headers: { 'content-type': type },
      body: answered,
    });
    const rows = await logged();
    expect(rows).toEqual([
      expect.objectContaining({ incident_id: 'versions:checkout/prod', event_type: 'deployment.seen' }),
    ]);
    expect(JSON.parse(String(rows[0]?.['body']))).toEqual({ service: 'checkout', env: 'prod', version: '1' });
    expect(Math.abs(Date.parse(String(rows[0]?.['occurred_at'])) - clock.now())).toBeLessThan(60_000);
  });

  it.each([
    ['of nothing', jsonExport([])],
    ['without a version', jsonExport([{ 'service.name': 'checkout' }])],
  ])('%s is taken, and nothing is written', async (_what, body) => {
    const { post, logged } = start();
    expect(await post('/v1/traces', body, json)).toMatchObject({ status: 200, body: '{}' });
    expect(await logged()).toEqual([]);
  });

  it('writes what it says once, however often it comes', async () => {
    const { post, logged } = start();
    for (let time = 0; time < 5; time++) await post('/v1/metrics', protobufExport([running]), protobuf);
    expect(await logged()).toHaveLength(1);
  });

  const large = new Uint8Array(4 * megabyte + 1);
  const bomb = gzipSync(new Uint8Array(200 * megabyte), { level: 9 });
  const refused: [string, Uint8Array, Record<string, string>, RegExp][] = [
    ['JSON that is none', bytes('{"resourceSpans":'), json, /^The body is no OTLP in JSON: /],
    ['JSON of another kind', bytes('{"resourceSpans":{}}'), json, /resourceSpans is no list/],
    ['protobuf that is cut off', protobufExport([running]).subarray(0, 50), protobuf, /no OTLP in protobuf/],
    ['protobuf that is JSON', jsonExport([running]), protobuf, /no OTLP in protobuf/],
    ['more than 4 MB', large, protobuf, /at most 4194304 bytes/],
    ['a bomb', bomb, { ...protobuf, ...gzip }, /at most 4194304 bytes, decompressed/],
    ['what is not gzip', protobufExport([running]), { ...protobuf, ...gzip }, /not gzip/],
    [
      'half of a gzip',
      gzipSync(protobufExport([running])).subarray(0, 40),
      { ...protobuf, ...gzip },
      /not gzip, or not all/,
    ],
    ['another compression', new Uint8Array(9), { ...json, 'content-encoding': 'zstd' }, /may be gzip/],
  ];
  it.each(refused)('of %s is refused', async (_what, body, headers, message) => {
    const { post, logged } = start();
    const before = process.memoryUsage().arrayBuffers;
    const answer = await post('/v1/traces', body, headers);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(64 * megabyte);
    expect(answer.status).toBe(400);
    expect(statusOf(answer)).toEqual({ code: 3, message: expect.stringMatching(message) });
    expect(await logged()).toEqual([]);
  });

  it('is taken or refused, whatever it is and whatever it says it is', async () => {
    const whole = [protobufExport([running]), jsonExport([running])];
    const broken = fc
      .tuple(fc.constantFrom(...whole), fc.nat(), fc.nat(255))
      .map(([body, at, value]) => body.map((byte, index) => (index === at % body.length ? value : byte)));
    const body = fc
      .tuple(fc.oneof(fc.uint8Array(), broken, fc.constantFrom(...whole)), fc.boolean(), fc.nat(8))
      .map(([bytes, zipped, cutOff]) => (zipped ? gzipSync(bytes).subarray(0, -cutOff || undefined) : bytes));
    const headers = fc.record(
      {
        'content-type': fc.oneof(fc.constantFrom('application/json', 'application/x-protobuf'), fc.string()),
        'content-encoding': fc.oneof(fc.constantFrom('gzip', 'identity', ''), fc.string()),
      },
      { requiredKeys: [] },
    );
    const { post } = start();
    await fc.assert(
      fc.asyncProperty(body, headers, async (given, told) => {
        const answer = await post('/v1/traces', given, told);
        expect([200, 400]).toContain(answer.status);
        if (answer.status === 400) expect(statusOf(answer)).toMatchObject({ code: 3 });
      }),
      { numRuns: 300 },
    );
  });

  it.each([
    ['no key', null],
    ['another key', 'other'],
  ])('with %s is refused', async (_what, key) => {
    const { post, logged } = start();
    const answer = await post('/v1/metrics', protobufExport([running]), protobuf, { key });
    expect(answer.status).toBe(403);
    expect(statusOf(answer)).toMatchObject({ code: 7 });
    expect(await logged()).toEqual([]);
  });

  it.each([
    ['POST', '/v1/profiles'],
    ['GET', '/v1/metrics'],
  ])('is not taken at %s %s', async (method, path) => {
    const answer = await start().post(path, jsonExport([running]), json, { method });
    expect(answer.status).toBe(404);
    expect(statusOf(answer)).toMatchObject({ code: 5 });
  });

  it.each([
    ['cannot be read', 'GetItemCommand'],
    ['cannot be written', 'PutItemCommand'],
  ])('is to be sent again when the database %s, and then written', async (_what, failing) => {
    let down = true;
    const { post, logged } = start({
      before: (command) => {
        if (down && command.constructor.name === failing) throw new Error('the database is down');
      },
    });
    const answer = await post('/v1/metrics', protobufExport([running]), protobuf);
    expect(answer).toMatchObject({ status: 503, headers: { 'retry-after': '30' } });
    expect(statusOf(answer)).toMatchObject({ code: 14 });
    expect(await logged()).toEqual([]);
    down = false;
    expect(await post('/v1/metrics', protobufExport([running]), protobuf)).toMatchObject({ status: 200 });
    expect(await logged()).toHaveLength(1);
  });

  it('is refused where no API key is configured', async () => {
    const { deps, clock } = start();
    const { api_keys: _, ...ingest } = deps.config.ingest;
    const { handle } = createIngest([otlp], { ...deps, config: { ...deps.config, ingest } });
    const request = { method: 'POST', path: '/v1/logs', query: '', headers: { 'x-api-key': '' } };
    const rawBody = jsonExport([running]);
    expect((await handle({ ...request, rawBody, arrivedAtMs: clock.now() })).status).toBe(403);
  });
});

/** `google.rpc.Status`, in the encoding that the answer says. */
function statusOf({ headers, body }: { headers: Record<string, string>; body: string }) {
  if (headers['content-type'] === 'application/json') return JSON.parse(body);
  const [codeTag, code, messageTag, length] = Buffer.from(body);
  expect([codeTag, messageTag, length]).toEqual([0x08, 0x12, Buffer.byteLength(body) - 4]);
  return { code, message: body.slice(4) };
}
