import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parse } from 'csv-parse/sync';
import { parquetReadObjects } from 'hyparquet';
import type { DeploymentReport } from '../../lib/domain/deployment/deployment-report.ts';
import { reported } from '../../lib/domain/deployment/log-events.ts';
import { identify } from '../../lib/domain/incident-report/identify.ts';
import { loggedEvent } from '../../lib/flow/receive/incoming-event.ts';
import { appendEvent } from '../../lib/store/events/append-event.ts';
import { checkout, fillCatalog, type OnDatabase, startOnDatabase } from './on-database.ts';

const now = Date.parse('2026-03-12T00:00:00Z');
const config = ['--config', 'test/cli/fixtures/bridge.yml'];
const range = ['--since', '2026-03-01', '--until', '2026-03-11', ...config];
const at = (day: number, time: string) => `2026-03-0${day}T${time}:00.000Z`;
const formula = '=HYPERLINK("https://evil.example.com";"open me")';

let on: OnDatabase;
let folder: string;

async function tell(entry: Parameters<typeof loggedEvent>[0], receivedAt: string): Promise<void> {
  const logged = loggedEvent(entry, receivedAt, {});
  await appendEvent(on.bridge.deps.store, logged, Date.parse(receivedAt));
  await on.bridge.wake(logged.incidentId, logged.logKey);
}

const deploy = (id: string, day: number, given: Partial<DeploymentReport> = {}) =>
  tell(
    reported({
      source: 'dora_api',
      external_id: `deployment-${id}-00000000`,
      service: 'checkout-api',
      env: 'prod',
      status: 'succeeded',
      started_at: at(day, '11:50'),
      finished_at: at(day, '12:00'),
      custom_tags: [],
      ...given,
    }),
    at(day, '12:00'),
  );

const outage = (id: string, day: number, minutes: number | undefined, name = 'Checkout is slow') =>
  tell(
    identify({
      source: 'dora_api',
      external_id: `incident-${id}`,
      services: ['checkout-api'],
      env: 'prod',
      name,
      started_at: at(day, '13:00'),
      ...(minutes !== undefined && {
        finished_at: new Date(Date.parse(at(day, '13:00')) + minutes * 60_000).toISOString(),
      }),
      custom_tags: [],
    }),
    at(day, '15:00'),
  );

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'export-'));
  const screen = { name: 'screen', type: 'console', only: { sources: ['dora_api'] } };
  on = await startOnDatabase({ default_env: 'prod', destinations: [screen] }, { now });
  await fillCatalog(on, checkout);
  await deploy('bad', 2, { version: '1.4.0' });
  await deploy('good', 4, { version: '1.5.0' });
  await deploy('broken', 5, { version: '1.5.1', status: 'failed' });
  await outage('one', 2, 40, formula);
  await outage('two', 2, 60);
  await outage('three', 8, 20);
  await outage('open', 9, undefined);
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await on.stop();
});

const exported = async (...args: string[]) => {
  const ran = await on.run('export', ...args, ...range);
  if (ran.code !== 0) throw new Error(ran.err);
  return ran;
};

async function readParquet(file: string): Promise<Record<string, unknown>[]> {
  const bytes = readFileSync(file);
  const { buffer, byteOffset, length } = bytes;
  return parquetReadObjects({ file: buffer.slice(byteOffset, byteOffset + length) as ArrayBuffer });
}

/** What `dora` computes, from what was exported alone, as the documentation's query does. */
function figuresOf(incidents: Record<string, unknown>[], deployments: Record<string, unknown>[]) {
  const seconds = incidents
    .filter((row) => row['counts'] === true && row['day'] !== 'open')
    .flatMap((row) => (row['time_to_restore_seconds'] == null ? [] : Number(row['time_to_restore_seconds'])))
    .sort((a, b) => a - b);
  const continuous = (share: number) => {
    const place = (seconds.length - 1) * share;
    const [below = 0, above = 0] = [seconds[Math.floor(place)], seconds[Math.ceil(place)]];
    return below + (above - below) * (place - Math.floor(place));
  };
  const done = deployments.filter((row) => row['counts'] === true && row['status'] === 'succeeded');
  return {
    deployments: done.length,
    failed: done.filter((row) => row['change_failure'] === true).length,
    count: seconds.length,
    median_seconds: continuous(0.5),
    p75_seconds: continuous(0.75),
    p90_seconds: continuous(0.9),
  };
}

async function doraFigures() {
  const told = (await on.run('dora', '--json', ...range)).json() as Record<string, Record<string, number>>;
  const { count, median_seconds, p75_seconds, p90_seconds } = told['time_to_restore'] ?? {};
  const deployments = told['deployments']?.['count'];
  const failed = told['change_failure_rate']?.['failed'];
  return { deployments, failed, count, median_seconds, p75_seconds, p90_seconds };
}

