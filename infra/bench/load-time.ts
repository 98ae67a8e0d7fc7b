import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { bundle } from '../build/bundle.ts';
import { type Bench, median } from './bench.ts';
import { type NodeBinary, nodeVersions } from './node-versions.ts';

const run = promisify(execFile);
const root = path.resolve(import.meta.dirname, '../..');
const rounds = 31;

/** The same client and schema library as a first search for "esbuild lambda dynamodb" would have them bundled. */
const plainSource = `
  import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
  import { z } from 'zod';
  const schema = z.object({ event: z.object({ id: z.string(), event_type: z.string() }) });
  const client = new DynamoDBClient({});
  export const handler = async (event) => {
    const { event: { id } } = schema.parse(JSON.parse(event.body));
    await client.send(new PutItemCommand({ TableName: 'events', Item: { id: { S: id } } }));
    return { statusCode: 202 };
  };`;

/** Loads one file in a process of its own and says how long it took. */
const stopwatch = `
  const file = process.argv[1];
  const started = performance.now();
  const loaded = file.endsWith('.mjs') ? import(file) : Promise.resolve(require(file));
  loaded.then(() => process.stdout.write(String(performance.now() - started)));`;

export const environment = {
  PATH: process.env['PATH'] ?? '',
  AWS_REGION: 'eu-central-1',
  AWS_ACCESS_KEY_ID: 'bench',
  AWS_SECRET_ACCESS_KEY: 'bench',
  BRIDGE_TABLE_PREFIX: 'pagerduty-bridge-bench-',
};

export const bridgeJson = JSON.stringify({
  authenticate: { signing_secrets: 'ssm:/pagerduty-bridge/signing-secrets' },
  retention_days: 400,
});

/** Load times of each file, round by round; the files take turns, so that a busy moment of the machine hits all. */
export async function loadTimes(node: NodeBinary, files: string[], times = rounds): Promise<number[][]> {
  const measured = files.map((): number[] => []);
  for (let round = 0; round < times; round++) {
    for (const [index, file] of files.entries()) {
      const { stdout } = await run(node.path, ['-e', stopwatch, file], { env: environment });
      measured[index]?.push(Number(stdout));
    }
  }
  return measured;
}

/** The median of the rounds' ratios: what else the machine does then weighs on both sides of each. */
const ratio = (times: number[], to: number[]): number =>
  median(times.map((time, round) => time / (to[round] ?? Number.NaN)));

export async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(path.join(tmpdir(), 'bridge-bench-'));
  try {
    await writeFile(path.join(folder, 'bridge.json'), bridgeJson);
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

export const receiveEntry = path.join(root, 'functions/receive.ts');

async function plain(folder: string): Promise<string> {
  const outfile = path.join(folder, 'plain.cjs');
  const stdin = { contents: plainSource, resolveDir: root };
  await build({ stdin, outfile, bundle: true, platform: 'node', logLevel: 'error' });
  return outfile;
}

export const loadTime: Bench = {
  id: 'load',
  title: 'Load time of the receive bundle, on the way to every first answer',
  run: (report) =>
    inFolder(async (folder) => {
      const empty = path.join(folder, 'empty.cjs');
      await writeFile(empty, 'exports.handler = async () => ({ statusCode: 202 });');
      const receive = path.join(folder, 'receive.cjs');
      const { bytes } = await bundle(root, receiveEntry, receive);
      report({ name: 'receive bundle', value: bytes, unit: 'bytes' });
      const files = [empty, await plain(folder), receive];
      for (const node of await nodeVersions()) {
        const [emptyMs = [], plainMs = [], receiveMs = []] = await loadTimes(node, files);
        const on = `Node ${node.major}:`;
        report({ name: `${on} empty handler`, value: median(emptyMs), unit: 'ms' });
        report({
          name: `${on} plain bundle of client and schema library`,
          value: median(plainMs),
          unit: 'ms',
        });
        report({ name: `${on} receive`, value: median(receiveMs), unit: 'ms' });
        report({ name: `${on} receive / empty handler`, value: ratio(receiveMs, emptyMs), unit: 'ratio' });
        report({
          name: `${on} receive / plain bundle`,
          value: ratio(receiveMs, plainMs),
          unit: 'ratio',
          aim: 0.4,
        });
      }
    }),
};
