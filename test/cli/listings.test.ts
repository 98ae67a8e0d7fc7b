import { marshalled, type Row } from '../../lib/store/database/marshalled.ts';
import type { TableName } from '../../lib/store/database/table-definitions.ts';
import { dayAttributes } from '../../lib/store/incidents/by-day.ts';
import { type MemoryEndpoint, startMemoryEndpoint } from '../support/memory-endpoint.ts';
import { pdbridge } from './run-cli.ts';

const many = 5_000;
const hourMs = 3_600_000;
const nowMs = Date.UTC(2026, 5, 1);
const before = (hours: number): string => new Date(nowMs - hours * hourMs).toISOString();
const id = (n: number): string => `Q${String(n).padStart(5, '0')}`;

let memory: MemoryEndpoint;
const put = (table: TableName, row: Row) =>
  memory.db.execute('PutItem', { TableName: `${memory.prefix}${table}`, Item: marshalled(row) });

/** Number 1 is the newest; every 500th is open, every 1000th is held. Each has ended an hour before the next one. */
function incident(n: number): Row {
  const row: Row = {
    ...{ number: n, title: `Incident ${n}`, status: n % 500 === 0 ? 'triggered' : 'resolved' },
    ...{ started_at: before(n + 1), last_event_at: before(n) },
    ...(n % 500 === 0 ? {} : { finished_at: before(n) }),
    ...{ pagerduty_service_id: `P${n % 700}`, severity: n % 7 === 0 ? 'SEV-1' : 'SEV-3', env: 'prod' },
    ...(n % 1000 === 0
      ? { held_reason: 'unmatched', held_service: 'P0', held_judged_by: '1' }
      : { services: [`service-${n % 10}`], team: n % 2 === 0 ? 'even' : 'odd' }),
  };
  return { incident_id: id(n), ...row, ...dayAttributes(id(n), row) };
}

beforeAll(async () => {
  memory = await startMemoryEndpoint();
  for (let n = 1; n <= many; n++) {
    put('incidents', incident(n));
    put('deliveries', {
      ...{ incident_id: id(n), delivery_id: 'hook#1', destination: 'hook', sequence: 1 },
      ...{ status: n === 4_000 ? 'dead' : 'delivered', last_attempt_at: before(n) },
    });
    put('deployments', {
      ...{ deployment_id: `d${n}`, service: `service-${n % 10}`, env: 'prod', status: 'succeeded' },
      ...{ day: before(n).slice(0, 10), at: before(n), finished_at: before(n) },
      facts: { shown: { service: `service-${n % 10}`, env: 'prod' } },
    });
    if (n <= 700)
      put('mappings', {
        ...{ pagerduty_service_id: `P${n % 700}`, pagerduty_service_name: `Service ${n % 700}` },
        ...{ rule: n % 700 === 0 ? 'none' : 'service_url', matched_at: before(n) },
        ...(n % 700 === 0 ? { held: 'held', held_at: before(1) } : {}),
      });
  }
});
afterAll(() => memory.stop());

async function list(...args: string[]) {
  memory.asked();
  const target = ['--endpoint-url', memory.endpoint, '--table-prefix', memory.prefix];
  const ran = await pdbridge([...args, ...target], { now: nowMs });
  return { ...ran, asked: memory.asked() };
}

/** A request to see whether the table is small reads 100 rows; the rest is pages of an index and the rows shown. */
const enough = 1_000;

