import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createIngest } from '../../lib/flow/ingest/create-ingest.ts';
import { sources } from '../../lib/flow/ingest/sources.ts';
import { bundle } from '../build/bundle.ts';
import { type Bench, median } from './bench.ts';
import { inFolder, loadTimes, receiveEntry } from './load-time.ts';
import { nodeVersions } from './node-versions.ts';

const root = path.resolve(import.meta.dirname, '../..');
const rounds = 15;
const reports = 400;
const batches = 21;
const nowMs = 1_772_445_600_000;

const config = {
  retention_days: 400,
  metrics_retention_days: 800,
  link: { window_hours: 24 },
  ingest: { api_keys: 'env:K', settle_minutes: 15 },
};

/** Write units of a deployment are measured by `deployment-units`. */
export const ingestCost: Bench = {
  id: 'ingest',
  title: 'ingest: loading its bundle, and taking one report of a deployment with the database stubbed',
  run: (report) =>
    inFolder(async (folder) => {
      await writeFile(path.join(folder, 'bridge.json'), JSON.stringify({ ...config, authenticate: {} }));
      const empty = path.join(folder, 'empty.cjs');
      await writeFile(empty, 'exports.handler = async () => ({ statusCode: 202 });');
      const [ingest, receive] = [path.join(folder, 'ingest.cjs'), path.join(folder, 'receive.cjs')];
      const { bytes } = await bundle(root, path.join(root, 'functions/ingest.ts'), ingest);
      await bundle(root, receiveEntry, receive);
      report({ name: 'ingest bundle', value: bytes, unit: 'bytes' });
      for (const node of await nodeVersions()) {
        const [emptyMs = [], ingestMs = [], receiveMs = []] = await loadTimes(
          node,
          [empty, ingest, receive],
          rounds,
        );
        const ratio = (to: number[]) => median(ingestMs.map((ms, round) => ms / (to[round] ?? Number.NaN)));
        report({ name: `Node ${node.major}: ingest`, value: median(ingestMs), unit: 'ms' });
        report({ name: `Node ${node.major}: ingest / empty handler`, value: ratio(emptyMs), unit: 'ratio' });
        report({
          name: `Node ${node.major}: ingest / receive`,
          value: ratio(receiveMs),
          unit: 'ratio',
          aim: 2,
        });
      }
      const { perReport, floor } = await processorTime();
      report({ name: 'processor time of a report', value: perReport / 1000, unit: 'ms', aim: 1 });
      report({ name: 'the same / JSON.parse of its body', value: perReport / floor, unit: 'ratio' });
    }),
};

/** Microseconds; medians of batches that take turns. */
async function processorTime() {
  const ingest = createIngest(sources, {
    store: { db: { send: async () => ({}) }, table: (name) => name },
    clock: { now: () => nowMs, sleep: () => new Promise(() => {}) },
    secrets: { read: async () => ['key'] },
    telemetry: { info() {}, warn() {}, error() {}, metric() {} },
    config,
  });
  const attributes = {
    service: 'checkout-api',
    started_at: (nowMs - 90_000) * 1e6,
    finished_at: nowMs * 1e6,
    env: 'prod',
    version: '1.4.2',
    git: { repository_url: 'https://github.com/acme/checkout', commit_sha: '3f2d8e1b'.repeat(5) },
    team: 'payments',
    custom_tags: ['language:java', 'department:engineering'],
  };
  const text = JSON.stringify({ data: { attributes } });
  const request = {
    method: 'POST',
    path: '/api/v2/dora/deployment',
    query: '',
    headers: { 'dd-api-key': 'key' },
    rawBody: new TextEncoder().encode(text),
    arrivedAtMs: nowMs,
  };
  const take = async () => {
    const { status } = await ingest.handle(request);
    if (status !== 200) throw new Error(`the benchmark's report was answered ${status}`);
  };
  const parse = async () => {
    if (!JSON.parse(text).data) throw new Error('no data');
  };
  const taken: number[] = [];
  const parsed: number[] = [];
  for (let batch = 0; batch < batches; batch++) {
    taken.push(await microseconds(take));
    parsed.push(await microseconds(parse));
  }
  return { perReport: median(taken.slice(3)), floor: median(parsed.slice(3)) };
}

async function microseconds(work: () => Promise<void>): Promise<number> {
  const before = process.cpuUsage();
  for (let index = 0; index < reports; index++) await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / reports;
}
