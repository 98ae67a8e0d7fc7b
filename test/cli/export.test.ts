import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parse } from 'csv-parse/sync';
import { at, config, exported, formula, range, readParquet, startStory } from './export-story.ts';
import type { OnDatabase } from './on-database.ts';

let on: OnDatabase;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'export-'));
  on = await startStory();
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await on.stop();
});

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
  // Open ones are under no day.
  const begun = incidents.filter((row) => {
    const startedAt = new Date(row['started_at'] as string | Date).toISOString();
    return row['counts'] === true && startedAt >= '2026-03-01' && startedAt < '2026-03-11';
  });
  const done = deployments.filter((row) => row['counts'] === true && row['status'] === 'succeeded');
  return {
    deployments: done.length,
    failed: done.filter((row) => row['change_failure'] === true).length,
    incidents: begun.length,
    count: seconds.length,
    mean_seconds: seconds.reduce((sum, each) => sum + each, 0) / seconds.length,
    median_seconds: continuous(0.5),
    p75_seconds: continuous(0.75),
    p90_seconds: continuous(0.9),
  };
}

async function doraFigures() {
  const told = (await on.run('dora', '--json', ...range)).json() as Record<string, Record<string, number>>;
  const { count, mean_seconds, median_seconds, p75_seconds, p90_seconds } = told['time_to_restore'] ?? {};
  const deployments = told['deployments']?.['count'];
  const { failed, incidents } = told['change_failure_rate'] ?? {};
  return { deployments, failed, incidents, count, mean_seconds, median_seconds, p75_seconds, p90_seconds };
}

describe('pdbridge export', () => {
  it('gives Parquet of which an independent reader computes what dora does', async () => {
    const [incidents, deployments] = ['incidents', 'deployments'].map((what) =>
      path.join(folder, `${what}.parquet`),
    );
    await exported(on, 'incidents', '--format', 'parquet', '--out', incidents ?? '');
    await exported(on, 'deployments', '--format', 'parquet', '--out', deployments ?? '');
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
      (await exported(on, what)).out
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line));
    expect(figuresOf(await lines('incidents'), await lines('deployments'))).toEqual(await doraFigures());
  });

  it('gives CSV in which no spreadsheet finds a formula', async () => {
    const { out } = await exported(on, 'incidents', '--format', 'csv');
    const rows = parse(out, { columns: true }) as Record<string, string>[];
    expect(rows).toHaveLength(4);
    expect(rows.map(({ title = '' }) => title)).toContain(`'${formula}`);
    expect(rows.flatMap((row) => Object.values(row)).filter((cell) => /^[=+\-@\t\r]/.test(cell))).toEqual([]);
    expect(rows.map(({ counts }) => counts)).toEqual(Array(4).fill('true'));
  });

  it('lays files out by day, and takes away a day that has nothing any more', async () => {
    const out = path.join(folder, 'lake');
    await exported(on, 'incidents', '--format', 'parquet', '--out', out);
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
    await exported(on, 'incidents', '--format', 'csv', '--out', out);
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
});
