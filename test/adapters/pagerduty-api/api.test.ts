import { createNodeHttp } from '../../../lib/adapters/outgoing-http/node-http.ts';
import {
  type AccountAccess,
  type Connection,
  connectPagerDuty,
} from '../../../lib/adapters/pagerduty-api/connect.ts';
import { PagerDutyFault } from '../../../lib/adapters/pagerduty-api/pagerduty-fault.ts';
import { listServices } from '../../../lib/adapters/pagerduty-api/services.ts';
import type { Http, HttpRequest } from '../../../lib/ports.ts';
import { type Account, createAccount, type Weather } from '../../support/pagerduty/account.ts';
import { httpTo, serveAccount } from '../../support/pagerduty/reach.ts';

/** Time that only passes while somebody sleeps. */
function virtualClock() {
  let now = Date.UTC(2026, 2, 2);
  const slept: number[] = [];
  return {
    slept,
    now: () => now,
    sleep: async (ms: number) => {
      slept.push(ms);
      now += ms;
    },
  };
}

const services = (count: number) =>
  Array.from({ length: count }, (_, i) => ({
    id: `P${String(i).padStart(6, '0')}`,
    name: `Service ${i}`,
    teams: [],
  }));

function setUp(given: Partial<Account> = {}, connection: Partial<Connection> = {}) {
  const clock = virtualClock();
  const account = createAccount(clock, { services: services(3), ...given });
  const api = connectPagerDuty(undefined, {
    http: httpTo(account),
    clock,
    random: { unit: () => 1 },
    secrets: { read: async (reference) => [`value of ${reference}`] },
    token: 'read-key',
    ...connection,
  });
  return { clock, account, api };
}

/** Each kind of weather once, in order, and then none. */
function weathers(...all: (Weather | undefined)[]) {
  const left = [...all];
  return () => left.shift();
}

const faultOf = async (work: Promise<unknown>): Promise<PagerDutyFault> => {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof PagerDutyFault) return error;
  throw new Error(`no fault of PagerDuty: ${error}`);
};

describe('a request to PagerDuty', () => {
  const get = { method: 'GET', path: '/abilities' } as const;
  const post = { method: 'POST', path: '/webhook_subscriptions', body: {} } as const;

  it.each<[string, Weather]>([
    ['408', { status: 408 }],
    ['429 without headers or body', { status: 429 }],
    ['500', { status: 500 }],
    ['503', { status: 503, body: { error: { message: 'Service Unavailable' } } }],
    ['a connection that breaks off', { cut: true }],
    ['no answer', { lost: true }],
    ['an answer that is no JSON', { status: 200, body: 'OK' }],
  ])('is repeated after %s', async (_, weather) => {
    const { api, clock } = setUp({ weather: weathers(weather, weather) });
    expect((await api.call(get)).body).toEqual({ abilities: ['teams', 'sso'] });
    expect(clock.slept).toEqual([1000, 2000]);
  });

  it('waits as long as a 429 asks for', async () => {
    const headers = { 'ratelimit-limit': '960', 'ratelimit-remaining': '0', 'ratelimit-reset': '17' };
    const { api, clock } = setUp({ weather: weathers({ status: 429, headers }) });
    await api.call(get);
    expect(clock.slept).toEqual([17_000]);
  });

  it('leaves a tenth of the limit to others who use the key', async () => {
    const { api, account, clock } = setUp({ rateLimit: 20 });
    for (let i = 0; i < 40; i++) await api.call(get);
    expect(account.asked).toHaveLength(40);
    expect(clock.slept.length).toBeGreaterThan(0);
    expect(account.recent.get('read-key')?.length).toBeLessThanOrEqual(18);
  });

  it('gives up after six attempts, with what was answered', async () => {
    const { api, clock } = setUp({ weather: () => ({ status: 502 }) });
    const { code, status, message } = await faultOf(api.call(get));
    expect([code, status]).toEqual(['unavailable', 502]);
    expect(message).toContain('api.pagerduty.com answered 502');
    expect(clock.slept).toHaveLength(5);
  });

  it.each<[string, Weather, string, string]>([
    [
      '400',
      { status: 400, body: { error: { message: 'Bad', code: 2001, errors: ['x', 'y'] } } },
      'refused',
      'Bad; x; y',
    ],
    ['402', { status: 402 }, 'ability_missing', 'plan'],
    ['400 with the code of 402', { status: 400, body: { error: { code: 2014 } } }, 'ability_missing', 'plan'],
    [
      '403',
      { status: 403, body: { error: { message: 'Access Denied', code: 2010 } } },
      'forbidden',
      'read-only key',
    ],
    ['404 without a body', { status: 404 }, 'not_found', 'no such thing'],
    ['401', { status: 401 }, 'unauthenticated', 'pagerduty.region: eu'],
  ])('is final at %s', async (_, weather, code, words) => {
    const { api, clock } = setUp({ weather: weathers(weather) });
    const fault = await faultOf(api.call(get));
    expect(fault).toMatchObject({ code, message: expect.stringContaining(words) });
    expect(clock.slept).toEqual([]);
  });

  it.each<[string, Weather]>([
    ['a 500', { status: 500, after: true }],
    ['a connection that breaks off', { cut: true }],
    ['no answer', { lost: true }],
  ])('that makes something is not repeated after %s, since it may have been made', async (_, weather) => {
    const seen: string[] = [];
    const { api } = setUp({
      weather: ({ method }) => {
        seen.push(method);
        return weather;
      },
    });
    expect((await faultOf(api.call(post))).code).toBe('unknown_outcome');
    expect(seen).toEqual(['POST']);
  });

  it('that makes something is repeated after 429, which has made nothing', async () => {
    const { api, clock } = setUp({ weather: weathers({ status: 429 }) }, { token: 'full-key' });
    expect((await faultOf(api.call(post))).code).toBe('refused');
    expect(clock.slept).toHaveLength(1);
  });

  it('waits for the one before it', async () => {
    let underway = 0;
    let most = 0;
    const inner = httpTo(createAccount({ now: () => 0 }));
    const http: Http = {
      async send(request) {
        most = Math.max(most, ++underway);
        await new Promise((resolve) => setImmediate(resolve));
        underway -= 1;
        return inner.send(request);
      },
    };
    const { api } = setUp({}, { http });
    await Promise.all([api.call(get), api.call(get), api.call(get)]);
    expect(most).toBe(1);
  });
});

