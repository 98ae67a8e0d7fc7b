import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parquetMetadata, parquetSchema } from 'hyparquet';
import { findDuckdb } from '../support/duckdb.ts';
import { bytesOf, exported, range, startStory } from './export-story.ts';
import type { OnDatabase } from './on-database.ts';

const text = readFileSync('docs/export.md', 'utf8');
const statements = [...text.matchAll(/```sql\n([\s\S]*?)```/g)].flatMap(([, block = '']) =>
  block
    .split(';')
    .map((statement) => statement.trim())
    .filter((statement) => statement !== ''),
);
const statement = (beginning: RegExp): string => {
  const found = statements.filter((each) => beginning.test(each));
  if (found.length !== 1) throw new Error(`docs/export.md has ${found.length} of ${beginning}`);
  return found[0] as string;
};

let on: OnDatabase;
let lake: string;
beforeAll(async () => {
  lake = mkdtempSync(path.join(tmpdir(), 'lake-'));
  on = await startStory();
  for (const what of ['incidents', 'deployments'])
    await exported(on, what, '--format', 'parquet', '--out', lake);
});
afterAll(async () => {
  rmSync(lake, { recursive: true, force: true });
  await on.stop();
});

interface Figures {
  time_to_restore: Record<string, number | null>;
  change_failure_rate: Record<string, number | null>;
  deployments: { count: number };
}
const dora = async (...args: string[]) =>
  (await on.run('dora', '--json', ...args, ...range)).json() as Figures & {
    groups: (Figures & { key: string })[];
  };

describe('the table for Athena', () => {
  const athena: Record<string, string> = {
    STRING: 'string',
    TIMESTAMP_MILLIS: 'timestamp',
    TIMESTAMP_MICROS: 'timestamp',
    INT64: 'bigint',
    BOOLEAN: 'boolean',
  };

  it('has columns that the files have, each of the type that it has there', () => {
    const file = bytesOf(path.join(lake, 'incidents/day=2026-03-02/incidents.parquet'));
    const columns = parquetSchema(parquetMetadata(file)).children.map(({ element }) => [
      element.name,
      athena[element.converted_type === 'UTF8' ? 'STRING' : (element.converted_type ?? String(element.type))],
    ]);
    const [, listed = ''] = /incidents \(([\s\S]*?)\)/.exec(statement(/^CREATE EXTERNAL TABLE/)) ?? [];
    const declared = listed.split(',').map((column) => column.trim().split(/\s+/));
    expect(declared.length).toBeGreaterThan(10);
    expect(columns).toEqual(expect.arrayContaining(declared));
    expect(columns.map(([name]) => name)).not.toContain('day');
  });
});

const duckdb = await findDuckdb();
const where = duckdb ? '' : ' (NOT CHECKED, duckdb is not installed: npm run test:duckdb)';
describe(`the queries of the documentation, in DuckDB${where}`, () => {
  const run = async (sql: string) => (await duckdb?.(sql.replaceAll("'lake/", `'${lake}/`))) ?? [];

  it('give the time to restore that dora gives', async () => {
    const query = statement(/^-- time to restore/);
    if (!duckdb) return;
    const { count, median_seconds, p75_seconds, p90_seconds } = (await dora()).time_to_restore;
    expect(count).toBe(3);
    expect(await run(query)).toEqual([{ count, median_seconds, p75_seconds, p90_seconds }]);
  });

  it('give the change failure rate by service that dora gives', async () => {
    const query = statement(/^-- change failure rate/);
    if (!duckdb) return;
    const expected = (await dora('--by', 'service')).groups
      .filter(({ deployments }) => deployments.count > 0)
      .map(({ key, deployments, change_failure_rate }) => ({
        service: key,
        deployments: deployments.count,
        change_failure_rate: change_failure_rate['failed_deployments'],
      }));
    expect(expected.map(({ service }) => service)).toEqual(['cart', 'checkout-api']);
    const answer = (await run(query)) as { service: string }[];
    expect(answer.sort((a, b) => (a.service < b.service ? -1 : 1))).toEqual(expected);
  });

  it('give, where Athena has words of its own, the medians by service that dora gives', async () => {
    const query = statement(/^SELECT service/);
    const words: [string, string][] = [
      ['approx_percentile(', 'quantile_cont('],
      ['CAST(json_parse(services) AS array(varchar))', 'CAST(services::JSON AS VARCHAR[])'],
      [
        'FROM incidents',
        "FROM read_parquet('lake/incidents/day=2*/incidents.parquet', hive_partitioning = true, hive_types = {'day': VARCHAR})",
      ],
    ];
    for (const [word] of words) expect(query.split(word)).toHaveLength(2);
    if (!duckdb) return;
    const expected = (await dora('--by', 'service')).groups.map(({ key, time_to_restore }) => ({
      service: key,
      incidents: time_to_restore['count'],
      median_seconds: time_to_restore['median_seconds'],
    }));
    const translated = words.reduce((sql, [word, other]) => sql.replace(word, other), query);
    const answer = (await run(translated)) as { service: string }[];
    expect(answer.sort((a, b) => (a.service < b.service ? -1 : 1))).toEqual(expected);
  });
});
