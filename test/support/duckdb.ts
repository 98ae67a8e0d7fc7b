import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';

/** Rows of the answer, numbers as numbers. */
export type Duckdb = (sql: string) => Promise<unknown[]>;

/** Put there by `npm run test:duckdb`; 70 MB that nobody else needs. */
const cached = path.resolve('node_modules/.cache/duckdb/node_modules/@duckdb/node-api/lib/index.js');

/** DuckDB, as it is installed on this machine or by `npm run test:duckdb`; undefined without. */
export async function findDuckdb(): Promise<Duckdb | undefined> {
  if (existsSync(cached)) {
    const { DuckDBInstance } = await import(cached);
    const connection = await (await DuckDBInstance.create(':memory:')).connect();
    return async (sql) => {
      const answer = await connection.runAndReadAll(sql);
      return answer.getRowObjectsJson().map(numbers);
    };
  }
  try {
    execFileSync('duckdb', ['--version'], { stdio: 'ignore' });
  } catch {
    return undefined;
  }
  return async (sql) => JSON.parse(execFileSync('duckdb', ['-json', '-c', sql], { encoding: 'utf8' }));
}

/** Whole numbers of 64 bits come as text. */
const numbers = (row: Record<string, unknown>) =>
  Object.fromEntries(
    Object.entries(row).map(([name, value]) => [
      name,
      typeof value === 'string' && /^-?\d+$/.test(value) ? Number(value) : value,
    ]),
  );