describe('pdbridge export', () => {
  it('gives Parquet of which an independent reader computes what dora does', async () => {
    const [incidents, deployments] = ['incidents', 'deployments'].map((what) =>
      path.join(folder, `${what}.parquet`),
    );
    await exported('incidents', '--format', 'parquet', '--out', incidents ?? '');
    await exported('deployments', '--format', 'parquet', '--out', deployments ?? '');
    const rows = await readParquet(incidents ?? '');
    expect(figuresOf(rows, await readParquet(deployments ?? ''))).toEqual(await doraFigures());
    expect(rows.find((row) => row['external_id'] === 'incident-one')).toMatchObject({
      day: '2026-03-02',
      title: formula,
      services: '["checkout-api"]',
      started_at: new Date(at(2, '13:00')),
      time_to_restore_seconds: 2400n,
      cause_deployment_id: 'deployment-bad-00000000',
    });
    expect(rows.find((row) => row['external_id'] === 'incident-open')).toMatchObject({
      day: 'open',
      counts: true,
    });
  });

  it('gives the same rows as lines of JSON', async () => {
    const lines = async (what: string) =>
      (await exported(what)).out
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line));
    expect(figuresOf(await lines('incidents'), await lines('deployments'))).toEqual(await doraFigures());
  });

  it('gives CSV in which no spreadsheet finds a formula', async () => {
    const { out } = await exported('incidents', '--format', 'csv');
    const rows = parse(out, { columns: true }) as Record<string, string>[];
    expect(rows).toHaveLength(4);
    expect(rows.map(({ title = '' }) => title)).toContain(`'${formula}`);
    expect(rows.flatMap((row) => Object.values(row)).filter((cell) => /^[=+\-@\t\r]/.test(cell))).toEqual([]);
    expect(rows.map(({ counts }) => counts)).toEqual(Array(4).fill('true'));
  });

  it('lays files out by day, and takes away a day that has nothing any more', async () => {
    const out = path.join(folder, 'lake');
    await exported('incidents', '--format', 'parquet', '--out', out);
    const days = () =>
      readdirSync(path.join(out, 'incidents')).flatMap((day) =>
        readdirSync(path.join(out, 'incidents', day)).map((file) => `${day}/${file}`),
      );
    expect(days().sort()).toEqual(
      ['day=2026-03-02', 'day=2026-03-08', 'day=open'].map((day) => `${day}/incidents.parquet`),
    );
    expect(await readParquet(path.join(out, 'incidents/day=2026-03-02/incidents.parquet'))).toHaveLength(2);
    const stale = path.join(out, 'incidents/day=2026-03-08/incidents.csv');
    writeFileSync(stale.replace('2026-03-08', '2026-03-02'), 'old');
    await exported('incidents', '--format', 'csv', '--out', out);
    expect(readFileSync(stale.replace('2026-03-08', '2026-03-02'), 'utf8')).toMatch(/^incident_id,/);
    await on.run(
      'export',
      'incidents',
      '--format',
      'csv',
      '--out',
      out,
      '--since',
      '2026-03-08',
      '--until',
      '2026-03-08T00:30Z',
      ...config,
    );
    expect(existsSync(stale)).toBe(false);
  });

  it('has of each delivery when it was settled and what came of it', async () => {
    const tomorrow = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);
    const { out } = await on.run(
      'export',
      'deliveries',
      '--since',
      '2026-03-01',
      '--until',
      tomorrow,
      ...config,
    );
    const rows = out
      .trim()
      .split('\n')
      .map((row) => JSON.parse(row));
    expect(rows).toHaveLength(4);
    for (const row of rows) {
      expect(row).toMatchObject({ destination: 'screen', status: 'delivered', attempts: 1, sequence: 1 });
      expect(row.day).toBe(row.delivered_at.slice(0, 10));
    }
  });

  it.each([
    [['incidents', '--since', '30d', '--format', 'xml'], '--format is one of ndjson, csv, parquet'],
    [['incidents', '--since', '30d', '--format', 'parquet'], 'Parquet is no text'],
    [['incidents', '--since', 'yesterday'], '--since is not a time'],
    [['incidents', '--since', '2026-03-10', '--until', '2026-03-01'], '--since must lie before'],
    [['incidents', '--since', '30d', '--json'], '--json sums up'],
  ])('refuses %j with a sentence', async (args, sentence) => {
    const { code, err, out } = await on.run('export', ...args);
    expect([code, `${err}${out}`]).toEqual([2, expect.stringContaining(sentence)]);
  });

  const duckdb = ((): boolean => {
    try {
      return execFileSync('duckdb', ['--version']).length > 0;
    } catch {
      return false;
    }
  })();
  const where = duckdb ? '' : ' (not looked at: duckdb is not installed here)';
  it(`answers DuckDB with the query of the documentation as dora does${where}`, async () => {
    const text = readFileSync('docs/export.md', 'utf8');
    const query = /```sql\n(-- time to restore[\s\S]*?)```/.exec(text)?.[1] ?? '';
    expect(query).toContain('quantile_cont');
    if (!duckdb) return;
    const out = path.join(folder, 'duck');
    await exported('incidents', '--format', 'parquet', '--out', out);
    const answer = execFileSync('duckdb', ['-json', '-c', query.replaceAll('lake/', `${out}/`)], {
      encoding: 'utf8',
    });
    const { count, median_seconds, p75_seconds, p90_seconds } = await doraFigures();
    expect(JSON.parse(answer)).toEqual([{ count, median_seconds, p75_seconds, p90_seconds }]);
  });
});
