import { DatadogFault, listPage } from '../../../lib/adapters/datadog-api/dora-lists.ts';
import { type HttpAnswer, HttpFault, type HttpRequest } from '../../../lib/ports.ts';

const access = { baseUrl: 'https://api.datadoghq.eu', apiKey: 'the-api-key', applicationKey: 'the-app-key' };
const range = { fromMs: Date.UTC(2026, 0, 1), toMs: Date.UTC(2026, 0, 2) };

/** Datadog, answering one after the other; and a clock that only says for how long somebody would have waited. */
function datadog(...answers: (Partial<HttpAnswer> | HttpFault)[]) {
  const requests: HttpRequest[] = [];
  const pauses: number[] = [];
  const clock = {
    now: () => range.toMs,
    sleep: async (ms: number) => void pauses.push(ms),
  };
  const http = {
    send: async (request: HttpRequest) => {
      requests.push(request);
      const next = answers.length > 1 ? answers.shift() : answers[0];
      if (next instanceof HttpFault) throw next;
      return { status: 200, headers: {}, body: '{"data":[]}', ...next };
    },
  };
  const ask = () => listPage({ http, clock }, access, 'failures', range);
  return { requests, pauses, ask };
}

const outcome = (asked: Promise<unknown>) => asked.catch((error: unknown) => error);

describe("Datadog's lists", () => {
  it('are asked for a range, the newest first, with both keys', async () => {
    const { requests, ask } = datadog({ body: '{"data":[{"id":"one"}]}' });
    expect(await ask()).toEqual([{ id: 'one' }]);
    const [{ method, url, headers, body } = {} as HttpRequest] = requests;
    expect([method, url]).toEqual(['POST', 'https://api.datadoghq.eu/api/v2/dora/failures']);
    expect(headers).toMatchObject({ 'DD-API-KEY': 'the-api-key', 'DD-APPLICATION-KEY': 'the-app-key' });
    expect(JSON.parse(body ?? '')).toEqual({
      data: {
        type: 'dora_failures_list_request',
        attributes: {
          from: '2026-01-01T00:00:00.000Z',
          to: '2026-01-02T00:00:00.000Z',
          limit: 500,
          sort: '-started_at',
        },
      },
    });
  });

  it.each<[string, Partial<HttpAnswer> | HttpFault, number]>([
    ['a 429 that names a time', { status: 429, headers: { 'retry-after': '7' } }, 7_000],
    ["a 429 with Datadog's own header", { status: 429, headers: { 'x-ratelimit-reset': '9' } }, 9_000],
    ['a 429 that names an hour', { status: 429, headers: { 'retry-after': '3600' } }, 60_000],
    ['a 503', { status: 503 }, 1_000],
    ['a connection that breaks', new HttpFault('read ECONNRESET'), 1_000],
  ])('are asked for again after %s', async (_what, answer, pause) => {
    const { pauses, ask } = datadog(answer, {});
    expect(await ask()).toEqual([]);
    expect(pauses).toEqual([pause]);
  });

  it.each<[string, Partial<HttpAnswer> | HttpFault, number, RegExp]>([
    ['a wrong key', { status: 403 }, 1, /answered 403 .* application key lacks dora_metrics_read/],
    ['a list that is gone', { status: 410 }, 1, /until 31 March 2027/],
    ['an address that is no Datadog', { status: 302 }, 1, /answered 302/],
    ['a fault that lasts', { status: 500 }, 5, /answered 500/],
    ['a network that is gone', new HttpFault('connect ECONNREFUSED'), 5, /cannot be reached: connect/],
    ['what is no JSON', { body: '<html>' }, 1, /no list, or that broke off/],
    ['what is no list', { body: '{"data":{}}' }, 1, /no list/],
    ['half a list', { body: '{"data":[{"id":"one"' }, 1, /broke off/],
  ])('are given up for %s, in a sentence without a key', async (_what, answer, asked, sentence) => {
    const { requests, ask } = datadog(answer);
    const fault = await outcome(ask());
    expect(fault).toBeInstanceOf(DatadogFault);
    expect(String(fault)).toMatch(sentence);
    expect(String(fault)).not.toMatch(/the-(api|app)-key/);
    expect(requests).toHaveLength(asked);
  });
});
