import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Clock, Random } from '../../ports.ts';
import type { TableName } from '../../store/database/table-definitions.ts';

/** The part of Lambda's context the handlers use. */
export interface LambdaContext {
  getRemainingTimeInMillis(): number;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: (ms) =>
    new Promise((resolve) => {
      // A deadline that nobody waits for any more must not keep a process alive.
      setTimeout(resolve, ms).unref();
    }),
};

/** The same, but what sleeps keeps the process alive: for a command that has nothing else going on meanwhile. */
export const waitingClock: Clock = {
  now: () => Date.now(),
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
};

export const systemRandom: Random = { token: () => randomUUID(), unit: () => Math.random() };

export const prefixed =
  (prefix: string) =>
  (table: TableName): string =>
    `${prefix}${table}`;

/** The configuration that the build compiled and put beside the bundle. */
export function bundledConfig<T>(bundleUrl: string): T {
  return JSON.parse(readFileSync(new URL('bridge.json', bundleUrl), 'utf8')) as T;
}

/** CloudWatch reads one JSON object a line from standard output. */
export const writeLine = (line: string): void => {
  process.stdout.write(`${line}\n`);
};