describe('the credentials', () => {
  const seen: HttpRequest[] = [];
  const spy = (account: Account): Http => ({
    send: (request) => {
      seen.push(request);
      return httpTo(account).send(request);
    },
  });
  beforeEach(() => {
    seen.length = 0;
  });

  it.each([
    ['u+abcDEF', 'Token token=u+abcDEF'],
    ['pdus+_0XBPWQQ', 'Bearer pdus+_0XBPWQQ'],
    ['pdeu+_0XBPWQQ', 'Bearer pdeu+_0XBPWQQ'],
  ])('%s go as %s', async (token, header) => {
    const account = createAccount({ now: () => 0 }, { tokens: new Map([[token, 'read']]) });
    await setUp({}, { token, http: spy(account) }).api.call({ method: 'GET', path: '/abilities' });
    expect(seen[0]?.headers['authorization']).toBe(header);
  });

  it('come from the configuration where the shell has none, at the host of its region', async () => {
    const account = createAccount({ now: () => 0 }, { tokens: new Map([['value of ssm:/token', 'read']]) });
    const deps = { clock: virtualClock(), random: { unit: () => 1 } };
    const secrets = { read: async (reference: string) => [`value of ${reference}`, 'an older one'] };
    const api = connectPagerDuty(
      { region: 'eu', token: 'ssm:/token' },
      { ...deps, secrets, http: spy(account) },
    );
    await api.call({ method: 'GET', path: '/abilities' });
    expect(seen[0]?.url).toBe('https://api.eu.pagerduty.com/abilities');
  });

  it('of an app are asked for once, and again when they are no longer accepted', async () => {
    const scopes =
      'incidents.read services.read teams.read priorities.read abilities.read webhook_subscriptions.read';
    const account = createAccount(
      { now: () => 0 },
      { apps: [{ id: 'app', secret: 'value of env:APP', scopes: scopes.split(' ') }] },
    );
    const deps = { clock: virtualClock(), random: { unit: () => 1 }, http: spy(account) };
    const api = connectPagerDuty(
      { region: 'us', oauth: { client_id: 'app', client_secret: 'env:APP', subdomain: 'acme' } },
      { ...deps, secrets: { read: async (reference) => [`value of ${reference}`] } },
    );
    await api.call({ method: 'GET', path: '/abilities' });
    await api.call({ method: 'GET', path: '/abilities' });
    expect(seen.map(({ url }) => url)).toEqual([
      'https://identity.pagerduty.com/oauth/token',
      'https://api.pagerduty.com/abilities',
      'https://api.pagerduty.com/abilities',
    ]);
    expect(seen[0]?.body).toContain('as_account-us.acme');
    account.tokens.clear();
    await api.call({ method: 'GET', path: '/abilities' });
    expect(seen).toHaveLength(6);
    account.apps = [];
    account.tokens.clear();
    expect(await faultOf(api.call({ method: 'GET', path: '/abilities' }))).toMatchObject({
      code: 'unauthenticated',
      message: expect.not.stringContaining('value of'),
    });
  });

  it.each<[string, AccountAccess, boolean, string]>([
    ['the one that may write', { region: 'us', token: 'ssm:/r', write_token: 'ssm:/w' }, true, 'ssm:/w'],
    ['the only one there is', { region: 'us', token: 'ssm:/r' }, true, 'ssm:/r'],
    ['the one that reads', { region: 'us', token: 'ssm:/r', write_token: 'ssm:/w' }, false, 'ssm:/r'],
  ])('are %s', async (_what, config, writes, used) => {
    const secrets = { read: async (reference: string) => [`value of ${reference}`] };
    const account = createAccount({ now: () => 0 }, { tokens: new Map([[`value of ${used}`, 'full']]) });
    const deps = { clock: virtualClock(), random: { unit: () => 1 }, secrets, http: spy(account) };
    await connectPagerDuty(config, { ...deps, writes }).call({ method: 'GET', path: '/abilities' });
    expect(seen[0]?.headers['authorization']).toBe(`Token token=value of ${used}`);
  });

  it('of an app that shall write are asked for with that scope', async () => {
    const account = createAccount({ now: () => 0 });
    const secrets = { read: async () => ['secret'] };
    const oauth = { client_id: 'app', client_secret: 'env:APP', subdomain: 'acme' };
    const deps = { clock: virtualClock(), random: { unit: () => 1 }, secrets, http: spy(account) };
    for (const writes of [false, true]) {
      const api = connectPagerDuty({ region: 'us', oauth }, { ...deps, writes });
      await faultOf(api.call({ method: 'GET', path: '/abilities' }));
    }
    expect(seen.map(({ body }) => body?.includes('webhook_subscriptions.write'))).toEqual([false, true]);
  });

  it('are missed before anything is asked', () => {
    expect(() => setUp({}, { token: undefined })).toThrow(/PAGERDUTY_TOKEN/);
    expect(() => setUp({}, { token: undefined, writes: true })).toThrow(/may write/);
  });
});

