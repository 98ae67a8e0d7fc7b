import { jsonResponse } from '../../../lib/adapters/incoming-http/request.ts';
import { ingestCounters } from '../../../lib/flow/ingest/counters.ts';
import { keysFor } from '../../../lib/flow/ingest/keys.ts';
import { fit, type IngestSource } from '../../../lib/flow/ingest/route.ts';
import { apiKey, applicationKey, both, startIngest } from './support.ts';

/** A source of another kind: says which step of the path it was asked for. */
const parrot: IngestSource = {
  name: 'parrot',
  routes: (deps) =>
    (['reporting', 'managing'] as const).map((what) => ({
      method: what === 'reporting' ? 'POST' : 'GET',
      path: '/birds/:name',
      source: ({ name }) => ({
        ...keysFor(what, deps),
        methods: ['POST', 'GET'],
        maxBodyBytes: 10,
        answerWithinMs: 2_000,
        read: () => ({ kind: 'answered', answer: jsonResponse(200, { name }) }),
        contextOf: () => ({}),
        answer: ({ kind }) => jsonResponse(kind === 'unavailable' ? 503 : 403, { kind }),
        whenMismatched: 'check the keys',
        noun: 'bird',
        counted: ingestCounters,
      }),
    })),
  elsewhere: { below: '/birds', answer: jsonResponse(404, { birds: 'none' }) },
};
const start = (options: Parameters<typeof startIngest>[0] = {}) =>
  startIngest({ sources: [parrot], ...options });

describe('the way a request takes to its source', () => {
  test.each([['/birds/ara'], ['//birds///ara'], ['/birds/ara/'], ['/birds/%61ra']])(
    '%s leads to it',
    async (path) => {
      expect(await start().ask('POST', path)).toMatchObject({ status: 200, body: { name: 'ara' } });
    },
  );

  test.each([
    ['POST', '/birds', { birds: 'none' }],
    ['PUT', '/birds/ara', { birds: 'none' }],
    ['POST', '/birds/ara/eggs', { birds: 'none' }],
    ['POST', '/bird', { error: 'not_found' }],
    ['GET', '/', { error: 'not_found' }],
    ['', '', { error: 'not_found' }],
  ])('%s %s leads nowhere', async (method, path, body) => {
    const { ask, telemetry } = start();
    expect(await ask(method, path)).toMatchObject({ status: 404, body });
    expect(telemetry.count('IngestRefused')).toBe(1);
  });

  it('takes a step that cannot be decoded as it is', () => {
    expect(fit('/birds/:name', '/birds/%zz')).toEqual(expect.objectContaining({ name: '%zz' }));
  });

  it('is known before it is taken', () => {
    const { ingest } = start();
    expect(['/birds/ara', '/birds', '/birds/a/b', '/bees'].map(ingest.owns)).toEqual([
      true,
      true,
      true,
      false,
    ]);
  });
});

describe('the keys of whoever reports', () => {
  test.each<[string, string, Record<string, string>, number]>([
    ['POST', 'an API key', { 'dd-api-key': apiKey }, 200],
    ['POST', 'an API key in the other header', { 'x-api-key': ` ${apiKey} ` }, 200],
    ['POST', 'no key', {}, 403],
    ['POST', 'an empty key', { 'dd-api-key': '' }, 403],
    ['POST', 'a wrong key', { 'dd-api-key': `${apiKey}x` }, 403],
    ['POST', 'an application key alone', { 'dd-application-key': applicationKey }, 403],
    ['GET', 'both keys', both, 200],
    ['GET', 'an API key alone', { 'dd-api-key': apiKey }, 403],
    ['GET', 'both, exchanged', { 'dd-api-key': applicationKey, 'dd-application-key': apiKey }, 403],
    ['GET', 'a wrong application key', { ...both, 'dd-application-key': 'x' }, 403],
  ])('%s with %s', async (method, _what, headers, status) => {
    expect((await start().ask(method, '/birds/ara', '', headers)).status).toBe(status);
  });

  it('may be several, and are read anew when none fits, once a request', async () => {
    const { ask, secrets, reads } = start({ secrets: { 'env:KEYS': ['old', 'older'] } });
    expect((await ask('POST', '/birds/ara', '', { 'dd-api-key': 'older' })).status).toBe(200);
    expect((await ask('POST', '/birds/ara', '', { 'dd-api-key': 'new' })).status).toBe(403);
    expect(reads.map(({ fresh }) => fresh)).toEqual([false, false, true]);
    secrets['env:KEYS'] = ['new'];
    expect((await ask('POST', '/birds/ara', '', { 'dd-api-key': 'new' })).status).toBe(200);
  });

  it.each(['api_keys', 'application_keys'] as const)(
    'nobody manages without %s in the configuration',
    async (key) => {
      const { deps } = start();
      const { [key]: _without, ...ingest } = deps.config.ingest;
      expect(keysFor('managing', { ...deps, config: { ...deps.config, ingest } }).configured).toBe(false);
    },
  );

  it("that cannot be read are our fault, not the sender's", async () => {
    const { ask, telemetry } = start({ ingest: { api_keys: 'env:NONE' } });
    expect(await ask('POST', '/birds/ara')).toMatchObject({ status: 503, body: { kind: 'unavailable' } });
    expect(telemetry.count('IngestFailed')).toBe(1);
  });
});