describe('twenty rows of 5000', () => {
  it.each<[args: string[], first: string, last: string]>([
    [['incidents', 'ls'], id(1), id(20)],
    [['deliveries', 'ls'], id(1), id(20)],
    [['deployments', 'ls'], 'd1', 'd20'],
    [['mappings', 'ls'], 'P1', 'P20'],
    [['incidents', 'ls', '--team', 'EVEN'], id(2), id(40)],
    [['incidents', 'ls', '--service', 'service-3', '--severity', 'sev-3'], id(3), id(223)],
    [['incidents', 'ls', '--env', 'prod', '--until', '2026-05-30'], id(48), id(67)],
    [['deployments', 'ls', '--service', 'service-3'], 'd3', 'd193'],
    [['deliveries', 'ls', '--destination', 'hook', '--status', 'delivered'], id(1), id(20)],
  ])('%j are the newest, by an index', async (args, first, last) => {
    const { out, asked, code } = await list(...args, '--limit', '20');
    const shown = out
      .split('\n')
      .slice(1, -2)
      .map((line) => line.trim().split(/\s+/)[0]);
    expect(code).toBe(0);
    expect(shown).toHaveLength(20);
    expect([shown[0], shown.at(-1)]).toEqual([first, last]);
    expect(asked.items).toBeLessThan(enough);
    expect(out).toContain('The newest 20 ');
  });

  it('of what is held are found by its index, those that are open and have no service among them', async () => {
    const { out, asked } = await list('incidents', 'ls', '--held', '--limit', '20');
    expect(out.match(/Q\d{5}/g)).toEqual([1, 2, 3, 4, 5].map((n) => id(n * 1000)));
    expect(out).toContain('5 incidents\n');
    expect(asked.items).toBeLessThan(enough);
  });

  it('end where nothing older is asked for', async () => {
    const { out, asked } = await list(
      'incidents',
      'ls',
      '--since',
      '5h',
      '--status',
      'resolved',
      '--limit',
      '3',
    );
    expect(out.match(/Q\d{5}/g)).toEqual([1, 2, 3].map(id));
    expect(asked.items).toBeLessThan(enough);
  });

  it.each([['4321'], ['#4321'], ['https://acme.pagerduty.com/incidents/Q04321'], ['Q04321']])(
    'are not needed to find %s',
    async (given) => {
      const { out, asked } = await list('incidents', 'show', given);
      expect(out).toContain('Incident 4321');
      expect(asked.operations['Scan'] ?? 0).toBe(0);
    },
  );

  it('of one incident are read by its key', async () => {
    const { out, asked } = await list('deliveries', 'ls', '--incident', '4321');
    expect(out).toContain('1 delivery\n');
    expect(asked.operations['Scan'] ?? 0).toBe(0);
  });
});

const config = ['--config', 'test/cli/fixtures/bridge.yml'];

it('of one incident are sent again without a look at the others', async () => {
  const { out, asked } = await list('deliveries', 'redrive', '--incident', '4000', '--dry-run', ...config);
  expect(out).toContain('1 delivery would be sent again');
  expect(asked.operations['Scan'] ?? 0).toBe(0);
  expect(asked.operations['Query']).toBeGreaterThan(0);
});

it('of long work goes on where it was stopped', async () => {
  const { json } = await list('incidents', 'rebuild', '--check', '--after', id(4_990), '--json', ...config);
  expect(json()).toMatchObject({ checked: 10, no_log: 10 });
});

describe('what is rare', () => {
  it('is found all the same, and counted, where the newest do not have so many of it', async () => {
    const { out } = await list('deliveries', 'ls', '--status', 'dead', '--limit', '20');
    expect(out).toContain(id(4_000));
    expect(out).toContain('1 delivery\n');
  });

  it('is a row that an older version has written: no day, and listed when all are', async () => {
    put('incidents', {
      incident_id: 'QOLD',
      status: 'resolved',
      severity: 'SEV-9',
      last_event_at: before(9_000),
    });
    expect((await list('incidents', 'ls', '--severity', 'SEV-9', '--limit', '20')).out).toContain('QOLD');
    const { json } = await list('incidents', 'ls', '--json');
    expect(json()).toHaveLength(many + 1);
  });
});

it.each([
  [['incidents', 'ls', '--since', 'yesterday'], '--since is not a time'],
  [['incidents', 'ls', '--number', 'x'], '--number is a number'],
  [['incidents', 'ls', '--status', 'open'], '--status is one of'],
])('%j is a wrong usage', async (args, said) => {
  const { code, err } = await list(...args);
  expect([code, err]).toEqual([2, expect.stringContaining(said)]);
});