describe('a list', () => {
  it.each([0, 1, 100, 101, 250])('of %i is read to its end', async (count) => {
    const { api } = setUp({ services: services(count) });
    expect(await listServices(api)).toHaveLength(count);
  });

  it('that changes while it is read has nothing twice', async () => {
    const { api, account } = setUp({ services: services(150) });
    const before = account.weather;
    account.weather = (request) => {
      // The second page begins where the first one's last items have been pushed to.
      if (request.path.includes('offset=100')) {
        account.services.push({ id: 'PNEW', name: 'A first', teams: [] });
      }
      return before(request);
    };
    const ids = (await listServices(api)).map(({ service }) => service.id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toHaveLength(150);
  });

  it('is read over a socket that breaks off in the midst of an answer', async () => {
    const account = createAccount({ now: Date.now }, { services: services(120) });
    account.weather = weathers({ cut: true }, undefined, { lost: true });
    const served = await serveAccount(account);
    const { api } = setUp({}, { http: createNodeHttp({ allowLoopback: true }), apiUrl: `${served.url}/` });
    expect(await listServices(api)).toHaveLength(120);
    await served.stop();
  });

  it('without what it is to list is a fault', async () => {
    const { api } = setUp({ weather: weathers({ status: 200, body: { teams: [] } }) });
    expect(await faultOf(listServices(api))).toMatchObject({ code: 'unreadable' });
  });
});
